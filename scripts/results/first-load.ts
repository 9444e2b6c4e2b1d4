/** @file Table: the JavaScript that the page loads before ONNX Runtime. */
import { firstLoad, type FirstLoadFile } from "../first-load.ts";
import { buildIfStale, DIST } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable } from "./table.ts";

export const firstLoadTable: Table<readonly FirstLoadFile[]> = {
  name: "first-load",
  title: "JavaScript before ONNX Runtime",
  command: "npm run results -- first-load",
  inputs: ["src/ui", "src/lab", "src/run", "vite.config.ts", "package-lock.json"],
  async measure() {
    await buildIfStale();
    return { data: firstLoad(DIST), errors: [] };
  },
  write(files) {
    const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
    const total = files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
    const rows = files.map(({ path, bytes, gzipBytes }) => [
      path.replace(/^assets\/(.*)-[\w-]{8}\.js$/, "$1"),
      kB(bytes),
      kB(gzipBytes),
    ]);
    return [
      "Page and worker with their static imports; the budget is 120 kB.",
      markdownTable(["file", "bytes", "gzip"], [...rows, ["all", "", kB(total)]]),
    ].join("\n\n");
  },
};
