"""What a sentence can say and what a criterion can ask for, numbered, and the head that learns to tell. Not here: where sentences end in a training row (judge.py).
Deeply supervised (Lee et al., arXiv 1409.5185): the head sits on a middle layer in training alone and is not exported. A verdict is one bit; from it a judge would have to
learn which wordings mean the same and how to compare at once, and stayed at chance for 46 minutes. Told what each sentence says, it compares after five."""

from functools import cache

from torch import Tensor, nn

from advice import Question, Sayable, questions
from model import EPSILON, WIDTH

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
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, states: Tensor) -> Tensor:
        return self.out(self.norm(states))
