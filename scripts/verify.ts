/** @file `npm run verify -- math`: answers compared, JSON lines in, JSON lines out (docs/formats.md). */
import { flag, noWords, parseOptions, runCommand, UsageError } from "./options.ts";

await runCommand(async (argv) => {
  const [name, ...rest] = argv;
  if (name === "code") throw new UsageError("verify code arrives later: for now there is math");
  if (name !== "math") throw new UsageError(`verify is "${name ?? ""}": it takes math`);
  const { values, words } = parseOptions(rest, { paperExact: flag(), acceptAlternative: flag() });
  noWords(words);
  const { verifyMath } = await import("./verify-math.ts");
  await verifyMath(process.stdin, (line) => process.stdout.write(`${line}\n`), values);
  return 0;
});
