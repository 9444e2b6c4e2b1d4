/** @file The manifest is read strictly, and what is wrong is named; addresses of files in both layouts. */
import { expect, test } from "vitest";
import { findModel, parseManifest } from "../../src/models/manifest.ts";
import { embeddedSource, hubSource } from "../../src/models/source.ts";
import { madeUpEntry } from "./made-up.ts";

const entry = madeUpEntry({ "config.json": "{}" });
const manifest = { format: 1, models: [entry] };

test("a right manifest is read whole", () => {
  expect(parseManifest(manifest)).toEqual(manifest);
});

test.each([
  ["another format", { ...manifest, format: 2 }, /format/],
  ["no models", { format: 1 }, /models/],
  ["a hash in capitals", withFile({ sha256: "A".repeat(64) }), /models\.0\.files\.0\.sha256.*lower-case/],
  ["a path that leaves the folder", withFile({ path: "../secret" }), /files\.0\.path/],
  ["an absolute path", withFile({ path: "/etc/passwd" }), /files\.0\.path/],
  ["negative bytes", withFile({ bytes: -1 }), /files\.0\.bytes/],
  ["a role that is none", { ...manifest, models: [{ ...entry, roles: ["critic"] }] }, /roles/],
  ["a prompt of 32 tokens", withSelfTest(32), /longPromptTokenIds33/],
])("%s is refused, naming the field", (_, json, message) => {
  expect(() => parseManifest(json)).toThrow(message);
});

function withFile(change: object): unknown {
  return { ...manifest, models: [{ ...entry, files: [{ ...entry.files[0], ...change }] }] };
}

function withSelfTest(length: number): unknown {
  const selfTest = {
    prompt: "x",
    greedyTokenIds: [1],
    longPromptTokenIds33: Array.from({ length }, () => 1),
    greedy33: [1],
    longPromptTokenIds130: Array.from({ length: 130 }, () => 1),
    greedy130: [1],
  };
  return { ...manifest, models: [{ ...entry, selfTest }] };
}

test("known answers are kept when they are right", () => {
  expect(parseManifest(withSelfTest(33)).models[0]!.selfTest?.longPromptTokenIds33).toHaveLength(33);
});

test("models are found by id, and missing ones named beside those there are", () => {
  expect(findModel(parseManifest(manifest), "made-up")).toEqual(entry);
  expect(() => findModel(parseManifest(manifest), "lion")).toThrow(/"lion".*made-up/);
});

test("embedded files lie below the page, wherever the page is", () => {
  const url = embeddedSource("https://example.org/lab/")({ ...entry, path: "kitten" }, "onnx/model.onnx");
  expect(url).toBe("https://example.org/lab/models/kitten/onnx/model.onnx");
});

test("hub files lie below id and revision", () => {
  const hub = { ...entry, id: "owner/name", revision: "abc123" };
  expect(hubSource("https://hub.example/")(hub, "a/b.json")).toBe(
    "https://hub.example/owner/name/resolve/abc123/a/b.json",
  );
  expect(hubSource("https://hub.example")({ ...hub, revision: null }, "c")).toBe(
    "https://hub.example/owner/name/resolve/main/c",
  );
});

test("a mirror may have a layout of its own", () => {
  const hub = { id: "owner/name", revision: "r" };
  expect(hubSource("http://127.0.0.1:8000/hub/", "/{id}/{revision}/{path}")(hub, "a/b")).toBe(
    "http://127.0.0.1:8000/hub/owner/name/r/a/b",
  );
});
