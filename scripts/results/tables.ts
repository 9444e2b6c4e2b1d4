/** @file All tables of docs/results.md, in its order. */
import { catSums } from "./cat-sums.ts";
import { coldStart } from "./cold-start.ts";
import { devices } from "./devices.ts";
import type { Table } from "./entry.ts";
import { firstLoadTable } from "./first-load.ts";

export const tables: readonly Table[] = [catSums, devices, coldStart, firstLoadTable] as readonly Table[];
