/** @file `npm run verify -- math` or `code`: are two answers the same? Pairs as JSON lines in, verdicts as JSON lines out (docs/formats.md). */
import { flag, noWords, parseOptions, runCommand, UsageError } from "./options.ts";

await runCommand(async ([what, ...rest]) => {
  if (what === "code") {
    const { verifyCode } = await import("./verify-code.ts");
    return verifyCode(rest);
  }
  if (what !== "math") throw new UsageError(`verify is "${what ?? ""}": it takes math or code`);
  const { values, words } = parseOptions(rest, { paperExact: flag(), acceptAlternative: flag(), json: flag() });
  noWords(words);
  const { verifyMath } = await import("./verify-math.ts");
  await verifyMath(process.stdin, (line) => process.stdout.write(`${line}\n`), values);
  return 0;
});
