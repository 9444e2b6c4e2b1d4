/** @file Scrolling that stays at the end while text is being written, until the visitor scrolls up. */
import type { Attachment } from "svelte/attachments";

/** Far enough to include a tenth of a second of text, near enough to notice a visitor's scrolling. */
const NEAR_PX = 72;

/**
 * @param text what is shown; each change of it is a chance to scroll.
 * @param after where to be once all is written: a result stands at the end, prose and programs are read from the top.
 */
export function keepEnd(text: string, writing: boolean, after: "end" | "top"): Attachment<HTMLElement> {
  return (node) => {
    if (text === "") return;
    const near = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_PX;
    if (!near || (!writing && after === "end")) return;
    // The text itself may be written after this, in the same flush.
    queueMicrotask(() => (node.scrollTop = writing ? node.scrollHeight : 0));
  };
}
