/** @file Draws a result card, 1200 × 630, on any canvas context. Knows no run: card.ts says what stands on it. */
import type { Card, CardBar } from "./card.ts";

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;

/** What of a canvas is used. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "fillStyle"
  | "strokeStyle"
  | "font"
  | "lineWidth"
  | "textAlign"
  | "fillRect"
  | "strokeRect"
  | "fillText"
  | "measureText"
>;

/** Of theme.css: a canvas knows no custom properties. */
const THEMES = {
  light: { page: "#fafafb", track: "#e4e6ea", ink: "#14161b", ink2: "#484d58", ink3: "#626874", accent: "#2856cf" },
  dark: { page: "#0e1014", track: "#272c36", ink: "#eaecf0", ink2: "#b4bac6", ink3: "#949cab", accent: "#86a9ff" },
} as const;
export type CardTheme = keyof typeof THEMES;

const FAMILY =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';
const SIDE = 64;
const MIDDLE = 620;
const RIGHT = CARD_WIDTH - SIDE;

export function drawCard(pen: Pen, card: Card, theme: CardTheme): void {
  const colours = THEMES[theme];
  const write = (text: string, place: Place): number => writeLines(pen, text, place);
  pen.fillStyle = colours.page;
  pen.fillRect(0, 0, CARD_WIDTH, CARD_HEIGHT);
  pen.fillStyle = colours.accent;
  pen.fillRect(0, 0, CARD_WIDTH, 8);
  pen.textAlign = "left";
  write("CaT Lab: Compute as Teacher, arXiv 2509.14234", {
    x: SIDE,
    y: 62,
    width: RIGHT - SIDE,
    size: 22,
    lines: 1,
    colour: colours.ink3,
  });
  const questionSize = card.question.length > 110 ? 30 : 38;
  write(card.question, {
    x: SIDE,
    y: 116,
    width: RIGHT - SIDE,
    size: questionSize,
    lines: 3,
    colour: colours.ink,
    weight: 600,
  });

  write("the reference, from all answers", {
    x: SIDE,
    y: 276,
    width: MIDDLE - SIDE - 48,
    size: 20,
    lines: 1,
    colour: colours.ink3,
  });
  const large = { size: 64, lines: 1, weight: 600 };
  const words = { size: 22, lines: 5 };
  write(card.reference, {
    x: SIDE,
    y: card.short ? 346 : 310,
    width: MIDDLE - SIDE - 48,
    colour: colours.ink,
    ...(card.short ? large : words),
  });
  write(card.headline, {
    x: SIDE,
    y: 474,
    width: MIDDLE - SIDE - 48,
    size: 28,
    lines: 1,
    colour: colours.accent,
    weight: 600,
  });
  write("A reward is agreement with the reference, not truth.", {
    x: SIDE,
    y: 504,
    width: MIDDLE - SIDE - 48,
    size: 18,
    lines: 1,
    colour: colours.ink3,
  });

  drawBars(pen, card.bars, colours);
  write(card.facts, { x: SIDE, y: 552, width: RIGHT - SIDE, size: 20, lines: 1, colour: colours.ink2 });
  if (card.honesty !== null) {
    write(card.honesty, { x: SIDE, y: 582, width: RIGHT - SIDE, size: 17, lines: 2, colour: colours.ink2 });
  }
}

function drawBars(pen: Pen, bars: readonly CardBar[], colours: (typeof THEMES)[CardTheme]): void {
  const top = 268;
  const row = Math.min(31, 248 / Math.max(1, bars.length));
  const size = Math.min(18, row - 2);
  const track = 220;
  for (const [i, { number, label, reward }] of bars.entries()) {
    const y = top + i * row;
    const base = y + row / 2 + size / 3;
    writeLines(pen, String(number), { x: MIDDLE, y: base, width: 28, size, lines: 1, colour: colours.ink3 });
    const bar = { x: MIDDLE + 36, y: y + row * 0.25, height: row * 0.5 };
    if (typeof reward === "number") {
      pen.fillStyle = colours.track;
      pen.fillRect(bar.x, bar.y, track, bar.height);
      pen.fillStyle = colours.accent;
      pen.fillRect(bar.x, bar.y, track * Math.max(0, Math.min(1, reward)), bar.height);
    } else {
      pen.strokeStyle = colours.track;
      pen.lineWidth = 2;
      pen.strokeRect(bar.x + 1, bar.y + 1, track - 2, bar.height - 2);
    }
    const x = bar.x + track + 16;
    writeLines(pen, label, { x, y: base, width: RIGHT - x, size, lines: 1, colour: colours.ink2 });
  }
}

interface Place {
  readonly x: number;
  /** Of the first line's base. */
  readonly y: number;
  readonly width: number;
  readonly size: number;
  /** At most; the last ends in "…" when there is more. */
  readonly lines: number;
  readonly colour: string;
  readonly weight?: number;
}

/** @returns the lines written. */
function writeLines(pen: Pen, text: string, { x, y, width, size, lines, colour, weight = 400 }: Place): number {
  pen.font = `${weight} ${size}px ${FAMILY}`;
  pen.fillStyle = colour;
  const wrapped = wrap(text, width, lines, (part) => pen.measureText(part).width);
  for (const [i, line] of wrapped.entries()) pen.fillText(line, x, y + i * size * 1.3);
  return wrapped.length;
}

/** Words to lines no wider than `width`; a word that is wider is cut. */
export function wrap(text: string, width: number, most: number, measure: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  // No line holds more: what comes behind is never seen, and need not be measured.
  let rest = text.slice(0, 4000).replaceAll(/\s+/g, " ").trim();
  while (rest !== "" && lines.length < most) {
    const fits = longestThatFits(rest, width, measure);
    const last = lines.length === most - 1 && fits < rest.length;
    const space = rest.lastIndexOf(" ", fits);
    const end = fits === rest.length ? fits : space > 0 ? space : fits;
    if (last) {
      const room = longestThatFits(rest, width - measure("…"), measure);
      lines.push(`${rest.slice(0, room).trimEnd()}…`);
      break;
    }
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trim();
  }
  return lines;
}

/** At least one character, so that a narrow place is no endless loop. */
function longestThatFits(text: string, width: number, measure: (text: string) => number): number {
  let low = 1;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(text.slice(0, middle)) <= width) low = middle;
    else high = middle - 1;
  }
  // Not between the halves of one character.
  const half = low < text.length && low > 1 && /[\ud800-\udbff]/.test(text.charAt(low - 1));
  return half ? low - 1 : low;
}
