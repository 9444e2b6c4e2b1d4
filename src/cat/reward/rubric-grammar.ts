/**
 * @file The form of a rubric, as prompts.json asks for it: `<rubric><criterion>…</criterion>…</rubric>`, five to eight criteria, each on one
 * line, of bounded length, and enough of them different. Leaves out tokens (the engine's affair) and replies of another form (rubric.ts reads them).
 */
import type { Grammar } from "../models.ts";
import { criterionKey, criterionText, FEWEST, MOST } from "./criterion-text.ts";

/** Characters; one more where only that makes a criterion differ. */
const LONGEST = 240;
/** What may stand before a tag, so that a model need not leave its habits. */
const BREAKS = ["", "\n", "\n  "];

/** The criteria that are complete. */
interface Written {
  /** With doubles. */
  readonly count: number;
  /** Without. */
  readonly keys: readonly string[];
}

interface Way {
  readonly text: string;
  readonly then: () => Grammar;
}

const ENDED: Grammar = { next: () => null, room: 0, ending: "", owed: 0 };

/** An answer that is a rubric and nothing else: a thinking model answers without thinking. */
export const RUBRIC_GRAMMAR: Grammar = fixed(
  [{ text: "<rubric>", then: () => between({ count: 0, keys: [] }) }],
  FEWEST,
);

function between(written: Written): Grammar {
  const opened = tags("<criterion>", () => new Content(written, "", LONGEST));
  const closed = tags("</rubric>", () => ENDED);
  const ways = [
    ...(written.keys.length >= FEWEST ? closed : []),
    // Doubles count: eight may be begun.
    ...(written.count < MOST ? opened : []),
  ];
  return fixed(ways, missing(written));
}

function tags(tag: string, then: () => Grammar): Way[] {
  return BREAKS.map((blank) => ({ text: blank + tag, then }));
}

function missing({ keys }: Written): number {
  return Math.max(0, FEWEST - keys.length);
}

/** One of some texts, none of which begins another. The first is the way to end. */
function fixed(ways: readonly Way[], owed: number): Grammar {
  return {
    next(character) {
      const left = ways
        .filter(({ text }) => text.startsWith(character))
        .map(({ text, then }) => ({ text: text.slice(character.length), then }));
      if (left[0]?.text === "") return left[0].then();
      return left.length === 0 ? null : fixed(left, owed);
    },
    room: 0,
    get ending() {
      const { text, then } = ways[0]!;
      return text + then().ending;
    },
    owed,
  };
}

/** Inside of a criterion. */
class Content implements Grammar {
  readonly room: number;
  readonly #written: Written;
  readonly #text: string;
  #key: string | null = null;

  constructor(written: Written, text: string, room: number) {
    this.#written = written;
    this.#text = text;
    this.room = room;
  }

  get owed(): number {
    return Math.max(0, missing(this.#written) - 1);
  }

  next(character: string): Grammar | null {
    if (character === "<") return this.#mayClose() ? this.#closing("/criterion>") : null;
    if (character < " " || character === "\u007f") return null;
    // At its end a criterion may still become another than those before.
    if (this.room === 0 && (this.#isNew() || character !== this.ending[0])) return null;
    return new Content(this.#written, this.#text + character, Math.max(0, this.room - 1));
  }

  get ending(): string {
    if (this.#isNew()) return this.#closing("</criterion>").ending;
    const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const own = digits.map((digit) => new Content(this.#written, this.#text + digit, 0)).find((c) => c.#isNew())!;
    return own.#text.at(-1)! + own.ending;
  }

  #closing(tag: string): Grammar {
    const { count, keys } = this.#written;
    const then = (): Grammar => between({ count: count + 1, keys: this.#isNew() ? [...keys, this.#ownKey()] : keys });
    return fixed([{ text: tag, then }], this.#isNew() ? this.owed : missing(this.#written));
  }

  /** A double may be closed while there is place for five that differ: the reader drops it. */
  #mayClose(): boolean {
    const { count } = this.#written;
    return this.#isNew() || (this.#ownKey() !== "" && count + 1 + missing(this.#written) <= MOST);
  }

  #isNew(): boolean {
    const key = this.#ownKey();
    return key !== "" && !this.#written.keys.includes(key);
  }

  #ownKey(): string {
    this.#key ??= criterionKey(criterionText(this.#text));
    return this.#key;
  }
}
