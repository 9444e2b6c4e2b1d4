/** @file One method's answer to one item, before anybody scores it. */
import type { Group, Reference } from "../../cat/types.ts";
import type { GroupEvent } from "../../run/event.ts";

export interface Candidate<R extends Reference | null = Reference | null> {
  /** null when the method came to no answer. */
  readonly reference: R;
  /** Generated to get it, the rollouts that it needs included. Text that is only read, such as prompts and scored rollouts, does not count. */
  readonly tokens: number;
}

/** @param rollouts tokens of the rollouts that it was made from. */
export async function made<R extends Reference | null>(
  steps: AsyncGenerator<GroupEvent, R>,
  rollouts: number,
): Promise<Candidate<R>> {
  let tokens = rollouts;
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return { reference: value, tokens };
    if (value.type === "reference.finished") tokens += value.tokens;
  }
}

export function tokensOf({ rollouts }: Group): number {
  return rollouts.reduce((sum, r) => sum + r.tokenIds.length, 0);
}
