/** @file One expression with what stands around it: a currency before it, a unit or degrees behind it. */
import { whole } from "./arithmetic.ts";
import { type Answer, value } from "./answer.ts";
import { readExpression } from "./expression.ts";
import type { Token } from "./lexer.ts";
import { isSign } from "./split.ts";
import { number, quotient } from "./tree.ts";
import { CURRENCIES, readUnit } from "./units.ts";

/** @returns null for what is no expression, and for words behind one that are no unit. */
export function readValue(tokens: readonly Token[]): Answer | null {
  const currency = tokens[0]?.type === "sign" ? CURRENCIES[tokens[0].text] : undefined;
  if (currency !== undefined) return measured(tokens.slice(1), [currency]);
  const minusCurrency = isSign(tokens[0], "-") && tokens[1]?.type === "sign" ? CURRENCIES[tokens[1].text] : undefined;
  if (minusCurrency !== undefined) return measured([tokens[0]!, ...tokens.slice(2)], [minusCurrency]);
  const last = tokens.at(-1);
  if (last?.type === "sign" && CURRENCIES[last.text] !== undefined)
    return measured(tokens.slice(0, -1), [CURRENCIES[last.text]!]);
  const degree = tokens.findIndex((t) => isSign(t, "degree"));
  const scale = degree > 0 && degree === tokens.length - 2 ? tokens.at(-1) : undefined;
  if (scale !== undefined && (scale.text === "C" || scale.text === "F"))
    return measured(tokens.slice(0, degree), ["degree", scale.text]);
  if (degree > 0 && degree === tokens.length - 1 && !tokens.some(isFunction)) {
    const angle = measured(tokens.slice(0, -1), ["degree"]);
    if (angle !== null) return angle;
  }
  const word = tokens.findIndex((t) => t.type === "word");
  if (word > 0)
    return measured(
      tokens.slice(0, word),
      tokens
        .slice(word)
        .map((t) => (isSign(t, "{", "}") ? "" : t.text))
        .filter((t) => t !== ""),
    );
  const tree = readExpression(tokens);
  if (tree === null) return null;
  const [only] = tokens;
  const digits = tokens.length === 1 && only?.type === "number" && only.base !== 10 ? only.text : null;
  return { kind: "value", tree, unit: null, digits };
}

function isFunction(token: Token): boolean {
  return token.type === "sign" && /^(?:sin|cos|tan|cot|sec|csc)$/.test(token.text);
}

function measured(tokens: readonly Token[], words: readonly string[]): Answer | null {
  const tree = readExpression(tokens);
  if (tree === null) return null;
  if (words.length === 1 && (words[0] === "percent" || words[0] === "pct"))
    return value(quotient(tree, number(whole(100))));
  const unit = readUnit(words);
  return unit === undefined ? null : value(tree, unit);
}
