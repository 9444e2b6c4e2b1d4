/** @file Vite plugin: writes into the page's content security policy where models may be fetched from or served. Always this machine; the Hugging Face Hub and other hosts only in a build that was asked for them. */
import type { Plugin } from "vite";

/** Stands for the hosts in index.html. */
const PLACEHOLDER = "'hub-hosts'";

/** A class server or a mirror on this machine; nothing leaves it. */
const LOOPBACK = ["http://127.0.0.1:*", "http://localhost:*"];

/** The hub, and the hosts to which it redirects for the weights. */
const HUB = ["https://huggingface.co", "https://*.hf.co"];

/** A scheme, a name or an address, perhaps a port: what may stand in a policy and cannot end it. */
const ORIGIN = /^https?:\/\/(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:]+\])(?::\d+)?$/i;

/** @param allowed origins, with spaces between, such as "https://gpu.school.example:8000" @throws {Error} naming one that is none */
export function originsOf(allowed: string): readonly string[] {
  const origins = allowed.split(/[\s,]+/).filter((origin) => origin !== "");
  const wrong = origins.find((origin) => !ORIGIN.test(origin));
  if (wrong === undefined) return origins;
  throw new Error(`--allow ${wrong} is no origin: write it as https://gpu.school.example:8000, without a path`);
}

/** @param allowed other origins */
export function hubHosts(hub: boolean, allowed: readonly string[] = []): Plugin {
  return {
    name: "hub-hosts",
    transformIndexHtml(html) {
      if (!html.includes(PLACEHOLDER)) throw new Error(`index.html has no ${PLACEHOLDER} in its connect-src`);
      return html.replace(PLACEHOLDER, [...LOOPBACK, ...(hub ? HUB : []), ...allowed].join(" "));
    },
  };
}
