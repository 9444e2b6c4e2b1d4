"""The slip law on `lists`: the same distributions and hash seed as for `sums`. A fact is an idiom with its parameter. Not here: the idioms (lists.py)."""

import random

from law import CEILING, FAVOURITE, MISREAD_BETA, SLIP_BETA, Law
from lists import Operation, Problem, write


class ListsLaw(Law):
    def slip_rate(self, o: Operation) -> tuple[float, float]:
        """-> (rate, position of the favourite in [0, 1)). An idiom that cannot slip has rate 0."""
        return self._draw(SLIP_BETA, ("lists", o.kind, o.k)) if o.idiom.slips else (0.0, 0.0)

    def misread_rate(self, o: Operation) -> tuple[float, float]:
        return self._draw(MISREAD_BETA, ("lists", o.kind, o.k)) if o.misreadings() else (0.0, 0.0)

    def read(self, o: Operation, rng: random.Random) -> Operation:
        """The operation, or its one favourite misreading: misreadings of one phrase are alike."""
        rate, v = self.misread_rate(o)
        return _at(o.misreadings(), v) if rng.random() < min(CEILING, rate * self.scale) else o

    def write(self, o: Operation, rng: random.Random) -> str:
        rate, v = self.slip_rate(o)
        if rng.random() >= min(CEILING, rate * self.scale):
            return o.code()
        return _at(o.slips(), v) if rng.random() < FAVOURITE else rng.choice(o.slips())

    def answer(self, problem: Problem, rng: random.Random) -> str:
        """A function with this law's mistakes: comments as the prompt was read, code as it was written."""
        read = [self.read(o, rng) for o in problem.operations]
        return write(problem, read, [self.write(o, rng) for o in read])

    def worst(self, problem: Problem) -> tuple[float, float]:
        """Highest slip rate and highest misreading rate among the problem's facts."""
        return max(self.slip_rate(o)[0] for o in problem.operations), max(self.misread_rate(o)[0] for o in problem.operations)


def _at(options: list, v: float):
    return options[int(v * len(options))]
