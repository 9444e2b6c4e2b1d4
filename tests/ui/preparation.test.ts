/** @file Preparing a machine: every step is taken and told, a bundle is fetched and tried, what is wrong ends in words, and a stop pauses the downloads. The page is scripted. */
import { describe, expect, test, vi } from "vitest";
import type { DownloadState, ModelState } from "../../src/lab/protocol.ts";
import { PROCESSOR } from "../../src/models/dtype-fit.ts";
import { type Parts, Preparation } from "../../src/ui/state/preparation.svelte.ts";

const KEYS = ["a/policy@q4", "b/judge@q4"] as const;
const bundle = { title: "Small", policy: KEYS[0], judge: KEYS[1] };

const ready = (id: string): ModelState => ({
  phase: "ready",
  record: { id, revision: null, dtype: "q4", device: "wasm", files: [] },
  adapter: null,
  domains: [],
  why: null,
});
const failure = { code: "file-missing", message: "The line is dead." } as const;

/** @param outcome of each download; `null`: it goes on for ever. */
function page(outcome: DownloadState | null) {
  const whole = new Set<string>();
  const downloads = new Map<string, DownloadState>();
  const entry = (key: string) => {
    const [id = "", dtype = ""] = key.split("@");
    return { id, title: id, roles: ["policy"], notRunnable: null, variants: [{ dtype, aboutBytes: 10, files: [] }] };
  };
  const kept = () => [...whole].map((model) => ({ model, bytes: 10, sharedBytes: 0, missing: [] }));
  const hub = {
    get report() {
      const catalogue = { models: KEYS.map(entry), bundles: [] };
      return {
        catalogue,
        kept: kept(),
        begun: [],
        storage: { usage: 0, quota: 100 },
        typed: [],
        loads: [],
        device: PROCESSOR,
      };
    },
    downloads,
    refresh: () => Promise.resolve(),
    persist: () => Promise.resolve(true),
    download: vi.fn((key: string) => {
      downloads.set(key, outcome ?? { phase: "asking" });
      if (outcome?.phase === "done") whole.add(key);
    }),
    pause: vi.fn<(key: string) => void>(),
    announcePlace: () => undefined,
  };
  const lab = {
    model: {
      state: { phase: "absent" } as ModelState,
      why: null,
      load: vi.fn((_device: string, policy: string = "kitten") => {
        lab.model.state = ready(policy);
      }),
    },
    judge: { phase: "absent" } as ModelState,
    settings: { device: "auto" },
    offline: { ready: true, gpu: false, problem: null },
    keepOffline: () => Promise.resolve(),
    loadJudge: () => {
      lab.judge = ready(roles.judgeBy.mock.calls.length > 0 ? KEYS[1] : "kitten-judge");
    },
  };
  const roles = { anchorByPolicy: vi.fn(), judgeBy: vi.fn() };
  return { hub, lab, roles, preparation: new Preparation({ lab, hub, roles } as unknown as Parts) };
}

const states = ({ checks }: Preparation) => checks.map(({ name, state }) => `${name} ${state}`);
const LOOKED = ["Graphics fair", "Room good", "Keeping good", "Offline good"];

describe("a preparation", () => {
  test("with the models of the page fetches nothing and tries both", async () => {
    const { hub, preparation } = page(null);
    await preparation.begin(null);
    expect(states(preparation)).toEqual([...LOOKED, "Models good", "Policy good", "Judge good"]);
    expect(hub.download).not.toHaveBeenCalled();
    expect(preparation.endedAt).not.toBeNull();
    expect(preparation.doing).toBeNull();
  });

  test("with a bundle fetches it, and tries it as policy and judge", async () => {
    const { hub, lab, roles, preparation } = page({ phase: "done", notes: [] });
    await preparation.begin(bundle);
    expect(hub.download.mock.calls.map(([key]) => key)).toEqual(KEYS);
    expect(lab.model.load).toHaveBeenLastCalledWith("auto", KEYS[0]);
    expect(roles.judgeBy).toHaveBeenCalledWith({ from: "hub", model: KEYS[1] });
    expect(preparation.checks.at(-2)?.text).toContain(KEYS[0]);
    expect(preparation.checks.at(-1)?.text).toContain(KEYS[1]);
  });

  test("ends in words where a download fails, and tries nothing then", async () => {
    const { lab, preparation } = page({ phase: "failed", failure });
    await preparation.begin(bundle);
    expect(states(preparation)).toEqual([...LOOKED, "Models bad"]);
    expect(preparation.checks.at(-1)?.text).toContain("a/policy: The line is dead.");
    expect(lab.model.load).toHaveBeenCalledTimes(1);
    expect(preparation.endedAt).not.toBeNull();
  });

  test("stopped, it pauses what is on its way and has not ended", async () => {
    const { hub, preparation } = page(null);
    const ended = preparation.begin(bundle);
    await vi.waitFor(() => {
      expect(hub.download).toHaveBeenCalledTimes(2);
    });
    preparation.stop();
    await ended;
    expect(hub.pause.mock.calls.map(([key]) => key)).toEqual(KEYS);
    expect(preparation.endedAt).toBeNull();
    expect(preparation.doing).toBeNull();
  });
});
