/** @file The build: a static site that works in any folder of any host, with its models beside it. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { hubHosts, originsOf } from "./scripts/vite/hub-hosts.ts";
import { models } from "./scripts/vite/models.ts";
import { offline } from "./scripts/vite/offline.ts";
import { precompress } from "./scripts/vite/precompress.ts";
import { sandbox } from "./scripts/vite/sandbox.ts";

export default defineConfig({
  base: "./",
  plugins: [
    svelte(),
    sandbox(),
    hubHosts(process.env["CATLAB_HUB"] === "1", originsOf(process.env["CATLAB_ALLOW"] ?? "")),
    models("models"),
    offline(),
    precompress(".cache/compressed"),
  ],
  worker: { format: "es", rolldownOptions: { checks: { bundlerTimings: false } } },
  build: {
    target: "esnext",
    // The first-load budget (scripts/first-load.ts) reads which file imports which.
    manifest: true,
    // A strict content security policy has no data: addresses.
    assetsInlineLimit: 0,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      // What comes first comes whole: in parts, shared with what comes later, it packs worse and asks more often.
      output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } },
    },
    chunkSizeWarningLimit: 700,
  },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
  optimizeDeps: {
    // Its bundle finds the wasm file beside itself; pre-bundling would move it away from there.
    exclude: ["onnxruntime-web"],
  },
});
