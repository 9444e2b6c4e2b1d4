/** @file The page's state around a run: runs that end without their last event, a device that a link names meanwhile, domains, judge and depth. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LabListener } from "../../src/lab/client.ts";
import type { DeviceChoice, ModelState, PromptPlace, RunRequest } from "../../src/lab/protocol.ts";
import { formatEvent } from "../../src/run/lines.ts";
import { Lab } from "../../src/ui/state/lab.svelte.ts";
import { fixtureRun } from "./fixture.ts";
import { listsRun } from "./fixture-lists.ts";

const worker = vi.hoisted(() => ({
  listener: undefined as LabListener | undefined,
  loads: [] as string[],
  policies: [] as string[],
  runs: 0,
  judges: 0,
  requests: [] as RunRequest[],
  place: (): PromptPlace => ({ domain: null, inside: true, strange: [] }),
}));

vi.mock("../../src/ui/rich-text.ts", () => ({ render: () => null }));
vi.mock("../../src/lab/client.ts", () => ({
  LabClient: class {
    constructor(listener: LabListener) {
      worker.listener = listener;
    }
    load(policy: string, device: DeviceChoice): void {
      worker.loads.push(device);
      worker.policies.push(policy);
    }
    loadJudge(): void {
      worker.judges++;
    }
    place(): Promise<PromptPlace> {
      return Promise.resolve(worker.place());
    }
    start(request: RunRequest): string {
      worker.requests.push(request);
      return `run-${++worker.runs}`;
    }
    dispose(): void {
      worker.listener = undefined;
    }
  },
}));

const log = fixtureRun();
const listsLog = await listsRun();
const failure = { code: "unexpected", message: "It broke off. Run again." } as const;
const ready = { phase: "ready", why: null, adapter: null, domains: ["sums"] } as unknown as ModelState;
const failed: ModelState = { phase: "failed", failure };

let lab: Lab;
beforeEach(async () => {
  worker.loads = [];
  worker.policies = [];
  worker.runs = 0;
  worker.judges = 0;
  worker.requests = [];
  worker.place = () => ({ domain: "sums", inside: true, strange: [] });
  lab = new Lab();
  lab.begin();
  worker.listener!.model(ready);
  await lab.start();
});
afterEach(() => {
  lab.dispose();
});

test("a run that breaks off is over, is said, and stays to be seen", async () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  expect(lab.running).toBe(true);
  worker.listener!.lost("run-1", failure);
  expect(lab.running).toBe(false);
  expect(lab.notes.map((note) => note.text)).toEqual(["The run could not go on: It broke off. Run again."]);
  expect(lab.stage!.cutShort).toBe(true);
  await lab.start();
  expect(lab.live!.id).toBe("run-2");
});

test("a run that never began is forgotten", () => {
  worker.listener!.lost("run-1", failure);
  expect([lab.running, lab.live, lab.stage]).toEqual([false, null, null]);
});

test("a model that fails ends the run for good: a new model does not bring it back", () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  worker.listener!.model(failed);
  worker.listener!.model(ready);
  expect(lab.running).toBe(false);
});

test("the last event of a run may come after its model has failed", () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  worker.listener!.model(failed);
  worker.listener!.events("run-1", log.slice(5));
  expect([lab.stage!.complete, lab.stage!.cutShort]).toEqual([true, false]);
});

test("a device that a link names during a run is loaded when the run ends", () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  lab.followLink("#lab?device=wasm");
  expect(worker.loads).toEqual(["auto"]);
  worker.listener!.events("run-1", log.slice(5));
  expect(worker.loads).toEqual(["auto", "wasm"]);
});

test("the policy of a training takes the embedded one's place, until it is asked for again", () => {
  worker.listener!.events("run-1", log);
  lab.model.use({ id: "t", steps: 3 });
  expect(lab.model.trained).toBe(true);
  worker.listener!.model(ready);
  lab.model.use({ id: "t", steps: 3 });
  lab.model.use({ id: "t", steps: 4 });
  lab.model.load("wasm");
  lab.model.use(null);
  expect(lab.model.trained).toBe(false);
  expect(worker.policies).toEqual(["kitten", "training:t@3", "training:t@4", "training:t@4", "kitten"]);
  expect(worker.loads).toEqual(["auto", "auto", "auto", "wasm", "wasm"]);
});

test("a run that takes the training's turn says so", async () => {
  worker.listener!.events("run-1", log);
  const state = { phase: "running", failure: null, device: "wasm", kept: true, checkpoints: [] } as const;
  worker.listener!.training("t", state);
  expect(lab.training).toBe(true);
  await lab.start();
  expect(lab.notes.map(({ text }) => text)).toEqual([expect.stringContaining("The training is paused")]);
  worker.listener!.training("t", { ...state, phase: "paused" });
  expect(lab.training).toBe(false);
});

describe("domains", () => {
  const sites = new Map<string, string>();
  beforeEach(() => {
    worker.listener!.events("run-1", log);
    const text = (run: readonly Parameters<typeof formatEvent>[0][]) => run.map(formatEvent).join("");
    sites.set(
      "recorded/index.json",
      JSON.stringify({
        runs: [{ file: "s.jsonl" }, { file: "l.jsonl", domain: "lists" }, { file: "l2.jsonl", domain: "lists" }],
      }),
    );
    sites.set("recorded/s.jsonl", text(log)).set("recorded/l.jsonl", text(listsLog));
    sites.set("recorded/l2.jsonl", text(listsLog));
    sites.set("models/items/lists/tasks.jsonl", '{"id":"lists-0000","prompt":"Write f(list)."}\n');
    vi.stubGlobal("fetch", (path: string) => {
      const body = sites.get(path);
      return Promise.resolve(new Response(body ?? "", { status: body === undefined ? 404 : 200 }));
    });
  });
  afterEach(() => {
    lab.stage?.dispose();
    vi.unstubAllGlobals();
  });

  describe("the dice", () => {
    const tasks = "models/items/lists/tasks.jsonl";
    beforeEach(() => {
      vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined });
      lab.settings.domain = "lists";
      lab.settings.seed = 7;
    });

    test("ask a problem of the domain and run it at once, with the seed as it was", async () => {
      await lab.throwDice();
      expect(worker.requests.at(-1)).toMatchObject({
        prompt: "Write f(list).",
        domain: "lists",
        item: { id: "lists-0000", index: 0 },
        seed: 7,
      });
      expect(lab.live!.id).toBe("run-2");
    });

    test("during a run, and before there is a model, they only ask", async () => {
      await lab.start();
      await lab.throwDice();
      expect([worker.runs, lab.settings.item]).toEqual([2, 0]);
      worker.listener!.events("run-2", log);
      worker.listener!.model({ phase: "starting" });
      await lab.throwDice();
      expect(worker.runs).toBe(2);
    });

    test("that cannot be read say so and start nothing", async () => {
      lab.settings.domain = "advice";
      expect(sites.has(tasks)).toBe(true);
      await lab.throwDice();
      expect(worker.runs).toBe(1);
      expect(lab.notes).toHaveLength(1);
    });
  });

  test("a question is asked as its domain asks", async () => {
    for (const domain of ["lists", "advice", "sums"] as const) {
      lab.settings.domain = domain;
      await lab.start();
      worker.listener!.events(`run-${worker.runs}`, log);
    }
    expect(worker.requests.slice(1).map(({ domain, kind }) => [domain, kind])).toEqual([
      ["lists", "code"],
      ["advice", "open"],
      ["sums", "math"],
    ]);
  });

  test("a domain that the visitor turns to is kept for the next visit, one of a link is not", () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    });
    lab.followLink("#lab?domain=advice&g=16");
    expect([lab.settings.domain, kept.size]).toEqual(["advice", 0]);
    lab.choose("lists", false);
    expect([...kept.values()].map((text) => JSON.parse(text) as unknown)).toEqual([{ domain: "lists" }]);
  });

  test("turning to a domain shows its recorded run, and turning back the run of before", async () => {
    lab.choose("lists", false);
    await vi.waitFor(() => {
      expect(lab.stage?.domain).toBe("lists");
    });
    expect(lab.stage!.source).toBe("recorded");
    lab.choose("sums", false);
    expect(lab.stage).toBe(lab.live);
  });

  test("a domain without a recorded run has an empty stage", async () => {
    lab.choose("advice", false);
    await vi.waitFor(() => {
      expect([lab.fetching, lab.stage]).toEqual([false, null]);
    });
  });

  test("of two turns in a row the last one counts", async () => {
    lab.choose("lists", false);
    lab.choose("advice", false);
    await vi.waitFor(() => {
      expect(lab.fetching).toBe(false);
    });
    expect(lab.stage).toBeNull();
  });

  test("a run that goes on stays on the stage", async () => {
    await lab.start();
    lab.choose("lists", false);
    expect(lab.stage).toBe(lab.live);
  });

  test("a recorded run that was picked turns the question bar to its domain", async () => {
    await lab.showRecorded(false, "l2.jsonl");
    expect([lab.settings.domain, lab.stage?.id]).toEqual(["lists", "l2.jsonl"]);
  });

  test("the judge is asked for where advice is chosen, and its state is kept", () => {
    lab.choose("lists", false);
    expect(worker.judges).toBe(0);
    lab.choose("advice", false);
    expect(worker.judges).toBe(1);
    worker.listener!.judge({ phase: "checking" });
    expect(lab.judge).toEqual({ phase: "checking" });
    lab.followLink("#lab?domain=sums");
    lab.followLink("#lab?domain=advice");
    expect(worker.judges).toBe(2);
  });

  test("a held-out problem is asked by its number; one that is not there is said", async () => {
    lab.settings.domain = "lists";
    await lab.askItem(0);
    expect([lab.settings.prompt, lab.settings.item]).toEqual(["Write f(list).", 0]);
    await lab.askItem(1);
    expect([lab.settings.prompt, lab.settings.item]).toEqual(["Write f(list).", null]);
    expect(lab.notes.at(-1)?.text).toBe("There is no held-out problem 1; they go from 0 to 0.");
  });

  test("a held-out problem of a link goes into the run, with its domain's items", async () => {
    lab.followLink("#lab?domain=lists&item=0");
    await vi.waitFor(() => {
      expect(lab.settings.prompt).toBe("Write f(list).");
    });
    await lab.start();
    expect(worker.requests.at(-1)).toMatchObject({
      domain: "lists",
      kind: "code",
      item: { id: "lists-0000", index: 0 },
    });
  });
});

describe("a question out of the model's depth", () => {
  const question = "Why are there quarks?";
  beforeEach(() => {
    worker.listener!.events("run-1", log);
    worker.place = () => ({ domain: null, inside: false, strange: ["quarks"] });
    lab.settings.ask(question);
  });

  test("is not asked before it was said, and is asked after that", async () => {
    await lab.start();
    expect([worker.runs, lab.depth.isOutside(question)]).toEqual([1, true]);
    await lab.start();
    expect(worker.requests.at(-1)?.prompt).toBe(question);
  });

  test("is asked at once when it had been said before", async () => {
    await lab.depth.look(question);
    await lab.start();
    expect(worker.runs).toBe(2);
  });

  test("is one also where a link calls it a held-out problem", async () => {
    lab.followLink(`#lab?item=0&prompt=${encodeURIComponent(question)}`);
    expect(lab.settings.item).toBe(0);
    await lab.depth.look(lab.settings.prompt);
    expect(lab.depth.isOutside(question)).toBe(true);
  });

  test("is nothing special to a model that is made for any question", async () => {
    worker.listener!.model({ ...ready, domains: [] } as ModelState);
    await lab.start();
    expect(worker.runs).toBe(2);
  });
});
