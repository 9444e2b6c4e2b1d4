/** @file Reads run files of older formats: a chain of pure steps, one a format. Newer formats are refused by name. */
import { RUN_FORMAT } from "./event.ts";

/** One line, parsed but not yet checked. */
export type RawEvent = Readonly<Record<string, unknown>>;
/** From format n to n + 1, a line at a time. */
export type UpgradeStep = (event: RawEvent) => RawEvent;

/** `STEPS[n − 1]` leads from format n to n + 1. Format 1 is the newest, so there is no step yet. */
const STEPS: readonly UpgradeStep[] = [];

/**
 * The upgrade from `format` to the newest one.
 * @param steps for tests; the chain of this version otherwise.
 * @throws RangeError for a format that is no positive whole number, or newer than the chain reaches.
 */
export function upgradeFrom(format: unknown, steps: readonly UpgradeStep[] = STEPS): UpgradeStep {
  const newest = steps === STEPS ? RUN_FORMAT : steps.length + 1;
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1) {
    throw new RangeError(`"format" must be a whole number from 1, not ${JSON.stringify(format)}`);
  }
  if (format > newest) {
    throw new RangeError(`format ${format} is newer than ${newest}, the newest this version reads: update the app`);
  }
  const rest = steps.slice(format - 1);
  return (event) => {
    const upgraded = rest.reduce((e, step) => step(e), event);
    return upgraded["type"] === "run.started" ? { ...upgraded, format: newest } : upgraded;
  };
}
