/** @file A run as the recorder would write it: eight answers to one sum, five agree with the reference. For tests of the page's state and for looking at the page. */
import type { LoggedEvent, RunEvent } from "../../src/run/event.ts";

const QUESTION = "Tom has 6 stamps. He buys 3 bags of 4. He gives away 5. How many stamps does he have now?";

const RIGHT = "3 bags of 4: 3 × 4 = 12. 12 more: 6 + 12 = 18. 5 away: 18 - 5 = 13. \\boxed{13}";

const ANSWERS: readonly { text: string; answer: string | null }[] = [
  { text: RIGHT, answer: "13" },
  { text: "3 bags of 4: 3 × 4 = 12. 12 more: 6 + 12 = 18. 5 away: 18 - 5 = 12. \\boxed{12}", answer: "12" },
  { text: RIGHT, answer: "13" },
  { text: "3 bags of 4: 3 × 4 = 14. 14 more: 6 + 14 = 20. 5 away: 20 - 5 = 15. \\boxed{15}", answer: "15" },
  { text: RIGHT, answer: "13" },
  { text: RIGHT, answer: "13" },
  { text: "3 bags of 4: 3 × 4 = 12. 12 more: 6 + 12 = 18. 18 - 5 = 13. 18 - 5 = 13. 18 - 5 =", answer: null },
  { text: RIGHT, answer: "13" },
];

const MODEL = {
  id: "kitten",
  revision: null,
  dtype: "q8",
  device: "wasm",
  files: [{ path: "onnx/model.onnx", bytes: 2_400_000, sha256: "0".repeat(64) }],
} as const;

interface Choices {
  readonly seed?: number;
  /** Milliseconds a token step takes. */
  readonly stepMs?: number;
  /** Every answer is the same, so every advantage is 0. */
  readonly alike?: boolean;
}

/** The log of one finished run; the same choices give the same log. */
export function fixtureRun({ seed = 1, stepMs = 24, alike = false }: Choices = {}): readonly LoggedEvent[] {
  const log: LoggedEvent[] = [];
  let now = 0;
  const add = (event: RunEvent): void => void log.push({ ...event, seq: log.length, atMs: Math.round(now * 10) / 10 });
  const inGroup = { group: 0 } as const;
  const answers = alike ? ANSWERS.map(() => ANSWERS[0]!) : ANSWERS;

  add({
    type: "run.started",
    format: 1,
    app: "cat-lab 0.1.0",
    startedAt: "2026-11-22T17:14:00.000Z",
    kind: "demo",
    seed,
    groupSize: answers.length,
    domain: "sums",
    item: 17,
    sampling: { temperature: 1, topK: null, topP: null, maxTokens: 96 },
    models: { policy: MODEL, anchor: MODEL, judge: null },
    judgeIndependent: false,
    adapter: null,
  });
  add({
    type: "group.started",
    ...inGroup,
    task: { id: "sums-0017", prompt: QUESTION, kind: "math" },
    size: answers.length,
  });
  add({
    type: "prompt.sent",
    ...inGroup,
    role: "policy",
    purpose: "rollout",
    rollout: null,
    criterion: null,
    messages: [{ role: "user", content: QUESTION }],
    rendered: `<|user|>${QUESTION}<|end|><|assistant|>`,
  });
  now += 60;
  const rows = answers.map(({ text }) => piecesOf(text));
  const longest = Math.max(...rows.map((r) => r.length));
  for (let from = 0; from < longest; from += 4) {
    now += 4 * stepMs;
    for (const [rollout, row] of rows.entries()) {
      const pieces = row.slice(from, from + 4);
      if (pieces.length === 0) continue;
      add({ type: "rollout.delta", ...inGroup, rollout, text: pieces.join(""), tokens: pieces.length, logprob: -0.2 });
      if (from + 4 < row.length) continue;
      const numbers = row.map((_, i) => (i % 7 === 3 ? -1.2 : -0.1));
      add({
        type: "rollout.finished",
        ...inGroup,
        rollout,
        ended: answers[rollout]!.answer === null ? "length" : "stop",
        text: row.join(""),
        tokenIds: row.map((_, i) => i),
        logprobs: numbers,
        entropies: numbers.map((n) => -n / 2),
        margins: numbers.map(() => 1),
        textLengths: row.map((piece) => piece.length),
        ms: now,
      });
    }
  }
  const exploreMs = now;
  const read = answers.map(({ text }, i) => `[${i + 1}] ${text}`).join("\n");
  add({
    type: "prompt.sent",
    ...inGroup,
    role: "anchor",
    purpose: "synthesis",
    rollout: null,
    criterion: null,
    messages: [{ role: "user", content: `Reconcile these answers:\n${read}` }],
    rendered: `<|user|>Reconcile these answers:\n${read}<|end|><|assistant|>`,
  });
  now += 220;
  const reference = piecesOf(RIGHT);
  for (let from = 0; from < reference.length; from += 6) {
    now += 6 * 14;
    const text = reference.slice(from, from + 6).join("");
    add({ type: "reference.delta", ...inGroup, aggregator: "synthesis", text });
  }
  add({
    type: "reference.finished",
    ...inGroup,
    aggregator: "synthesis",
    chosen: null,
    text: RIGHT,
    ended: "stop",
    extracted: "13",
    tokens: reference.length,
    ms: now - exploreMs,
  });
  const synthesised = now;
  const rewards = answers.map(({ answer }) => (answer === "13" ? 1 : 0));
  for (const [rollout, { answer }] of answers.entries()) {
    now += 0.3;
    add({
      type: "equivalence",
      ...inGroup,
      rollout,
      equivalent: answer === "13",
      extracted: answer,
      normal: answer,
      rule: answer === null ? "no answer" : "integers",
      second: null,
    });
    add({ type: "reward", ...inGroup, rollout, value: rewards[rollout]! });
  }
  const mean = rewards.reduce<number>((a, b) => a + b, 0) / rewards.length;
  const std = Math.sqrt(rewards.reduce<number>((s, r) => s + (r - mean) ** 2, 0) / (rewards.length - 1));
  add({
    type: "group.finished",
    ...inGroup,
    advantages: rewards.map((r) => (std === 0 ? 0 : (r - mean) / (std + 1e-6))),
    ms: { rollouts: exploreMs, synthesis: synthesised - exploreMs, reward: now - synthesised },
  });
  add({ type: "run.finished" });
  return log;
}

/** Words, numbers digit by digit, signs: about what the tokenizer makes of it. */
function piecesOf(text: string): readonly string[] {
  return text.match(/\\boxed\{|\s?[a-zA-Z]+|\s?\d|\s?[^\s\w]|\s/g) ?? [];
}

/** The same log with something done otherwise than asked after its first `at` events, for each of `said`. */
export function withNotices(
  log: readonly LoggedEvent[],
  said: readonly { readonly at: number; readonly message: string }[],
): readonly LoggedEvent[] {
  return log
    .flatMap((event, index) => [
      ...said
        .filter(({ at }) => at === index)
        .map(({ message }) => ({ type: "notice", code: "fewer-rows", message, seq: 0, atMs: event.atMs }) as const),
      event,
    ])
    .map((event, seq) => ({ ...event, seq }));
}
