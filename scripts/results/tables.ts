/** @file All tables of docs/results.md, in its order. */
import { catTable } from "./cat.ts";
import { coldStart } from "./cold-start.ts";
import { controls } from "./controls.ts";
import { depth } from "./depth.ts";
import { devices } from "./devices.ts";
import { engine } from "./engine.ts";
import type { Table } from "./entry.ts";
import { firstLoadTable } from "./first-load.ts";
import { flattery } from "./flattery.ts";
import { hubDownload } from "./hub-download.ts";
import { judge } from "./judge.ts";
import { pageRuns } from "./page-runs.ts";
import { sandbox } from "./sandbox.ts";
import { provenance } from "./provenance.ts";
import { speed } from "./speed.ts";
import { timeToGain } from "./time-to-gain.ts";
import { train } from "./train.ts";
import { unseenSlips } from "./unseen-slips.ts";

export const tables: readonly Table[] = [
  catTable("sums", 200),
  catTable("lists", 200),
  catTable("advice", 120),
  controls,
  unseenSlips,
  judge,
  flattery,
  depth,
  provenance,
  engine,
  speed,
  train,
  timeToGain,
  hubDownload,
  devices,
  pageRuns,
  sandbox,
  coldStart,
  firstLoadTable,
] as readonly Table[];
