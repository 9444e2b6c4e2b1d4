/** @file `npm run build [--hub]`: makes dist/ anew, and notes what it was made of so that other commands need not. */
import { flag, noWords, parseOptions, runCommand } from "./options.ts";
import { build } from "./site.ts";

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, { hub: flag() });
  noWords(words);
  await build(values);
  return 0;
});
