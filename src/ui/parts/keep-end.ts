/** @file Scrolling that stays at the end while text is being written, until the visitor scrolls up. */
import type { Attachment } from "svelte/attachments";

/** Far enough to include a tenth of a second of text, near enough to notice a visitor's scrolling. */
const NEAR_PX = 72;

/** @param text what is shown; each change of it is a chance to scroll. */
export function keepEnd(text: string, writing: boolean): Attachment<HTMLElement> {
  return (node) => {
    if (!writing || text === "") return;
    const near = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_PX;
    // The text itself may be written after this, in the same flush.
    if (near) queueMicrotask(() => (node.scrollTop = node.scrollHeight));
  };
}
