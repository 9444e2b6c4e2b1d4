/** @file Table: the judge on held-out pairs of an answer and a criterion, and the policy judging itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JudgeFigures } from "../../src/bench/judge-figures.ts";
import { judgePairs, readPairs } from "../../src/bench/judge-pairs.ts";
import type { OnnxLanguageModel } from "../../src/engine/language-model.ts";
import { loadEmbedded, loadEmbeddedJudge } from "../embedded.ts";
import { ROOT } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

interface Judged {
  readonly judge: string;
  readonly sets: Readonly<Record<string, JudgeFigures>>;
}

const PAIRS = "models/items/advice/judge.jsonl";

const MEANING: Readonly<Record<string, string>> = {
  seen: "wordings of its training",
  unseenText: "sentences it never saw",
  unseenCriterion: "criteria it never saw",
  unseenBoth: "both never seen",
  denial: "what is not met is denied, in words it never saw",
};

export const judge: Table<readonly Judged[]> = {
  name: "judge",
  title: "The judge on held-out pairs",
  command: "npm run results -- judge",
  inputs: ["models/manifest.json", PAIRS, "src/bench", "src/cat", "src/engine"],
  async measure(log) {
    const pairs = readPairs(readFileSync(join(ROOT, PAIRS), "utf8"));
    const data: Judged[] = [];
    const errors: string[] = [];
    const candidates = [
      { name: "kitten-judge", load: loadEmbeddedJudge },
      { name: "kitten judging itself", load: async () => (await loadEmbedded("advice")).model },
    ];
    for (const { name, load } of candidates) {
      let model: OnnxLanguageModel | undefined;
      try {
        model = await load();
        let shown = 0;
        const sets = await judgePairs(pairs, model, (share) => {
          if (share - shown >= 0.25) log(`${name} ${Math.round((shown = share) * 100)} %`);
        });
        data.push({ judge: name, sets });
      } catch (error) {
        errors.push(`${name} (${error instanceof Error ? error.message : String(error)})`);
      } finally {
        await model?.dispose();
      }
    }
    return { data, errors };
  },
  write(judges) {
    const rows = judges.flatMap(({ judge: name, sets }) =>
      Object.entries(sets).map(([set, f]) => [
        name,
        `\`${set}\`: ${MEANING[set] ?? set}`,
        percent(f.balanced),
        percent(f.falseYes),
        percent(f.falseNo),
        `${f.verdicts} (${f.undecided})`,
      ]),
    );
    return [
      "A verdict is the likelier of yes and no as the next token, asked as the rewards ask. Half of each set is met. Balanced accuracy is 1 − the mean of the two rates of error; undecided verdicts are left out. Kitten was never trained to judge and is asked in the default prompt set, which it has not seen: its rows are what a judge is without training, no rival.",
      markdownTable(["judge", "set", "balanced accuracy", "false yes", "false no", "verdicts (undecided)"], rows),
    ].join("\n\n");
  },
};
