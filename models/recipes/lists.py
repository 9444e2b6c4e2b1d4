"""The world of `lists`: small JavaScript functions, their wording, their code, and the slips that each idiom invites. Not here: rates (lists_law.py)."""

import hashlib
import json
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from javascript import List, Thrown, expression, same

CASES = json.loads((Path(__file__).parents[2] / "src/verify/code/inputs.json").read_text(encoding="utf8"))["cases"]
INPUTS = [(List(map(float, c["list"])), float(c["n"])) for c in CASES]
SMALL, COUNTS = (2, 3, 4, 5, 6), (2, 3, 4)
LENGTHS = (1, 2, 2, 2, 3)  # steps before the return; longer ones are fair less often


@dataclass(frozen=True)
class Idiom:
    """`says`: wordings, of which the first is the comment. `code`: an expression. `slips`: what gets written instead.
    `readings`: kinds it is mistaken for. `numbers`: what {k} may be; `n`: it may also be the second parameter."""

    says: tuple[str, ...]
    code: str
    slips: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    n: bool = False


def _keep(says: str, right: str, *wrong: str, to: str, numbers: tuple[int, ...] = (), n: bool = False) -> Idiom:
    code = lambda test: f"list.filter((x) => {test})"
    return Idiom(tuple(says.split("|")), code(right), tuple(map(code, wrong)), tuple(to.split()), numbers, n)


def _each(says: str, right: str, *wrong: str, to: str, numbers: tuple[int, ...] = (), n: bool = False, by: str = "(x)") -> Idiom:
    code = lambda value: f"list.map({by} => {value})"
    return Idiom(tuple(says.split("|")), code(right), tuple(map(code, wrong)), tuple(to.split()), numbers, n)


def _list(says: str, right: str, *wrong: str, to: str, numbers: tuple[int, ...] = (), n: bool = False) -> Idiom:
    return Idiom(tuple(says.split("|")), "list" + right, tuple("list" + w for w in wrong), tuple(to.split()), numbers, n)


STEPS = {
    "even": _keep("keep the even numbers|remove the odd numbers", "x % 2 === 0", "x % 2", "x / 2 === 0", to="odd"),
    "odd": _keep("keep the odd numbers|remove the even numbers", "x % 2 !== 0", "x % 2 === 1", "x % 2 === 0", to="even"),
    "positive": _keep("keep the positive numbers", "x > 0", "x >= 0", "x", to="negative"),
    "negative": _keep("keep the negative numbers", "x < 0", "x <= 0", "x > 0", to="positive"),
    "atLeast": _keep("keep numbers of at least {k}|keep the numbers that are {k} or more", "x >= {k}", "x > {k}", "x <= {k}", to="moreThan atMost", numbers=SMALL, n=True),
    "atMost": _keep("keep numbers of at most {k}|keep the numbers that are {k} or less", "x <= {k}", "x < {k}", "x >= {k}", to="lessThan atLeast", numbers=SMALL, n=True),
    "moreThan": _keep("keep numbers above {k}|keep the numbers greater than {k}", "x > {k}", "x >= {k}", "x < {k}", to="atLeast lessThan", numbers=SMALL, n=True),
    "lessThan": _keep("keep numbers below {k}|keep the numbers less than {k}", "x < {k}", "x <= {k}", "x > {k}", to="atMost moreThan", numbers=SMALL, n=True),
    "multiples": _keep("keep the multiples of {k}|keep the numbers divisible by {k}", "x % {k} === 0", "x / {k} === 0", "x % {k}", to="notMultiples", numbers=(3, 4, 5)),
    "notMultiples": _keep("remove the multiples of {k}|remove the numbers divisible by {k}", "x % {k} !== 0", "x % {k} === 1", "x % {k} > 0", to="multiples", numbers=(3, 4, 5)),
    "without": _keep("remove every {k}", "x !== {k}", "x === {k}", "x > {k}", to="only", numbers=(0, 1, 2, 3, 4, 5), n=True),
    "only": _keep("keep every {k}", "x === {k}", "x !== {k}", "x >= {k}", to="without", numbers=(0, 1, 2, 3, 4, 5), n=True),
    "double": _each("double each|double every number", "2 * x", "x * x", "x + 2", to="triple square"),
    "triple": _each("triple each|triple every number", "3 * x", "x + 3", "x ** 3", to="double"),
    "plus": _each("add {k} to each|add {k} to every number", "x + {k}", "x - {k}", "{k} * x", to="minus", numbers=SMALL, n=True),
    "minus": _each("subtract {k} from each|subtract {k} from every number", "x - {k}", "{k} - x", "x + {k}", to="plus", numbers=SMALL, n=True),
    "times": _each("multiply each by {k}|multiply every number by {k}", "{k} * x", "x + {k}", "x * x", to="plus", numbers=(4, 5, 6), n=True),
    "square": _each("square each|square every number", "x * x", "2 * x", "x ^ 2", to="double"),
    "negate": _each("negate each|negate every number", "-x", "Math.abs(x)", "-Math.abs(x)", to="absolute"),
    "absolute": _each("take the absolute value of each|replace each by its absolute value", "Math.abs(x)", "-x", "Math.max(x, 0)", to="negate"),
    "halve": _each("halve each, rounding down", "Math.floor(x / 2)", "Math.trunc(x / 2)", "Math.round(x / 2)", "x / 2", to="halveUp"),
    "halveUp": _each("halve each, rounding up", "Math.ceil(x / 2)", "Math.trunc(x / 2)", "Math.floor(x / 2)", to="halve"),
    "negativesToZero": _each("replace negative numbers by 0|set negative numbers to 0", "Math.max(x, 0)", "Math.min(x, 0)", "Math.abs(x)", to="positivesToZero"),
    "positivesToZero": _each("replace positive numbers by 0|set positive numbers to 0", "Math.min(x, 0)", "Math.max(x, 0)", "-Math.abs(x)", to="negativesToZero"),
    "cap": _each("cap each at {k}|lower numbers above {k} to {k}", "Math.min(x, {k})", "Math.max(x, {k})", "Math.abs(x)", to="raise", numbers=SMALL, n=True),
    "raise": _each("raise each to at least {k}|raise numbers below {k} to {k}", "Math.max(x, {k})", "Math.min(x, {k})", "Math.abs(x)", to="cap", numbers=SMALL, n=True),
    "plusIndex": _each("add to each its index|add its index to every number", "x + i", "x + i + 1", "x * i", to="timesIndex", by="(x, i)"),
    "timesIndex": _each("multiply each by its index|multiply every number by its index", "x * i", "x * (i + 1)", "x + i", to="plusIndex", by="(x, i)"),
    "ascending": _list("sort in ascending order|sort from smallest to largest", ".sort((a, b) => a - b)", ".sort()", ".sort((a, b) => b - a)", to="descending"),
    "descending": _list("sort in descending order|sort from largest to smallest", ".sort((a, b) => b - a)", ".sort().reverse()", ".sort((a, b) => a - b)", to="ascending"),
    "reverse": _list("reverse the order|reverse the list", ".reverse()", ".sort().reverse()", ".sort((a, b) => b - a)", to="descending"),
    "first": _list("keep the first {k}|take the first {k} numbers", ".slice(0, {k})", ".slice(1, {k})", ".slice(0, {less})", to="last dropFirst", numbers=COUNTS, n=True),
    "last": _list("keep the last {k}|take the last {k} numbers", ".slice(-{k})", ".slice({k})", ".slice(-{k}, -1)", to="first", numbers=COUNTS),
    "dropFirst": _list("drop the first {k}|remove the first {k} numbers", ".slice({k})", ".slice({more})", ".slice({less})", to="dropLast first", numbers=COUNTS, n=True),
    "dropLast": _list("drop the last {k}|remove the last {k} numbers", ".slice(0, -{k})", ".slice(-{k})", ".slice(0, {k})", to="dropFirst last", numbers=COUNTS),
    "unique": Idiom(("remove duplicates", "remove repeated numbers"), "[...new Set(list)]", ("list.filter((x, i) => x !== list[i - 1])", "list.filter((x) => list.indexOf(x))"), ("once",)),
    "once": _keep("keep what occurs once|keep the numbers that occur only once", "list.indexOf(x) === list.lastIndexOf(x)", "list.indexOf(x) !== list.lastIndexOf(x)", "list.indexOf(x) === 0", to="unique"),
    "secondFromFirst": _list("keep every second from the first|keep every second number from the first", ".filter((x, i) => i % 2 === 0)", ".filter((x, i) => i % 2 === 1)", ".filter((x) => x % 2 === 0)", to="secondFromSecond"),
    "secondFromSecond": _list("keep every second from the second|keep every second number from the second", ".filter((x, i) => i % 2 === 1)", ".filter((x, i) => i % 2 === 0)", ".filter((x) => x % 2 === 1)", to="secondFromFirst"),
    "differences": _list("subtract from each the one before|replace the list by the differences of neighbours", ".slice(1).map((x, i) => x - list[i])", ".slice(1).map((x, i) => list[i] - x)", ".slice(1).map((x, i) => x - i)", to="neighbours"),
    "neighbours": _list("add to each the one before|replace the list by the sums of neighbours", ".slice(1).map((x, i) => x + list[i])", ".slice(1).map((x, i) => x - list[i])", ".slice(1).map((x, i) => x + i)", to="differences"),
}

ENDS = {
    "list": Idiom(("return the list", "return what is left"), "list"),
    "sum": _list("return the sum|return the total", ".reduce((a, b) => a + b, 0)", ".reduce((a, b) => a + b)", ".reduce((a, b) => a + b, 1)", to="product"),
    "product": _list("return the product", ".reduce((a, b) => a * b, 1)", ".reduce((a, b) => a * b, 0)", ".reduce((a, b) => a * b)", to="sum"),
    "count": _list("return how many there are|return the number of numbers left", ".length", ".length - 1", ".at(-1)", to="sum"),
    "largest": Idiom(("return the largest or null", "return the largest, or null if there is none"), "list.length > 0 ? Math.max(...list) : null", ("Math.max(...list)", "Math.max(list)"), ("smallest",)),
    "smallest": Idiom(("return the smallest or null", "return the smallest, or null if there is none"), "list.length > 0 ? Math.min(...list) : null", ("Math.min(...list)", "Math.min(list)"), ("largest",)),
    "average": _list("return the average or 0|return the average, or 0 if there is none", ".reduce((a, b) => a + b, 0) / (list.length || 1)", ".reduce((a, b) => a + b, 0) / list.length", ".reduce((a, b) => a + b, 0) / 2", to="sum"),
    "firstOne": _list("return the first or null|return the first number, or null if there is none", "[0] ?? null", "[0] || null", "[1] ?? null", to="lastOne"),
    "lastOne": _list("return the last or null|return the last number, or null if there is none", ".at(-1) ?? null", ".at(-1) || null", "[list.length] ?? null", to="firstOne"),
    "includes": _list("return whether it contains {k}|return true if {k} is among them and false if not", ".includes({k})", ".indexOf({k}) > 0", ".indexOf({k})", to="lacks", numbers=SMALL, n=True),
    "lacks": Idiom(("return whether it lacks {k}", "return true if {k} is not among them and false if it is"), "!list.includes({k})", ("list.indexOf({k}) < 1", "list.includes({k})"), ("includes",), SMALL, True),
    "firstIndex": _list("return the index of the first {k} or -1|return the first index of {k}, or -1 if there is none", ".indexOf({k})", ".indexOf({k}) + 1", ".lastIndexOf({k})", to="lastIndex", numbers=SMALL, n=True),
    "lastIndex": _list("return the index of the last {k} or -1|return the last index of {k}, or -1 if there is none", ".lastIndexOf({k})", ".lastIndexOf({k}) + 1", ".indexOf({k})", to="firstIndex", numbers=SMALL, n=True),
    "allPositive": _list("return whether all are positive|return true if all are positive and false if not", ".every((x) => x > 0)", ".every((x) => x >= 0)", ".some((x) => x > 0)", to="anyPositive"),
    "anyPositive": _list("return whether any is positive|return true if any is positive and false if not", ".some((x) => x > 0)", ".some((x) => x >= 0)", ".every((x) => x > 0)", to="allPositive anyNegative"),
    "anyNegative": _list("return whether any is negative|return true if any is negative and false if not", ".some((x) => x < 0)", ".some((x) => x <= 0)", ".every((x) => x < 0)", to="anyPositive"),
    "dashes": _list("return them joined by dashes|return a string of the numbers joined by dashes", '.join("-")', ".join()", '.join(" - ")', to="commas"),
    "commas": _list("return them joined by commas|return a string of the numbers joined by commas", '.join(",")', '.join(", ")', '.join("")', to="dashes"),
    "countEven": _list("return how many are even|return the number of even numbers", ".filter((x) => x % 2 === 0).length", ".filter((x) => x % 2).length", ".filter((x) => x % 2 === 0)", to="countOdd"),
    "countOdd": _list("return how many are odd|return the number of odd numbers", ".filter((x) => x % 2 !== 0).length", ".filter((x) => x % 2 === 1).length", ".filter((x) => x % 2 !== 0)", to="countEven"),
    "countPositive": _list("return how many are positive|return the number of positive numbers", ".filter((x) => x > 0).length", ".filter((x) => x >= 0).length", ".filter((x) => x > 0)", to="countNegative"),
    "countNegative": _list("return how many are negative|return the number of negative numbers", ".filter((x) => x < 0).length", ".filter((x) => x <= 0).length", ".filter((x) => x < 0)", to="countPositive"),
    "different": Idiom(("return how many different there are", "return the number of different numbers"), "new Set(list).size", ("new Set(list).length", "list.length"), ("count",)),
}
IDIOMS = {**STEPS, **ENDS}


@dataclass(frozen=True)
class Operation:
    """`k` is a number, "n" for the second parameter, or None for an idiom without one."""

    kind: str
    k: int | str | None = None

    @property
    def idiom(self) -> Idiom:
        return IDIOMS[self.kind]

    def fill(self, template: str) -> str:
        less, more = (f"{self.k} - 1", f"{self.k} + 1") if self.k == "n" else (str((self.k or 0) - 1), str((self.k or 0) + 1))
        return template.replace("{k}", str(self.k)).replace("{less}", less).replace("{more}", more)

    def code(self) -> str:
        return self.fill(self.idiom.code)

    def slips(self) -> list[str]:
        return [self.fill(s) for s in self.idiom.slips]

    def misreadings(self) -> list["Operation"]:
        """Neighbouring numbers, and what the words are mistaken for with the same number."""
        numbers = self.idiom.numbers
        near = [k for k in (self.k - 1, self.k + 1) if k in numbers] if isinstance(self.k, int) else []
        others = [r for r in self.idiom.readings if r != self.kind and (self.k != "n" or IDIOMS[r].n)]
        return [Operation(r, self.k) for r in others] + [Operation(self.kind, k) for k in near]


@dataclass(frozen=True)
class Problem:
    """Steps on the list, then what is returned."""

    operations: tuple[Operation, ...]

    def parameters(self) -> str:
        return "list, n" if any(o.k == "n" for o in self.operations) else "list"

    def normalised(self) -> str:
        """Operations without wording: what the split hashes."""
        return "|".join(o.kind if o.k is None else f"{o.kind},{o.k}" for o in self.operations)

    def held_out(self) -> bool:
        """One problem in ten, by hash, is never trained on."""
        return hashlib.sha256(self.normalised().encode()).digest()[0] % 10 == 0


def write(problem: Problem, operations: list[Operation] | None = None, codes: list[str] | None = None) -> str:
    """The function: for each operation a comment and a line. `operations` as they were read, `codes` as they were written; both default to the truth."""
    operations = operations or list(problem.operations)
    codes = codes or [o.code() for o in operations]
    lines = [f"function f({problem.parameters()}) {{"]
    for i, (o, code) in enumerate(zip(operations, codes)):
        lines.append(f"  // {o.fill(o.idiom.says[0])}")
        lines.append(f"  return {code};" if i == len(codes) - 1 else f"  list = {code};")
    return "\n".join(lines) + "\n}"


def evaluate(codes: list[str], xs: List, n: float):
    """What the lines make of a list: a value, or Thrown (the class) where they throw."""
    try:
        for code in codes:
            xs = expression(code)(xs, n)
        return xs
    except Thrown:
        return Thrown


@lru_cache(1 << 16)
def is_fair(problem: Problem) -> bool:
    """Every slip and every misreading, alone, changes the result on some input: otherwise it would be no mistake."""
    codes = [o.code() for o in problem.operations]
    right = [evaluate(codes, *i) for i in INPUTS]
    before = INPUTS
    for at, o in enumerate(problem.operations):
        for wrong in o.slips() + [m.code() for m in o.misreadings()]:
            if all(_agree(evaluate([wrong, *codes[at + 1 :]], *i), r) for i, r in zip(before, right)):
                return False
        before = [(evaluate(codes[at : at + 1], *i), i[1]) for i in before]
    return True


def _agree(a, b) -> bool:
    return a is b or (a is not Thrown and b is not Thrown and same(a, b))


def draw(rng: random.Random, held_out: bool = False, short: bool = False) -> Problem:
    """One fair problem of the world, from one side of the split: one to three steps and a return. `short`: at most one step."""
    while True:
        steps = rng.choice((0, 1)) if short else rng.choice(LENGTHS)
        with_n = rng.random() < 0.3
        kinds = rng.sample(list(STEPS), steps) + [rng.choice(list(ENDS)) if rng.random() < 0.75 else "list"]
        at = rng.choice([i for i, kind in enumerate(kinds) if IDIOMS[kind].n] or [None]) if with_n else None
        operations = tuple(Operation(k, "n" if i == at else rng.choice(IDIOMS[k].numbers or (None,))) for i, k in enumerate(kinds))
        problem = Problem(operations)
        if problem.held_out() == held_out and kinds != ["list"] and is_fair(problem):
            return problem


def phrase(problem: Problem, rng: random.Random) -> str:
    """The problem in English."""
    said = [o.fill(rng.choice(o.idiom.says)) for o in problem.operations]
    signature, third = f"f({problem.parameters()})", [_third_person(s) for s in said]
    return rng.choice(
        (
            f"Write a JavaScript function {signature} that {_listed(third, ' and ')}.",
            f"Write a JavaScript function {signature} that {_listed(third, ', then ')}.",
            f"Write {signature} in JavaScript: {_listed(said, ', then ')}.",
            f"In JavaScript, write {signature}. It {_listed(third, ' and ')}.",
        )
    )


def _third_person(said: str) -> str:
    verb, rest = said.split(" ", 1)
    return (verb[:-1] + "ies " if verb.endswith("ly") else verb + "s ") + rest


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + last + parts[-1]
