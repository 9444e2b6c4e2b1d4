/** @file The library against a store in memory: removing and bringing back, importing, failing. */
import { beforeEach, expect, test } from "vitest";
import { LabError, type LabClient } from "../../src/lab/client.ts";
import type { RunSummary } from "../../src/lab/protocol.ts";
import { exportName, Library } from "../../src/ui/state/library.svelte.ts";

const kept = new Map<string, string>();

const summary = (id: string): RunSummary => ({
  id,
  startedAt: `2026-11-22T17:14:0${id.length}.000Z`,
  prompt: kept.get(id) ?? "",
  status: "finished",
  seed: 3,
  groupSize: 8,
  model: "kitten",
  device: "wasm",
  bytes: 10,
});

/** What Library asks of the client, kept in memory. A text that says "bad" is not valid. */
const client = {
  list: () => Promise.resolve([...kept.keys()].map(summary)),
  read: (id: string) =>
    kept.has(id)
      ? Promise.resolve(kept.get(id)!)
      : Promise.reject(new LabError({ code: "storage", message: `There is no run ${id}.` })),
  remove: (id: string) => Promise.resolve(void kept.delete(id)),
  import: (text: string) => {
    if (text.includes("bad")) {
      return Promise.reject(new LabError({ code: "run-invalid", message: "line 3: not JSON, or cut short" }));
    }
    kept.set(`i-${text}`, text);
    return Promise.resolve(summary(`i-${text}`));
  },
} satisfies Pick<LabClient, "list" | "read" | "remove" | "import">;

let library: Library;
beforeEach(async () => {
  kept.clear();
  kept.set("a", "first").set("b", "second");
  library = new Library(() => client as unknown as LabClient);
  await library.refresh();
});

test("a removed run is gone from list and store, and comes back by undo", async () => {
  await library.remove(library.runs![0]!);
  expect(library.runs!.map((r) => r.id)).toEqual(["b"]);
  expect(kept.has("a")).toBe(false);
  await library.undo();
  expect(library.runs!.map((r) => r.prompt).sort()).toEqual(["first", "second"]);
  expect(library.removed).toBeNull();
});

test("a run that cannot be read is not removed", async () => {
  const [run] = library.runs!;
  kept.delete("a");
  await library.remove(run!);
  expect(library.problem).toContain("There is no run a.");
  expect(library.removed).toBeNull();
  expect(library.runs!.map((r) => r.id)).toEqual(["a", "b"]);
});

test("importing marks the run that came", async () => {
  await library.import([new File(["third"], "third.jsonl")]);
  expect(library.imported).toBe("i-third");
  expect(library.runs).toHaveLength(3);
  expect(library.problem).toBeNull();
});

test("a bad file is named with its bad line, after the good ones are kept", async () => {
  await library.import([new File(["fine"], "fine.jsonl"), new File(["bad"], "broken.jsonl")]);
  expect(library.problem).toContain("broken.jsonl");
  expect(library.problem).toContain("line 3");
  expect(library.runs).toHaveLength(3);
});

test("export names sort by time and hold no odd characters", () => {
  const name = exportName({ startedAt: "2026-11-22T17:14:00.000Z", seed: 3, groupSize: 8 });
  expect(name).toBe("cat-lab-2026-11-22-1714-seed3-g8.jsonl");
  expect(exportName({ startedAt: "../../etc", seed: 3, groupSize: 8 })).toBe("cat-lab-run-seed3-g8.jsonl");
});
