"""Scores a model on held-out items: `python evaluate.py MODEL`, a checkpoint or an exported folder. Not here: how (evaluate_answers.py, evaluate_advice.py, evaluate_judge.py),
the product's own bench."""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

import advice_items
import evaluate_advice
import evaluate_answers
import evaluate_judge
import items
import tokenizer as tokenizer_recipe
from evaluate_bits import rounded
from mixture import MODELS
from model import Llama
from quantise import BLOCKS

SCORED = [*evaluate_answers.DOMAINS, "advice"]


def load(model: Path, average: bool, bits: int | None) -> tuple:
    """-> (network, tokenizer). `bits` rounds the matrices as an export with so many would."""
    if model.is_dir():
        folder, state = model, {k: v.float() for k, v in load_file(model / "model.safetensors").items()}
    else:
        folder, state = model.parent, torch.load(model)["average" if average else "model"]
    if bits:
        state = rounded(state, bits, bits)
    tokenizer = tokenizer_recipe.load(folder)
    network = Llama(tokenizer.get_vocab_size()).eval()
    network.load_state_dict(state)
    return network, tokenizer


def main() -> None:
    a = argparse.ArgumentParser()
    a.add_argument("checkpoint", type=Path, help="or a folder as export.py writes it")
    a.add_argument("--model", choices=MODELS, default="kitten")
    a.add_argument("--domain", choices=SCORED, help="of kitten; by default all")
    a.add_argument("--judge", type=Path, help="a judge, to see whether its rewards rank answers of advice as their coverage does")
    a.add_argument("--items", type=int, default=200)
    a.add_argument("--seed", type=int, default=7)
    a.add_argument("--average", action="store_true", help="score the running average of the weights")
    a.add_argument("--bits", type=int, choices=list(BLOCKS), help="with its matrices rounded to so many bits")
    a.add_argument("--show", type=int, default=0, help="print so many rollouts of advice")
    a = a.parse_args()
    model, tokenizer = load(a.checkpoint, a.average, a.bits)

    def report(name: str, shown: str, figures: dict) -> None:
        print(f"{name}: {shown}\n{json.dumps(figures)}", flush=True)

    if a.model == "kitten-judge":
        figures = evaluate_judge.evaluate(model, tokenizer, a.items)
        report(a.model, evaluate_judge.show(figures), {k: {n: round(x, 4) for n, x in v.items()} for k, v in figures.items()})
        return
    generate, samples = evaluate_answers.torch_generator(model, tokenizer, a.seed), []
    for domain in [a.domain] if a.domain else SCORED:
        if domain == "advice":
            judge = load(a.judge, a.average, None) if a.judge else None
            figures = evaluate_advice.evaluate(generate, tokenizer, advice_items.load(a.items), judge, samples)
        else:
            figures = evaluate_answers.evaluate(generate, tokenizer, items.load(a.items, domain), domain)
        report(domain, evaluate_answers.show(figures), {k: [round(x, 4) for x in v] for k, v in figures.items()})
    print("\n".join(samples[: a.show]))


if __name__ == "__main__":
    main()
