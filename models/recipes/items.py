"""The held-out items with their sealed labels, and the label-free training prompts for RL: `python items.py`. Not here: the worlds, scoring (evaluate.py)."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lists
import sums
from law import Law
from lists_law import ListsLaw

FOLDER = Path(__file__).parents[1] / "items"
COUNT, SEED = 500, 2026
TRAIN_COUNT, TRAIN_SEED = 4000, 2027


@dataclass(frozen=True)
class Domain:
    kind: str
    draw: Callable
    phrase: Callable
    answer: Callable  # what a label calls right
    law: Law


DOMAINS = {
    "sums": Domain("math", sums.draw, sums.phrase, lambda p: str(sums.solve(p)[1]), Law()),
    "lists": Domain("code", lists.draw, lists.phrase, lists.write, ListsLaw()),
}


def make(domain: str = "sums") -> tuple[list[dict], list[dict]]:
    """-> (tasks, labels): distinct held-out problems in the mix of the world."""
    d, tasks, labels = DOMAINS[domain], [], []
    for p, prompt in distinct(d, random.Random(SEED), COUNT, held_out=True):
        name, (slip, misread) = f"{domain}-{len(tasks):04d}", d.law.worst(p)
        tasks.append({"id": name, "prompt": prompt, "kind": d.kind})
        labels.append({"id": name, "answer": d.answer(p), "slip": round(slip, 3), "misread": round(misread, 3)})
    return tasks, labels


def make_training(domain: str) -> list[dict]:
    """Prompts without labels, from the training side of the split."""
    d = DOMAINS[domain]
    drawn = distinct(d, random.Random(TRAIN_SEED), TRAIN_COUNT, held_out=False)
    return [{"id": f"{domain}-train-{i:04d}", "prompt": prompt, "kind": d.kind} for i, (_, prompt) in enumerate(drawn)]


def distinct(d: Domain, rng: random.Random, count: int, held_out: bool):
    """-> problems of one side of the split, each with its prompt."""
    seen = set()
    while len(seen) < count:
        p = d.draw(rng, held_out=held_out)
        if p.normalised() not in seen:
            seen.add(p.normalised())
            yield p, d.phrase(p, rng)


def load(count: int, domain: str = "sums") -> list[tuple[str, str]]:
    """The first items as (prompt, answer)."""
    tasks, labels = ((FOLDER / domain / f).read_text(encoding="utf8").splitlines()[:count] for f in ("tasks.jsonl", "labels.jsonl"))
    return [(json.loads(t)["prompt"], json.loads(a)["answer"]) for t, a in zip(tasks, labels)]


if __name__ == "__main__":
    for domain in DOMAINS:
        (FOLDER / domain).mkdir(parents=True, exist_ok=True)
        for name, lines in zip(("tasks", "labels", "train"), (*make(domain), make_training(domain))):
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            (FOLDER / domain / f"{name}.jsonl").write_text(text, encoding="utf8")
