/** @file Trying a server, and its address as people type it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkServer } from "../../src/served/check-server.ts";
import { serverAddress } from "../../src/served/place.ts";
import { ScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
beforeEach(() => {
  server = new ScriptedServer(["a", "b"]);
});
afterEach(() => server.close());

const check = async (model: string) => {
  await server.open();
  let time = 0;
  const { signal } = new AbortController();
  return checkServer({ server: server.url, model, key: null }, () => (time += 7), signal);
};

test("a server that tells all", async () => {
  expect(await check("a")).toEqual({ models: ["a", "b"], tellsProbabilities: true, ms: 7 });
});

test("without a model's name it is asked for its list alone", async () => {
  expect(await check("")).toEqual({ models: ["a", "b"], tellsProbabilities: null, ms: null });
  expect(server.asked).toEqual([]);
});

test("one whose list fails and that tells no probabilities does as well", async () => {
  server = new ScriptedServer(null);
  server.logprobs = false;
  expect(await check("a")).toEqual({ models: null, tellsProbabilities: false, ms: 7 });
});

test("one that refuses is said to", async () => {
  server.faults.push({ kind: "status", status: 401 });
  await expect(check("a")).rejects.toThrow("wants a key");
});

test.each([
  ["localhost:11434", "http://localhost:11434/v1"],
  ["http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"],
  [" https://gpu.school.example/api/v1/chat/completions ", "https://gpu.school.example/api/v1"],
  ["http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1"],
  ["https://name:password@host.example/v1", null],
  ["", null],
  ["http://", null],
  ["two words", null],
])("%j is %j", (typed, address) => {
  expect(serverAddress(typed)).toBe(address);
});
