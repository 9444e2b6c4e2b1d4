"""Endless training batches, bucketed by length; as a command, `python data.py`, everything else that is drawn: ../items/. Not here: what the tasks say,
their shares (mixture.py), what the items are (*items.py, unseen_slips.py), the model."""

import random
import runpy
from collections.abc import Iterator
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from mixture import EARLY_GROUPS, MODELS, Encoded, encode
from text import GROUPS

POOL = 24  # batches made at a time: enough to bucket by length, few enough to stay fresh
VERDICT_WEIGHT = 8  # against the end that follows a verdict
ROUND = 16  # lengths rise in steps of this, so that a compiled graph sees few shapes


class Batch(NamedTuple):
    """All [rows, length]. `weights` belong to targets' positions: positive in the reply, -1 in what comes before, 0 in padding.
    `positions` and `mask` (what each token sees, [rows, 1, length, length]) are None for plain causal rows. `senses`: [any, 5], row, place where it is told, first and last token of what says it, sense.
    `looks`: [any, 3], row, place, and the place to look at from there."""

    ids: Tensor
    targets: Tensor
    weights: Tensor
    positions: Tensor | None = None
    mask: Tensor | None = None
    senses: Tensor | None = None
    looks: Tensor | None = None


def batches(tokenizer: Tokenizer, model: str, seed: int, budget: int, early) -> Iterator[tuple[str, Batch]]:
    """-> (skill, batch). `early()` says whether groups are still small."""
    rng, mixture = random.Random(seed), MODELS[model]()
    while True:
        pool: list[tuple[str, list]] = []
        groups = EARLY_GROUPS if early() else GROUPS
        for skill, (share, make) in mixture.items():
            tokens, rows = 0, []
            while tokens < POOL * share * budget:
                new = encode(tokenizer, [row for row in (make(rng, groups) for _ in range(32)) if row.tails])
                rows += new
                tokens += sum(map(len, new))
            rows.sort(key=len)
            pool += [(skill, batch) for batch in _cut(rows, budget)]
        rng.shuffle(pool)
        yield from ((skill, collate(batch)) for skill, batch in pool)


def _cut(rows: list[Encoded], budget: int) -> list[list[Encoded]]:
    """Rows in order of length, cut where rows × longest would pass the budget."""
    cut, batch = [], []
    for r in rows:
        if batch and len(r) * (len(batch) + 1) > budget:
            cut.append(batch)
            batch = []
        batch.append(r)
    return cut + [batch]


def collate(rows: list[Encoded]) -> Batch:
    """Tails follow each other in a row, but each sees only the head and itself, at the positions it would have alone."""
    longest = -(-max(map(len, rows)) // ROUND) * ROUND
    ids, targets, positions = (torch.zeros(len(rows), longest, dtype=torch.long) for _ in range(3))
    weights = torch.zeros(len(rows), longest)
    part = torch.full((len(rows), longest), -1)  # 0 in the head, k in the k-th tail, -1 in padding
    for i, (head, tails, *_) in enumerate(rows):
        at = len(head)
        ids[i, :at], positions[i, :at], part[i, :at] = torch.tensor(head), torch.arange(at), 0
        targets[i, : at - 1], weights[i, : at - 1] = ids[i, 1:at], -1
        for k, (tail, reply) in enumerate(tails, 1):
            n, begin = len(tail) + len(reply), at
            ids[i, at : at + n] = torch.tensor(tail + reply)
            positions[i, at : at + n], part[i, at : at + n] = torch.arange(len(head), len(head) + n), k
            first = at + len(tail) - 1 if tail else len(head) - 1
            targets[i, first : at + n - 1], weights[i, first : at + n - 1] = ids[i, first + 1 : at + n], 1
            if tail:  # the reply begins with a verdict
                weights[i, first] = VERDICT_WEIGHT
                targets[i, begin:first], weights[i, begin:first] = ids[i, begin + 1 : first + 1], -1
            at += n
    told = lambda of: torch.tensor(t) if (t := [(i, *pair) for i, r in enumerate(rows) for pair in of(r)]) else None
    senses, looks = told(lambda r: r.senses), told(lambda r: r.looks)
    if all(len(r.tails) == 1 for r in rows):
        return Batch(ids, targets, weights, senses=senses, looks=looks)
    sees = (part[:, None, :] == 0) | (part[:, None, :] == part[:, :, None])
    mask = (sees & torch.ones(longest, longest, dtype=torch.bool).tril())[:, None]
    return Batch(ids, targets, weights, positions, mask, senses, looks)


if __name__ == "__main__":
    for script in ("items", "advice_items", "judge_items", "unseen_slips"):
        runpy.run_module(script, run_name="__main__")
