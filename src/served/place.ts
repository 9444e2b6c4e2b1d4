/** @file Where a model is served: its server's address, its name there, and the key that may be needed. Asks nobody. */

/** A model on an OpenAI-compatible server. */
export interface ServedPlace {
  /** Up to and with its version, without a slash at the end: "http://127.0.0.1:8000/v1". */
  readonly server: string;
  /** As that server calls it. */
  readonly model: string;
  /** Goes to that server and nowhere else; `null`: none. */
  readonly key: string | null;
}

/** As a person types it: "localhost:11434" is "http://localhost:11434/v1". @returns `null` for what is no address, or carries a name and a password */
export function serverAddress(typed: string): string | null {
  const text = typed.trim().replace(/\/+$/, "");
  const whole = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (/^(https?:)?$/i.test(text) || !URL.canParse(whole)) return null;
  const { origin, pathname, username, password } = new URL(whole);
  if (username !== "" || password !== "") return null;
  const path = pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
  return `${origin}${path === "" ? "/v1" : path}`;
}
