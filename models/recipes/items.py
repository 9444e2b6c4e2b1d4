"""The held-out items and their sealed labels. Not here: the world (sums.py), scoring (evaluate.py)."""

import json
import random
from pathlib import Path

from law import Law
from sums import draw, phrase, solve

FOLDER = Path(__file__).parents[1] / "items" / "sums"
COUNT, SEED = 500, 2026


def make() -> tuple[list[dict], list[dict]]:
    """-> (tasks, labels): distinct held-out problems in the mix of the world."""
    rng, law, seen = random.Random(SEED), Law(), set()
    tasks, labels = [], []
    while len(tasks) < COUNT:
        p = draw(rng, held_out=True)
        if p.normalised() in seen:
            continue
        seen.add(p.normalised())
        name, (slip, misread) = f"sums-{len(tasks):04d}", law.worst(p)
        tasks.append({"id": name, "prompt": phrase(p, rng), "kind": "math"})
        labels.append({"id": name, "answer": str(solve(p)[1]), "slip": round(slip, 3), "misread": round(misread, 3)})
    return tasks, labels


def load(count: int) -> list[tuple[str, str]]:
    """The first items as (prompt, answer)."""
    tasks, labels = ((FOLDER / f).read_text(encoding="utf8").splitlines()[:count] for f in ("tasks.jsonl", "labels.jsonl"))
    return [(json.loads(t)["prompt"], json.loads(a)["answer"]) for t, a in zip(tasks, labels)]


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, lines in zip(("tasks.jsonl", "labels.jsonl"), make()):
        (FOLDER / name).write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf8")
