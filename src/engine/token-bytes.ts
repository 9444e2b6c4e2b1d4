/**
 * @file What each token of a vocabulary adds to an answer, in bytes, read from tokenizer.json: byte-level BPE (GPT-2 and kin) and
 * SentencePiece with a mark for the space and bytes as a last resort (Llama 2, Gemma). Leaves out the leading space that some decoders strip
 * from a whole text, and vocabularies of other kinds.
 */
import { ModelError } from "../cat/models.ts";

/** The parts of tokenizer.json that say how tokens become text. */
export interface VocabularyJson {
  readonly model: { readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[] };
  readonly decoder?: DecoderJson | null;
  readonly added_tokens?: readonly { readonly id: number; readonly content: string; readonly special?: boolean }[];
}

interface DecoderJson {
  readonly type: string;
  readonly decoders?: readonly DecoderJson[];
}

/** The bytes of all tokens in one piece: those of token t are `bytes.subarray(starts[t], starts[t + 1])`. */
export interface TokenBytes {
  readonly bytes: Uint8Array;
  /** [tokens + 1] */
  readonly starts: Uint32Array;
}

/** Tokens without text of their own (special ones, gaps in the numbering) have no bytes. @throws {ModelError} `model-unsupported` */
export function readTokenBytes({ model, decoder, added_tokens: added = [] }: VocabularyJson): TokenBytes {
  const write = writerOf(decoder ?? null);
  const { vocab } = model;
  const entries = isList(vocab) ? vocab.map(([piece], token) => [piece, token] as const) : Object.entries(vocab);
  const pieces: Uint8Array[] = [];
  for (const [piece, token] of entries) pieces[token] = write(piece);
  const encoder = new TextEncoder();
  // Added ones stand as they are, whatever the vocabulary's way of writing.
  for (const { id, content, special = false } of added) pieces[id] = encoder.encode(special ? "" : content);
  return joined(pieces);
}

/** Unigram vocabularies are lists of piece and score; the place is the token. */
function isList(vocab: VocabularyJson["model"]["vocab"]): vocab is readonly (readonly [string, number])[] {
  return Array.isArray(vocab);
}

function joined(pieces: readonly (Uint8Array | undefined)[]): TokenBytes {
  const starts = new Uint32Array(pieces.length + 1);
  for (let token = 0; token < pieces.length; token++) {
    starts[token + 1] = starts[token]! + (pieces[token]?.length ?? 0);
  }
  const bytes = new Uint8Array(starts.at(-1)!);
  for (let token = 0; token < pieces.length; token++) bytes.set(pieces[token] ?? [], starts[token]);
  return { bytes, starts };
}

/** How a piece of the vocabulary becomes bytes. */
function writerOf(decoder: DecoderJson | null): (piece: string) => Uint8Array {
  const kinds = new Set(decoder === null ? [] : (decoder.decoders ?? [decoder]).map(({ type }) => type));
  if (kinds.has("ByteLevel")) return byteLevel();
  const spaced = kinds.has("Metaspace") || kinds.has("Replace");
  const foreign = [...kinds].filter((kind) => !SENTENCE_PIECE.has(kind));
  if (spaced && foreign.length === 0) return sentencePiece(kinds.has("ByteFallback"));
  const found = [...kinds].join(", ") || "none";
  throw new ModelError(
    "model-unsupported",
    `The form of an answer cannot be held to with this tokenizer (decoder: ${found}). Choose another model.`,
  );
}

/** Replace writes the mark as a space; Fuse joins; Strip takes the leading space of a whole text. */
const SENTENCE_PIECE = new Set(["Metaspace", "Replace", "ByteFallback", "Fuse", "Strip"]);

/** GPT-2 writes a byte as a printable character: itself, or the next free one from U+0100 on. */
function byteLevel(): (piece: string) => Uint8Array {
  const byteOf = new Map<string, number>();
  let moved = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    byteOf.set(String.fromCharCode(printable ? byte : moved++), byte);
  }
  const encoder = new TextEncoder();
  return (piece) => {
    const bytes = new Uint8Array(piece.length);
    for (let i = 0; i < piece.length; i++) {
      const byte = byteOf.get(piece[i]!);
      if (byte === undefined) return encoder.encode(piece);
      bytes[i] = byte;
    }
    return bytes;
  };
}

function sentencePiece(fallback: boolean): (piece: string) => Uint8Array {
  const encoder = new TextEncoder();
  return (piece) => {
    const byte = fallback ? /^<0x([0-9A-Fa-f]{2})>$/.exec(piece)?.[1] : undefined;
    return byte === undefined ? encoder.encode(piece.replaceAll("▁", " ")) : Uint8Array.of(Number.parseInt(byte, 16));
  };
}
