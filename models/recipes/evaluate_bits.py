"""What fewer bits a weight cost, before any sampling: `python evaluate_bits.py CHECKPOINT --average`. Far finer than shares of right answers (evaluate.py --bits).
Not here: how matrices are rounded (quantise.py)."""

import argparse
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

import tokenizer as tokenizer_recipe
from mixture import MODELS, encode
from model import Llama
from quantise import quantise

SEED = 5
GROUPS = [1, 4, 8]  # rollouts in a synthesis
EACH = 12  # answers of a skill
FORMS = {"float16": (16, 16), "8 bits": (8, 8), "4 bits, the embedding 8": (4, 8), "4 bits": (4, 4)}  # matrices, embedding
State = dict[str, Tensor]


def rounded(state: State, bits: int, embedding: int) -> State:
    """The weights as they come out of a file with so many bits."""

    def value(name: str, w: Tensor) -> Tensor:
        n = embedding if "embed" in name else bits
        return w.half().float() if w.dim() == 1 or n == 16 else torch.tensor(quantise(w.numpy(), n).values()).float()

    return {name: value(name, w) for name, w in state.items()}


@torch.no_grad()
def predictions(state: State, rows: list[tuple[list[int], list[int]]]) -> list[Tensor]:
    """Log-probabilities at each token of each answer."""
    model = Llama(len(state["model.embed_tokens.weight"])).eval()
    model.load_state_dict(state)
    hidden = (model.hidden(torch.tensor([prompt + answer]))[0, len(prompt) - 1 : -1] for prompt, answer in rows)
    return [F.log_softmax(model.logits(h), -1) for h in hidden]


def compare(state: State, rows: list, bits: int, embedding: int) -> tuple[float, float, float]:
    """Means over answers: divergence from the weights as they are, in nats a token; growth of the loss; share of tokens with the same likeliest one."""
    loss = lambda p, answer: F.nll_loss(p, torch.tensor(answer))
    figures = [
        ((p.exp() * (p - q)).sum(-1).mean(), loss(q, answer) - loss(p, answer), (p.argmax(-1) == q.argmax(-1)).float().mean())
        for p, q, (_, answer) in zip(predictions(state, rows), predictions(rounded(state, bits, embedding), rows), rows)
    ]
    return tuple(float(torch.stack(f).mean()) for f in zip(*figures))


def draw(name: str, tokenizer, each: int = EACH) -> list[tuple[list[int], list[int]]]:
    """(prompt, answer) of every skill."""
    rng, rows = random.Random(SEED), []
    for _, make in MODELS[name]().values():
        drawn = [row for row in (make(rng, GROUPS) for _ in range(each)) if row.tails]
        rows += [(head + tails[0][0], tails[0][1]) for head, tails, *_ in encode(tokenizer, drawn)]
    return rows


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("checkpoint", type=Path)
    a.add_argument("--model", choices=MODELS, default="kitten")
    a.add_argument("--average", action="store_true", help="of the running average of the weights")
    a = a.parse_args()
    state, rows = torch.load(a.checkpoint)["average" if a.average else "model"], draw(a.model, tokenizer_recipe.load(a.checkpoint.parent))
    print(f"{len(rows)} answers")
    for form, bits in FORMS.items():
        divergence, growth, same = compare(state, rows, *bits)
        print(f"{form}: divergence {divergence:.6f}, loss {growth:+.5f}, same likeliest token {same:.4f}", flush=True)
