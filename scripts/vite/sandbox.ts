/** @file Vite plugin: puts the hash of the sandbox frame's script into the page's content security policy, which its frame has to obey too. */
import type { Plugin } from "vite";
import { frameScriptSource } from "../../src/sandbox/frame.ts";

/** Stands for the hash in index.html. */
const PLACEHOLDER = "'sandbox-script'";

export function sandbox(): Plugin {
  return {
    name: "sandbox",
    async transformIndexHtml(html) {
      if (!html.includes(PLACEHOLDER)) throw new Error(`index.html has no ${PLACEHOLDER} in its script-src`);
      return html.replace(PLACEHOLDER, await frameScriptSource());
    },
  };
}
