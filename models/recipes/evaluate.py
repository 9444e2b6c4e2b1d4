"""Scores every method on held-out items: `python evaluate.py CHECKPOINT.pt|GRAPH.onnx --tokenizer FOLDER`. Not here: sampling (sampling.py), the product's own bench."""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import numpy as np
import torch

import items
from behaviour import behaviours
from model import Llama
from runtime import Runtime
from sampling import sample
from text import END, chat, rollout_prompt, synthesis_prompt
from tokenizer import load

G = 8


def final_answer(text: str) -> str | None:
    found = re.findall(r"\\boxed\{(\d+)\}", text)
    return found[-1] if found else None


# Domain -> (template of the policy, of the anchor, the answers in texts and in labels). A function is what it does.
DOMAINS: dict[str, tuple[str, str, Callable, Callable]] = {
    "sums": ("rollout", "synthesis", lambda texts: [final_answer(t) for t in texts], list),
    "lists": ("rolloutCode", "synthesisCode", behaviours, behaviours),
}


def evaluate(generate, tokenizer, problems: list[tuple[str, str]], domain: str = "sums") -> dict[str, tuple[float, float]]:
    """-> {method: (accuracy, standard error)}. `generate(prompts as ids, temperature)` -> [(ids, mean log-probability)]."""
    asks, reconciles, answers, labels = DOMAINS[domain]
    encode = lambda users: [e.ids for e in tokenizer.encode_batch([chat(u) for u in users])]
    decode = lambda rows: tokenizer.decode_batch([ids for ids, _ in rows])
    prompts, gold = encode([rollout_prompt(p, asks) for p, _ in problems]), labels([a for _, a in problems])
    drawn = generate([p for p in prompts for _ in range(G)], 1.0)
    texts = decode(drawn)
    told = answers(texts)
    groups = [[(texts[j], told[j], drawn[j][1]) for j in range(i, i + G)] for i in range(0, len(texts), G)]
    greedy, one, all_ = (
        answers(decode(generate(ids, 0.0)))
        for ids in (prompts, *(encode([synthesis_prompt([t for t, _, _ in g[:n]], reconciles) for g in groups]) for n in (1, G)))
    )
    right = [[a == b for _, a, _ in g] for g, b in zip(groups, gold)]
    per_item = {
        "single": [sum(r) / G for r in right],
        "greedy": [a == b for a, b in zip(greedy, gold)],
        "lowestPerplexity": [max(g, key=lambda x: x[2])[1] == b for g, b in zip(groups, gold)],
        "majority": [Counter(a for _, a, _ in g).most_common(1)[0][0] == b for g, b in zip(groups, gold)],
        "synthesisOfOne": [a == b for a, b in zip(one, gold)],
        "synthesis": [a == b for a, b in zip(all_, gold)],
        "pass@8": [any(r) for r in right],
        "rightThoughAllWrong": [a == b and not any(r) for a, b, r in zip(all_, gold, right)],
        "rightAgainstMajority": [a == b and sum(r) * 2 < G for a, b, r in zip(all_, gold, right)],
    }
    return {k: _mean(v) for k, v in per_item.items()}


def _mean(values: list) -> tuple[float, float]:
    n, m = len(values), sum(values) / len(values)
    return m, sqrt(sum((v - m) ** 2 for v in values) / max(1, n - 1) / n)


def torch_generator(model: Llama, tokenizer, seed: int):
    generator = torch.Generator().manual_seed(seed)
    end = tokenizer.token_to_id(END)
    # Advice is the longest: answers up to 164 tokens.
    return lambda prompts, temperature: sample(model, prompts, end, temperature, generator, limit=192)


def show(figures: dict[str, tuple[float, float]]) -> str:
    return "  ".join(f"{k} {m:.3f}±{e:.3f}" for k, (m, e) in figures.items())


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("model", type=Path)
    a.add_argument("--tokenizer", type=Path, help="folder of tokenizer.json; by default beside the model")
    a.add_argument("--domain", choices=DOMAINS, default="sums")
    a.add_argument("--items", type=int, default=200)
    a.add_argument("--seed", type=int, default=7)
    a.add_argument("--average", action="store_true", help="score the running average of the weights")
    a = a.parse_args()
    tokenizer = load(a.tokenizer or a.model.parent)
    if a.model.suffix == ".onnx":
        runtime, random = Runtime(a.model), np.random.default_rng(a.seed)
        generate = lambda prompts, t: runtime.generate(prompts, tokenizer.token_to_id(END), t, random)
    else:
        model = Llama(tokenizer.get_vocab_size()).eval()
        model.load_state_dict(torch.load(a.model)["average" if a.average else "model"])
        generate = torch_generator(model, tokenizer, a.seed)
    figures = evaluate(generate, tokenizer, items.load(a.items, a.domain), a.domain)
    print(show(figures))
    print(json.dumps({k: [round(x, 4) for x in v] for k, v in figures.items()}))
