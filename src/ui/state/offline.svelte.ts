/** @file Does the page open without a network, and is there a newer version of it? Registers the service worker; what that keeps is in src/offline. */
import type { OfflineAnswer, OfflineQuestion } from "../../offline/protocol.ts";

export class Offline {
  /** The page, its small models and what they run on are kept. */
  ready = $state(false);
  /** What WebGPU runs on is kept too. */
  gpu = $state(false);
  /** Why it could not be kept; `null`: nothing is wrong. */
  problem = $state<string | null>(null);
  /** A newer version waits to be used. */
  update = $state(false);
  /** Other windows of this page, which must be closed first; `null`: nobody has asked to update. */
  others = $state<number | null>(null);
  #registration: ServiceWorkerRegistration | null = null;

  /** @param gpu WebGPU runs the models of this visit. */
  async keep(gpu: boolean): Promise<void> {
    this.problem = null;
    try {
      if (!("serviceWorker" in navigator)) throw new Error("it keeps no pages, or not in private browsing");
      const registration = (this.#registration ??= await this.#register());
      if (registration.active === null) await Promise.race([navigator.serviceWorker.ready, failed(registration)]);
      if (registration.active === null) throw new Error("not all files could be fetched");
      this.ready = true;
      this.gpu = (await ask(registration.active, { type: "keep", gpu })).gpu;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.problem = `This browser could not keep the page for use without a network: ${why}. The next visit tries again.`;
    }
  }

  /** Reloads this page into the newer version, unless others still use the old one: it would take their files away. */
  async takeUpdate(): Promise<void> {
    const waiting = this.#registration?.waiting;
    if (waiting === null || waiting === undefined) return;
    const refused = new AbortController();
    const reload = (): void => {
      location.reload();
    };
    navigator.serviceWorker.addEventListener("controllerchange", reload, { signal: refused.signal });
    this.others = (await ask(waiting, { type: "begin" })).others;
    if (this.others > 0) refused.abort();
  }

  async #register(): Promise<ServiceWorkerRegistration> {
    const registration = (await navigator.serviceWorker.register("service-worker.js")) as
      ServiceWorkerRegistration | undefined;
    // Tools that drive a browser answer so.
    if (registration === undefined) throw new Error("it was told not to");
    const look = (): void => {
      this.update = registration.waiting !== null && registration.active !== null;
    };
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", look);
    });
    look();
    return registration;
  }
}

/** When the version that is being installed is given up. */
function failed({ installing }: ServiceWorkerRegistration): Promise<void> {
  return new Promise((done) => {
    installing?.addEventListener("statechange", () => {
      if (installing.state === "redundant") done();
    });
  });
}

function ask(worker: ServiceWorker, question: OfflineQuestion): Promise<OfflineAnswer> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = ({ data }: MessageEvent<OfflineAnswer>) => {
      port1.close();
      done(data);
    };
    worker.postMessage(question, [port2]);
  });
}
