/** @file Four ways in which a download breaks at 30, 60 and 95 %, with a hub on this machine. Leaves out what is expected of it afterwards. */
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { HubServer } from "../models/hub-server.ts";
import { press } from "./hub-page.ts";

const STAGES = [0.3, 0.6, 0.95];

/** Of a download that is under way. */
export interface Broken {
  readonly hub: HubServer;
  /** Where it was begun. */
  readonly page: Page;
  /** Of the Models view. */
  readonly url: string;
  /** Of the model and its dtype. */
  readonly name: string;
}

/** @returns the page that it ended in */
type Breaking = (broken: Broken) => Promise<Page>;

/** Until the hub has sent that share. */
export async function sent(hub: HubServer, share: number): Promise<void> {
  while (hub.sent < share * hub.totalBytes) await pause(5);
}

/**
 * Milliseconds for what is on the line to arrive. When a tab closes it is lost, and on this machine's own line that is as much as sockets hold: more the
 * busier the page is, and nothing that a download could help.
 */
const ARRIVAL_MS = 3000;

export const breakings: Readonly<Record<string, Breaking>> = {
  async "the tab is closed"({ hub, page: first, url, name }) {
    let page = first;
    for (const stage of STAGES) {
      await sent(hub, stage);
      hub.held = true;
      await pause(ARRIVAL_MS);
      const context = page.context();
      await page.close();
      hub.held = false;
      page = await context.newPage();
      await page.goto(url);
      await page.getByText("the download can go on").waitFor();
      await press(page, "Go on", name);
    }
    return page;
  },
  async "the server stops"({ hub, page }) {
    for (const stage of STAGES) {
      await sent(hub, stage);
      await hub.close();
      await pause(200);
      await hub.open();
    }
    return page;
  },
  "the line is cut": ({ hub, page }) => {
    for (const stage of STAGES) hub.breaks.push({ atSent: stage * hub.totalBytes, kind: "cut" });
    return Promise.resolve(page);
  },
  "nothing comes any more": ({ hub, page }) => {
    for (const stage of STAGES) hub.breaks.push({ atSent: stage * hub.totalBytes, kind: "stall" });
    return Promise.resolve(page);
  },
};
