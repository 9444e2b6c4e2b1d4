"""Endless training batches, bucketed by length. Not here: what the tasks say (text.py), the model."""

import random
from collections.abc import Iterator

import torch
from tokenizers import Tokenizer
from torch import Tensor

from law import Law
from text import EARLY_GROUPS, GROUPS, policy_task, synthesis_task

POOL = 24  # batches made at a time: enough to bucket by length, few enough to stay fresh
ROUND = 16  # lengths rise in steps of this, so that a compiled graph sees few shapes


def batches(tokenizer: Tokenizer, seed: int, budget: int, early) -> Iterator[tuple[str, Tensor, Tensor, Tensor]]:
    """-> (kind, ids, targets, weights of targets' positions: 1 in the answer, -1 in the context, 0 in padding).
    Three quarters of the tokens are synthesis. `early()` says whether groups are still small."""
    rng, law = random.Random(seed), Law()
    while True:
        pool: list[tuple[str, list]] = []
        groups = EARLY_GROUPS if early() else GROUPS
        makers = {"synthesis": (lambda: synthesis_task(rng, groups), 0.75), "policy": (lambda: policy_task(rng, law), 0.25)}
        for kind, (make, share) in makers.items():
            tokens, rows = 0, []
            while tokens < POOL * share * budget:
                new = [make() for _ in range(64)]
                contexts = tokenizer.encode_batch([c for c, _ in new])
                answers = tokenizer.encode_batch([a for _, a in new])
                rows += [(c.ids + a.ids, len(c.ids)) for c, a in zip(contexts, answers)]
                tokens += sum(len(c.ids) + len(a.ids) for c, a in zip(contexts, answers))
            rows.sort(key=lambda r: len(r[0]))
            pool += [(kind, batch) for batch in _cut(rows, budget)]
        rng.shuffle(pool)
        yield from ((kind, *collate(batch)) for kind, batch in pool)


def _cut(rows: list, budget: int) -> list[list]:
    """Rows in order of length, cut where rows × longest would pass the budget."""
    cut, batch = [], []
    for r in rows:
        if batch and len(r[0]) * (len(batch) + 1) > budget:
            cut.append(batch)
            batch = []
        batch.append(r)
    return cut + [batch]


def collate(rows: list[tuple[list[int], int]]) -> tuple[Tensor, Tensor, Tensor]:
    longest = -(-max(len(ids) for ids, _ in rows) // ROUND) * ROUND
    ids, targets, weights = (torch.zeros(len(rows), longest, dtype=d) for d in (torch.long, torch.long, torch.float))
    for i, (row, context) in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        targets[i, : len(row) - 1] = torch.tensor(row[1:])
        weights[i, : context - 1], weights[i, context - 1 : len(row) - 1] = -1, 1
    return ids, targets, weights
