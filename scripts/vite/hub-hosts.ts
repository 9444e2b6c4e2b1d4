/** @file Vite plugin: writes into the page's content security policy where models may be fetched from. Always this machine; the Hugging Face Hub only in a build that was asked for it. */
import type { Plugin } from "vite";

/** Stands for the hosts in index.html. */
const PLACEHOLDER = "'hub-hosts'";

/** A class server or a mirror on this machine; nothing leaves it. */
const LOOPBACK = ["http://127.0.0.1:*", "http://localhost:*"];

/** The hub, and the hosts to which it redirects for the weights. */
const HUB = ["https://huggingface.co", "https://*.hf.co"];

export function hubHosts(hub: boolean): Plugin {
  return {
    name: "hub-hosts",
    transformIndexHtml(html) {
      if (!html.includes(PLACEHOLDER)) throw new Error(`index.html has no ${PLACEHOLDER} in its connect-src`);
      return html.replace(PLACEHOLDER, [...LOOPBACK, ...(hub ? HUB : [])].join(" "));
    },
  };
}
