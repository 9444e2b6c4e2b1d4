"""The key of `advice` and the cases of its reading, as committed. Not here: the items themselves, what a text says (test_advice.py)."""

import json

from advice import questions
from advice_items import CASES, FOLDER, lines, make, make_cases, make_key, make_training


def test_the_files_are_what_the_recipe_writes():
    for name, entries in zip(("tasks", "labels", "key", "train"), (*make(), make_key(), make_training())):
        assert (FOLDER / f"{name}.jsonl").read_text(encoding="utf8") == lines(entries), name
    assert CASES.read_text(encoding="utf8") == lines(make_cases())


def test_the_key_has_every_sentence_of_every_label():
    key = {k["id"]: k for k in make_key()}
    assert list(key) == [q.id for q in questions()]
    for label in make()[1]:
        known = key[label["question"]]
        assert [p["id"] for p in known["points"]] == list(label["points"])
        assert [m["id"] for m in known["myths"]] == list(label["myths"])
    assert all(len(p["texts"]) == len(p["criteria"]) == 3 and len(p["negations"]) == 2 for k in key.values() for p in k["points"])


def test_the_cases_are_of_every_sort():
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf8").splitlines()]
    said = [s for c in cases for s in c["said"]]
    myths = {(q.id, m.id) for q in questions() for m in q.myths}
    assert len(cases) >= 50 and said.count(None) > 40
    assert any((c["question"], s) in myths for c in cases for s in c["said"])
    assert any(c["limit"] is None for c in cases) and any(0 < c["score"]["wrong"] % 1 < 1 for c in cases)
    assert any(len(c["said"]) > len(set(c["said"]) | {None}) for c in cases)
    assert any(c["text"] == "" or c["score"]["coverage"] == 0 for c in cases)
