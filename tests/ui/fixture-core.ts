/** @file Runs of programs and of advice for tests of the page: the real pipeline and recorder around scripted models and a clock that only counts, so that the same choices give the same log. */
import type { CodeRunner, LanguageModel, ModelRecord } from "../../src/cat/models.ts";
import { runCat } from "../../src/cat/pipeline.ts";
import type { Task } from "../../src/cat/types.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { inGroup, recordRun } from "../../src/run/record.ts";

export interface FixtureParts {
  readonly domain: string;
  readonly task: Task;
  /** Index of the held-out item; `null` for a question that somebody typed. */
  readonly item: number | null;
  readonly size: number;
  readonly policy: LanguageModel;
  readonly anchor: LanguageModel;
  readonly judge?: LanguageModel;
  readonly runner?: CodeRunner;
  /** The other methods are asked as well. */
  readonly others?: boolean;
  /** The judge is asked where steps come from. */
  readonly sources?: boolean;
}

/** How far the clock goes on at each look: about what a small model takes for a token. */
const LOOK_MS = 4;

/** The log of one finished run. */
export async function recordFixture(parts: FixtureParts): Promise<readonly LoggedEvent[]> {
  const {
    domain,
    task,
    item,
    size,
    policy,
    anchor,
    judge = null,
    runner = null,
    others = false,
    sources = false,
  } = parts;
  let time = 0;
  const now = () => (time += LOOK_MS);
  const sampling = { temperature: 1, topK: null, topP: null };
  const options = { seed: 1, group: 0, groupSize: size, sampling, maxTokens: 256, now, others, sources };
  const header = {
    app: "CaT Lab test",
    startedAt: "2026-11-22T17:14:00.000Z",
    kind: "demo",
    seed: 1,
    groupSize: size,
    domain,
    item,
    sampling: { ...sampling, maxTokens: 256 },
    models: {
      policy: recordOf("kitten", "0"),
      anchor: recordOf("kitten", "0"),
      judge: judge === null ? null : recordOf("kitten-judge", "1"),
    },
    judgeIndependent: judge !== null,
    adapter: null,
  } as const;
  const events = runCat(task, { policy, anchor, judge, runner }, options);
  const log: LoggedEvent[] = [];
  for await (const event of recordRun(header, inGroup(0, events), now)) log.push(event);
  return log;
}

function recordOf(id: string, digit: string): ModelRecord {
  const file = { path: "onnx/model.onnx", bytes: 2_400_000, sha256: digit.repeat(64) };
  return { id, revision: null, dtype: "q8", device: "wasm", files: [file] };
}
