/** @file Vite plugin: the service worker (src/offline) with the list of files that it keeps, as `service-worker.js` beside the page. The page registers it itself, when its model is ready. */
import type { PluginOption } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/** Of the larger ONNX Runtime; whatever is larger than a file may be must not be left out in silence. */
const LARGEST_BYTES = 32 * 2 ** 20;

export function offline(): PluginOption {
  return VitePWA({
    strategies: "injectManifest",
    srcDir: "src/offline",
    filename: "service-worker.ts",
    registerType: "prompt",
    injectRegister: false,
    // It is in public/.
    manifest: false,
    integration: {
      configureCustomSWViteBuild(build) {
        build.logLevel = "warn";
      },
    },
    injectManifest: {
      rollupFormat: "iife",
      // Browsers that run the page take woff2; compressed neighbours are for servers.
      globPatterns: ["**/*.{html,js,css,wasm,woff2,svg,png,webmanifest,json,jsonl,onnx,safetensors}"],
      globIgnores: [".vite/**"],
      maximumFileSizeToCacheInBytes: LARGEST_BYTES,
    },
  });
}
