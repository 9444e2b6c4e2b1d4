/**
 * @file Notes what content security policies refuse in the pages of a context: in documents, in frames, and in the workers of pages, however deep. Leaves
 * out workers within frames: those run programs, which are to be refused (decision 13).
 */
import type { BrowserContext, Page } from "playwright-core";

/** How Chromium's sentences about it all go. */
const REFUSAL = "Content Security Policy directive";

/** Call before the first page is made. @returns Chromium's sentences, as they come; who violates on purpose takes its own out */
export function noteViolations(context: BrowserContext): string[] {
  const violations: string[] = [];
  const note = (text: string): void => {
    if (text.includes(REFUSAL)) violations.push(text);
  };
  context.on("console", (message) => {
    note(message.text());
  });
  context.on("page", (page) => {
    // A page that is gone at once has no session.
    void noteWorkers(page, note).catch(() => undefined);
  });
  return violations;
}

/** Playwright keeps what a browser says about a worker to itself. What was said before this listens is said again. */
async function noteWorkers(page: Page, note: (text: string) => void): Promise<void> {
  const session = await page.context().newCDPSession(page);
  session.on("Log.entryAdded", ({ entry }) => {
    if (entry.source === "worker") note(entry.text);
  });
  await session.send("Log.enable");
}
