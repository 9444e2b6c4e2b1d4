/** @file Reads an expression from tokens by recursive descent: LaTeX and plain text, with products that have no sign. Refuses what has two readings. */
import { ONE, over as divide, plus, toDouble, whole } from "./arithmetic.ts";
import type { Token } from "./lexer.ts";
import {
  call,
  FUNCTIONS,
  type FunctionName,
  negative,
  number,
  power,
  product,
  quotient,
  root,
  sum,
  type Tree,
} from "./tree.ts";
import { DEEPEST } from "./work.ts";

/** Thrown inside, caught in {@link readExpression}. */
class Unreadable extends Error {}

const FUNCTION_NAMES: ReadonlySet<string> = new Set(FUNCTIONS);
const INVERSE: Readonly<Record<string, FunctionName>> = { sin: "arcsin", cos: "arccos", tan: "arctan" };
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", lfloor: "rfloor", lceil: "rceil" };
/** Largest k for which "n choose k" is written out as a polynomial of n. */
const MOST_CHOSEN = 12;
/** Longest root degree. */
const LARGEST_DEGREE = 20;

/** @returns null when the tokens are no expression, or more than one. */
export function readExpression(tokens: readonly Token[]): Tree | null {
  const parser = new Parser(tokens);
  try {
    return parser.all();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

class Parser {
  private readonly tokens: Token[];
  private at = 0;
  private depth = 0;
  /** Inside bars a bar closes. */
  private bars = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = [...tokens];
  }

  all(): Tree {
    const tree = this.sum();
    if (this.at < this.tokens.length) throw new Unreadable();
    return tree;
  }

  private peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  private isSign(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.type === "sign" && token.text === text;
  }

  private take(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new Unreadable();
  }

  private sum(): Tree {
    if (++this.depth > DEEPEST) throw new Unreadable();
    const terms = [this.signed()];
    for (;;) {
      if (this.take("+")) terms.push(this.signed());
      else if (this.take("-")) terms.push(negative(this.signed()));
      else break;
    }
    this.depth--;
    return sum(terms);
  }

  private signed(): Tree {
    let minus = false;
    for (;;) {
      if (this.take("-")) minus = !minus;
      else if (!this.take("+")) break;
    }
    const term = this.term();
    return minus ? negative(term) : term;
  }

  /** Factors with and without signs between them. */
  private term(): Tree {
    let result = this.factor();
    let slashed = false;
    for (;;) {
      if (this.take("*")) result = product([result, this.signedFactor()]);
      else if (this.take("/")) {
        result = quotient(result, this.signedFactor());
        slashed = true;
      } else if (this.startsFactor()) {
        // "1/2x" is a half of x to some and one over 2x to others.
        if (slashed) throw new Unreadable();
        result = product([result, this.factor()]);
      } else return result;
    }
  }

  private signedFactor(): Tree {
    return this.take("-") ? negative(this.factor()) : this.factor();
  }

  /** A number never follows without a sign: "3 4" is no product. */
  private startsFactor(): boolean {
    const token = this.peek();
    if (token === undefined || token.type === "number" || token.type === "word") return false;
    if (token.type === "name") return true;
    if (token.text === "|") return this.bars === 0;
    return (
      ["(", "[", "{", "frac", "sqrt", "binom", "pi", "exp", "lfloor", "lceil"].includes(token.text) ||
      FUNCTION_NAMES.has(token.text)
    );
  }

  private factor(): Tree {
    if (++this.depth > DEEPEST) throw new Unreadable();
    const result = this.postfix(this.primary());
    this.depth--;
    return result;
  }

  private postfix(base: Tree): Tree {
    let result = base;
    for (;;) {
      if (this.take("!")) result = call("factorial", result);
      else if (this.take("%")) result = quotient(result, number(whole(100)));
      else if (this.take("degree"))
        result = product([result, quotient({ type: "constant", name: "pi" }, number(whole(180)))]);
      else if (this.take("^")) return this.postfix(power(result, this.exponent()));
      else return result;
    }
  }

  private exponent(): Tree {
    if (this.take("-")) return negative(this.exponent());
    this.take("+");
    if (this.isSign("{")) return this.group("{");
    const base = this.primary();
    return this.take("^") ? power(base, this.exponent()) : base;
  }

  private primary(): Tree {
    const token = this.peek();
    if (token === undefined || token.type === "word") throw new Unreadable();
    if (token.type === "number") {
      this.at++;
      return this.mixed(token.value, token.base);
    }
    if (token.type === "name") {
      this.at++;
      if (token.text === "e" || token.text === "i") return { type: "constant", name: token.text };
      return { type: "name", name: token.text };
    }
    const { text } = token;
    if (text === "(" || text === "[" || text === "{" || text === "lfloor" || text === "lceil") {
      const inside = this.group(text);
      return text === "lfloor" ? call("floor", inside) : text === "lceil" ? call("ceil", inside) : inside;
    }
    if (FUNCTION_NAMES.has(text) || text === "exp") return this.function();
    this.at++;
    switch (text) {
      case "|":
        return this.absolute();
      case "pi":
        return { type: "constant", name: "pi" };
      case "infty":
        return { type: "constant", name: "infinity" };
      case "frac":
        return this.fraction();
      case "sqrt":
        return this.root();
      case "binom":
        return this.choose();
      default:
        throw new Unreadable();
    }
  }

  private group(open: string): Tree {
    this.expect(open);
    const bars = this.bars;
    this.bars = 0;
    const tree = this.sum();
    this.bars = bars;
    this.expect(CLOSING[open]!);
    return tree;
  }

  private absolute(): Tree {
    this.bars++;
    const inside = this.sum();
    this.bars--;
    this.expect("|");
    return call("abs", inside);
  }

  /** A whole number before a fraction of whole numbers is one number with it. */
  private mixed(value: Parameters<typeof number>[0], base: number): Tree {
    const plain = base === 10 && value.denominator === 1n;
    const [next, slash, bottom] = [this.peek(), this.peek(1), this.peek(2)];
    if (plain && next?.type === "number" && slash?.type === "sign" && slash.text === "/" && bottom?.type === "number") {
      const part = divide(next.value, bottom.value);
      if (part === null || next.value.denominator !== 1n || bottom.value.denominator !== 1n) throw new Unreadable();
      this.at += 3;
      return number(plus(value, part));
    }
    if (plain && this.isSign("frac")) {
      const before = this.at;
      this.at++;
      const part = this.fraction();
      // "2 \frac{1}{x}" is a product.
      if (part.type === "number" && toDouble(part.value) > 0) return number(plus(value, part.value));
      this.at = before;
    }
    return number(value);
  }

  private fraction(): Tree {
    const isDerivative = this.startsWithD(0);
    const top = this.argument();
    if (isDerivative && this.startsWithD(0)) throw new Unreadable();
    return quotient(top, this.argument());
  }

  /** "{d" and then a letter, or the end of the group. */
  private startsWithD(ahead: number): boolean {
    const d = this.peek(ahead + 1);
    return this.isSign("{", ahead) && d?.type === "name" && d.text === "d";
  }

  /** What LaTeX takes for an argument: a group, one digit, one letter, one command. */
  private argument(): Tree {
    if (this.isSign("{")) return this.group("{");
    const token = this.peek();
    if (token?.type === "number" && /^\d\d+$/.test(token.text) && token.base === 10) {
      const [digit, rest] = [token.text[0]!, token.text.slice(1)];
      const numeral = (text: string) => ({ type: "number", value: whole(BigInt(text)), text, base: 10 }) as const;
      this.tokens.splice(this.at, 1, numeral(digit), numeral(rest));
      this.at++;
      return number(whole(BigInt(digit)));
    }
    return this.primary();
  }

  private root(): Tree {
    let degree = 2;
    if (this.take("[")) {
      const given = this.sum();
      this.expect("]");
      if (given.type !== "number" || given.value.denominator !== 1n) throw new Unreadable();
      degree = toDouble(given.value);
      if (!(degree >= 2 && degree <= LARGEST_DEGREE)) throw new Unreadable();
    }
    return root(this.isSign("(") ? this.group("(") : this.argument(), degree);
  }

  private choose(): Tree {
    const n = this.argument();
    const k = this.argument();
    if (
      k.type === "number" &&
      k.value.denominator === 1n &&
      k.value.numerator >= 0n &&
      k.value.numerator <= MOST_CHOSEN
    ) {
      const factors = Array.from({ length: Number(k.value.numerator) }, (_, i) => sum([n, number(whole(-i))]));
      return quotient(product(factors), call("factorial", k));
    }
    const rest = sum([n, negative(k)]);
    return quotient(call("factorial", n), product([call("factorial", k), call("factorial", rest)]));
  }

  private function(): Tree {
    const token = this.peek();
    if (token?.type !== "sign") throw new Unreadable();
    this.at++;
    const name = token.text;
    let base: Tree | null = null;
    let exponent: Tree | null = null;
    if ((name === "log" || name === "ln") && this.take("_")) base = this.argument();
    if (this.take("^")) exponent = this.exponent();
    const of = this.functionArgument();
    if (name === "exp") return power({ type: "constant", name: "e" }, of);
    if (base !== null) return this.raised(quotient(call("ln", of), call("ln", base)), exponent);
    const minusOne =
      exponent?.type === "number" && exponent.value.numerator === -1n && exponent.value.denominator === 1n;
    const inverse = INVERSE[name];
    if (minusOne && inverse !== undefined) return call(inverse, of);
    if (minusOne) throw new Unreadable();
    return this.raised(call(name as FunctionName, of), exponent);
  }

  private raised(tree: Tree, exponent: Tree | null): Tree {
    return exponent === null ? tree : power(tree, exponent);
  }

  /** A bracket is the whole argument; without one it is the product up to the next sign or function. */
  private functionArgument(): Tree {
    if (this.isSign("(")) {
      const inside = this.group("(");
      return this.take("degree")
        ? product([inside, quotient({ type: "constant", name: "pi" }, number(whole(180)))])
        : inside;
    }
    let minus = false;
    while (this.take("-")) minus = !minus;
    const factors = [this.factor()];
    let slashed = false;
    for (;;) {
      const token = this.peek();
      if (token?.type === "sign" && (FUNCTION_NAMES.has(token.text) || token.text === "exp" || token.text === "("))
        break;
      if (this.startsFactor()) {
        if (slashed) throw new Unreadable();
        factors.push(this.factor());
      } else if (this.isSign("/") && this.peek(1)?.type === "number") {
        this.at++;
        factors.push(quotient(number(ONE), this.factor()));
        slashed = true;
      } else break;
    }
    const all = product(factors);
    return minus ? negative(all) : all;
  }
}
