/** @file Work that begins anew on a new device when its own is lost: for what is short, and gives nothing before it ends. Rows that decode go on instead (batch.ts). */
import { ModelError } from "../cat/models.ts";
import type { Session } from "./session.ts";

/** A device that is lost so often under one piece of work is lost because of it. */
const MOST_DEVICES = 3;

/** @throws as `work`, and {@link ModelError} `device-lost` if no other device can be had */
export async function renewing<T>(session: Session, work: () => Promise<T>): Promise<T> {
  for (let device = 1; ; device++) {
    const { generation } = session.runtime;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ModelError) || error.code !== "device-lost" || device === MOST_DEVICES) throw error;
      await session.renew(generation);
    }
  }
}
