/** @file Settings: following links, one question a domain, when it stops being a held-out problem, and what outlasts a visit. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { keepSettings } from "../../src/ui/state/kept-settings.ts";
import { Settings } from "../../src/ui/state/settings.svelte.ts";

const FIRST_PROMPT = "What is the square root of 16?";

test("a link without values leaves the settings as they were", () => {
  const settings = new Settings();
  settings.seed = 7;
  expect(settings.follow("#runs")).toEqual([]);
  expect([settings.view, settings.seed, settings.prompt]).toEqual(["runs", 7, FIRST_PROMPT]);
});

test("its own link brings another visitor to the same settings", () => {
  const settings = new Settings();
  settings.ask("What is 9 times 9?");
  settings.item = 17;
  settings.seed = 0;
  settings.groupSize = 3;
  settings.device = "wasm";
  const other = new Settings();
  other.follow(settings.hashOf("lab"));
  expect(other.hashOf("lab")).toBe(settings.hashOf("lab"));
  expect([other.prompt, other.item, other.seed, other.groupSize, other.device]).toEqual([
    "What is 9 times 9?",
    17,
    0,
    3,
    "wasm",
  ]);
});

test("a prompt in a link is no longer the held-out problem of before", () => {
  const settings = new Settings();
  settings.item = 17;
  settings.follow("#lab?prompt=What+is+1+%2B+1%3F");
  expect(settings.item).toBeNull();
});

test("an item alone leaves the prompt to be fetched", () => {
  const settings = new Settings();
  settings.follow("#lab?item=3");
  expect([settings.item, settings.prompt]).toEqual([3, ""]);
});

test("typing makes it the visitor's own question", () => {
  const settings = new Settings();
  settings.item = 17;
  settings.ask("What is 2 + 2?");
  expect(settings.item).toBeNull();
});

test("a new seed is one that a link accepts", () => {
  const settings = new Settings();
  for (let i = 0; i < 50; i++) {
    settings.rerollSeed();
    expect(new Settings().follow(settings.hashOf("lab"))).toEqual([]);
  }
});

test("each domain keeps its question while another is looked at", () => {
  const settings = new Settings();
  settings.ask("What is 2 + 2?");
  settings.domain = "advice";
  expect(settings.prompt).toBe("How to treat a mild flu at home?");
  settings.item = 5;
  settings.domain = "sums";
  expect([settings.prompt, settings.item]).toEqual(["What is 2 + 2?", null]);
  settings.domain = "advice";
  expect(settings.item).toBe(5);
});

describe("links and domains", () => {
  test("a link carries its domain, and asks its question there", () => {
    const settings = new Settings();
    settings.follow("#lab?domain=lists&prompt=Write+f(list).");
    expect([settings.domain, settings.prompt]).toEqual(["lists", "Write f(list)."]);
    const other = new Settings();
    other.follow(settings.hashOf("lab"));
    expect([other.domain, other.prompt]).toEqual(["lists", "Write f(list)."]);
  });

  test.each(["#lab?prompt=What+is+1+%2B+1%3F", "#lab?item=3&seed=2"])(
    "%s, of the time of one domain, is a sum",
    (hash) => {
      const settings = new Settings();
      settings.domain = "advice";
      settings.follow(hash);
      expect(settings.domain).toBe("sums");
    },
  );

  test("a link that asks nothing leaves the domain as it was", () => {
    const settings = new Settings();
    settings.domain = "advice";
    settings.follow("#lab?seed=4");
    expect(settings.domain).toBe("advice");
  });
});

describe("what this browser keeps", () => {
  const store = new Map<string, string>();
  const stub = () => {
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
    });
  };
  afterEach(() => {
    store.clear();
    vi.unstubAllGlobals();
  });

  test("a later visit begins with it", () => {
    stub();
    keepSettings({ domain: "lists", seed: 7, groupSize: 3, device: "wasm" });
    const { domain, seed, groupSize, device } = new Settings();
    expect([domain, seed, groupSize, device]).toEqual(["lists", 7, 3, "wasm"]);
  });

  test("what a link says is for this visit alone, and what the visitor chooses in it is for the next", () => {
    stub();
    keepSettings({ domain: "lists", seed: 7, groupSize: 3, device: "auto" });
    const settings = new Settings();
    settings.follow("#lab?domain=advice&g=16&device=webgpu&seed=9");
    expect(new Settings()).toMatchObject({ domain: "lists", seed: 7, groupSize: 3, device: "auto" });
    settings.choose({ groupSize: 4 });
    settings.rerollSeed();
    expect(settings).toMatchObject({ domain: "advice", groupSize: 4, device: "webgpu" });
    const { domain, seed, groupSize, device } = new Settings();
    expect([domain, seed, groupSize, device]).toEqual(["lists", settings.seed, 4, "auto"]);
  });

  test.each(["", "no JSON", '{"domain":"history"}', '{"groupSize":99}', "[]", "null"])(
    "%j is as if nothing were kept",
    (text) => {
      stub();
      store.set("cat-lab.settings", text);
      const { domain, seed, groupSize, device } = new Settings();
      expect([domain, seed, groupSize, device]).toEqual(["sums", 1, 8, "auto"]);
    },
  );

  test("without storage the page works all the same", () => {
    vi.stubGlobal("localStorage", {
      getItem: () => {
        throw new Error("closed");
      },
      setItem: () => {
        throw new Error("closed");
      },
    });
    expect(() => {
      keepSettings({ domain: "lists", seed: 7, groupSize: 3, device: "wasm" });
    }).not.toThrow();
    expect(new Settings().domain).toBe("sums");
  });
});

describe("presenting", () => {
  test("asks four times, and as often as before afterwards", () => {
    const settings = new Settings();
    settings.groupSize = 12;
    settings.follow("#lab?present=1");
    expect([settings.presenting, settings.groupSize]).toEqual([true, 4]);
    settings.present(false);
    expect([settings.presenting, settings.groupSize]).toEqual([false, 12]);
  });

  test("a link that says how many answers has its way, and so has the visitor", () => {
    const settings = new Settings();
    settings.follow("#lab?present=1&g=6");
    expect(settings.groupSize).toBe(6);
    settings.present(false);
    expect(settings.groupSize).toBe(6);
  });
});

test("what a link hides stays hidden from view to view until a link says otherwise", () => {
  const settings = new Settings();
  settings.follow("#lab?hide=settings,runs");
  settings.follow("#learn?step=key");
  expect(settings.hidden).toEqual(["settings", "runs"]);
  expect([settings.lesson, settings.hash]).toEqual(["key", "#learn?step=key&hide=settings,runs"]);
  settings.follow("#lab?hide=");
  expect(settings.hidden).toEqual([]);
});
