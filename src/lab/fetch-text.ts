/** @file A text file of the page's folder, by its address. */
import { ModelError } from "../cat/models.ts";

/** @throws {ModelError} `file-missing` */
export async function fetchText(address: string): Promise<string> {
  const response = await fetch(address).catch(() => null);
  if (response?.ok === true) return response.text();
  const why = response === null ? "no connection" : `status ${response.status}`;
  throw new ModelError(
    "file-missing",
    `${address} could not be fetched (${why}). Check the connection, then try again.`,
  );
}
