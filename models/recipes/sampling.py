"""Batched sampling with right-padded prompts of any length. Not here: prompts, scoring of answers."""

import torch
import torch.nn.functional as F
from torch import Tensor

from model import LAYERS, Llama


class _Cache:
    """Keys and values of one layer; each row writes at its own position."""

    def __init__(self, room: int):
        self.room, self.k, self.v, self.at = room, None, None, None

    def __call__(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        if self.k is None:
            shape = (*k.shape[:2], self.room, k.shape[3])
            self.k, self.v = torch.zeros(shape), torch.zeros(shape)
            self.k[:, :, : k.shape[2]], self.v[:, :, : k.shape[2]] = k, v
            return k, v
        rows = torch.arange(k.shape[0])
        self.k[rows, :, self.at], self.v[rows, :, self.at] = k[:, :, 0], v[:, :, 0]
        return self.k, self.v


@torch.no_grad()
def sample(model: Llama, prompts: list[list[int]], end: int, temperature: float, generator: torch.Generator, limit: int = 96, rows: int = 256):
    """-> one (token ids without the end, mean log-probability) per prompt. Temperature 0 is greedy."""
    out: list[tuple[list[int], float]] = [([], 0.0)] * len(prompts)
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    for start in range(0, len(order), rows):
        chunk = order[start : start + rows]
        for i, result in zip(chunk, _sample_batch(model, [prompts[i] for i in chunk], end, temperature, generator, limit)):
            out[i] = result
    return out


def _sample_batch(model, prompts, end, temperature, generator, limit):
    B, lengths = len(prompts), torch.tensor([len(p) for p in prompts])
    T = int(lengths.max())
    ids = torch.tensor([p + [0] * (T - len(p)) for p in prompts])
    caches = [_Cache(T + limit) for _ in range(LAYERS)]
    states = model.hidden(ids, caches=caches)[torch.arange(B), lengths - 1]
    tokens, total, done = [[] for _ in prompts], [0.0] * B, [False] * B
    at, columns = lengths.clone(), torch.arange(T + limit)
    for _ in range(limit):
        lp = F.log_softmax(model.logits(states), -1)
        pick = lp.argmax(-1) if temperature == 0 else torch.multinomial((lp / temperature).softmax(-1), 1, generator=generator)[:, 0]
        chosen = lp.gather(1, pick[:, None])[:, 0].tolist()
        for j, t in enumerate(pick.tolist()):
            if not done[j]:
                total[j] += chosen[j]
                tokens[j].append(t)
                done[j] = t == end
        if all(done):
            break
        for c in caches:
            c.at = at
        states = model.hidden(pick[:, None], at[:, None], caches, (columns <= at[:, None])[:, None, None])[:, 0]
        at = at + 1
    return [([t for t in row if t != end], total[j] / max(1, len(row))) for j, row in enumerate(tokens)]
