/** @file Keeps the screen awake while the page wants it, where the browser can: it takes the lock away whenever the tab is hidden, and gives it back on request alone. For the page. */

export class WakeLock {
  #wanted = false;
  #held: WakeLockSentinel | null = null;

  constructor() {
    document.addEventListener("visibilitychange", () => void this.#take());
  }

  /** Until {@link release}. Asking twice is asking once. */
  hold(): void {
    this.#wanted = true;
    void this.#take();
  }

  release(): void {
    this.#wanted = false;
    void this.#held?.release();
    this.#held = null;
  }

  /** Refused in a hidden tab, with a low battery, or unknown to the browser: then the work goes on all the same. */
  async #take(): Promise<void> {
    if (!this.#wanted || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    if (this.#held?.released === false) return;
    const held = await navigator.wakeLock.request("screen").catch(() => null);
    this.#keep(held);
  }

  /** Nobody may want it any more. */
  #keep(held: WakeLockSentinel | null): void {
    if (this.#wanted) this.#held = held;
    else void held?.release();
  }
}
