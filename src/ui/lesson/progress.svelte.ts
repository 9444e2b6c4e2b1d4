/** @file How far the visitor is in the lesson: tasks done and keys opened, kept in this browser. Sees the run on the stage; does not touch it. */
import * as v from "valibot";
import { kept } from "../state/kept.ts";
import type { RunView } from "../state/run-view.svelte.ts";
import { type LessonPage, pages } from "./lesson.ts";
import { type Signal, signalsOf } from "./signals.ts";

const schema = v.object({
  done: v.pipe(v.array(v.string()), v.maxLength(100)),
  keys: v.pipe(v.array(v.string()), v.maxLength(1000)),
});

const storage = kept("localStorage", "cat-lab.lesson", schema, { done: [], keys: [] });

export class LessonProgress {
  /** "step task" each. */
  done = $state.raw<readonly string[]>([]);
  /** Runs whose key was opened. */
  #keys: readonly string[] = [];
  /** What was still open on a run when it was first seen: "run signal" each. */
  #open: readonly string[] = [];

  constructor() {
    const { done, keys } = storage.read();
    this.done = done;
    this.#keys = keys;
  }

  /** Tasks of a page that are done, in order. */
  tasksOf(page: LessonPage): readonly boolean[] {
    return page.tasks.map((_, index) => this.done.includes(`${page.step} ${index}`));
  }

  isDone(page: LessonPage): boolean {
    return this.tasksOf(page).every(Boolean);
  }

  readonly pagesDone = $derived(pages.filter((page) => this.isDone(page)).length);

  /** Looks at the stage. A run of this page counts as it is; of a recorded or kept one only what happens before the visitor's eyes. */
  look(page: LessonPage, view: RunView, guessed: boolean): void {
    const { id, run } = view;
    if ((run.groups[0]?.labels.length ?? 0) > 0 && !this.#keys.includes(id)) {
      this.#keys = [...this.#keys, id].slice(-1000);
      this.#keep();
    }
    const signals = signalsOf(run, guessed, this.#keys.length);
    const came = ({ waits }: { readonly waits: Signal }) => {
      const name = `${id} ${waits}`;
      if (!signals.has(waits) && !this.#open.includes(name)) this.#open = [...this.#open, name];
      return signals.has(waits) && (view.source === "live" || waits === "keys" || this.#open.includes(name));
    };
    this.#mark(page, came);
  }

  /** What was seen elsewhere than on the stage. */
  see(page: LessonPage, signals: ReadonlySet<Signal>): void {
    this.#mark(page, ({ waits }) => signals.has(waits));
  }

  #mark(page: LessonPage, came: (task: { readonly waits: Signal }) => boolean): void {
    const fresh = page.tasks
      .map((task, index) => (came(task) ? `${page.step} ${index}` : ""))
      .filter((name) => name !== "" && !this.done.includes(name));
    if (fresh.length === 0) return;
    this.done = [...this.done, ...fresh];
    this.#keep();
  }

  reset(): void {
    this.done = [];
    this.#keys = [];
    this.#keep();
  }

  #keep(): void {
    storage.write({ done: [...this.done], keys: [...this.#keys] });
  }
}
