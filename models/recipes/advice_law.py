"""How often each point is left out and each myth is told: drawn once for each from declared distributions, a pure function of a hash seed. Not here: the world (advice.py)."""

import random

from advice import Question, Said, Sayable
from law import SLIP_BETA, Law

# The first of advice-1, advice-2, … by which rest, fluids, medicine and caution are each in 50 to 90 of 100 answers about a mild flu; no item is looked at.
KEY = "advice-18"
OMISSION_BETA = (1.0, 1.0)  # any rate alike, so half of the points on average; a myth's rate is a slip's
FLOOR, CEILING = 0.05, 0.95  # no point is always or never said
FEWEST, MOST = 3, 8  # at least so many points, at most so many sentences in an answer


class AdviceLaw(Law):
    def omission_rate(self, question: Question, point: Sayable) -> float:
        return min(CEILING, max(FLOOR, self._draw(OMISSION_BETA, (KEY, question.id, point.id))[0]))

    def myth_rate(self, question: Question, myth: Sayable) -> float:
        return self._draw(SLIP_BETA, (KEY, question.id, myth.id))[0]

    def says(self, question: Question, s: Sayable) -> float:
        """Probability that an answer says it."""
        return self.myth_rate(question, s) if s.myth else 1 - self.omission_rate(question, s)

    def answer(self, question: Question, rng: random.Random) -> list[Said]:
        """One answer: what is said in a drawn order, each in one of the wordings that training may use. Too few points or too many sentences are drawn again."""
        while True:
            said = [s for s in question.points + question.myths if rng.random() < self.says(question, s)]
            if sum(not s.myth for s in said) >= FEWEST and len(said) <= MOST:
                rng.shuffle(said)
                return [(s, rng.choice(s.wordings)) for s in said]
