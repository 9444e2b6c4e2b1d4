"""The Muon optimiser in float32. Not here: AdamW, learning-rate schedule. (PyTorch's own computes in bfloat16, far slower on many CPUs.)"""

from collections import defaultdict

import torch
from torch import Tensor

MOMENTUM, DECAY = 0.95, 0.02


class Muon:
    """Momentum, orthogonalised by five Newton-Schulz steps, scaled to the step size of AdamW; equal shapes go as one batch."""

    def __init__(self, parameters: list[Tensor]):
        self.groups = defaultdict(list)
        for p in parameters:
            self.groups[tuple(p.shape)].append(p)
        self.momentum = {s: torch.zeros(len(ps), *s) for s, ps in self.groups.items()}

    def state_dict(self) -> dict:
        return dict(self.momentum)

    def load_state_dict(self, state: dict) -> None:
        self.momentum = state

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for shape, ps in self.groups.items():
            g, m = torch.stack([p.grad for p in ps]), self.momentum[shape]
            m.mul_(MOMENTUM).add_(g, alpha=1 - MOMENTUM)
            x = g * (1 - MOMENTUM) + m * MOMENTUM  # Nesterov
            x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
            tall = shape[0] > shape[1]
            x = x.mT if tall else x
            for _ in range(5):
                a = x @ x.mT
                x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
            update = (x.mT if tall else x) * (0.2 * max(shape) ** 0.5)
            for p, u in zip(ps, update):
                p.mul_(1 - rate * DECAY).sub_(u, alpha=rate)
