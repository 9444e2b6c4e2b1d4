/**
 * @file The service worker: keeps the page, its small models and what they run on, so that all of it opens without a network (decision 23).
 * Weights of hub models are in OPFS and never come this way. A new version waits until no window uses the old one.
 */
import { precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import type { OfflineAnswer, OfflineQuestion } from "./protocol.ts";

/** TypeScript knows it in worker libraries only, which do not mix with the page's. */
interface ServiceWorkerScope {
  readonly __WB_MANIFEST: readonly PrecacheEntry[];
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly { readonly url: string }[]>;
  };
  readonly registration: { readonly scope: string };
  skipWaiting(): Promise<void>;
  addEventListener(type: "activate", listener: (event: Extendable) => void): void;
  addEventListener(type: "message", listener: (event: Extendable & MessageEvent<OfflineQuestion>) => void): void;
}
interface Extendable {
  waitUntil(done: Promise<unknown>): void;
}
declare const self: ServiceWorkerScope;

const files = self.__WB_MANIFEST;
/** 17 or 27 MB that no device without WebGPU needs: kept once they were used. The smaller build is kept always, since every device may come to need it. */
const isForGpu = ({ url }: { readonly url: string }): boolean => /\.(asyncify|jspi)-[\w-]+\.wasm$/.test(url);
const GPU_CACHE = "gpu-runtime";
/** Of the two the one that the engine takes in this browser (page-runtime.ts). */
const gpuBuild = "Suspending" in WebAssembly ? ".jspi-" : ".asyncify-";
const gpuFiles = files
  .filter((file) => isForGpu(file) && file.url.includes(gpuBuild))
  .map(({ url }) => new URL(url, location.href).href);

precacheAndRoute(
  files.filter((file) => !isForGpu(file)),
  // "?present" is the same page.
  { ignoreURLParametersMatching: [/./] },
);
registerRoute(({ url }) => gpuFiles.includes(url.href), new CacheFirst({ cacheName: GPU_CACHE }));

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOldRuntimes(), self.clients.claim()]));
});

self.addEventListener("message", (event) => {
  event.waitUntil(
    answer(event.data).then((said) => {
      event.ports[0]?.postMessage(said);
    }),
  );
});

async function answer(question: OfflineQuestion): Promise<OfflineAnswer> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const others = windows.filter(({ url }) => url.startsWith(self.registration.scope)).length - 1;
  if (question.type === "begin" && others === 0) void self.skipWaiting();
  const cache = await caches.open(GPU_CACHE);
  const missing = await absent(cache);
  // No network, or no room: it is asked for again on the next visit.
  const added =
    question.type === "keep" && question.gpu && missing.length > 0 && (await cache.addAll(missing).then(yes, no));
  return { gpu: missing.length === 0 || added, others };
}

const yes = (): boolean => true;
const no = (): boolean => false;

async function absent(cache: Cache): Promise<string[]> {
  const found = await Promise.all(gpuFiles.map((url) => cache.match(url)));
  return gpuFiles.filter((_, i) => found[i] === undefined);
}

async function dropOldRuntimes(): Promise<void> {
  const cache = await caches.open(GPU_CACHE);
  for (const { url } of await cache.keys()) if (!gpuFiles.includes(url)) await cache.delete(url);
}
