/** @file What the Models view holds of hub models: the newest report stands. The worker is scripted. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LabClient } from "../../src/lab/client.ts";
import type { ModelsReport } from "../../src/lab/protocol.ts";
import { HubModels } from "../../src/ui/state/hub-models.svelte.ts";

beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const report = (...kept: string[]) =>
  ({ catalogue: {}, kept: kept.map((model) => ({ model })) }) as unknown as ModelsReport;

test("of two reports that were asked for the later stands, whichever comes first", async () => {
  const answers: ((report: ModelsReport) => void)[] = [];
  const client = { models: () => new Promise<ModelsReport>((answer) => answers.push(answer)) };
  const hub = new HubModels(() => client as unknown as LabClient);
  const asked = [hub.refresh(), hub.refresh()];
  answers[1]!(report("a/model@q4"));
  answers[0]!(report());
  await Promise.all(asked);
  expect(hub.report?.kept.map(({ model }) => model)).toEqual(["a/model@q4"]);
});
