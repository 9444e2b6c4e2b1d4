"""The world of `sums`: problems, their wording, their worked answers. Not here: mistakes (law.py), chat and tokens (text.py)."""

import hashlib
import random
from dataclasses import dataclass
from collections.abc import Callable

SHE = ["Mia", "Ann", "Zoe", "Eva", "Ida"]
HE = ["Leo", "Sam", "Max", "Ben", "Tom"]
THINGS = ["apples", "pens", "coins", "books", "cards", "shells", "stamps", "beads"]
# A percentage is one division, except three quarters, which is a quarter three times.
PERCENT_DIVISOR = {10: 10, 20: 5, 25: 4, 50: 2, 75: 4}
LIMIT = 99  # keeps running values to two digits


@dataclass(frozen=True)
class Operation:
    """One thing that happens: `kind` says what; x and y are its numbers (y is 0 where there is one number)."""

    kind: str
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Problem:
    """`start` is the number a story begins with; direct questions have none and their first operation makes the number."""

    start: int | None
    operations: tuple[Operation, ...]

    def normalised(self) -> str:
        """Numbers and operations without names, things and wording: what the split hashes."""
        return f"{self.start}|" + "|".join(f"{o.kind},{o.x},{o.y}" for o in self.operations)

    def is_table_fact(self) -> bool:
        """A lone root, percentage or product: a finite table that can only be known, so it is trained whole."""
        return self.start is None and len(self.operations) == 1 and self.operations[0].kind in ("root", "percent", "times")

    def held_out(self) -> bool:
        """One problem in ten, by hash, is never trained on; the tables never are held out."""
        return not self.is_table_fact() and hashlib.sha256(self.normalised().encode()).digest()[0] % 10 == 0


Read = Callable[[Operation], Operation]
Write = Callable[[str, int, int, int], int]


def compute(op: str, a: int, b: int) -> int:
    """What the sign says. Clamped at zero and floored, because mistaken steps can ask for 3 - 5 or 7 ÷ 2."""
    return {"+": a + b, "-": max(0, a - b), "×": a * b, "÷": a // max(1, b), "√": round(a**0.5)}[op]


def solve(problem: Problem, read: Read = lambda o: o, write: Write = lambda op, a, b, right: right) -> tuple[str, int]:
    """Worked answer and final number. `read` may misread an operation, `write` may slip in a result; both default to the truth."""
    n, lines = problem.start or 0, []

    def fact(plan: str, op: str, a: int, b: int) -> int:
        r = write(op, a, b, compute(op, a, b))
        lines.append(f"{plan}: {r} × {r} = {a}." if op == "√" else f"{plan}: {a} {op} {b} = {r}.")
        return r

    for operation in problem.operations:
        o = read(operation)
        k, x, y = o.kind, o.x, o.y
        if k == "bags":
            r = fact(f"{x} bags of {y}", "×", x, y)
            n = fact(f"{r} more", "+", n, r)
        elif k == "more":
            n = fact(f"{x} more", "+", n, x)
        elif k == "less":
            n = fact(f"{x} less", "-", n, x)
        elif k == "away":
            n = fact(f"{x} away", "-", n, x)
        elif k == "lose":
            n = fact(f"{x} lost", "-", n, x)
        elif k == "double":
            n = fact("Double", "×", n, 2)
        elif k == "triple":  # only ever a misreading of "double"
            n = fact("Triple", "×", n, 3)
        elif k == "share":
            n = fact(f"One of {x} parts", "÷", n, x)
        elif k == "root":
            n = fact(f"Square root of {x}", "√", x, 0)
        elif k == "percent":
            n = fact(f"{25 if x == 75 else x}% of {y}", "÷", y, PERCENT_DIVISOR[x])
            if x == 75:
                n = fact(f"3 times {n}", "×", 3, n)
        else:
            word, op = {"plus": ("plus", "+"), "minus": ("minus", "-"), "times": ("times", "×")}[k]
            n = fact(f"{x} {word} {y}", op, x, y)
    return " ".join(lines) + f" \\boxed{{{n}}}", n


def story(rng: random.Random, length: int) -> Problem:
    start = n = rng.randint(4, 20)
    operations: list[Operation] = []
    while len(operations) < length:
        o = rng.choice((_bags, _more, _away, _lose, _double, _share))(rng, n)
        if o is None:
            continue
        n = solve(Problem(n, (o,)))[1]
        operations.append(o)
    return Problem(start, tuple(operations))


def _bags(rng: random.Random, n: int) -> Operation | None:
    o = Operation("bags", rng.randint(2, 6), rng.randint(2, 6))
    return o if n + o.x * o.y <= LIMIT else None


def _more(rng: random.Random, n: int) -> Operation | None:
    x = rng.randint(2, 20)
    return Operation("more", x) if n + x <= LIMIT else None


def _away(rng: random.Random, n: int) -> Operation | None:
    return Operation("away", rng.randint(1, min(n - 1, 20))) if n > 2 else None


def _lose(rng: random.Random, n: int) -> Operation | None:
    return Operation("lose", rng.randint(1, min(n - 1, 20))) if n > 2 else None


def _double(rng: random.Random, n: int) -> Operation | None:
    return Operation("double") if 2 * n <= LIMIT else None


def _share(rng: random.Random, n: int) -> Operation | None:
    parts = [d for d in (2, 3) if n % d == 0 and n > d]
    return Operation("share", rng.choice(parts)) if parts else None


def direct(rng: random.Random) -> Problem:
    """A question without a story: a root, percentage, product, sum or difference, sometimes with one number added or taken."""
    kind = rng.choice(["root", "root", "percent", "times", "plus", "minus"])
    if kind == "root":
        first = Operation("root", rng.randint(1, 12) ** 2)
    elif kind == "percent":
        p = rng.choice(list(PERCENT_DIVISOR))
        first = Operation("percent", p, PERCENT_DIVISOR[p] * rng.randint(1, 20 if p != 50 else 50))
    elif kind == "times":
        first = Operation("times", rng.randint(2, 12), rng.randint(2, 12))
    else:
        a, b = rng.randint(2, 79), rng.randint(2, 79)
        if kind == "plus":
            first = Operation("plus", a, min(b, LIMIT - a))
        else:
            first = Operation("minus", max(a, b) + 1, min(a, b))
    if kind in ("plus", "minus") or rng.random() < 0.5:
        return Problem(None, (first,))
    n = solve(Problem(None, (first,)))[1]
    then = Operation("less", rng.randint(1, min(n - 1, 20))) if n > 2 and rng.random() < 0.5 else Operation("more", rng.randint(2, 20))
    return Problem(None, (first, then))


def draw(rng: random.Random, held_out: bool = False, short: bool = False) -> Problem:
    """One problem of the world (four in five are stories of 2 or 3 operations), from one side of the split. `short`: one operation."""
    while True:
        p = story(rng, 1 if short else rng.choice((2, 2, 3, 3))) if rng.random() < (0.5 if short else 0.8) else direct(rng)
        if p.held_out() == held_out:
            return p


def phrase(problem: Problem, rng: random.Random) -> str:
    """The problem in English."""
    if problem.start is None:
        return _phrase_direct(problem.operations, rng)
    name = rng.choice(SHE + HE)
    who, thing = ("She" if name in SHE else "He"), rng.choice(THINGS)
    said = [f"{name} has {problem.start} {thing}."] + [_phrase_operation(o, who, rng) for o in problem.operations]
    return " ".join(said) + f" How many {thing} does {who.lower()} have now?"


def _phrase_operation(o: Operation, who: str, rng: random.Random) -> str:
    return {
        "bags": f"{who} buys {o.x} bags of {o.y}.",
        "more": rng.choice((f"{who} gets {o.x} more.", f"{who} finds {o.x} more.")),
        "away": f"{who} gives away {o.x}.",
        "lose": f"{who} loses {o.x}.",
        "double": f"{who} doubles the pile.",
        "share": f"{who} keeps one of {o.x} equal parts.",
    }[o.kind]


def _phrase_direct(operations: tuple[Operation, ...], rng: random.Random) -> str:
    o = operations[0]
    x, y = o.x, o.y
    noun = {"root": f"the square root of {x}", "percent": f"{x}% of {y}", "times": f"{x} times {y}"}.get(o.kind)
    if len(operations) == 2:
        then = operations[1]
        return f"Add {then.x} to {noun}." if then.kind == "more" else f"Take {then.x} from {noun}."
    if o.kind == "root":
        return rng.choice((f"What is {noun}?", f"What is {noun}?", f"Find {noun}.", f"Square root of {x}?", f"What is √{x}?", f"√{x}"))
    if o.kind == "percent":
        return rng.choice((f"What is {noun}?", f"Find {noun}."))
    sign, order = {"plus": ("+", f"Add {x} and {y}."), "minus": ("-", f"Take {y} from {x}."), "times": ("×", f"Multiply {x} by {y}.")}[o.kind]
    return rng.choice((f"What is {x} {o.kind} {y}?", f"What is {x} {sign} {y}?", order))
