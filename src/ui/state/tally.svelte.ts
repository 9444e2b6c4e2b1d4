/** @file The session's tally: random problems whose key was opened, by domain. Kept while the tab lives. Runs that somebody chose do not count. */
import * as v from "valibot";
import { estimate } from "../../bench/statistics.ts";
import type { Domain } from "../../lab/protocol.ts";
import type { GroupState } from "../../run/run.ts";
import { domainSchema } from "./domains.ts";
import { kept } from "./kept.ts";
import { labelOfMethod, labelOfRollout } from "./labels.ts";

const score = v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));
const schema = v.object({
  /** Ids of runs that the dice asked, and of what. */
  thrown: v.record(v.string(), domainSchema),
  opened: v.array(
    v.object({
      run: v.string(),
      domain: domainSchema,
      /** Right or wrong, 1 or 0; of advice a share of the key. */
      graded: v.picklist(["right", "covers"]),
      first: score,
      vote: score,
      synthesis: score,
    }),
  ),
});

type Tally = v.InferOutput<typeof schema>;

const storage = kept("sessionStorage", "cat-lab.tally", schema, { thrown: {}, opened: [] });

/** How one method did in the problems in which it spoke. */
export interface Standing {
  readonly name: string;
  /** "4/9"; from 20 problems on, and of advice, "44 % ± 11". */
  readonly text: string;
}

/** Fewer are counted; a share of so few would look exact. */
const ENOUGH = 20;

export class SessionTally {
  #kept = $state.raw<Tally>(storage.read());
  /** The problem that the dice drew last, until it is run. */
  #drawn: { readonly domain: Domain; readonly item: number } | null = null;

  draw(domain: Domain, item: number): void {
    this.#drawn = { domain, item };
  }

  /** A run starts: it counts if it asks what was drawn, once for each throw. */
  start(run: string, domain: Domain, item: number | null): void {
    const drawn = this.#drawn;
    if (drawn?.domain !== domain || drawn.item !== item) return;
    this.#drawn = null;
    this.#keep({ ...this.#kept, thrown: { ...this.#kept.thrown, [run]: domain } });
  }

  /** The key of a run is open. */
  open(run: string, group: GroupState): void {
    const domain = Object.hasOwn(this.#kept.thrown, run) ? this.#kept.thrown[run] : undefined;
    if (domain === undefined || group.labels.length === 0) return;
    const entry = {
      run,
      domain,
      graded: group.task.kind === "open" ? ("covers" as const) : ("right" as const),
      first: labelOfRollout(group, 0)?.score ?? null,
      vote: labelOfMethod(group, "majority")?.score ?? null,
      synthesis: labelOfMethod(group, "synthesis")?.score ?? null,
    };
    this.#keep({ ...this.#kept, opened: [...this.#kept.opened.filter((other) => other.run !== run), entry] });
  }

  /** Problems of a domain that count. */
  problems(domain: Domain): number {
    return this.#kept.opened.filter((entry) => entry.domain === domain).length;
  }

  /** Who did how well in a domain; empty without a problem. */
  standings(domain: Domain): readonly Standing[] {
    const entries = this.#kept.opened.filter((entry) => entry.domain === domain);
    const names = { first: "first answer", vote: "vote", synthesis: "synthesis" } as const;
    return (["first", "vote", "synthesis"] as const).flatMap((method) => {
      const scores = entries.flatMap((entry) => entry[method] ?? []);
      if (scores.length === 0) return [];
      const counted = entries[0]?.graded === "right" && scores.length < ENOUGH;
      const right = scores.reduce((a, b) => a + b, 0);
      return { name: names[method], text: counted ? `${right}/${scores.length}` : shareText(scores) };
    });
  }

  /** Forgets what was opened in a domain; runs that the dice asked count no more. */
  reset(domain: Domain): void {
    const { thrown, opened } = this.#kept;
    this.#keep({
      thrown: Object.fromEntries(Object.entries(thrown).filter(([, of]) => of !== domain)),
      opened: opened.filter((entry) => entry.domain !== domain),
    });
  }

  #keep(tally: Tally): void {
    this.#kept = tally;
    storage.write(tally);
  }
}

function shareText(scores: readonly number[]): string {
  const { mean, se } = estimate(scores);
  const whole = (share: number) => Math.round(100 * share);
  return se === null ? `${whole(mean ?? 0)} %` : `${whole(mean ?? 0)} % ± ${whole(se)}`;
}
