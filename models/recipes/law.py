"""The slip law: how often, and how, each fact goes wrong; a pure function of a hash seed. Not here: what the facts are (sums.py)."""

import functools
import hashlib
import random

import numpy as np

from sums import Operation, Problem, solve

# The first of kitten-1, kitten-2, … whose √16 slips at 0.2 to 0.45 and is misread below 0.1; no item is looked at (card, "The law").
SEED = "kitten-27"
SLIP_BETA = (0.25, 1.25)
MISREAD_BETA = (0.3, 2.7)
FAVOURITE = 0.75  # share of slips that take the fact's favourite wrong result
CEILING = 0.97  # a rate scaled up must leave some right answers
QUANTILES = 20000


@functools.cache
def _quantiles(a: float, b: float) -> np.ndarray:
    """Sorted draws stand in for the inverse distribution function; numpy keeps this legacy stream frozen."""
    return np.sort(np.random.RandomState(5).beta(a, b, QUANTILES))


class Law:
    def __init__(self, seed: str = SEED, scale: float = 1.0):
        self.seed, self.scale = seed, scale
        self._draw = functools.cache(self._hash)

    def _hash(self, beta: tuple[float, float], key: tuple) -> tuple[float, float]:
        """-> (rate, position of the favourite mistake in [0, 1))."""
        h = hashlib.sha256(repr((self.seed, beta, key)).encode()).digest()
        u, v = (int.from_bytes(h[i : i + 4], "big") / 2**32 for i in (0, 4))
        return float(_quantiles(*beta)[int(u * QUANTILES)]), v

    def slip_rate(self, op: str, a: int, b: int) -> tuple[float, float]:
        """Column facts are keyed by last digits, as a child knows them; divisions and roots by their whole numbers."""
        return self._draw(SLIP_BETA, (op, a, b) if op in "÷√" else (op, a % 10, b % 10))

    def misread_rate(self, o: Operation) -> tuple[float, float]:
        """Keyed by the words and the number that gets misread."""
        return self._draw(MISREAD_BETA, (o.kind, o.y or o.x))

    def read(self, o: Operation, rng: random.Random) -> Operation:
        """The operation, or its one favourite misreading: misreadings of one phrase are alike."""
        rate, v = self.misread_rate(o)
        return misreading(o, v) if rng.random() < min(CEILING, rate * self.scale) else o

    def write(self, op: str, a: int, b: int, right: int, rng: random.Random) -> int:
        rate, v = self.slip_rate(op, a, b)
        if rng.random() >= min(CEILING, rate * self.scale):
            return right
        wrong = wrong_results(op, a, right)
        return wrong[int(v * len(wrong))] if rng.random() < FAVOURITE else rng.choice(wrong)

    def answer(self, problem: Problem, rng: random.Random) -> tuple[str, int]:
        """A worked answer with this law's mistakes."""
        return solve(problem, lambda o: self.read(o, rng), lambda op, a, b, right: self.write(op, a, b, right, rng))

    def worst(self, problem: Problem) -> tuple[float, float]:
        """Highest slip rate and highest misreading rate among the facts of the problem's right solution."""
        slips: list[float] = []

        def note(op: str, a: int, b: int, right: int) -> int:
            slips.append(self.slip_rate(op, a, b)[0])
            return right

        solve(problem, write=note)
        return max(slips), max(self.misread_rate(o)[0] for o in problem.operations)


def wrong_results(op: str, a: int, right: int) -> list[int]:
    """Results near the right one; for a root, also half of the number (taking half for the root is a common slip)."""
    near = [-2, -1, 1, 2] if op == "√" else [-10, -2, -1, 1, 2, 10]
    wrong = [right + d for d in near if right + d >= 1]
    return wrong + ([a // 2] if op == "√" and a % 2 == 0 and a // 2 not in (*wrong, right) else [])


def misreading(o: Operation, v: float) -> Operation:
    """One wrong reading of `o`, chosen by v in [0, 1): a neighbouring number, or another thing that happens."""
    by = 1 if v * 4 % 1 < 0.5 or max(o.x, o.y) <= 2 else -1
    k = o.kind
    if k == "bags":
        return Operation(k, o.x, o.y + by)
    if k == "double":
        return Operation("triple") if v < 0.5 else Operation("more", 2)
    if k == "share":
        return Operation("lose", o.x)
    if k == "root":
        side = round(o.x**0.5) + (by if o.x > 4 else 1)
        return Operation(k, side * side)
    if k == "percent":
        return Operation(k, {10: 20, 20: 10, 25: 50, 50: 25, 75: 25}[o.x], o.y)
    if k in ("plus", "minus", "times"):
        if v < 0.5:
            return Operation({"plus": "minus", "minus": "plus", "times": "plus"}[k], o.x, o.y)
        return Operation(k, o.x, o.y + by)
    if v < 0.5:  # more, less, away, lose: the other direction
        return Operation("lose" if k == "more" else "more", o.x)
    return Operation(k, max(1, o.x + by))
