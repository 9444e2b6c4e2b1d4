"""Held-out pairs of an answer and a criterion, to measure a judge on: `python judge_items.py`. The answers come from laws that no judge learnt from.
Not here: what the judge learns (judge.py), measuring a checkpoint (evaluate_judge.py)."""

import random
from collections.abc import Iterator
from itertools import islice

from advice import TRAINING, Sayable, questions
from advice_items import FOLDER, lines
from advice_law import AdviceLaw

SEED = "kitten-judge-test"
PER_SET = 240  # half of them met
MOST = 3  # pairs of one kind about one answer
SEEN, UNSEEN = slice(0, TRAINING), slice(TRAINING, None)  # the third text and criterion of a point are in no training text
LAST = slice(-1, None)  # nor is the last denial
# Set -> (texts of the answer, criteria, denials in it). With denials, what is not met is what the answer denies; without, what it does not mention.
SETS: dict[str, tuple[slice, slice, slice | None]] = {
    "seen": (SEEN, SEEN, None),
    "unseenText": (UNSEEN, SEEN, None),
    "unseenCriterion": (SEEN, UNSEEN, None),
    "unseenBoth": (UNSEEN, UNSEEN, None),
    "denial": (SEEN, SEEN, LAST),
}
# A training sentence that loses one word can read like this denial, so it tests nothing.
SPOILT = "There is no need to boil water and throw it away."
Pair = tuple[str, str, bool]  # answer, criterion, whether it is met


def pairs(rng: random.Random, texts: slice, criteria: slice, denied: slice | None = None) -> Iterator[Pair]:
    """About each answer as many criteria that are met as are not. Criteria are about points; those about myths are met by nearly every answer."""
    while True:
        question = rng.choice(questions())
        said = [s for s, _ in AdviceLaw(f"{SEED}/{rng.random()}").answer(question, rng)]
        points = [s for s in said if not s.myth and SPOILT not in s.negations]
        denies = set(rng.sample(points, len(points) // 2)) if denied else set()
        tell = lambda s: rng.choice(s.negations[denied]) if s in denies else rng.choice(s.texts[texts] or s.texts)
        text = " ".join([tell(s) for s in said])
        met: list[Sayable] = [s for s in points if s not in denies]
        unmet = [s for s in points if s in denies] if denied else [s for s in question.points if s not in said]
        n = min(len(met), len(unmet), MOST)
        for s, yes in [(s, True) for s in rng.sample(met, n)] + [(s, False) for s in rng.sample(unmet, n)]:
            yield text, rng.choice(s.criteria[criteria]), yes


def make() -> list[dict]:
    """PER_SET lines a set, half of them met."""
    every = []
    for name, (texts, criteria, denied) in SETS.items():
        source = pairs(random.Random(f"{SEED}/{name}"), texts, criteria, denied)
        room = {True: PER_SET // 2, False: PER_SET // 2}
        while any(room.values()):
            for answer, criterion, met in islice(source, 2 * MOST):
                if room[met]:
                    room[met] -= 1
                    every.append({"set": name, "answer": answer, "criterion": criterion, "met": met})
    return every


if __name__ == "__main__":
    (FOLDER / "judge.jsonl").write_text(lines(make()), encoding="utf8")
