"""The pairs that a judge is measured on: right, balanced, of unseen wordings where they say so, as committed. Not here: how good a judge is."""

import itertools
from collections import Counter
from functools import cache

import pytest

from advice import TRAINING, questions, sentences
from advice_items import FOLDER, lines
from judge import SEED, SMALL_WORDS, criteria_of, denials_of, texts_of
from judge import _denial_in_form as denial_in_form
from judge import plain_words
from judge_items import PER_SET, SEED as TEST_SEED, SETS, SPOILT, make


@cache
def made():
    return make()


class Picks:
    """Stands in for random numbers: picks what it is told, one choice after another."""

    def __init__(self, *picks):
        self.picks = iter(picks)

    def choice(self, options):
        return options[next(self.picks) % len(options)]


FORMS = 7  # as many as any form of words has, or more


def every_training_sentence(q):
    """All that an answer of the judge's training, or of kitten's, can hold about a question; in whole sentences."""
    for s in q.points + q.myths:
        yield from texts_of(s)
        if s.myth:
            continue
        yield from denials_of(s)
        for (i, c), form in itertools.product(enumerate(criteria_of(s)), range(FORMS)):
            yield from filter(None, [plain_words(s, Picks(i, form))])
            made = denial_in_form(c, Picks(form))
            if made and made not in s.negations:  # else refused (judge.denial)
                yield made


def worn(whole, left):
    """Whether `left` may be what is left of `whole` in a worn answer, which never loses a small word."""
    small = lambda t: [w for w in t.split() if w.lower().strip(",.") in SMALL_WORDS]
    rest = iter(whole.split())
    return all(w in rest for w in left.split()) and small(whole) == small(left)


@pytest.fixture(scope="module")
def trained():
    return {q.id: {s for s in every_training_sentence(q)} for q in questions()}


def held_out(q):
    """-> what is kept for testing: third texts, last denials."""
    return {t for s in q.points for t in (*s.texts[TRAINING:], s.negations[-1])} - {SPOILT}


def test_no_held_out_sentence_can_occur_in_training(trained):
    everywhere = set().union(*trained.values())
    for q in questions():
        assert not held_out(q) & everywhere
        assert not [(t, h) for h in held_out(q) for t in trained[q.id] if worn(t, h)]


def test_no_held_out_criterion_is_trained():
    trained = {c for q in questions() for s in q.points + q.myths for c in criteria_of(s)}
    kept = {c for q in questions() for s in q.points for c in s.criteria[TRAINING:]}
    assert not kept & trained


def test_the_laws_are_not_those_of_training():
    assert not TEST_SEED.startswith(SEED + "/") and TEST_SEED != SEED


def test_sets_are_balanced_and_without_doubles():
    assert Counter((p["set"], p["met"]) for p in made()) == {(name, met): PER_SET // 2 for name in SETS for met in (True, False)}
    assert not [p for p in made() if SPOILT in p["answer"]]
    assert len({(p["answer"], p["criterion"]) for p in made() if p["set"] == "seen"}) == PER_SET


@pytest.mark.parametrize("name", SETS)
def test_every_pair_is_right_and_of_its_wordings(name):
    """By looking each sentence and criterion up in the world, without the generator."""
    of = {}
    for q in questions():
        for s in q.points + q.myths:
            for t in s.texts + s.negations:
                of[t] = (q, s, t in s.negations)
    for p in (p for p in made() if p["set"] == name):
        told = [of[t] for t in sentences(p["answer"])]
        question = told[0][0]
        assert all(q is question for q, _, _ in told)
        (point,) = [s for s in question.points if p["criterion"] in s.criteria]
        said = {s.id: denies for _, s, denies in told}
        assert p["met"] == (said.get(point.id) is False)
        assert name != "denial" or p["met"] or said[point.id]
        assert (p["criterion"] in point.criteria[TRAINING:]) == (name in ("unseenCriterion", "unseenBoth"))
        texts = [(s, t) for t in sentences(p["answer"]) for _, s, denies in [of[t]] if not s.myth and not denies]
        assert all((t in s.texts[TRAINING:]) == (name in ("unseenText", "unseenBoth")) for s, t in texts)
        assert all(t == s.negations[-1] for t in sentences(p["answer"]) for _, s, denies in [of[t]] if denies)


def test_the_file_is_what_the_recipe_writes():
    assert (FOLDER / "judge.jsonl").read_text(encoding="utf8") == lines(made())
