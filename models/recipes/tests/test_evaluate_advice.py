"""The arithmetic of scoring advice, and the whole scoring with scripted replies. Not here: what a text says (test_advice.py)."""

import random

import pytest

import advice_items
import evaluate_advice
from advice import tell
from advice_law import AdviceLaw
from evaluate_advice import criteria_of, propose, ranks, spearman
from skills import rubric, synthesise


def test_rank_correlation_by_hand():
    assert ranks([3, 1, 1, 2]).tolist() == [3, 0.5, 0.5, 2]
    assert spearman([1, 2, 3], [10, 20, 90]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 1, 1], [1, 2, 3]) == 0
    assert spearman([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(0.8)


def test_criteria_are_read_as_the_product_reads_them():
    """See tests/cat/rubric.test.ts."""
    assert criteria_of("<rubric><criterion>A.</criterion><criterion>B\n c.</criterion><criterion>a!</criterion><criterion>cut") == ["A.", "B c.", "cut"]
    assert criteria_of("no rubric") == criteria_of("<rubric><criterion> </criterion></rubric>") == []
    assert len(criteria_of("".join(f"<criterion>{i}</criterion>" for i in range(12)))) == 8


def test_a_short_rubric_gets_a_second_attempt_and_the_better_one_counts():
    tags = lambda n, mark="": "".join(f"<criterion>{mark}{i}</criterion>" for i in range(n))
    attempts = {("full", 0.0): tags(5), ("poor", 0.0): tags(4), ("poor", 0.7): tags(3, "x"), ("mended", 0.0): tags(2), ("mended", 0.7): tags(6, "y")}
    full, poor, mended = propose(lambda prompts, t: [attempts[p, t] for p in prompts], ["full", "poor", "mended"])
    assert (len(full), len(poor), len(mended)) == (5, 4, 6) and poor[0] == "0" and mended[0] == "y0"


class Words:
    """A tokenizer whose tokens are the texts themselves."""

    def __init__(self):
        self.texts: list[str] = []

    def encode(self, text):
        self.texts.append(text)
        return type("Encoding", (), {"ids": [len(self.texts) - 1]})

    def decode_batch(self, rows):
        return [self.texts[ids[0]] for ids in rows]


def test_a_model_that_writes_by_the_rules_scores_as_simulated():
    items = advice_items.load(120)
    tokenizer, law, rng = Words(), AdviceLaw(), random.Random(1)
    by_prompt = {p: q for p, q in items}
    answers: dict[str, tuple] = {}

    def reply(text: str) -> str:
        user = text.removeprefix("<|user|>").split("<|end|>")[0]
        first, *lines = user.split("\n")
        if user in by_prompt:
            said = law.answer(by_prompt[user], rng)
            answers[tell(said)] = (by_prompt[user], said)
            return tell(said)
        if first == "Combine these answers:":
            group = [answers[line.split(" ", 1)[1]] for line in lines]
            said = synthesise([a for _, a in group])
            answers[tell(said)] = (group[0][0], said)
            return tell(said)
        question, said = answers[lines[0]] if lines[0] in answers else (by_prompt[lines[0]], law.answer(by_prompt[lines[0]], rng))
        return rubric(question, said, rng)

    def generate(prompts, temperature):
        return [([tokenizer.encode(reply(tokenizer.texts[p[0]])).ids[0]], -rng.random()) for p in prompts]

    figures = evaluate_advice.evaluate(generate, tokenizer, items)
    mean = {k: m for k, (m, _) in figures.items()}
    assert 0.46 < mean["single.coverage"] < 0.54
    assert mean["synthesis.coverage"] > 1.1 * mean["single.coverage"] and mean["synthesis.precision"] > mean["single.precision"]
    assert mean["synthesis.lengthRatio"] <= 1.2 and mean["longestRollout.coverage"] < 1.05 * mean["single.coverage"]
    assert mean["rubricParsed"] == mean["rubricFromPromptParsed"] == 1
