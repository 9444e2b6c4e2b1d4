/** @file A key that does something while the focus is inside an element. Leaves fields to write in, and keys with Ctrl, Alt or Meta, alone. */
import type { Attachment } from "svelte/attachments";

/** @param key as `KeyboardEvent.key` names it, in lower case. */
export function onKey(key: string, action: () => void): Attachment<HTMLElement> {
  return (node) => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== key || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null) return;
      event.preventDefault();
      action();
    };
    node.addEventListener("keydown", listen);
    return () => {
      node.removeEventListener("keydown", listen);
    };
  };
}
