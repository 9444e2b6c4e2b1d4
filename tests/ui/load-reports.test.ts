/** @file Which reports go into a file: of what a preparation tried, and of nothing else that was ever loaded here. */
import { expect, test } from "vitest";
import type { LoadReport } from "../../src/lab/protocol.ts";
import { reportsOf } from "../../src/ui/state/load-reports.ts";

const report = (id: string, dtype: string): LoadReport => ({ id, dtype, revision: null, files: [], loads: [] });
const loads = [report("kitten", "q8"), report("a/policy", "q4"), report("a/policy", "q8"), report("b/judge", "q4")];
const keysOf = (found: readonly LoadReport[]) => found.map(({ id, dtype }) => `${id}@${dtype}`);

test("those of this page always, of a hub the weights that were tried", () => {
  expect(keysOf(reportsOf(loads, []))).toEqual(["kitten@q8"]);
  expect(keysOf(reportsOf(loads, ["b/judge@q4", "a/policy@q8"]))).toEqual(["kitten@q8", "a/policy@q8", "b/judge@q4"]);
});
