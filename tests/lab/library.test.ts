/** @file The kept runs, over a file system in memory: listing past bad files, importing what is there already or cut, putting back. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { importRun, listRuns } from "../../src/lab/library.ts";
import { formatEvent } from "../../src/run/lines.ts";
import { createRunFile, readRunFile, removeRunFile, writeRunFile } from "../../src/store/runs.ts";
import { fixtureRun } from "../ui/fixture.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";

const lines = fixtureRun().map(formatEvent);
const text = lines.join("");
const quota = new DOMException("The quota has been exceeded.", "QuotaExceededError");

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("listing", () => {
  test("one unreadable and one empty file hide no other", async () => {
    await writeRunFile("good", text);
    await writeRunFile("locked", text);
    await writeRunFile("empty", "");
    files.failures.set("getFile locked.jsonl", new DOMException("in use", "NotReadableError"));
    expect((await listRuns()).map((run) => run.id)).toEqual(["good"]);
  });

  test("sizes are bytes", async () => {
    await writeRunFile("good", text);
    const [run] = await listRuns();
    expect(run!.bytes).toBe(Buffer.byteLength(text));
    expect(run!.bytes).toBeGreaterThan(text.length);
  });
});

describe("importing", () => {
  test("a run that is kept already stays one run, whatever the order of its fields", async () => {
    await writeRunFile("2026-11-22T17-14-00-000Z-ab12", text);
    const reversed = lines.map((line) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).reverse())),
    );
    for (const again of [text, reversed.join("\n")]) {
      const { summary, problem } = await importRun(again);
      expect([summary.id, problem]).toEqual(["2026-11-22T17-14-00-000Z-ab12", null]);
    }
    expect(files.texts.size).toBe(1);
  });

  test("another run is kept beside it", async () => {
    await writeRunFile("one", text);
    const { summary } = await importRun(fixtureRun({ seed: 2 }).map(formatEvent).join(""));
    expect(summary.seed).toBe(2);
    expect(files.texts.size).toBe(2);
  });

  test("a cut file is kept up to its last whole line, and says where it was cut", async () => {
    const { summary, problem } = await importRun(lines.slice(0, 9).join("") + lines[9]!.slice(0, 20));
    expect(problem).toContain("line 10");
    expect(summary.status).toBe("running");
    expect(await readRunFile(summary.id)).toBe(lines.slice(0, 9).join(""));
  });

  test.each([
    ["no run at all", "hello\n", "line 1"],
    ["a header and nothing valid behind it", `${lines[0]!}hello\n`, "line 2"],
    ["nothing", "", "empty"],
  ])("%s is refused", async (_, wrong, word) => {
    await expect(importRun(wrong)).rejects.toMatchObject({
      code: "run-invalid",
      message: expect.stringContaining(word) as string,
    });
    expect(files.texts.size).toBe(0);
  });

  test("a full disk leaves neither half a file nor an open one", async () => {
    files.failures.set("write", quota);
    await expect(importRun(text)).rejects.toMatchObject({
      code: "storage",
      message: expect.stringMatching(/Free some space/) as string,
    });
    expect([files.texts.size, files.open.size]).toEqual([0, 0]);
  });
});

describe("files", () => {
  test("a damaged text comes back under its id, word for word, also over a file of that id", async () => {
    await writeRunFile("r", text);
    await writeRunFile("r", "damaged é");
    expect(await readRunFile("r")).toBe("damaged é");
  });

  test("a flush that fails closes the file all the same", async () => {
    const file = await createRunFile("r");
    files.failures.set("flush", quota);
    expect(() => {
      file.close();
    }).toThrow("Free some space");
    expect(files.open.size).toBe(0);
  });

  test("the remedy fits the reason", async () => {
    await expect(readRunFile("gone")).rejects.toThrow("not there any more");
    const file = await createRunFile("busy");
    await expect(removeRunFile("busy")).rejects.toThrow("in use");
    file.close();
    files.failures.set("getDirectory", new DOMException("Storage is closed.", "SecurityError"));
    await expect(createRunFile("r")).rejects.toThrow("private browsing");
    files.failures.set("getDirectory", new TypeError("getDirectory is not a function"));
    await expect(createRunFile("r")).rejects.not.toThrow("private browsing");
  });
});
