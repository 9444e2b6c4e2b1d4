/** @file The result card: what it says of each kind of run, and that all of it lies inside the picture. */
import { describe, expect, test } from "vitest";
import { apply, emptyRun } from "../../../src/run/run.ts";
import { HONESTY } from "../../../src/ui/honesty.ts";
import { type Card, cardOf } from "../../../src/ui/take-away/card.ts";
import { CARD_HEIGHT, CARD_WIDTH, drawCard, type Pen, wrap } from "../../../src/ui/take-away/draw-card.ts";
import { adviceRun } from "../fixture-advice.ts";
import { fixtureRun } from "../fixture.ts";
import { listsRun } from "../fixture-lists.ts";

const fold = (log: ReturnType<typeof fixtureRun>) => log.reduce(apply, emptyRun);
const sums = cardOf(fold(fixtureRun()))!;
const lists = cardOf(fold(await listsRun()))!;
const advice = cardOf(fold(await adviceRun()))!;

test("what it says", () => {
  expect(sums).toMatchObject({
    reference: "13",
    short: true,
    headline: "5 of 8 agree with the reference.",
    honesty: HONESTY,
  });
  expect(sums.bars.map(({ label }) => label)).toEqual(
    ["13, reward 1", "12, reward 0", "13, reward 1", "15, reward 0", "13, reward 1", "13, reward 1", "reward 0", "13, reward 1"], // prettier-ignore
  );
  expect(lists).toMatchObject({ short: false, headline: "3 of 8 agree with the reference." });
  expect(advice.headline).toMatch(/^Mean reward 0\.\d+ by 6 criteria\.$/);
  expect(cardOf(emptyRun)).toBeNull();
});

test("a run without its end says so, and has no number", () => {
  const log = fixtureRun();
  for (let n = 2; n < log.length; n += 7) {
    expect(cardOf(fold(log.slice(0, n)))).toMatchObject({ headline: "The run was not finished." });
  }
});

/** Half an em a character; every mark is kept. */
function pen() {
  const texts: { text: string; right: number; bottom: number; size: number }[] = [];
  const boxes: number[][] = [];
  const size = () => Number(/(\d+(?:\.\d+)?)px/.exec(it.font)![1]);
  const it: Pen = {
    fillStyle: "",
    strokeStyle: "",
    font: "",
    lineWidth: 1,
    textAlign: "left",
    fillRect: (...box) => boxes.push(box),
    strokeRect: (...box) => boxes.push(box),
    measureText: (text) => ({ width: text.length * size() * 0.5 }) as TextMetrics,
    fillText: (text, x, y) => {
      texts.push({ text, right: x + text.length * size() * 0.5, bottom: y, size: size() });
    },
  };
  return { it, texts, boxes };
}

const long = (card: Card, count: number): Card => ({
  ...card,
  question: "word ".repeat(200),
  reference: "x".repeat(3000),
  facts: "fact ".repeat(100),
  bars: Array.from({ length: count }, (_, i) => ({
    number: i + 1,
    label: "y".repeat(400),
    reward: [1, -1, null][i % 3]!,
  })),
});

describe("all of it lies inside", () => {
  test.each([
    ["a sum", sums],
    ["a program", lists],
    ["advice", advice],
    ["long texts", long(sums, 8)],
    ["sixteen answers", long(advice, 16)],
    ["one answer", long(advice, 1)],
  ])("%s", (_, card) => {
    const { it, texts, boxes } = pen();
    drawCard(it, card, "light");
    for (const { right, bottom, size } of texts) {
      expect(right).toBeLessThanOrEqual(CARD_WIDTH - 63);
      expect(bottom).toBeLessThanOrEqual(CARD_HEIGHT - 16);
      expect(bottom).toBeGreaterThan(size);
    }
    for (const [x = 0, y = 0, width = 0, height = 0] of boxes) {
      expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(CARD_WIDTH);
      expect(y + height).toBeLessThanOrEqual(CARD_HEIGHT);
    }
    expect(texts.map(({ text }) => text).join(" ")).toContain("they are not evidence for the paper");
  });
});

test("lines break between words, cut what is too wide, and end in … when there is more", () => {
  const measure = (text: string) => text.length;
  expect(wrap("one two three", 8, 3, measure)).toEqual(["one two", "three"]);
  expect(wrap("abcdefghij", 4, 2, measure)).toEqual(["abcd", "efg…"]);
  expect(wrap("one two three four", 7, 2, measure)).toEqual(["one two", "three…"]);
  expect(wrap("  ", 7, 2, measure)).toEqual([]);
  expect(wrap("👩👩👩", 3, 3, measure).join("")).toBe("👩👩👩");
});
