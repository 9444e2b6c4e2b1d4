/** @file `npm run build`: makes dist/ anew, and notes what it was made of so that other commands need not. */
import { noWords, parseOptions, runCommand } from "./options.ts";
import { build } from "./site.ts";

await runCommand(async (argv) => {
  noWords(parseOptions(argv, {}).words);
  await build();
  return 0;
});
