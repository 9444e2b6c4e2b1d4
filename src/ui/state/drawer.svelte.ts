/** @file Fetches what draws charts (draw-chart.ts) once, when a training is first looked at: tables and figures are on screen without it. */
class Drawer {
  /** null until it has come. */
  loaded = $state.raw<typeof import("../draw-chart.ts") | null>(null);
  /** Without a connection it may never come. */
  failed = $state(false);

  async load(): Promise<void> {
    try {
      this.loaded ??= await import("../draw-chart.ts");
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}

export const drawer = new Drawer();
