/** @file Text to tokens and back, by the tokenizer files of the model (transformers.js). Leaves out every other part of that library. */
import { type Message as ChatMessage, PreTrainedTokenizer } from "@huggingface/transformers";
import { type Message, ModelError } from "../cat/models.ts";
import { type ModelFiles, readJson, readText } from "./model-files.ts";
import { readTokenBytes, type VocabularyJson } from "./token-bytes.ts";
import { Vocabulary } from "./vocabulary.ts";

interface EndSetting {
  readonly eos_token_id?: number | readonly number[] | null;
}

export class Tokenizer {
  /** Strings that become one control token wherever they occur. */
  readonly controlTokens: readonly string[];
  /** Tokens that end an answer. */
  readonly endTokens: ReadonlySet<number>;
  readonly #tokenizer: PreTrainedTokenizer;
  /** The library keeps it too. */
  readonly #json: VocabularyJson;
  #vocabulary: Vocabulary | null = null;

  /** @throws {ModelError} `file-missing`, `model-unsupported` */
  constructor(files: ModelFiles) {
    const json = readJson(files, "tokenizer.json") as VocabularyJson | null;
    const config = readJson(files, "tokenizer_config.json") as Record<string, unknown> | null;
    if (json === null || config === null) {
      const missing = json === null ? "tokenizer.json" : "tokenizer_config.json";
      throw new ModelError("file-missing", `The model has no ${missing}. Choose a model that ships one.`);
    }
    // Newer checkpoints keep the template in a file of its own.
    const template = readText(files, "chat_template.jinja") ?? config["chat_template"];
    if (template === undefined) {
      throw new ModelError("model-unsupported", "The model has no chat template. Choose an instruction-tuned model.");
    }
    this.#json = json;
    this.#tokenizer = new PreTrainedTokenizer(json, { ...config, chat_template: template });
    this.controlTokens = (json.added_tokens ?? []).map(({ content }) => content);
    this.endTokens = this.#readEndTokens(files);
  }

  /** For grammars; made when first asked for, since it takes a moment. @throws {ModelError} `model-unsupported` */
  get vocabulary(): Vocabulary {
    this.#vocabulary ??= new Vocabulary(readTokenBytes(this.#json), this.endTokens);
    return this.#vocabulary;
  }

  /** The chat template, up to where the answer begins. */
  render(messages: readonly Message[]): string {
    const options = { tokenize: false as const, add_generation_prompt: true };
    return this.#tokenizer.apply_chat_template(messages as ChatMessage[], options);
  }

  /** Control tokens in the text are read as such; nothing is added, since templates write their own begin token. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false });
  }

  /** Everything, control tokens included; U+FFFD for bytes that make no character. */
  decode(tokens: readonly number[]): string {
    // The library refuses to decode nothing.
    if (tokens.length === 0) return "";
    const options = { skip_special_tokens: false, clean_up_tokenization_spaces: false };
    return this.#tokenizer.decode(tokens as number[], options);
  }

  #readEndTokens(files: ModelFiles): Set<number> {
    const ends = new Set<number>();
    for (const path of ["generation_config.json", "config.json"]) {
      const setting = (readJson(files, path) as EndSetting | null)?.eos_token_id;
      for (const token of [setting ?? []].flat()) ends.add(token);
    }
    const own: unknown = this.#tokenizer.eos_token_id;
    if (typeof own === "number") ends.add(own);
    if (ends.size === 0)
      throw new ModelError("model-unsupported", "The model names no end token. Choose another model.");
    return ends;
  }
}
