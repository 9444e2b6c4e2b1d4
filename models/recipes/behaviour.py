"""What the functions in model answers do, by running them in Node: for scoring while training. Not here: the product's own runner (src/sandbox)."""

import json
import subprocess

from lists import CASES

LIMIT_MS = 200
RUN = r"""
const vm = require("node:vm");
const { texts, cases, limit } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const show = `(value) => JSON.stringify(value, (_, v) =>
  v === undefined ? { is: "undefined" } : typeof v === "number" && !Number.isFinite(v) ? { is: String(v) } : v === 0 ? 0 : v)`;
const behaviour = (text) => {
  const [source] = text.match(/^function f\([^]*?^\}/m) ?? [];
  if (source === undefined || /\bimport\b/.test(source)) return null;
  const calls = cases.map(({ list, n }) => `(() => { try { return show(f(${JSON.stringify(list)}, ${n})); } catch { return "thrown"; } })()`);
  try {
    const context = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
    const outcomes = vm.runInContext(`${source}\nconst show = ${show};\n[${calls}].join("\\n")`, context, { timeout: limit });
    return /^(thrown\n)*thrown$/.test(outcomes) ? null : outcomes;
  } catch {
    return null;
  }
};
console.log(JSON.stringify(texts.map((text) => String(behaviour(text) ?? ""))));
"""


def behaviours(texts: list[str]) -> list[str | None]:
    """For each answer its results on the shared inputs as one string, so that equal means the same behaviour;
    None without a complete function `f`, or with one that does not parse, does not end, or throws on every input."""
    given = json.dumps({"texts": texts, "cases": CASES, "limit": LIMIT_MS})
    out = subprocess.run(["node", "--max-old-space-size=256", "-e", RUN], input=given, capture_output=True, text=True, check=True).stdout
    return [b or None for b in json.loads(out)]
