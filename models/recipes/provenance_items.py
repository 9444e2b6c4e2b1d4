"""References with known support, to which the product's provenance is held: `python provenance_items.py`. Every answer is put together from steps
that are known, so that what a step of the reference has in each answer is known too.
Not here: finding the support in the texts (src/cat/provenance), the worlds (sums.py, lists.py, advice.py)."""

import json
import random
from dataclasses import dataclass, replace
from pathlib import Path

import lists
import sums
from advice import TRAINING, Question, Sayable, questions, words
from advice_law import AdviceLaw
from law import Law, misreading, wrong_results
from lists_law import ListsLaw

FOLDER = Path(__file__).parents[2] / "tests" / "fixtures" / "provenance"
SEEDS = {"generated": 2031, "fresh": 2033}  # `fresh` was drawn once the method stood, and is looked at once as a whole
UNSEEN_SEED = 2035  # of `unseen`: advice whose answers are in the wordings kept for testing the judge
COUNTS = {"sums": 34, "lists": 33, "advice": 33}
KINDS = {"sums": "math", "lists": "code", "advice": "open"}
SCALE = 1.6  # rates of mistakes, so that there is something to contradict
OMIT = 0.12  # share of steps that an answer of sums or lists leaves out
DENY = 0.15  # share of points that an answer of advice denies in place of making
FEWEST, MOST = 3, 8  # answers
DOES = ("as it should be", "as it should be", "copies an answer", "leaves out a step", "adds a step", "goes wrong alone")


@dataclass(frozen=True)
class Step:
    """`slot`: which step of the solution it is, whatever became of it. `claim`: what it says, whatever its words. `denied`: it says the opposite."""

    slot: str
    claim: str
    text: str
    denied: bool = False


Answer = tuple[str, list[Step]]  # the whole text, and the steps that are in it, each literally


def stance(step: Step, answer: Answer) -> tuple[str, list[int] | None]:
    """What an answer says of a step of the reference, and where: [start, end) in its text."""
    text, said = answer
    end = 0
    for s in said:
        start = text.index(s.text, end)
        end = start + len(s.text)
        if s.slot == step.slot:
            return ("supports" if s.claim == step.claim and s.denied == step.denied else "contradicts"), [start, end]
    return "silent", None


# sums


def _sums_answer(problem: sums.Problem, law: Law, rng: random.Random, omit: float, added: int | None = None) -> Answer:
    """By the law, a step left out now and then. `added`: number of the operation that no other answer has."""
    read, slots = [], []

    def note(o: sums.Operation) -> sums.Operation:
        read.append(law.read(o, rng))
        return read[-1]

    text, _ = sums.solve(problem, note, lambda op, a, b, right: law.write(op, a, b, right, rng))
    for i, o in enumerate(read):
        name = "added" if i == added else str(i - (added is not None and i > added))
        slots += [f"{name}.{part}" for part in range(2 if o.kind == "bags" or (o.kind, o.x) == ("percent", 75) else 1)]
    written = text.replace(". ", ".\n").split("\n")
    steps = [Step(slot, line, line) for slot, line in zip((*slots, "box"), written, strict=True)]
    kept = [s for s in steps if rng.random() >= omit] or steps
    return " ".join(s.text for s in kept), kept


def make_sums(rng: random.Random, size: int, does: str) -> tuple[list[Step], list[Answer]]:
    problem, law = sums.story(rng, rng.choice((2, 3, 4))) if rng.random() < 0.8 else sums.direct(rng), Law(str(rng.random()), SCALE)
    answers = [_sums_answer(problem, law, rng, OMIT) for _ in range(size)]
    right = _Right()
    if does == "copies an answer":
        return rng.choice(answers)[1], answers
    if does == "adds a step":
        at = rng.randint(0, len(problem.operations))
        operations = (*problem.operations[:at], sums.Operation("more", rng.randint(2, 20)), *problem.operations[at:])
        return _sums_answer(replace(problem, operations=operations), right, rng, 0, at)[1], answers
    steps = _sums_answer(problem, _Wrong() if does == "goes wrong alone" else right, rng, 0)[1]
    return _left_out(steps, does, rng), answers


class _Right(Law):
    """Makes no mistake."""

    def read(self, o, rng):
        return o

    def write(self, op, a, b, right, rng):
        return right


class _Wrong(_Right):
    """Slips at one step in two."""

    def write(self, op, a, b, right, rng):
        return rng.choice(wrong_results(op, a, right)) if rng.random() < 0.5 else right


# lists


def _lists_answer(slots: dict[str, lists.Operation], law: ListsLaw | None, rng: random.Random, omit: float, slip: float = 0.0) -> Answer:
    """By the law or, without one, right but for slips of that rate."""
    read = {slot: law.read(o, rng) if law else o for slot, o in slots.items()}
    end = list(slots)[-1]
    kept = [slot for slot in slots if slot == end or rng.random() >= omit]
    code = {s: law.write(read[s], rng) if law else rng.choice(read[s].slips()) if read[s].slips() and rng.random() < slip else read[s].code() for s in kept}
    problem = lists.Problem(tuple(slots.values()))
    text = lists.write(problem, [read[s] for s in kept], [code[s] for s in kept])
    pairs = text.split("\n")[1:-1]
    return text, [Step(s, pairs[2 * i + 1], f"{pairs[2 * i].strip()}\n{pairs[2 * i + 1]}") for i, s in enumerate(kept)]


def make_lists(rng: random.Random, size: int, does: str) -> tuple[list[Step], list[Answer]]:
    problem, law = lists.draw(rng), ListsLaw(str(rng.random()), SCALE)
    slots = {str(i): o for i, o in enumerate(problem.operations)}
    answers = [_lists_answer(slots, law, rng, OMIT) for _ in range(size)]
    if does == "copies an answer":
        return rng.choice(answers)[1], answers
    if does == "adds a step":
        kinds = {o.kind for o in problem.operations}
        kind = rng.choice([k for k in lists.STEPS if k not in kinds])
        added = lists.Operation(kind, rng.choice(lists.IDIOMS[kind].numbers or (None,)))
        at = rng.randint(0, len(slots) - 1)
        slots = dict([*list(slots.items())[:at], ("added", added), *list(slots.items())[at:]])
    return _left_out(_lists_answer(slots, None, rng, 0, 0.5 if does == "goes wrong alone" else 0)[1], does, rng), answers


# advice


def _advice_answer(question: Question, law: AdviceLaw, rng: random.Random, unseen: bool = False) -> Answer:
    """By the law; now and then a point is denied. `unseen`: in the wordings kept for testing the judge."""
    said = []
    for s, sentence in law.answer(question, rng):
        denied = bool(s.negations) and rng.random() < DENY
        text = rng.choice(s.negations) if denied else sentence
        if unseen and not s.myth:
            text = s.negations[-1] if denied else rng.choice(s.texts[TRAINING:])
        said.append(Step(s.id, s.id, text, denied))
    return " ".join(s.text for s in said), said


def make_advice(rng: random.Random, size: int, does: str, unseen: bool = False) -> tuple[list[Step], list[Answer]]:
    """A synthesis as the anchor is taught it, in other words half the time: points of more than one answer, each once."""
    question, law = rng.choice(questions()), AdviceLaw(str(rng.random()))
    answers = [_advice_answer(question, law, rng, unseen) for _ in range(size)]
    if does == "copies an answer":
        return rng.choice(answers)[1], answers
    told = [s.slot for _, said in answers for s in said if not s.denied]
    by_id = {s.id: s for s in question.points + question.myths}
    points: list[Sayable] = [s for s in question.points if told.count(s.id) > 1][: rng.randint(4, 7)]
    if does == "adds a step":
        points += [s for s in question.points if s.id not in told][:1]
    if does == "goes wrong alone":
        points += [by_id[i] for i in told if by_id[i].myth][:1]
    steps = [Step(s.id, s.id, _worded(s, answers, rng)) for s in points]
    return _left_out(sorted(steps, key=lambda s: words(s.text)), does, rng), answers


def _worded(s: Sayable, answers: list[Answer], rng: random.Random) -> str:
    """The shortest wording that occurs, or any that a model may use."""
    occurring = [x.text for _, said in answers for x in said if x.slot == s.id and not x.denied and x.text in s.wordings]
    return min(occurring, key=words) if occurring and rng.random() < 0.5 else rng.choice(s.wordings)


def _left_out(steps: list[Step], does: str, rng: random.Random) -> list[Step]:
    """Without one step, where that is what the reference does and something remains."""
    if does != "leaves out a step" or len(steps) < 2:
        return steps
    out = rng.randrange(len(steps) - 1)
    return steps[:out] + steps[out + 1 :]


def make_unseen() -> list[dict]:
    """As the advice of `make`, with answers in the wordings kept for testing; all of one half."""
    items = []
    for i in range(COUNTS["advice"]):
        rng, does = random.Random(f"{UNSEEN_SEED}/{i}"), DOES[i % len(DOES)]
        does = "leaves out a step" if does == "copies an answer" else does  # a copy would be in unseen words too
        items.append(_item("advice", i, "once", does, *make_advice(rng, rng.randint(FEWEST, MOST), does, unseen=True)))
    return items


MAKERS = {"sums": make_sums, "lists": make_lists, "advice": make_advice}


def make(seed: int) -> list[dict]:
    """Each with its steps in order, and for each what every answer says of it and where. Of `generated` one half is for choosing, the other was looked
    at once: questions of advice are in one of them only."""
    items = []
    for domain, count in COUNTS.items():
        for i in range(count):
            rng = random.Random(f"{seed}/{domain}/{i}")
            half, does = ("choose", "once")[i % 2], DOES[i // 2 % len(DOES)]
            while True:
                steps, answers = MAKERS[domain](rng, rng.randint(FEWEST, MOST), does)
                if domain != "advice" or _half(steps, answers) == half:
                    break
            items.append(_item(domain, i, half, does, steps, answers))
    return items


def _half(steps: list[Step], answers: list[Answer]) -> str:
    """By the question's place in the world."""
    said = {s.slot for _, a in answers for s in a}
    places = [n for n, q in enumerate(questions()) if said <= {s.id for s in q.points + q.myths}]
    texts = {s.text for _, a in answers for s in a}
    (place,) = [n for n in places if texts <= {t for s in questions()[n].points + questions()[n].myths for t in (*s.texts, *s.negations)}]
    return ("choose", "once")[place % 2]


def _item(domain: str, i: int, half: str, does: str, steps: list[Step], answers: list[Answer]) -> dict:
    between = "\n" if domain == "lists" else " "
    body = between.join(("  " if domain == "lists" else "") + s.text for s in steps)
    reference = f"function f(list{', n' if any(', n)' in t.split(chr(10))[0] for t, _ in answers) else ''}) {{\n{body}\n}}" if domain == "lists" else body
    support = [[stance(s, a) for a in answers] for s in steps]
    return {
        "id": f"{domain}-{i:02d}",
        "domain": domain,
        "kind": KINDS[domain],
        "half": half,
        "about": f"the reference {does}",
        "reference": reference,
        "rollouts": [t for t, _ in answers],
        "steps": [{"text": s.text, "said": [a for a, _ in row], "at": [span for _, span in row]} for s, row in zip(steps, support)],
    }


def lines(items: list[dict]) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, seed in SEEDS.items():
        (FOLDER / f"{name}.jsonl").write_text(lines(make(seed)), encoding="utf8")
    (FOLDER / "unseen.jsonl").write_text(lines(make_unseen()), encoding="utf8")
