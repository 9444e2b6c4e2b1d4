/** @file The id of a hub model as people type or paste it. Asks nobody. */

/** "owner/name", or the address of its page on a hub. @returns `null` for anything else */
export function hubIdOf(typed: string): string | null {
  const text = typed.trim();
  const path = /^https?:\/\//i.test(text) ? (URL.canParse(text) ? new URL(text).pathname.slice(1) : "") : text;
  const match = /^([\w.-]+\/[\w.-]+?)(?:\/(?:tree|blob|resolve)\/.*)?\/?$/.exec(path);
  const id = match?.[1] ?? null;
  return id === null || id.includes("..") ? null : id;
}
