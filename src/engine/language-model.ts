/** @file A model that is loaded, checked and ready: the engine's side of the port `LanguageModel`. Leaves out where its files come from. */
import type {
  GenerateRequest,
  LanguageModel,
  Message,
  ModelRecord,
  SampledToken,
  ScoreRequest,
  Stop,
  TokenScores,
} from "../cat/models.ts";
import type { AdapterRecord } from "../run/event.ts";
import { decide } from "./decide.ts";
import { type Decoder, generate } from "./generate.ts";
import { checkKnownText } from "./known-text.ts";
import type { ModelFiles } from "./model-files.ts";
import type { Reload } from "./renewable-graph.ts";
import type { Runtime } from "./runtime.ts";
import { score } from "./score.ts";
import { type KnownAnswers, selfTest, type SelfTestFigures } from "./self-test.ts";
import { Session } from "./session.ts";
import { Tokenizer } from "./tokenizer.ts";

/** What the engine needs to know of a model besides its files; an entry of models/manifest.json fits. */
export interface ModelEntry {
  readonly id: string;
  readonly revision: string | null;
  readonly dtype: string;
  readonly promptSet: LanguageModel["promptSet"];
  readonly contextLength: number;
  readonly selfTest?: KnownAnswers | undefined;
  /** What it was made for; empty: a general model, which has to know a plain text. Left out: nobody says. */
  readonly domains?: readonly string[];
}

/** What the checks of a load found. */
export interface LoadFigures extends SelfTestFigures {
  /** Perplexity of a text that stands in the prompt; `null`: not asked, of a model that was made for one domain. */
  readonly perplexity: number | null;
}

export class OnnxLanguageModel implements LanguageModel {
  readonly record: ModelRecord;
  /** `null` where nothing was checked: its weights are made here. */
  readonly figures: LoadFigures | null;
  readonly promptSet: LanguageModel["promptSet"];
  readonly controlTokens: readonly string[];
  readonly contextLength: number;
  /** `null` unless it runs on WebGPU. */
  readonly adapter: AdapterRecord | null;
  readonly #decoder: Decoder;

  constructor(decoder: Decoder, entry: ModelEntry, record: ModelRecord, figures: LoadFigures | null = null) {
    this.#decoder = decoder;
    this.record = record;
    this.figures = figures;
    this.promptSet = entry.promptSet;
    this.controlTokens = decoder.tokenizer.controlTokens;
    this.contextLength = entry.contextLength;
    this.adapter = decoder.session.runtime.adapter;
  }

  render(messages: readonly Message[]): string {
    return this.#decoder.tokenizer.render(messages);
  }

  generate(requests: readonly GenerateRequest[], stop?: Stop): AsyncGenerator<SampledToken, void> {
    return generate(this.#decoder, requests, stop);
  }

  decide(prompts: readonly string[], choices: readonly string[], stop?: Stop): Promise<number[][]> {
    return decide(this.#decoder, { prompts, choices }, stop);
  }

  score(requests: readonly ScoreRequest[], stop?: Stop): Promise<TokenScores[]> {
    return score(this.#decoder, requests, stop);
  }

  /** Frees weights and session, not the runtime. What is still generating fails. */
  async dispose(): Promise<void> {
    await this.#decoder.session.dispose();
  }
}

export interface LanguageModelOptions {
  readonly runtime: Runtime;
  /** Not kept: they may be dropped once the model is there. */
  readonly files: ModelFiles;
  /** Gives the files again, for a new device when this one is lost; left out: then the model is lost with it. */
  readonly reload?: Reload;
  readonly entry: ModelEntry;
  /** Called as each phase begins. */
  onPhase?(phase: "starting" | "checking"): void;
}

/**
 * Loads a model and checks that this device computes it rightly.
 * @throws {ModelError} `file-missing`, `file-damaged`, `model-unsupported`, `self-test-failed`, `out-of-memory`, `device-lost`
 */
export async function createLanguageModel(options: LanguageModelOptions): Promise<OnnxLanguageModel> {
  const { runtime, files, entry, reload = null } = options;
  options.onPhase?.("starting");
  const tokenizer = new Tokenizer(files);
  const session = await Session.create(runtime, files, reload);
  const { id, revision, dtype, contextLength } = entry;
  const decoder = { session, tokenizer, contextLength };
  try {
    options.onPhase?.("checking");
    const figures = await selfTest(session, tokenizer, entry.selfTest);
    const general = entry.domains?.length === 0 && entry.promptSet === "default";
    const perplexity = general ? await checkKnownText(decoder) : null;
    const record: ModelRecord = { id, revision, dtype, device: runtime.device, files: files.records };
    return new OnnxLanguageModel(decoder, entry, record, { ...figures, perplexity });
  } catch (error) {
    await session.dispose();
    throw error;
  }
}
