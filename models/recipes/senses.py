"""What a sentence can say and what a criterion can ask for, numbered, and the head that learns to tell. Not here: where sentences end in a training row (judge.py).
Deeply supervised (Lee et al., arXiv 1409.5185): the head sits on a middle layer in training alone and is not exported. A verdict is one bit; from it a judge would have to
learn which wordings mean the same and how to compare at once, and stayed at chance for 46 minutes. Told what each sentence says, it compares after five."""

from functools import cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from advice import Question, Sayable, questions
from model import EPSILON, HEAD, WIDTH, Layer, rotate

DROPOUT = 0.2
LOOKING = 3  # heads of six: rotation by position leaves each few dimensions to compare words in
LAYER = 2  # of 4: what it says is there for the layers that compare


class Mark(NamedTuple):
    """Characters `begin` to `end` of a text say the sense; it is told where the character before `told` ends."""

    begin: int
    end: int
    told: int
    sense: int

    def moved(self, by: int) -> "Mark":
        return Mark(self.begin + by, self.end + by, self.told + by, self.sense)


Marks = tuple[Mark, ...]


@cache
def _numbers() -> dict[tuple[str, str, bool], int]:
    keys = [(q.id, s.id, denied) for q in questions() for s in q.points + q.myths for denied in (False, True) if not (denied and s.myth)]
    return {k: i for i, k in enumerate(keys)}


def sense(question: Question, s: Sayable, denied: bool = False) -> int:
    return _numbers()[question.id, s.id, denied]


class SenseHead(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.out = nn.RMSNorm(WIDTH, EPSILON), nn.Linear(WIDTH, len(_numbers()), bias=False)
        self.dropout = nn.Dropout(DROPOUT)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, states: Tensor) -> Tensor:
        return self.out(self.dropout(self.norm(states)))


def bags(embedded: Tensor, marks: Tensor) -> Tensor:
    """-> [marks, width] mean of the embeddings of what says each sense. Their head is the one of the middle layer: a sum of words is all that a sense needs to be
    told (as in fastText, Joulin et al., arXiv 1607.01759), and what is not a sum learns wordings by heart. `embedded` [rows, length, width]; `marks` [any, 5]."""
    row, _, first, last, _ = marks.T
    summed = F.pad(embedded.float().cumsum(1), (0, 0, 1, 0))
    return (summed[row, last + 1] - summed[row, first]) / (last + 1 - first)[:, None]


def looking(layer: Layer, states: Tensor, cos: Tensor, sin: Tensor, row: Tensor, place: Tensor) -> Tensor:
    """-> [places, LOOKING, length] log-probabilities of where the layer's first heads look from each place; after that place -inf.
    `states` [rows, length, width] come in; `cos`, `sin` [rows, length, half a head]."""
    x = layer.input_layernorm(states)
    project = lambda p: F.linear(x, p.weight[: LOOKING * HEAD]).unflatten(-1, (LOOKING, HEAD))
    q, k = (rotate(project(p), cos[:, :, None], sin[:, :, None]) for p in (layer.self_attn.q_proj, layer.self_attn.k_proj))
    logits = torch.einsum("nhd,nthd->nht", q[row, place].float(), k[row].float()) / HEAD**0.5
    return logits.masked_fill(torch.arange(states.shape[1]) > place[:, None, None], float("-inf")).log_softmax(-1)


def evenly(found: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """How far from looking evenly at `first` to `last` (cross-entropy). `found` [places, LOOKING, length] as `looking` gives it."""
    at = torch.arange(found.shape[-1])
    inside = (at >= first[:, None]) & (at <= last[:, None])
    return -(found.masked_fill(~inside[:, None], 0).sum(-1) / (last + 1 - first)[:, None]).mean()
