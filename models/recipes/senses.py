"""What a sentence can say and what a criterion can ask for, numbered, and the head that learns to tell. Not here: where sentences end in a training row (judge.py).
Deeply supervised (Lee et al., arXiv 1409.5185): the head sits on a middle layer in training alone and is not exported. A verdict is one bit; from it a judge would have to
learn which wordings mean the same and how to compare at once, and stayed at chance for 46 minutes. Told what each sentence says, it compares after five."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from advice import Question, Sayable, questions
from model import EPSILON, HEAD, WIDTH, Layer, rotate

DROPOUT = 0.2
LOOKING = 3  # heads of six: rotation by position leaves each few dimensions to compare words in
LAYER = 2  # of 4: what it says is there for the layers that compare
Marks = tuple[tuple[int, int], ...]  # (where in a text the marked words end, sense)


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


def looking(layer: Layer, states: Tensor, cos: Tensor, sin: Tensor, looks: Tensor) -> Tensor:
    """-> [looks, LOOKING, length] logits of where the layer's first heads look from each place; after that place -inf.
    `states` [rows, length, width] come in; `cos`, `sin` [rows, length, half a head]; `looks` [any, 3]: row, from, to."""
    x = layer.input_layernorm(states)
    project = lambda p: F.linear(x, p.weight[: LOOKING * HEAD]).unflatten(-1, (LOOKING, HEAD))
    q, k = (rotate(project(p), cos[:, :, None], sin[:, :, None]) for p in (layer.self_attn.q_proj, layer.self_attn.k_proj))
    row, place, _ = looks.T
    logits = torch.einsum("nhd,nthd->nht", q[row, place].float(), k[row].float()) / HEAD**0.5
    return logits.masked_fill(torch.arange(states.shape[1]) > place[:, None, None], float("-inf"))
