/** @file The key figure: accuracy against how badly the law treats an item, as SVG. A light card of its own, so that it reads on any page. */
import type { Aggregator } from "../../src/cat/types.ts";
import type { Stratum } from "../../src/bench/strata.ts";

const METHODS = [
  { name: "single", colour: "#6e7781", shape: "circle" },
  { name: "majority", colour: "#bc4c00", shape: "square" },
  { name: "greedy", colour: "#8250df", shape: "triangle" },
  { name: "synthesis", colour: "#0969da", shape: "diamond" },
] as const satisfies readonly { name: Aggregator; colour: string; shape: string }[];

const PANELS = [
  { key: "slip", left: 56, title: "worst slip rate of an item’s facts" },
  { key: "misread", left: 436, title: "worst misreading rate" },
] as const;

const [WIDTH, HEIGHT] = [800, 356];
const PLOT = { width: 348, top: 64, height: 212 };
const INK = "#1f2328";
const FAINT = "#d1d9e0";

/** @param strata with `methods` that have at least those drawn here. Bands without an item are left out. */
export function keyFigure(domain: string, strata: readonly Stratum[]): string {
  const what = `Accuracy on held-out ${domain} by method, against the worst slip rate and the worst misreading rate of an item`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${what}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8" fill="#ffffff" stroke="${FAINT}"/>`,
    ...METHODS.map((method, i) => legend(method, 56 + i * 110)),
    text(WIDTH - 16, 30, "share right ± standard error", `text-anchor="end" fill="#59636e"`),
    ...PANELS.flatMap((panel) => drawPanel(panel, strata)),
    "</svg>",
    "",
  ].join("\n");
}

type Method = (typeof METHODS)[number];

function legend({ name, colour, shape }: Method, x: number): string {
  return `${mark(shape, x, 26, colour)}${text(x + 10, 30, name)}`;
}

function drawPanel({ key, left, title }: (typeof PANELS)[number], strata: readonly Stratum[]): string[] {
  const bands = strata.filter((stratum) => stratum[key] !== null && stratum.items > 0);
  const centre = (band: number) => left + (PLOT.width * (band + 0.5)) / bands.length;
  const right = left + PLOT.width;
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${left}" x2="${right}" y1="${height(share)}" y2="${height(share)}" stroke="${FAINT}"/>${text(left - 6, height(share) + 4, String(share * 100), `text-anchor="end"`)}`,
  );
  const axis = bands.map((stratum, i) => {
    const [from, to] = stratum[key]!;
    const below = text(centre(i), PLOT.top + PLOT.height + 34, `${stratum.items} ${stratum.items === 1 ? "item" : "items"}`, `text-anchor="middle" fill="#59636e" font-size="11"`); // prettier-ignore
    return text(centre(i), PLOT.top + PLOT.height + 18, `${from} to ${to}`, `text-anchor="middle"`) + below;
  });
  const heading = text(left + PLOT.width / 2, PLOT.top + PLOT.height + 62, title, `text-anchor="middle" font-weight="600"`); // prettier-ignore
  const lines = METHODS.map((method, i) => {
    const points = bands.map(({ methods }, band) => {
      const { mean, se } = methods[method.name] ?? { mean: null, se: null };
      // Side by side, so that no bar hides another.
      return { x: centre(band) + (i - 1.5) * 7, mean: mean ?? 0, se: se ?? 0 };
    });
    const path = points.map(({ x, mean }, at) => `${at === 0 ? "M" : "L"}${round(x)} ${height(mean)}`).join("");
    const bars = points.map(({ x, mean, se }) => `M${round(x)} ${height(mean - se)}V${height(mean + se)}`).join("");
    return [
      `<path d="${path}" fill="none" stroke="${method.colour}" stroke-width="${method.name === "synthesis" ? 2.5 : 1.5}"/>`,
      `<path d="${bars}" stroke="${method.colour}" stroke-width="1"/>`,
      ...points.map(({ x, mean }) => mark(method.shape, x, height(mean), method.colour)),
    ].join("");
  });
  return [...grid, ...axis, heading, ...lines];
}

/** From 0 at the bottom to 1 at the top; what reaches beyond stays at the edge. */
function height(share: number): number {
  return round(PLOT.top + PLOT.height * (1 - Math.min(1, Math.max(0, share))));
}

function mark(shape: Method["shape"], x: number, y: number, colour: string): string {
  const [cx, cy] = [round(x), round(y)];
  if (shape === "circle") return `<circle cx="${cx}" cy="${cy}" r="4" fill="${colour}"/>`;
  const path = { square: "m-4-4h8v8h-8z", triangle: "m0-5 5 9h-10z", diamond: "m0-5.5 5.5 5.5-5.5 5.5-5.5-5.5z" }[shape]; // prettier-ignore
  return `<path d="M${cx} ${cy}${path}" fill="${colour}"/>`;
}

function text(x: number, y: number, words: string, rest = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" ${rest}>${words}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
