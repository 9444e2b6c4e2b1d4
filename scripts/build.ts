/** @file `npm run build [--hub] [--allow ORIGINS]`: makes dist/ anew, and notes what it was made of so that other commands need not. */
import { flag, noWords, parseOptions, runCommand, text } from "./options.ts";
import { build, ORIGINS } from "./site.ts";

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, { hub: flag(), allow: text(ORIGINS) });
  noWords(words);
  await build(values);
  return 0;
});
