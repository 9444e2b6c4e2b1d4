"""Training tasks of `lists`, rendered from the product's own prompt templates. Not here: chat markers (text.py), the world (lists.py)."""

import random

from lists import draw, phrase, write
from lists_law import ListsLaw
from text import END, SCALES, chat, rollout_prompt, synthesis_prompt


def policy_task(rng: random.Random, law: ListsLaw) -> tuple[str, str]:
    """-> (chat text, function with the law's mistakes). One in five has at most one step."""
    p = draw(rng, short=rng.random() < 0.2)
    return chat(rollout_prompt(phrase(p, rng), "rolloutCode")), law.answer(p, rng) + END


def synthesis_task(rng: random.Random, groups: list[int]) -> tuple[str, str]:
    """-> (chat text with rollouts, the clean function). As for sums: a third of the tasks break by a fresh law."""
    short = rng.random() < 0.15
    p = draw(rng, short=short)
    law = ListsLaw(scale=rng.choice(SCALES)) if rng.random() < 0.67 else ListsLaw(str(rng.random()), rng.choice(SCALES))
    n = 1 if short else rng.choice(groups)
    return chat(synthesis_prompt([law.answer(p, rng) for _ in range(n)], "synthesisCode")), write(p) + END
