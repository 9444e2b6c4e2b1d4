"""Scores every method on held-out items of sums and lists. Not here: advice (evaluate_advice.py), the command (evaluate.py), the product's own bench."""

import re
from collections import Counter
from collections.abc import Callable
from math import sqrt

import torch

from behaviour import behaviours
from model import Llama
from sampling import sample
from text import END, chat, rollout_prompt, synthesis_prompt

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
    return {k: mean(v) for k, v in per_item.items()}


def mean(values: list) -> tuple[float, float]:
    n, m = len(values), sum(values) / len(values)
    return m, sqrt(sum((v - m) ** 2 for v in values) / max(1, n - 1) / n)


def torch_generator(model: Llama, tokenizer, seed: int):
    generator = torch.Generator().manual_seed(seed)
    end = tokenizer.token_to_id(END)
    # Advice is the longest: answers up to 164 tokens.
    return lambda prompts, temperature: sample(model, prompts, end, temperature, generator, limit=192)


def show(figures: dict[str, tuple[float, float]]) -> str:
    return "  ".join(f"{k} {m:.3f}±{e:.3f}" for k, (m, e) in figures.items())
