"""The world of `advice`: everyday questions, points with reasons, useless myths, how they are asked and told, and what a text says.
Not here: how often things are said (advice_law.py), training tasks (skills.py)."""

import hashlib
import json
import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORLDS = Path(__file__).parent / "worlds"
TRAINING = 2  # first texts and criteria of a point; the third, the most different one, is for testing the judge alone


@dataclass(frozen=True)
class Words:
    """Further wordings that the judge alone learns from. Written without sight of the wordings kept for testing."""

    texts: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)  # one object each, told apart by identity: comparing all their wordings would take longer than training
class Sayable:
    """A point or a myth. A myth's criteria say that an answer leaves it out; it has no negations."""

    id: str
    myth: bool
    texts: tuple[str, ...]
    criteria: tuple[str, ...]
    negations: tuple[str, ...]
    more: Words

    @property
    def wordings(self) -> tuple[str, ...]:
        """The sentences that training may use."""
        return self.texts[:TRAINING]

    @property
    def wordings_of_criteria(self) -> tuple[str, ...]:
        return self.criteria[:TRAINING]


@dataclass(frozen=True, eq=False)
class Question:
    id: str
    topic: str
    wordings: tuple[str, ...]
    circumstances: tuple[tuple[str, str], ...]
    points: tuple[Sayable, ...]
    myths: tuple[Sayable, ...]


@dataclass(frozen=True)
class Asked:
    """One way to ask: a question in one of its wordings, with a circumstance or (None) without."""

    question: Question
    wording: int
    circumstance: int | None

    def normalised(self) -> str:
        """What the split hashes."""
        c = "" if self.circumstance is None else self.question.circumstances[self.circumstance][0]
        return f"{self.question.id}|{self.wording}|{c}"

    def held_out(self) -> bool:
        """One combination in eight, by hash, is never trained on."""
        return hashlib.sha256(self.normalised().encode()).digest()[0] % 8 == 0

    def phrase(self) -> str:
        q = self.question
        return q.wordings[self.wording] + ("" if self.circumstance is None else " " + q.circumstances[self.circumstance][1])


Said = tuple[Sayable, str]  # what is said, and the sentence that says it


def _entries(pattern: str) -> list[dict]:
    return [e for f in sorted(WORLDS.glob(pattern)) for e in json.loads(f.read_text(encoding="utf8"))["questions"]]


SPELLINGS = 8  # of one pattern: what each of its places offers comes up once or more


def spellings(pattern: str) -> list[str]:
    """Sentences of a pattern such as "{Sip|Gulp} {tea|juice}."; a sentence without braces is itself. The same ones each time."""
    parts = re.split(r"\{([^{}]*)\}", pattern)
    if len(parts) == 1:
        return parts
    rng = random.Random(pattern)
    offered = [rng.sample(words, len(words)) for words in (p.split("|") for p in parts[1::2])]
    fill = lambda n: "".join(p + (offered[i][n % len(offered[i])] if i < len(offered) else "") for i, p in enumerate(parts[::2]))
    return [s[:1].upper() + s[1:] for s in map(fill, range(SPELLINGS))]


TOO_NEAR = 0.7  # share of common words from which a further wording, met by chance, is one of those kept for testing


def _sayable(entry: dict, myth: bool, more: list[dict]) -> Sayable:
    """`more`: what each file of further wordings has for the question."""
    every = [m.get(entry["id"], {}) for m in more]
    kept = [_bag(t) for key in ("texts", "criteria") for t in entry.get(key, ())[TRAINING:]] + [_bag(t) for t in entry.get("negations", ())[-1:]]
    written = ({t: _bag(t) for e in every for p in e.get(k, ()) for t in spellings(p)} for k in ("texts", "criteria", "denials"))
    words = Words(*(tuple(t for t, bag in of.items() if all(len(bag & b) < TOO_NEAR * len(bag | b) for b in kept)) for of in written))
    return Sayable(entry["id"], myth, *(tuple(entry.get(k, ())) for k in ("texts", "criteria", "negations")), words)


@cache
def questions() -> tuple[Question, ...]:
    more: dict[str, list[dict]] = {}
    for q in _entries("judge-*.json"):
        more.setdefault(q["id"], []).append(q["words"])
    return tuple(
        Question(
            q["id"],
            q["topic"],
            tuple(q["wordings"]),
            tuple((c["id"], c["text"]) for c in q["circumstances"]),
            tuple(_sayable(p, False, more.get(q["id"], [])) for p in q["points"]),
            tuple(_sayable(m, True, more.get(q["id"], [])) for m in q["myths"]),
        )
        for q in _entries("advice-*.json")
    )


@cache
def asked(held_out: bool) -> tuple[Asked, ...]:
    """Every way to ask on one side of the split."""
    every = (Asked(q, w, c) for q in questions() for w in range(len(q.wordings)) for c in (None, *range(len(q.circumstances))))
    return tuple(a for a in every if a.held_out() == held_out)


def tell(said: list[Said]) -> str:
    return " ".join(sentence for _, sentence in said)


def words(text: str) -> int:
    return len(text.split())


def sentences(text: str) -> list[str]:
    return re.findall(r"[^.?!\s][^.?!]*[.?!]?", text)


def _bag(sentence: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z'-]+", sentence.lower()))


NEAR = 0.6  # share of words in common from which a sentence still counts as one of the world's


@cache
def _known(question: Question) -> tuple[tuple[str, Sayable, frozenset[str]], ...]:
    return tuple((kind, s, _bag(t)) for s in question.points + question.myths for kind in ("texts", "negations") for t in getattr(s, kind))


def read(question: Question, text: str) -> list[Sayable | None]:
    """What each sentence of an answer says: the point or myth whose wording it is or nearly is; None for anything else, a denial of a point included."""
    return [_read(question, _bag(sentence)) for sentence in sentences(text)]


@cache
def _read(question: Question, bag: frozenset[str]) -> Sayable | None:
    share = lambda known: len(bag & known) / max(1, len(bag | known))
    kind, s, known = max(_known(question), key=lambda k: share(k[2]))
    return s if kind == "texts" and share(known) >= NEAR else None


def score(question: Question, text: str, limit: float | None = None) -> dict[str, float]:
    """-> coverage of the points and precision of the sentences (a repeated point counts once in both), wrong sentences (myths and what is no
    advice of this world), words. `limit`: words after which the text is cut; a sentence that is cut counts by its share."""
    seen, covered, told, wrong, at = set(), 0.0, 0.0, 0.0, 0
    for sentence, s in zip(sentences(text), read(question, text)):
        n = words(sentence)
        share = 1.0 if limit is None else min(1.0, max(0.0, (limit - at) / n))
        at, told = at + n, told + share
        if s is None or s.myth:
            wrong += share
        elif s.id not in seen:
            seen.add(s.id)
            covered += share
    return {"coverage": covered / len(question.points), "precision": covered / told if told else 0.0, "wrong": wrong, "words": float(at)}


def draw(rng: random.Random, held_out: bool = False) -> Asked:
    return rng.choice(asked(held_out))
