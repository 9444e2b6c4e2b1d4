/** @file What crosses between the page and its service worker. Each question is answered once, through the port that comes with it. */

export type OfflineQuestion =
  /** Keeps what the page has used by now beyond the files that every device needs. `gpu`: WebGPU runs its models. */
  | { readonly type: "keep"; readonly gpu: boolean }
  /** To the version that waits: begins, unless other windows still use the one of before. */
  | { readonly type: "begin" };

export interface OfflineAnswer {
  /** The runtime for WebGPU is kept too. */
  readonly gpu: boolean;
  /** Windows of this page besides the asking one. */
  readonly others: number;
}
