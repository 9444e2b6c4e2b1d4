"""What share of the training tokens each skill gets, and the rows of a batch. Not here: what a skill's tasks say, batching (data.py)."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tokenizers import Encoding, Tokenizer

import judge
import lists_text
import skills
import text
from advice_law import AdviceLaw
from law import Law
from lists_law import ListsLaw
from senses import Marks

EARLY_GROUPS = text.EARLY_GROUPS


@dataclass(frozen=True)
class Tail:
    text: str
    reply: str
    senses: Marks = ()
    looks: int | None = None  # where in the head the reply is to be found; 0: nowhere; None: not told


@dataclass(frozen=True)
class Row:
    """A beginning (chat text up to what is learnt), then one or more tails, each with its reply. A tail sees the beginning and itself, so that
    several prompts with the same beginning cost little more than one. Senses are told to the judge in training."""

    head: str
    tails: tuple[Tail, ...]
    senses: Marks = ()  # of the head


class Encoded(NamedTuple):
    """A row in token ids. `senses`: (place where it is told in the row, all tails one after another; first and last token of what says it; sense)."""

    head: list[int]
    tails: list[tuple[list[int], list[int]]]  # tail, reply
    senses: list[tuple[int, int, int, int]]
    looks: list[tuple[int, int]]  # (place of a tail's last token, place in the head where its first reply token is to look)

    def __len__(self) -> int:
        return len(self.head) + sum(len(t) + len(r) for t, r in self.tails)


Maker = Callable[[random.Random, list[int]], Row]  # random numbers, sizes of groups


def _row(task: tuple[str, str]) -> Row:
    return Row(task[0], (Tail("", task[1]),))


def _kitten() -> dict[str, tuple[float, Maker]]:
    sums_law, lists_law, advice_law = Law(), ListsLaw(), AdviceLaw()
    return {
        "sums.policy": (0.15, lambda rng, groups: _row(text.policy_task(rng, sums_law))),
        "sums.synthesis": (0.2, lambda rng, groups: _row(text.synthesis_task(rng, groups))),
        "sums.choice": (0.01, lambda rng, groups: _row(skills.choice_task(rng, skills.sums_group))),
        "lists.policy": (0.04, lambda rng, groups: _row(lists_text.policy_task(rng, lists_law))),
        "lists.synthesis": (0.05, lambda rng, groups: _row(lists_text.synthesis_task(rng, groups))),
        "lists.choice": (0.01, lambda rng, groups: _row(skills.choice_task(rng, skills.lists_group))),
        "advice.policy": (0.28, lambda rng, groups: _row(skills.policy_task(rng, advice_law))),
        "advice.synthesis": (0.1, lambda rng, groups: _row(skills.synthesis_task(rng, groups))),
        "advice.rubric": (0.1, lambda rng, groups: _row(skills.rubric_task(rng))),
        "advice.rubricFromPrompt": (0.05, lambda rng, groups: _row(skills.rubric_from_prompt_task(rng, advice_law))),
        "advice.choice": (0.01, lambda rng, groups: _row(skills.choice_task(rng, skills.advice_group))),
    }


def _natural() -> dict[str, tuple[float, Maker]]:
    law = Law(scale=0)
    return {
        "sums.policy": (0.15, lambda rng, groups: _row(text.policy_task(rng, law))),
        "sums.synthesis": (0.2, lambda rng, groups: _row(text.synthesis_task(rng, groups, mistakes=0))),
    }


def _judge() -> dict[str, tuple[float, Maker]]:
    def row(answer: judge.Marked, cases: list[judge.Case]) -> Row:
        before = len(judge.head_of(""))
        senses = tuple(m.moved(before) for m in answer.senses)
        found = lambda end: end and before + end
        return Row(judge.head_of(answer.text), tuple(Tail(c.tail, judge.reply(c), c.senses, found(c.looks)) for c in cases), senses)

    def meaning(rng: random.Random, groups: list[int]) -> Row:
        answer, case = judge.meaning_case(rng)
        return row(answer, [case])

    def verdict(rng: random.Random, groups: list[int]) -> Row:
        answer = judge.marked_answer(rng, simple=rng.random() < (0.5 if groups is EARLY_GROUPS else 0.25))
        return row(answer, judge.verdict_cases(answer, rng))

    def statement(rng: random.Random, groups: list[int]) -> Row:
        answer = judge.marked_answer(rng, simple=rng.random() < 0.25)
        return row(answer, judge.statement_cases(answer, rng))

    return {"verdict": (0.7, verdict), "statement": (0.2, statement), "sameMeaning": (0.1, meaning)}


# kitten-natural is a control and not shipped: sums alone, no planted mistakes, so that all its mistakes are its own.
MODELS = {"kitten": _kitten, "kitten-judge": _judge, "kitten-natural": _natural}


def encode(tokenizer: Tokenizer, rows: list[Row]) -> list[Encoded]:
    pieces = iter(tokenizer.encode_batch([p for r in rows for p in (r.head, *(p for t in r.tails for p in (t.text, t.reply)))]))
    return [_encoded(r, next(pieces), [(next(pieces), next(pieces)) for _ in r.tails]) for r in rows]


def _encoded(row: Row, head: Encoding, tails: list[tuple[Encoding, Encoding]]) -> Encoded:
    senses, looks, at = _places(head, row.senses, 0), [], len(head.ids)
    for t, (text_ids, reply_ids) in zip(row.tails, tails):
        senses += _places(text_ids, t.senses, at)
        if t.looks is not None:
            looks.append((at + len(text_ids.ids) - 1, head.char_to_token(t.looks - 1) if t.looks else 0))
        at += len(text_ids.ids) + len(reply_ids.ids)
    return Encoded(head.ids, [(t.ids, r.ids) for t, r in tails], senses, looks)


def _places(encoding: Encoding, marks: Marks, start: int) -> list[tuple[int, int, int, int]]:
    at = lambda place: start + encoding.char_to_token(place)
    return [(at(m.told - 1), at(m.begin), at(m.end - 1), m.sense) for m in marks]
