/** @file Kept models over a file system in memory: shared files are there once, deleting frees what nobody else has, notes that cannot be read hide nothing. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  dropFile,
  keepModel,
  keptModel,
  listKeptModels,
  modelParts,
  openKeptFile,
  removeModel,
  removeParts,
} from "../../src/store/model-files.ts";
import { type TestFiles, useTestFiles } from "../lab/opfs.ts";

let disk: TestFiles;
beforeEach(() => {
  disk = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const origin = { url: "http://hub.test/a", validator: '"1"', total: 3 };
const encode = (text: string) => new TextEncoder().encode(text);
const sha = (text: string) => createHash("sha256").update(text).digest("hex");

/** Fetched whole, as the downloader leaves it. */
async function arrive(name: string, text: string): Promise<void> {
  const part = await modelParts.open(name);
  await part.restart(origin);
  part.append(encode(text));
  part.close();
  await modelParts.keep(name, sha(text));
}

async function keep(model: string, texts: readonly string[]): Promise<void> {
  for (const text of texts)
    if ((await modelParts.wholeBytes(sha(text))) === null) await arrive(`${model.replace("/", "-")}-${text}`, text);
  const files = texts.map((text) => ({ path: `${text}.bin`, bytes: text.length, sha256: sha(text) }));
  const note = { model, revision: null, commit: null, savedAt: "2026-11-23T20:00:00.000Z", usedAt: null, files };
  await keepModel(
    note,
    texts.map((text) => `${model.replace("/", "-")}-${text}`),
  );
}

const wholeFiles = () => [...disk.bytes.keys()].filter((path) => path.startsWith("models/files/")).length;

describe("a part", () => {
  test("is there after it was left in the middle, with where it came from", async () => {
    const part = await modelParts.open("p");
    await part.restart(origin);
    part.append(encode("ab"));
    part.append(encode("c"));
    part.close();
    part.close();
    expect(await modelParts.look("p")).toEqual({ size: 3, origin, whole: null });
    const again = await modelParts.open("p");
    expect([again.size, again.origin]).toEqual([3, origin]);
    expect(Buffer.concat([...again.read()]).toString()).toBe("abc");
    await again.restart(null);
    expect([again.size, [...again.read()]]).toEqual([0, []]);
    again.close();
  });

  test("begun again never has the bytes of before beside the origin of now", async () => {
    const part = await modelParts.open("p");
    await part.restart(origin);
    part.append(encode("old"));
    disk.failures.set("createSyncAccessHandle", new DOMException("crash", "UnknownError"));
    await expect(part.restart({ ...origin, validator: '"2"' })).rejects.toMatchObject({ code: "storage" });
    part.close();
    disk.failures.clear();
    expect(await modelParts.look("p")).toEqual({ size: 0, origin, whole: null });
  });

  test("with an unreadable note beside it begins again", async () => {
    const part = await modelParts.open("p");
    await part.restart(origin);
    part.close();
    disk.bytes.set("models/parts/p.json", encode("{"));
    expect((await modelParts.look("p")).origin).toBeNull();
  });

  test("nobody has begun is empty", async () => {
    expect(await modelParts.look("none")).toEqual({ size: 0, origin: null, whole: null });
  });

  test("broken off between being marked whole and being moved is still a part", async () => {
    const part = await modelParts.open("p");
    await part.restart(origin);
    part.append(encode("abc"));
    part.close();
    disk.failures.set("move", new DOMException("crash", "UnknownError"));
    await expect(modelParts.keep("p", sha("abc"))).rejects.toMatchObject({ code: "storage" });
    expect(await modelParts.look("p")).toEqual({ size: 3, origin, whole: sha("abc") });
    expect(await modelParts.wholeBytes(sha("abc"))).toBeNull();
  });
});

describe("models", () => {
  test("share a file, and the last one that has it frees it", async () => {
    await keep("a/one@q4", ["shared", "mine"]);
    await keep("a/two@q4", ["shared", "other"]);
    expect(wholeFiles()).toBe(3);
    await removeModel("a/one@q4");
    expect(wholeFiles()).toBe(2);
    expect(await (await openKeptFile(sha("shared"))).text()).toBe("shared");
    await removeModel("a/two@q4");
    expect([...disk.bytes.keys()]).toEqual([]);
  });

  test("are listed with what was noted, and found by name; a broken note hides no other", async () => {
    await keep("a/one@q4", ["x"]);
    await keep("b", ["y"]);
    disk.bytes.set("models/kept/b.json", encode('{"model":"b"'));
    expect((await listKeptModels()).map(({ model }) => model)).toEqual(["a/one@q4"]);
    expect((await keptModel("a/one@q4"))!.files).toEqual([{ path: "x.bin", bytes: 1, sha256: sha("x") }]);
    expect([await keptModel("b"), await keptModel("nobody")]).toEqual([null, null]);
  });

  test("a file of a download that goes on outlives a model that is deleted meanwhile", async () => {
    await keep("a", ["x"]);
    await arrive("b-y", "y");
    await removeModel("a");
    expect(await modelParts.wholeBytes(sha("y"))).toBe(1);
    await removeParts(["b-y"]);
    expect(wholeFiles()).toBe(0);
  });

  test("a damaged file can be dropped", async () => {
    await keep("a", ["x"]);
    await dropFile(sha("x"));
    expect(await modelParts.wholeBytes(sha("x"))).toBeNull();
  });
});
