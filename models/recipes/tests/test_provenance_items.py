"""References with known support: as committed, literally in their texts, and labelled as reading them step by step says. Not here: finding the support."""

import json
from collections import Counter
from functools import cache

from advice import questions
from provenance_items import COUNTS, DOES, FOLDER, SEEDS, Step, lines, make, make_unseen, stance

every = cache(make)
made = lambda: every(SEEDS["generated"])


def test_the_files_are_what_the_recipe_writes():
    for name, seed in SEEDS.items():
        assert (FOLDER / f"{name}.jsonl").read_text(encoding="utf8") == lines(every(seed))
    assert (FOLDER / "unseen.jsonl").read_text(encoding="utf8") == lines(make_unseen())


def test_unseen_answers_are_in_wordings_kept_for_testing():
    learnt = {t for q in questions() for s in q.points for t in (*s.wordings, *s.negations[:-1])}
    for item in make_unseen():
        assert item["steps"] and not [t for t in learnt if any(t in r for r in item["rollouts"])]


def test_there_are_as_many_as_promised_in_halves_with_every_sort():
    assert Counter(i["domain"] for i in made()) == COUNTS and sum(COUNTS.values()) == 100
    for domain in COUNTS:
        assert {i["about"] for i in made() if i["domain"] == domain} == {f"the reference {does}" for does in DOES}
        for half in ("choose", "once"):
            said = Counter(s for i in made() if (i["domain"], i["half"]) == (domain, half) for step in i["steps"] for s in step["said"])
            assert min(said[s] for s in ("supports", "contradicts", "silent")) >= 20


def test_steps_and_places_are_in_the_texts():
    for item in made():
        end = 0
        for step in item["steps"]:
            end = item["reference"].index(step["text"], end) + len(step["text"])
            assert len(step["said"]) == len(step["at"]) == len(item["rollouts"])
            for said, at, text in zip(step["said"], step["at"], item["rollouts"]):
                assert (at is None) == (said == "silent")
                if item["domain"] == "sums" and at:
                    assert (text[at[0] : at[1]] == step["text"]) == (said == "supports")


def test_advice_is_labelled_as_the_world_reads_it():
    """By looking every sentence up in the world, without the generator."""
    of = {t: (s.id, denied) for q in questions() for s in q.points + q.myths for denied, ts in ((False, s.texts), (True, s.negations)) for t in ts}
    for item in (i for i in made() if i["domain"] == "advice"):
        for step in item["steps"]:
            for said, at, text in zip(step["said"], step["at"], item["rollouts"]):
                if at:
                    mine, other = of[step["text"]], of[text[at[0] : at[1]]]
                    assert mine[0] == other[0] and (mine[1] == other[1]) == (said == "supports")


def test_no_question_of_advice_is_in_both_halves():
    of = {t: q.id for q in questions() for s in q.points + q.myths for t in (*s.texts, *s.negations)}
    seen = {half: {of[s["text"]] for i in made() if (i["domain"], i["half"]) == ("advice", half) for s in i["steps"]} for half in ("choose", "once")}
    assert not seen["choose"] & seen["once"]


def test_stance_by_hand():
    answer = ("A. B. A.", [Step("0", "a", "A."), Step("1", "b", "B."), Step("2", "a", "A.")])
    assert stance(Step("2", "a", "A."), answer) == ("supports", [6, 8])
    assert stance(Step("1", "c", "C."), answer) == ("contradicts", [3, 5])
    assert stance(Step("1", "b", "B.", True), answer) == ("contradicts", [3, 5])
    assert stance(Step("3", "a", "A."), answer) == ("silent", None)
