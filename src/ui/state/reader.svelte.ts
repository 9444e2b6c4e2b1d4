/** @file Fetches what reads answers (reading.ts) once, after the first picture: the page is on screen without it. */
class Reader {
  /** null until it has come; without a connection it may never. */
  loaded = $state.raw<typeof import("./reading.ts") | null>(null);

  async load(): Promise<void> {
    this.loaded ??= await import("./reading.ts");
  }
}

export const reader = new Reader();
