/**
 * @file Evaluates on a page past Playwright, which takes a page for crashed as soon as the process of one of its frames has.
 * A program that uses up all memory ends its frame's process, and the page goes on: without this, nobody could look. Drop it when Playwright tells the two apart.
 */
import type { Browser } from "playwright-core";

export interface PageSession {
  /** @param expression of JavaScript; a promise is waited for, and the value must be plain data. @throws what it throws, as text. */
  readonly evaluate: (expression: string) => Promise<unknown>;
}

interface Reply {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string }; readonly text: string };
  };
}

/** @param url of the page, which must be open in the browser. */
export async function openSession(browser: Browser, url: string): Promise<PageSession> {
  const cdp = await browser.newBrowserCDPSession();
  const { targetInfos } = await cdp.send("Target.getTargets");
  const target = targetInfos.find((info) => info.type === "page" && info.url === url);
  if (target === undefined) throw new Error(`no page shows ${url}: open it first`);
  // Not flattened, because Playwright has no way to speak to a session below this one.
  const { sessionId } = await cdp.send("Target.attachToTarget", { targetId: target.targetId, flatten: false });
  const waiting = new Map<number, (reply: Reply) => void>();
  cdp.on("Target.receivedMessageFromTarget", ({ message }) => {
    const reply = JSON.parse(message) as Reply;
    if (reply.id === undefined) return;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  let calls = 0;
  return {
    async evaluate(expression) {
      const id = ++calls;
      const params = { expression, awaitPromise: true, returnByValue: true };
      const replied = new Promise<Reply>((resolve) => waiting.set(id, resolve));
      const message = JSON.stringify({ id, method: "Runtime.evaluate", params });
      await cdp.send("Target.sendMessageToTarget", { sessionId, message });
      const { error, result } = await replied;
      if (error !== undefined) throw new Error(error.message);
      const thrown = result?.exceptionDetails;
      if (thrown !== undefined) throw new Error(thrown.exception?.description ?? thrown.text);
      return result?.result.value;
    },
  };
}
