/** @file Commands that are answered under their number: the kept runs, the place of a prompt, the tokens of a rollout, a server that is tried. */
import { failureOf } from "./failure.ts";
import type {
  Command,
  ImportedRun,
  Notice,
  PromptPlace,
  RunSummary,
  ServedPlace,
  ServerReport,
  TokenLook,
  TokenQuestion,
  TrainingCommand,
} from "./protocol.ts";

export interface CallParts {
  readonly placePrompt: (prompt: string) => Promise<PromptPlace>;
  readonly checkServer: (place: ServedPlace) => Promise<ServerReport>;
  readonly library: {
    list(): Promise<readonly RunSummary[]>;
    read(run: string): Promise<string>;
    remove(run: string): Promise<void>;
    restore(run: string, text: string): Promise<void>;
    import(text: string): Promise<ImportedRun>;
  };
}

/** What takes the policy that is loaded. */
export interface PolicyCalls {
  readonly look: (question: TokenQuestion) => Promise<TokenLook>;
}

/** A change needs the models: see lab.ts. Those about trainings: trainings.ts. */
type Call = Exclude<Extract<Command, { call: number }>, { type: "run.change" } | TrainingCommand>;

/** @returns an `answer` or a `refused`; never rejects. */
export async function answerCall(command: Call, parts: CallParts & PolicyCalls): Promise<Notice> {
  const { call } = command;
  try {
    return { type: "answer", call, value: await valueOf(command, parts) };
  } catch (error) {
    return { type: "refused", call, failure: failureOf(error) };
  }
}

function valueOf(
  command: Call,
  { placePrompt, checkServer, library, look }: CallParts & PolicyCalls,
): Promise<unknown> {
  switch (command.type) {
    case "prompt.place":
      return placePrompt(command.prompt);
    case "server.check":
      return checkServer(command.place);
    case "tokens.look":
      return look(command.question);
    case "runs.list":
      return library.list();
    case "runs.read":
      return library.read(command.run);
    case "runs.remove":
      return library.remove(command.run);
    case "runs.restore":
      return library.restore(command.run, command.text);
    case "runs.import":
      return library.import(command.text);
  }
}
