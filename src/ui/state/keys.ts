/** @file What a key means for the run on the stage, where it means nothing else: typing, lists, buttons, scrolling texts and dialogs keep their own. */

export type Meaning = "toggle" | "start" | "end" | "next" | "back" | "next event" | "previous event" | "leave";

/** What an arrow key moves within, or types into. */
const MOVES = "input, textarea, select, [contenteditable], [role=dialog], [role=slider], [tabindex='0']";
/** What the space bar presses or opens. */
const PRESSES = `${MOVES}, button, a, summary`;

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly defaultPrevented: boolean;
  readonly target: unknown;
}

/** @param presenting the keys of a clicker count, and Esc leaves. */
export function keyMeaning(event: Pressed, presenting: boolean): Meaning | null {
  const { key, shiftKey } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (lies(event.target, key === " " ? PRESSES : MOVES)) return null;
  switch (key) {
    case "ArrowRight":
      return shiftKey ? "next event" : "next";
    case "ArrowLeft":
      return shiftKey ? "previous event" : "back";
    case " ":
      return shiftKey ? null : "toggle";
    case "Home":
      return shiftKey ? null : "start";
    case "End":
      return shiftKey ? null : "end";
    case "PageDown":
      return presenting ? "next" : null;
    case "PageUp":
      return presenting ? "back" : null;
    case "Escape":
      return presenting ? "leave" : null;
    default:
      return null;
  }
}

function lies(target: unknown, within: string): boolean {
  return typeof Element !== "undefined" && target instanceof Element && target.closest(within) !== null;
}
