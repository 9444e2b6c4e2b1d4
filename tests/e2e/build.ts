/** @file Before the end-to-end tests: the page must be of today's sources. */
import { buildIfStale } from "../../scripts/site.ts";

export default async function setup(): Promise<void> {
  await buildIfStale();
}
