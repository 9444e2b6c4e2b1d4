/** @file One server and one browser for a file of end-to-end tests, closed after it; pages that note what went wrong in them. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { type LabPage, openLab, type OpenOptions } from "../../scripts/page.ts";
import { serve, type SiteServer } from "../../scripts/server.ts";
import { DIST } from "../../scripts/site.ts";
import type { Link } from "../../src/ui/state/link.ts";

export interface Site {
  /** Opens the page; it is closed after the test, which fails if the page asked another origin for anything. */
  open(link?: Partial<Link>, options?: OpenOptions): Promise<LabPage>;
  readonly url: string;
}

/** @param prefix path below which the page is served. */
export function useSite({ webgpu = false, prefix = "/" } = {}): Site {
  let server: SiteServer;
  let browser: Browser;
  const opened: LabPage[] = [];

  beforeAll(async () => {
    server = await serve(DIST, { prefix });
    browser = await launch({ webgpu });
  });
  afterEach(async () => {
    const foreign = opened.flatMap((lab) => lab.foreign);
    await Promise.all(opened.map((lab) => lab.context.close()));
    opened.length = 0;
    expect(foreign).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  return {
    async open(link = {}, options = {}) {
      const lab = await openLab(browser, server.url, { view: "lab", ...link }, options);
      opened.push(lab);
      return lab;
    },
    get url() {
      return server.url;
    },
  };
}

/** A context in which nothing moves: what is on the screen is what is there. */
export const still = { context: { reducedMotion: "reduce" } } as const;
