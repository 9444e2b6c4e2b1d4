/**
 * @file The text that runs a program inside its own world, the same in Node and in a browser: takes away what is no part of the language,
 * calls the function, writes what it gave as JSON. Knows no worker and no clock. It has to be text: it is evaluated where no module of ours is.
 * It is one wall of several and does not rely on the others (docs/decisions/0013-sandbox.md), nor they on it.
 */
import type { Program } from "../verify/code/extract.ts";
import type { Outcome } from "../verify/code/outcome.ts";

/** Longest result, in characters and values. */
const ROOM = 10_000;
const LONGEST_ERROR = 200;
const DEEPEST = 32;

/** What stays of the global names: the language without clock, chance, raw memory and code from strings. */
const KEPT =
  "globalThis undefined NaN Infinity Object Array String Number Boolean Symbol BigInt Math JSON Map Set WeakMap WeakSet RegExp Promise Reflect Proxy Iterator " +
  "Error TypeError RangeError SyntaxError ReferenceError URIError EvalError AggregateError parseInt parseFloat isNaN isFinite " +
  "encodeURI encodeURIComponent decodeURI decodeURIComponent";

/**
 * `import` loads code over the network and cannot be taken away like a name, so a program that says it anywhere is refused.
 * So is one whose function has no name: the name becomes part of the script.
 */
export function isRefused(program: Program): boolean {
  return /\bimport\b/.test(program.source) || !/^[\w$]+$/.test(program.name);
}

/** 128 random bits that can stand in a name. New for each program, which therefore cannot know them. */
export function newSeal(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (bits) => `s${bits.toString(36)}`).join("");
}

/** Stands for an index in the first message: the harness is there, and the program begins. */
export const BEGINS = -1;

/**
 * A script. Where there is a `postMessage`, it sends `[seal, BEGINS, ""]` and then `[seal, index, outcome as JSON]` for each input in order;
 * elsewhere its value is a function from an index to that JSON.
 * A program that does not parse makes the whole script not parse. So does one that closes what it stands in to have text of its own beside it:
 * the private name behind it is known only inside the class that declares it.
 * @param seal of {@link newSeal}; whoever does not know it cannot pose as the harness.
 */
export function harness(program: Program, inputs: readonly (readonly unknown[])[], seal: string): string {
  return `"use strict";
const begin = (() => {
  const inputs = ${JSON.stringify(inputs.map((input) => JSON.stringify(input)))};
  const { isArray } = Array, { getPrototypeOf, keys, prototype } = Object, { apply } = Reflect, { isFinite } = Number;
  const { parse, stringify } = JSON, slice = String.prototype.slice, text = String;
  const send = typeof globalThis.postMessage === "function" ? globalThis.postMessage.bind(globalThis) : null;
  const kept = new Set(${JSON.stringify(KEPT.split(" "))});
  for (let o = globalThis; o !== null && o !== prototype; o = getPrototypeOf(o)) {
    for (const key of Reflect.ownKeys(o)) {
      if (typeof key === "symbol" || kept.has(key)) continue;
      if (!Reflect.deleteProperty(o, key)) try { o[key] = undefined; } catch {}
    }
  }
  delete Math.random;
  for (const f of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    Object.defineProperty(getPrototypeOf(f), "constructor", { value: undefined });
  }
  const silent = () => undefined;
  globalThis.console = { log: silent, info: silent, warn: silent, error: silent, debug: silent };

  const LARGE = {}, STRANGE = {};
  let room = 0;
  const write = (value, depth) => {
    if (--room < 0 || depth > ${DEEPEST}) throw LARGE;
    switch (typeof value) {
      case "boolean": return value ? "true" : "false";
      case "undefined": return '{"type":"undefined"}';
      case "number": return isFinite(value) ? stringify(value) : '{"type":"' + value + '"}';
      case "bigint": return '{"type":"bigint","digits":' + write(text(value), depth) + "}";
      case "string":
        room -= value.length;
        if (room < 0) throw LARGE;
        return stringify(value);
      case "object": break;
      default: throw STRANGE;
    }
    if (value === null) return "null";
    let out = "";
    if (isArray(value)) {
      for (let i = 0; i < value.length; i++) out += (i ? "," : "") + write(value[i], depth + 1);
      return "[" + out + "]";
    }
    const parent = getPrototypeOf(value);
    if (parent !== prototype && parent !== null) throw STRANGE;
    const names = keys(value);
    for (let i = 0; i < names.length; i++) {
      out += (i ? "," : "") + "[" + write(names[i], depth) + "," + write(value[names[i]], depth + 1) + "]";
    }
    return '{"type":"object","entries":[' + out + "]}";
  };
  const threw = (error) => {
    let said = "";
    try { said = text(error); } catch {}
    return '{"type":"threw","error":' + stringify(apply(slice, said, [0, ${LONGEST_ERROR}])) + "}";
  };
  let begun = false;
  return (load) => {
    if (begun) return;
    begun = true;
    if (send) send(["${seal}", ${BEGINS}, ""]);
    let f, broken = null;
    try { f = load(); } catch (error) { broken = threw(error); }
    const call = (i) => {
      if (broken !== null) return broken;
      let value;
      try { value = apply(f, undefined, parse(inputs[i])); } catch (error) { return threw(error); }
      room = ${ROOM};
      try { return '{"type":"value","value":' + write(value, 0) + "}"; } catch (error) {
        return error === LARGE ? '{"type":"failed","why":"too large"}'
          : error === STRANGE ? '{"type":"failed","why":"not plain data"}' : threw(error);
      }
    };
    if (!send) return call;
    for (let i = 0; i < inputs.length; i++) send(["${seal}", i, call(i)]);
  };
})();
begin(() => class { static #${seal}; static load() {
${program.source}
;return ${program.name}; this.#${seal}; } }.load());
`;
}

/** What a program is told to have done when it could not even be read. */
export function allThrew(inputs: readonly unknown[], error: string): Outcome[] {
  return inputs.map(() => ({ type: "threw", error: error.slice(0, LONGEST_ERROR) }));
}

export function allFailed(inputs: readonly unknown[], why: Extract<Outcome, { type: "failed" }>["why"]): Outcome[] {
  return inputs.map(() => ({ type: "failed", why }));
}
