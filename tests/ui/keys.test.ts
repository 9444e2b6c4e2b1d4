/** @file Keys of the stage: what each means, and that typing, lists, buttons and dialogs keep theirs. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keyMeaning } from "../../src/ui/state/keys.ts";

/** An element as far as the keys ask: what it lies within. */
class Within {
  readonly #names: readonly string[];
  constructor(...names: string[]) {
    this.#names = names;
  }
  closest(selector: string): this | null {
    return selector.split(", ").some((name) => this.#names.includes(name)) ? this : null;
  }
}

beforeEach(() => {
  vi.stubGlobal("Element", Within);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false };
const press = (key: string, target: unknown = new Within(), rest = {}, presenting = false) =>
  keyMeaning({ key, target, ...plain, ...rest }, presenting);

test.each([
  ["ArrowRight", "next"],
  ["ArrowLeft", "back"],
  [" ", "toggle"],
  ["Home", "start"],
  ["End", "end"],
  ["PageDown", null],
  ["PageUp", null],
  ["Escape", null],
  ["a", null],
])("%j on the page means %s", (key, meaning) => {
  expect(press(key)).toBe(meaning);
});

test("with Shift, an arrow goes by event", () => {
  expect(press("ArrowRight", new Within(), { shiftKey: true })).toBe("next event");
  expect(press("ArrowLeft", new Within(), { shiftKey: true })).toBe("previous event");
});

test("a clicker's keys count where there is a projector", () => {
  const at = (key: string) => press(key, new Within(), {}, true);
  expect([at("PageDown"), at("PageUp"), at("Escape")]).toEqual(["next", "back", "leave"]);
});

test.each(["input", "textarea", "select", "[contenteditable]", "[role=dialog]", "[tabindex='0']"])(
  "within %s every key is its own",
  (name) => {
    for (const key of ["ArrowRight", "ArrowLeft", " ", "Home", "End", "PageDown", "Escape"])
      expect(press(key, new Within(name), {}, true)).toBeNull();
  },
);

test("the space bar presses a button, and the arrows go on beside it", () => {
  for (const name of ["button", "a", "summary"]) {
    expect(press(" ", new Within(name))).toBeNull();
    expect(press("ArrowRight", new Within(name))).toBe("next");
  }
});

test("keys with Ctrl, Alt or Meta, and keys that something else took, are left alone", () => {
  for (const rest of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { defaultPrevented: true }])
    expect(press("ArrowRight", new Within(), rest)).toBeNull();
});
