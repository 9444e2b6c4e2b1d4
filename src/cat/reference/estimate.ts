/**
 * @file The reference of a group (v3 §3.1, "reference estimation"): the anchor's synthesis, or in its place one of the rivals that the paper
 * compares with. Whichever it is, it sees the group alone.
 */
import type { GroupEvent } from "../../run/event.ts";
import { ModelError, type Roles, type Stop } from "../models.ts";
import type { CatOptions } from "../options.ts";
import type { Group, Reference } from "../types.ts";
import { selfBestOfN } from "./choice.ts";
import { finished } from "./finished.ts";
import { majority, majorityOfBehaviour } from "./majority.ts";
import { synthesize } from "./synthesis.ts";

/** @returns null where a rival came to none. @throws {ModelError} `model-unsupported` for a vote on an open task */
export async function* estimateReference(
  group: Group,
  roles: Pick<Roles, "anchor" | "runner">,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference | null> {
  const { aggregator = "synthesis" } = options;
  switch (aggregator) {
    case "synthesis":
      return yield* synthesize(group, roles.anchor, options, stop);
    case "selfBestOfN":
      return yield* selfBestOfN(group, roles.anchor, options, stop);
    case "majority": {
      const start = options.now();
      const voted = await vote(group, roles, options, stop);
      yield finished("majority", voted, group.kind, { tokens: 0, ms: options.now() - start });
      return voted;
    }
    default:
      return aggregator satisfies never;
  }
}

async function vote(
  group: Group,
  { runner }: Pick<Roles, "runner">,
  { seed }: CatOptions,
  stop?: Stop,
): Promise<Reference | null> {
  if (group.kind === "math") return majority(group);
  if (group.kind === "code" && runner !== null) return majorityOfBehaviour(group, runner, seed, stop);
  throw new ModelError("model-unsupported", "There is no vote on open questions. Choose another reference.");
}
