import { describe, expect, test } from "vitest";
import { choice, flag, integer, noWords, optional, parseOptions, text, UsageError } from "../../scripts/options.ts";

const table = {
  device: choice(["webgpu", "wasm"], "webgpu"),
  rollouts: integer(1, 16, 8),
  item: optional(integer(0, Infinity, 0)),
  prompt: optional(text("a question")),
  noOpen: flag(),
};

test("what is not given is the fallback", () => {
  const { values, words } = parseOptions([], table);
  expect(values).toEqual({ device: "webgpu", rollouts: 8, item: null, prompt: null, noOpen: false });
  expect(words).toEqual([]);
});

test("values come after a space or an equals sign, switches alone, in any order", () => {
  const argv = ["--no-open", "--prompt", "2 = 1 + 1?", "--rollouts=16", "cat", "--device", "wasm", "--item", "0"];
  const { values, words } = parseOptions(argv, table);
  expect(values).toEqual({ device: "wasm", rollouts: 16, item: 0, prompt: "2 = 1 + 1?", noOpen: true });
  expect(words).toEqual(["cat"]);
});

test("an equals sign in a value belongs to the value", () => {
  expect(parseOptions(["--prompt=a=b"], table).values.prompt).toBe("a=b");
});

describe("what is wrong is said in one line with option, value and what is accepted", () => {
  test.each([
    [["--rollouts", "17"], '--rollouts is "17": it takes a whole number from 1 to 16'],
    [["--rollouts", "0"], '--rollouts is "0": it takes a whole number from 1 to 16'],
    [["--rollouts", "1.5"], '--rollouts is "1.5": it takes a whole number from 1 to 16'],
    [["--rollouts", "8e0"], '--rollouts is "8e0": it takes a whole number from 1 to 16'],
    [["--item", "-1"], '--item is "-1": it takes a whole number from 0'],
    [["--rollouts"], "--rollouts has no value: it takes a whole number from 1 to 16"],
    [["--device", "gpu"], '--device is "gpu": it takes webgpu or wasm'],
    [["--prompt", "  "], '--prompt is "  ": it takes a question'],
    [["--no-open=yes"], '--no-open takes no value, and got "yes"'],
    [["--nope"], "--nope is not an option: there are --device, --rollouts, --item, --prompt, --no-open"],
  ])("%j", (argv, message) => {
    expect(() => parseOptions(argv, table)).toThrow(new UsageError(message));
  });

  test("a word that belongs to no option", () => {
    expect(() => {
      noWords(parseOptions(["sums"], table).words);
    }).toThrow('"sums" is not expected here: options start with --');
  });
});
