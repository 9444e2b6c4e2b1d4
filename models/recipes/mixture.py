"""What share of the training tokens each skill gets, and the rows of a batch. Not here: what a skill's tasks say, batching (data.py)."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tokenizers import Tokenizer

import judge
import lists_text
import skills
import text
from advice_law import AdviceLaw
from law import Law
from lists_law import ListsLaw

EARLY_GROUPS = text.EARLY_GROUPS


@dataclass(frozen=True)
class Row:
    """A beginning (chat text up to what is learnt), then one or more tails, each with its reply. A tail sees the beginning and itself, so that
    several prompts with the same beginning cost little more than one."""

    head: str
    tails: tuple[tuple[str, str], ...]


Maker = Callable[[random.Random, list[int]], Row]  # random numbers, sizes of groups


def _row(task: tuple[str, str]) -> Row:
    return Row(task[0], (("", task[1]),))


def _kitten() -> dict[str, tuple[float, Maker]]:
    sums_law, lists_law, advice_law = Law(), ListsLaw(), AdviceLaw()
    return {
        "sums.policy": (0.15, lambda rng, groups: _row(text.policy_task(rng, sums_law))),
        "sums.synthesis": (0.35, lambda rng, groups: _row(text.synthesis_task(rng, groups))),
        "sums.choice": (0.01, lambda rng, groups: _row(skills.choice_task(rng, skills.sums_group))),
        "lists.policy": (0.04, lambda rng, groups: _row(lists_text.policy_task(rng, lists_law))),
        "lists.synthesis": (0.12, lambda rng, groups: _row(lists_text.synthesis_task(rng, groups))),
        "lists.choice": (0.01, lambda rng, groups: _row(skills.choice_task(rng, skills.lists_group))),
        "advice.policy": (0.08, lambda rng, groups: _row(skills.policy_task(rng, advice_law))),
        "advice.synthesis": (0.13, lambda rng, groups: _row(skills.synthesis_task(rng, groups))),
        "advice.rubric": (0.05, lambda rng, groups: _row(skills.rubric_task(rng))),
        "advice.rubricFromPrompt": (0.04, lambda rng, groups: _row(skills.rubric_from_prompt_task(rng, advice_law))),
        "advice.choice": (0.02, lambda rng, groups: _row(skills.choice_task(rng, skills.advice_group))),
    }


def _judge() -> dict[str, tuple[float, Maker]]:
    def row(answer: str, cases: list[judge.Case]) -> Row:
        return Row(judge.head_of(answer), tuple((c.tail, judge.reply(c)) for c in cases))

    def meaning(rng: random.Random, groups: list[int]) -> Row:
        answer, case = judge.meaning_case(rng)
        return row(answer, [case])

    def verdict(rng: random.Random, groups: list[int]) -> Row:
        marked = judge.marked_answer(rng, simple=groups is EARLY_GROUPS or rng.random() < 0.5)
        return row(marked.text, judge.verdict_cases(marked, rng))

    return {
        "verdict": (0.55, verdict),
        "sameMeaning": (0.05, meaning),
        "wording": (0.3, lambda rng, groups: _row(judge.wording_task(rng))),
        "points": (0.1, lambda rng, groups: _row(judge.points_task(rng))),
    }


MODELS = {"kitten": _kitten, "kitten-judge": _judge}


def encode(tokenizer: Tokenizer, rows: list[Row]) -> list[tuple[list[int], list[tuple[list[int], list[int]]]]]:
    """-> (head ids, [(tail ids, reply ids)]) of each row."""
    pieces = [p for r in rows for p in (r.head, *(t for pair in r.tails for t in pair))]
    ids = iter([e.ids for e in tokenizer.encode_batch(pieces)])
    return [(next(ids), [(next(ids), next(ids)) for _ in r.tails]) for r in rows]
