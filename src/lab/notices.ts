/** @file What engines do otherwise than asked, brought among the events of the run that it happens to. Knows no model and no log. */
import type { RunEvent } from "../run/event.ts";

/** Something that was done otherwise than asked, and why. */
interface ModelNotice {
  readonly code: string;
  readonly message: string;
}

/** Whatever runs on a device, or on a server. */
export interface NoticeSource {
  /** One listener at a time, `null` for none. Models on one device have the one listener between them. */
  onNotice(listener: ((notice: ModelNotice) => void) | null): void;
}

export class Notices {
  readonly #sources = new Set<NoticeSource>();
  #waiting: RunEvent[] = [];

  /** Until {@link release}. */
  listenTo(source: NoticeSource): void {
    this.#sources.add(source);
    source.onNotice(({ code, message }) => this.#waiting.push({ type: "notice", code, message }));
  }

  /** Each notice before the event that comes next, and the last ones before the end or the failure. */
  async *among(events: AsyncIterable<RunEvent>): AsyncGenerator<RunEvent> {
    try {
      for await (const event of events) {
        yield* this.take();
        yield event;
      }
    } catch (error) {
      yield* this.take();
      throw error;
    }
    yield* this.take();
  }

  /** Those that nobody has taken yet. */
  take(): readonly RunEvent[] {
    return this.#waiting.splice(0);
  }

  release(): void {
    for (const source of this.#sources) source.onNotice(null);
    this.#sources.clear();
  }
}
