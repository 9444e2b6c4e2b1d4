/** @file Drives the built page from outside, as a person would: opens a link, waits for the model, presses Run; and listens to the log that the worker repeats. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { EVENTS_CHANNEL } from "../src/lab/protocol.ts";
import type { LoggedEvent } from "../src/run/event.ts";
import { formatEvent } from "../src/run/lines.ts";
import { apply, emptyRun } from "../src/run/run.ts";
import { formatLink, type Link } from "../src/ui/state/link.ts";
import { noteViolations } from "./violations.ts";

/** Loading the model and checking the device, on a busy machine with a software adapter. */
const READY_MS = 300_000;

export interface LabPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The events of all runs since the page was opened, as they came. */
  readonly events: readonly LoggedEvent[];
  /** Runs that will have no last event: why, and after how many of {@link events}. */
  readonly lost: readonly { readonly after: number; readonly why: string }[];
  /** Addresses of other origins that the page asked for. None was answered. */
  readonly foreign: readonly string[];
  /** What content security policies refused. A test that violates one on purpose takes its own out. */
  readonly violations: string[];
}

export interface OpenOptions {
  readonly context?: Parameters<Browser["newContext"]>[0];
  /** Called for each event of a run, in order. */
  readonly onEvent?: (event: LoggedEvent) => void;
  /** ONNX Runtime stays on its way for ever, as on a dead line: saves compiling it where no model is needed. */
  readonly withoutEngine?: boolean;
}

/** Opens the page at a link, in a context of its own, with every other origin out of reach. */
export async function openLab(browser: Browser, url: string, link: Link, options: OpenOptions = {}): Promise<LabPage> {
  // Nothing is to be kept for a context that is closed soon; who tests that says "allow".
  const context = await browser.newContext({ serviceWorkers: "block", ...options.context });
  const violations = noteViolations(context);
  const events: LoggedEvent[] = [];
  const lost: { after: number; why: string }[] = [];
  const foreign: string[] = [];
  const { origin } = new URL(url);
  await context.route(
    (address) => address.origin !== origin && !["blob:", "data:"].includes(address.protocol),
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  if (options.withoutEngine === true) await context.route("**/ort-*.wasm", () => undefined);
  const page = await context.newPage();
  await page.exposeFunction("catLabEvents", (batch: readonly LoggedEvent[]) => {
    for (const event of batch) {
      events.push(event);
      options.onEvent?.(event);
    }
  });
  await page.exposeFunction("catLabLost", (why: string) => lost.push({ after: events.length, why }));
  await page.addInitScript((name) => {
    const told = globalThis as unknown as Record<"catLabEvents" | "catLabLost", (what: unknown) => void>;
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<{ events: unknown } | { lost: string }>) => {
      if ("lost" in data) told.catLabLost(data.lost);
      else told.catLabEvents(data.events);
    };
    // A channel that nothing holds may be collected with its listener.
    Object.assign(globalThis, { catLabChannel: channel });
  }, EVENTS_CHANNEL);
  await page.goto(url + formatLink(link));
  return { page, context, events, lost, foreign, violations };
}

/** Waits until the model can be asked. @throws with the page's own sentence if it cannot be loaded. */
export async function modelReady({ page }: LabPage): Promise<void> {
  const run = page.getByRole("button", { name: "Run", exact: true });
  const failed = page.getByRole("alert").filter({ hasText: "could not be loaded" });
  await run.or(failed).and(page.locator(":enabled, [role=alert]")).first().waitFor({ timeout: READY_MS });
  if (await failed.isVisible()) throw new Error((await failed.locator("p").allInnerTexts()).join(" "));
}

/** Presses Run and waits for the last event. @returns the events of that run. */
export async function runToEnd(lab: LabPage, timeoutMs: number): Promise<readonly LoggedEvent[]> {
  const before = lab.events.length;
  await lab.page.getByRole("button", { name: "Run", exact: true }).click();
  // Out of the model's depth, a question is asked only for who insists, once the page has said so. This button is disabled while a run goes on, so it can stop none.
  const insist = lab.page.getByRole("button", { name: "Run it all the same" }).and(lab.page.locator(":enabled"));
  await ended(lab, before, timeoutMs, async () => {
    // The run may begin, and the button be disabled, between the two.
    if (lab.events.length === before && (await insist.isVisible())) {
      await insist.click({ timeout: 1000 }).catch(() => undefined);
    }
  });
  return lab.events.slice(before);
}

/**
 * Waits for the last event of the run whose first event is `events[from]`.
 * @param meanwhile done again and again until then.
 * @throws when it has not come in time, or never will.
 */
export async function ended(
  lab: LabPage,
  from: number,
  timeoutMs: number,
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const limit = performance.now() + timeoutMs;
  while (!lab.events.slice(from).some(isLast)) {
    const lost = lab.lost.find(({ after }) => after >= from);
    if (lost !== undefined) throw new Error(lost.why);
    if (performance.now() > limit) {
      const last = lab.events.at(-1)?.type ?? "none";
      throw new Error(`the run did not end within ${timeoutMs / 1000} s; its last event was ${last}`);
    }
    await meanwhile?.();
    await new Promise((later) => setTimeout(later, 50));
  }
}

export function isLast({ type }: LoggedEvent): boolean {
  return type === "run.finished" || type === "run.stopped" || type === "run.failed";
}

/** Gives the library, which must be open, a run file. */
export async function importRun(page: Page, log: readonly LoggedEvent[]): Promise<void> {
  const file = { name: "run.jsonl", mimeType: "text/plain", buffer: Buffer.from(log.map(formatEvent).join("")) };
  await page.getByLabel("Run files to import").setInputFiles(file);
}

/** Opens a run of the library by the prompt of its first task. */
export async function showKept(page: Page, log: readonly LoggedEvent[]): Promise<void> {
  const { prompt } = log.reduce(apply, emptyRun).groups[0]!.task;
  await page.getByRole("button", { name: prompt, exact: true }).first().click();
  await page.getByRole("region", { name: "Run", exact: true }).getByRole("heading", { name: prompt }).waitFor();
}
