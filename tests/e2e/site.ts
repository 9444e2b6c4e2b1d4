/** @file One server and one browser for a file of end-to-end tests, closed after it; pages whose test fails if they asked another origin for anything, or if a content security policy had to refuse something. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { type LabPage, openLab, type OpenOptions } from "../../scripts/page.ts";
import { serve, type SiteServer } from "../../scripts/server.ts";
import { DIST } from "../../scripts/site.ts";
import type { Link } from "../../src/ui/state/link.ts";

/** Of the test that is running. */
const opened: LabPage[] = [];

/** Opens a page that is closed after the test, and looked at then. For files with a server or a browser of their own; others: {@link useSite}. */
export async function openWatched(...args: Parameters<typeof openLab>): Promise<LabPage> {
  const lab = await openLab(...args);
  opened.push(lab);
  return lab;
}

afterEach(async () => {
  const labs = opened.splice(0);
  await Promise.all(labs.map((lab) => lab.context.close()));
  expect(labs.flatMap((lab) => lab.foreign)).toEqual([]);
  expect(labs.flatMap((lab) => lab.violations)).toEqual([]);
});

export interface Site {
  /** See {@link openWatched}. */
  open(link?: Partial<Link>, options?: OpenOptions): Promise<LabPage>;
  readonly url: string;
}

/** @param prefix path below which the page is served. */
export function useSite({ webgpu = false, prefix = "/" } = {}): Site {
  let server: SiteServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await serve(DIST, { prefix });
    browser = await launch({ webgpu });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  return {
    open(link = {}, options = {}) {
      return openWatched(browser, server.url, { view: "lab", ...link }, options);
    },
    get url() {
      return server.url;
    },
  };
}

/** A context in which nothing moves: what is on the screen is what is there. */
export const still = { context: { reducedMotion: "reduce" } } as const;
