/** @file What this browser keeps for the page, as JSON, checked when it is read. Where storage is closed to the page or full, things last for the visit. */
import * as v from "valibot";

export interface Kept<T> {
  /** What was kept; `none` when nothing, or nothing readable, was. */
  read(): T;
  write(value: Readonly<T>): void;
}

/**
 * @param where `localStorage` outlasts the visit, `sessionStorage` lasts until the tab is closed.
 * @param none what there is before anything was kept.
 */
export function kept<T>(
  where: "localStorage" | "sessionStorage",
  key: string,
  schema: v.GenericSchema<unknown, T>,
  none: T,
): Kept<T> {
  return {
    read() {
      try {
        const result = v.safeParse(schema, JSON.parse(globalThis[where].getItem(key) ?? "null"));
        return result.success ? result.output : none;
      } catch {
        return none; // no storage, or no JSON in it
      }
    },
    write(value) {
      try {
        globalThis[where].setItem(key, JSON.stringify(value));
      } catch {
        // as above
      }
    },
  };
}
