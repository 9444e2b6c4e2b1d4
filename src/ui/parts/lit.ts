/** @file Attachment that lights places of a model's text while they are marked. */
import { tick } from "svelte";
import type { Attachment } from "svelte/attachments";
import type { Span } from "../../cat/provenance/steps.ts";
import { type Light, light } from "../lit-text.ts";

export function lit(text: string, spans: readonly Span[], name: Light): Attachment<HTMLElement> {
  return (node) => {
    if (spans.length === 0) return;
    let out: (() => void) | null = null;
    let over = false;
    // The text is filled in by an effect of its own.
    void tick().then(() => {
      if (!over) out = light(node, text, spans, name);
    });
    return () => {
      over = true;
      out?.();
    };
  };
}
