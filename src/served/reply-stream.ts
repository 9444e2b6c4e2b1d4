/** @file The answer of a server, piece by piece as it streams, or in one where it does not stream. What does not look like an answer is an error that says so. */
import { createParser } from "eventsource-parser";
import * as v from "valibot";
import type { Answer } from "./ask-server.ts";
import { type Reply, replySchema } from "./chat.ts";
import { ServerError } from "./server-error.ts";

/** Text that is no UTF-8 comes as U+FFFD. @throws {ServerError}, and the reason of the watchdog's signal */
export async function* readReplies({ response, watchdog }: Answer, server: string): AsyncGenerator<Reply> {
  try {
    if (!(response.headers.get("content-type") ?? "").includes("text/event-stream")) {
      yield replyOf(await response.text(), server);
      return;
    }
    const events: string[] = [];
    const parser = createParser({ onEvent: ({ data }) => events.push(data) });
    const decoder = new TextDecoder();
    // Not "for await": Safari has no such streams.
    const reader = response.body!.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        watchdog.feed();
        parser.feed(decoder.decode(next.value, { stream: true }));
        for (const data of events.splice(0)) {
          if (data === "[DONE]") return;
          yield replyOf(data, server);
        }
      }
      // The last line may lack its blank line.
      parser.feed("\n\n");
      for (const data of events.splice(0)) if (data !== "[DONE]") yield replyOf(data, server);
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  } finally {
    watchdog.end();
  }
}

function replyOf(text: string, server: string): Reply {
  const reply = v.safeParse(replySchema, parsed(text));
  if (!reply.success) {
    const start = text.trim().slice(0, 80);
    throw new ServerError(
      `${server} answers with something that is no chat answer ("${start}"). Is this the address of an OpenAI-compatible server?`,
    );
  }
  const { error } = reply.output;
  if (error === null || error === undefined) return reply.output;
  const said = typeof error === "string" ? error : (error.message ?? "no reason");
  throw new ServerError(`${server} broke off its answer: ${said}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
