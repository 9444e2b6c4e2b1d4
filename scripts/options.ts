/** @file Command-line options: parsed against a table of what each accepts. A wrong one is one line for a person and exit status 2. */

/** What is wrong with a command line, in one line. */
export class UsageError extends Error {}

export interface Option<T> {
  /** What it takes, as the end of a sentence; "" for a switch. */
  readonly accepts: string;
  readonly fallback: T;
  /** `undefined` when the text is not accepted. */
  parse(text: string): T | undefined;
}

type Options = Readonly<Record<string, Option<unknown>>>;
type Values<S extends Options> = { readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never };

export function choice<const T extends string>(values: readonly T[], fallback: NoInfer<T>): Option<T> {
  return {
    accepts: values.join(", ").replace(/, ([^,]*)$/, " or $1"),
    fallback,
    parse: (text) => values.find((value) => value === text),
  };
}

export function integer(min: number, max: number, fallback: number): Option<number> {
  return {
    accepts: max === Infinity ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
    fallback,
    parse(text) {
      const value = Number(text);
      return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
    },
  };
}

export function number(min: number, max: number, fallback: number): Option<number> {
  return {
    accepts: `a number from ${min} to ${max}`,
    fallback,
    parse(given) {
      const value = given.trim() === "" ? NaN : Number(given);
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function text(accepts: string, fallback = ""): Option<string> {
  return { accepts, fallback, parse: (given) => (given.trim() === "" ? undefined : given) };
}

/** The option with `null` where it is not given. */
export function optional<T>(option: Option<T>): Option<T | null> {
  return { ...option, fallback: null };
}

export function flag(): Option<boolean> {
  return { accepts: "", fallback: false, parse: () => undefined };
}

/** Largest seed: noise is drawn from 32 bits. */
export const MAX_SEED = 2 ** 32 - 1;

/**
 * Reads `--name value`, `--name=value` and switches; names are the table's, in kebab case.
 * @returns the values, and the words that belong to no option.
 * @throws {UsageError} naming option, value and what is accepted.
 */
export function parseOptions<S extends Options>(
  argv: readonly string[],
  options: S,
): { readonly values: Values<S>; readonly words: readonly string[] } {
  const byFlag = new Map(Object.keys(options).map((name) => [flagName(name), name]));
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) values[name] = option.fallback;
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (!argument.startsWith("--")) {
      words.push(argument);
      continue;
    }
    const [given, inline] = splitOnce(argument);
    const name = byFlag.get(given);
    const option = name === undefined ? undefined : options[name];
    if (name === undefined || option === undefined) {
      throw new UsageError(`${given} is not an option: there are ${[...byFlag.keys()].join(", ")}`);
    }
    if (option.accepts === "") {
      if (inline !== undefined) throw new UsageError(`${given} takes no value, and got "${inline}"`);
      values[name] = true;
      continue;
    }
    const value = inline ?? argv[++i];
    if (value === undefined) throw new UsageError(`${given} has no value: it takes ${option.accepts}`);
    const parsed = option.parse(value);
    if (parsed === undefined) throw new UsageError(`${given} is "${value}": it takes ${option.accepts}`);
    values[name] = parsed;
  }
  return { values: values as Values<S>, words };
}

/** @throws {UsageError} if there are words that belong to no option. */
export function noWords(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`"${words[0] ?? ""}" is not expected here: options start with --`);
}

function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function splitOnce(argument: string): [string, string | undefined] {
  const at = argument.indexOf("=");
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

/** Runs a command to its exit status: what `main` returns, 2 for wrong usage, 1 for anything else that is thrown. */
export async function runCommand(main: (argv: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const usage = error instanceof UsageError;
    console.error(error instanceof Error ? error.message : String(error));
    if (!usage && process.env["CATLAB_DEBUG"] !== undefined) console.error(error);
    process.exitCode = usage ? 2 : 1;
  }
}
