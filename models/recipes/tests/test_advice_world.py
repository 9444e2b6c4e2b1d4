"""The constructed world of everyday advice: form, counts and wording of every worlds/advice-*.json."""

import json
import re
from pathlib import Path

import pytest

WORLDS = Path(__file__).resolve().parent.parent / "worlds"
FILES = sorted(WORLDS.glob("advice-*.json"))
TOPICS = {"health", "household", "people"}
# Letters, spaces and basic punctuation; a digit only on its own.
ALLOWED = re.compile(r"(?:[A-Za-z ,.?'-]|(?<!\d)\d(?!\d))+")
IDENTIFIER = re.compile(r"[a-z]+(?:-[a-z]+)*")
# The tone criterion is meant to be the same for every question about people.
SHARED = {"Keeps a warm and calm tone."}
# Questions, circumstances and criteria may be shorter than sentences of advice.
WORDS = {"question": (3, 18), "circumstance": (3, 18), "criterion": (3, 18), "text": (5, 18), "negation": (5, 18), "myth": (5, 18)}


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))["questions"]


def sentences(question):
    """Every wording of a question as (kind, place, sentence)."""
    place = question["id"]
    for wording in question["wordings"]:
        yield "question", place, wording
    for circumstance in question["circumstances"]:
        yield "circumstance", f"{place}/{circumstance['id']}", circumstance["text"]
    for point in question["points"]:
        where = f"{place}/{point['id']}"
        for kind, key in (("text", "texts"), ("criterion", "criteria"), ("negation", "negations")):
            for sentence in point[key]:
                yield kind, where, sentence
    for myth in question["myths"]:
        where = f"{place}/{myth['id']}"
        for kind, key in (("myth", "texts"), ("criterion", "criteria")):
            for sentence in myth[key]:
                yield kind, where, sentence


def test_there_is_a_world():
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_form_and_counts(path):
    for question in load(path):
        place = question["id"]
        assert set(question) == {"id", "topic", "wordings", "circumstances", "points", "myths"}, place
        assert question["topic"] in TOPICS, place
        assert len(question["wordings"]) == 4, place
        assert len(question["circumstances"]) == 4, place
        assert 8 <= len(question["points"]) <= 12, place
        assert 2 <= len(question["myths"]) <= 3, place
        for circumstance in question["circumstances"]:
            assert set(circumstance) == {"id", "text"}, place
        for point in question["points"]:
            where = f"{place}/{point['id']}"
            assert set(point) == {"id", "texts", "criteria", "negations"}, where
            assert (len(point["texts"]), len(point["criteria"]), len(point["negations"])) == (3, 3, 2), where
        for myth in question["myths"]:
            where = f"{place}/{myth['id']}"
            assert set(myth) == {"id", "texts", "criteria"}, where
            assert (len(myth["texts"]), len(myth["criteria"])) == (2, 2), where


def test_identifiers_are_unique():
    questions = [question for path in FILES for question in load(path)]
    ids = [question["id"] for question in questions]
    assert len(set(ids)) == len(ids)
    for question in questions:
        groups = [[entry["id"] for entry in question["circumstances"]], [entry["id"] for entry in question["points"] + question["myths"]]]
        for group in groups:
            assert len(set(group)) == len(group), question["id"]
            assert all(IDENTIFIER.fullmatch(name) for name in group), question["id"]
        assert IDENTIFIER.fullmatch(question["id"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sentences(path):
    faults = []
    for question in load(path):
        for kind, place, sentence in sentences(question):
            least, most = WORDS[kind]
            words = len(sentence.split())
            end = "?" if kind == "question" else "."
            if not least <= words <= most:
                faults.append(f"{place}: {words} words in a {kind}: {sentence}")
            # A question may first say what is the matter in a sentence of its own.
            if not sentence.endswith(end) or len(re.findall(r"[.?]", sentence)) > (2 if kind == "question" else 1):
                faults.append(f"{place}: not one full {kind}: {sentence}")
            if not ALLOWED.fullmatch(sentence) or "  " in sentence or sentence != sentence.strip():
                faults.append(f"{place}: characters in a {kind}: {sentence}")
            if not sentence[0].isupper():
                faults.append(f"{place}: small first letter: {sentence}")
    assert not faults, "\n".join(faults)


def test_no_wording_twice():
    seen, faults = {}, []
    for path in FILES:
        for question in load(path):
            for _, place, sentence in sentences(question):
                key = sentence.lower()
                if key in seen and sentence not in SHARED:
                    faults.append(f"{seen[key]} and {place}: {sentence}")
                seen[key] = place
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_topic_has_its_care(path):
    for question in load(path):
        points = {point["id"]: point for point in question["points"]}
        if question["topic"] == "health":
            assert any("doctor" in text for point in points.values() for text in point["texts"]), question["id"]
        if question["topic"] == "people":
            assert "tone" in points, question["id"]
        if question["id"] == "mild-flu":
            assert {"rest", "fluids", "medicine", "caution"} <= set(points)
            assert len(points) == 12
