/**
 * @file The form of a rubric, as prompts.json asks for it: `<rubric><criterion>…</criterion>…</rubric>`, five to eight criteria, each on one
 * line, of bounded length, and enough of them different. Leaves out tokens (the engine's affair) and replies of another form (rubric.ts reads them).
 */
import type { Grammar } from "../models.ts";
import { criterionKey, criterionText, FEWEST, MOST } from "./criterion-text.ts";

/** Characters; one more where only that makes a criterion differ. */
const LONGEST = 240;
/** What may stand before a tag. */
const BREAKS = ["", "\n"];

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
  /** Criteria that must have a text and have none, if this way is taken. */
  readonly owed: number;
}

const ENDED: Grammar = { next: () => null, room: 0, ending: "", owed: 0 };

/** An answer that is a rubric and nothing else: a thinking model answers without thinking. */
export const RUBRIC_GRAMMAR: Grammar = oneOf([
  { text: "<rubric>", then: () => between({ count: 0, keys: [] }), owed: FEWEST },
]);

function between(written: Written): Grammar {
  const owed = missing(written);
  const opened = { text: "<criterion>", then: once(() => new Content(written, "", LONGEST)), owed: Math.max(1, owed) };
  const closed = { text: "</rubric>", then: () => ENDED, owed: 0 };
  // Doubles count: eight may be begun.
  const ways = [...(owed === 0 ? [closed] : []), ...(written.count < MOST ? [opened] : [])];
  return oneOf(ways.flatMap((way) => BREAKS.map((blank) => ({ ...way, text: blank + way.text }))));
}

function missing({ keys }: Written): number {
  return Math.max(0, FEWEST - keys.length);
}

/** Many ways lead to one state; it is made when first reached. */
function once(make: () => Grammar): () => Grammar {
  let made: Grammar | undefined;
  return () => (made ??= make());
}

/** One of some texts, none of which begins another. The first is the way to end. */
function oneOf(ways: readonly Way[]): Grammar {
  // Thousands of tokens are tried on one state, and they begin alike.
  const after = new Map<string, Grammar | null>();
  const { text, then, owed } = ways[0]!;
  let ending: string | undefined;
  return {
    next(character) {
      let next = after.get(character);
      if (next === undefined) after.set(character, (next = step(ways, character)));
      return next;
    },
    room: 0,
    get ending() {
      return (ending ??= text + then().ending);
    },
    owed,
  };
}

function step(ways: readonly Way[], character: string): Grammar | null {
  const left = ways
    .filter(({ text }) => text.startsWith(character))
    .map((way) => ({ ...way, text: way.text.slice(character.length) }));
  if (left[0]?.text === "") return left[0].then();
  return left.length === 0 ? null : oneOf(left);
}

/** Inside of a criterion. */
class Content implements Grammar {
  readonly room: number;
  readonly #written: Written;
  readonly #text: string;
  #key: string | null = null;
  #closed: Grammar | null = null;

  constructor(written: Written, text: string, room: number) {
    this.#written = written;
    this.#text = text;
    this.room = room;
  }

  get owed(): number {
    const owed = missing(this.#written);
    return this.#text === "" ? Math.max(1, owed) : Math.max(0, owed - 1);
  }

  next(character: string): Grammar | null {
    if (character === "<") return this.#mayClose() ? (this.#closed ??= this.#closing()) : null;
    if (character < " " || character === "\u007f") return null;
    // At its end a criterion may still become another than those before.
    if (this.room === 0 && (this.#isNew() || character !== this.ending[0])) return null;
    return new Content(this.#written, this.#text + character, Math.max(0, this.room - 1));
  }

  get ending(): string {
    const { keys } = this.#written;
    const own = this.#isNew() ? this.#ownKey() : null;
    const digit = own === null ? freeDigit(keys, this.#text) : "";
    const all = [...keys, own ?? keyOf(this.#text + digit)];
    let text = `${digit}</criterion>`;
    while (all.length < FEWEST) {
      const filler = freeDigit(all, "");
      text += `<criterion>${filler}</criterion>`;
      all.push(filler);
    }
    return `${text}</rubric>`;
  }

  /** Behind `<`. */
  #closing(): Grammar {
    const { count, keys } = this.#written;
    const own = this.#isNew() ? [this.#ownKey()] : [];
    const written = { count: count + 1, keys: [...keys, ...own] };
    return oneOf([{ text: "/criterion>", then: once(() => between(written)), owed: missing(written) }]);
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
    return (this.#key ??= keyOf(this.#text));
  }
}

function keyOf(text: string): string {
  return criterionKey(criterionText(text));
}

/** A digit that makes a criterion another than those there are. Of nine one is free, since eight may be begun; it counts down where it can, so that ways to end end alike. */
function freeDigit(keys: readonly string[], text: string): string {
  let digit = Math.max(1, FEWEST - keys.length);
  while (keys.includes(keyOf(text + String(digit)))) digit = (digit % 9) + 1;
  return String(digit);
}
