"""The held-out items of `advice` with their sealed labels, and its label-free prompts for RL: `python advice_items.py`. Not here: the world, scoring (evaluate_advice.py)."""

import json
import random
from pathlib import Path

from advice import Question, asked, questions
from advice_law import AdviceLaw

FOLDER = Path(__file__).parents[1] / "items" / "advice"
COUNT, SEED = 120, 2026
TRAIN_SEED = 2027


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


def make_training() -> list[dict]:
    """Every way to ask on the training side, in a drawn order, without labels."""
    every = list(asked(False))
    random.Random(TRAIN_SEED).shuffle(every)
    return [{"id": f"advice-train-{i:04d}", "prompt": a.phrase(), "kind": "open"} for i, a in enumerate(every)]


def load(count: int) -> list[tuple[str, Question]]:
    """The first items as (prompt, question)."""
    by_id = {q.id: q for q in questions()}
    tasks, labels = ((FOLDER / f).read_text(encoding="utf8").splitlines()[:count] for f in ("tasks.jsonl", "labels.jsonl"))
    return [(json.loads(t)["prompt"], by_id[json.loads(a)["question"]]) for t, a in zip(tasks, labels)]


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, lines in zip(("tasks", "labels", "train"), (*make(), make_training())):
        (FOLDER / f"{name}.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf8")
