"""The held-out items of `advice` with their sealed labels and the key that reads them, its label-free prompts for RL, and the cases to which the product's
own reading of answers is held: `python advice_items.py`. Not here: the world and what a text says (advice.py), scoring models (evaluate_advice.py)."""

import json
import random
from pathlib import Path

from advice import Question, Sayable, asked, questions, read, score, tell
from advice_law import AdviceLaw

FOLDER = Path(__file__).parents[1] / "items" / "advice"
CASES = Path(__file__).parents[2] / "tests" / "bench" / "advice" / "cases.jsonl"
COUNT, SEED = 120, 2026
TRAIN_SEED = 2027
CASE_COUNT, CASE_SEED = 60, 2028


def make() -> tuple[list[dict], list[dict]]:
    """-> (tasks, labels): ways to ask from the held-out side of the split. A label names the points, and how often the law omits each and tells each myth."""
    law, tasks, labels = AdviceLaw(), [], []
    for i, a in enumerate(random.Random(SEED).sample(asked(True), COUNT)):
        q, name = a.question, f"advice-{i:04d}"
        tasks.append({"id": name, "prompt": a.phrase(), "kind": "open"})
        labels.append(
            {
                "id": name,
                "question": q.id,
                "points": {p.id: round(law.omission_rate(q, p), 3) for p in q.points},
                "myths": {m.id: round(law.myth_rate(q, m), 3) for m in q.myths},
            }
        )
    return tasks, labels


def make_key() -> list[dict]:
    """The sentences of the world, a question each: what labels are read with."""
    sayable = lambda s: {"id": s.id, "texts": s.texts, "criteria": s.criteria, "negations": s.negations}
    return [{"id": q.id, "points": [sayable(p) for p in q.points], "myths": [sayable(m) for m in q.myths]} for q in questions()]


def make_training() -> list[dict]:
    """Every way to ask on the training side, in a drawn order, without labels."""
    every = list(asked(False))
    random.Random(TRAIN_SEED).shuffle(every)
    return [{"id": f"advice-train-{i:04d}", "prompt": a.phrase(), "kind": "open"} for i, a in enumerate(every)]


def make_cases() -> list[dict]:
    """Answers of every sort that a model writes, each with what it says and its score."""
    rng, cases = random.Random(CASE_SEED), []
    for i in range(CASE_COUNT):
        q = rng.choice(questions())
        text = _worn(q, i, rng)
        limit = None if i % 3 == 0 else rng.uniform(1, 1.3 * len(text.split()))
        said = [s and s.id for s in read(q, text)]
        cases.append({"question": q.id, "text": text, "limit": limit, "said": said, "score": score(q, text, limit)})
    return cases


def _worn(q: Question, i: int, rng: random.Random) -> str:
    """One answer by the law: plain, or with denials, repeated points, words lost or swapped, sentences of another question, odd signs, a cut end."""
    told = lambda s: rng.choice(s.texts)
    said: list[Sayable] = [s for s, _ in AdviceLaw(str(i)).answer(q, rng)]
    sentences = [told(s) for s in said]
    shape = i % 6
    if shape == 1:
        sentences = [rng.choice(s.negations) if s.negations and rng.random() < 0.5 else t for s, t in zip(said, sentences)]
    elif shape == 2:
        sentences += [told(s) for s in said]
    elif shape == 3:
        sentences = [" ".join(w for w in t.split() if rng.random() > 0.25) for t in sentences]
    elif shape == 4:
        sentences += [told(s) for s in rng.choice(questions()).points[:3]] + ["Paint the fence!", "Why?", "And"]
    elif shape == 5:
        text = tell(list(zip(said, sentences)))
        return rng.choice(("", "\n", " ... ", "é–")) + text[: rng.randint(0, len(text))].replace(". ", ".\n", 1)
    return " ".join(sentences)


def load(count: int) -> list[tuple[str, Question]]:
    """The first items as (prompt, question)."""
    by_id = {q.id: q for q in questions()}
    tasks, labels = ((FOLDER / f).read_text(encoding="utf8").splitlines()[:count] for f in ("tasks.jsonl", "labels.jsonl"))
    return [(json.loads(t)["prompt"], by_id[json.loads(a)["question"]]) for t, a in zip(tasks, labels)]


def lines(entries: list[dict]) -> str:
    return "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in entries)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, entries in zip(("tasks", "labels", "key", "train"), (*make(), make_key(), make_training())):
        (FOLDER / f"{name}.jsonl").write_text(lines(entries), encoding="utf8")
    CASES.write_text(lines(make_cases()), encoding="utf8")
