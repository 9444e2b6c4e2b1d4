"""A control: groups of answers to held-out sums with slips of kinds that synthesis training never has, beside the same groups with the law's own:
`python unseen_slips.py`. Rule-made, so that the slips are the only difference. Not here: the law (law.py), what the anchor makes of them (src/bench)."""

import json
import random
import re
from itertools import count

from items import DOMAINS, FOLDER, SEED, distinct
from law import CEILING, FAVOURITE, Law
from sums import Operation, Problem, solve

FILE = FOLDER / "sums" / "unseen.jsonl"
COUNT, G = 200, 8
DRAW_SEED = 2029


class UnseenLaw(Law):
    """Slips as often as the law, into results that its slips never take."""

    def write(self, op: str, a: int, b: int, right: int, rng: random.Random) -> int:
        rate, v = self.slip_rate(op, a, b)
        if rng.random() >= min(CEILING, rate * self.scale):
            return right
        wrong = unseen_results(right)
        return wrong[int(v * len(wrong))] if rng.random() < FAVOURITE else rng.choice(wrong)


def unseen_results(right: int) -> list[int]:
    """The digits swapped, one time in three or more where they can be; or off by 3, 5 or 20."""
    near = [right + d for d in (-20, -5, -3, 3, 5, 20) if right + d >= 1]
    return ([swapped(right)] * 3 if swapped(right) else []) + near


def swapped(n: int) -> int | None:
    """12 for 21. None where that is the same number, or begins with 0."""
    digits = str(n)
    return int(digits[::-1]) if len(digits) == 2 and digits[1] not in (digits[0], "0") else None


def answer(problem: Problem, law: Law, name: str) -> tuple[str, int, list[Operation]]:
    """-> (text, its number, the operations as they were read). Reading and each step have chances of their own, so that two laws misread alike and slip at the same steps."""
    reads, steps, read = random.Random(f"{name}/read"), count(), []

    def note(o: Operation) -> Operation:
        read.append(law.read(o, reads))
        return read[-1]

    return *solve(problem, note, lambda op, a, b, right: law.write(op, a, b, right, random.Random(f"{name}/{next(steps)}"))), read


def misboxed(problem: Problem, law: Law, name: str) -> str:
    """The law's answer with the work of every step set right; in the box its number stands all the same."""
    _, number, read = answer(problem, law, name)
    operations = iter(read)
    return re.sub(r"\{\d+\}", f"{{{number}}}", solve(problem, lambda _: next(operations))[0])


def make() -> list[dict]:
    """The first held-out items, by id: G answers in each of three ways, which differ in their slips alone."""
    law, unseen, groups = Law(), UnseenLaw(), []
    for i, (problem, _) in enumerate(distinct(DOMAINS["sums"], random.Random(SEED), COUNT, held_out=True)):
        names = [f"{DRAW_SEED}/{i}/{k}" for k in range(G)]
        groups.append(
            {
                "id": f"sums-{i:04d}",
                "ordinary": [answer(problem, law, n)[0] for n in names],
                "otherResult": [answer(problem, unseen, n)[0] for n in names],
                "otherBox": [misboxed(problem, law, n) for n in names],
            }
        )
    return groups


if __name__ == "__main__":
    FILE.write_text("".join(json.dumps(g, ensure_ascii=False) + "\n" for g in make()), encoding="utf8")
