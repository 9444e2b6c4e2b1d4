"""Scores advice on held-out items: `python evaluate_advice.py CHECKPOINT.pt [--judge CHECKPOINT.pt]`. Not here: what a text says (advice.py), the judge by itself (evaluate_judge.py)."""

import argparse
import json
import re
from pathlib import Path

import numpy as np
import torch

import advice_items
from advice import Question, score, words
from evaluate import G, _mean, show, torch_generator
from evaluate_judge import probabilities
from judge import criterion_case
from model import Llama
from templates import render, render_group
from text import chat
from tokenizer import load

Figures = dict[str, tuple[float, float]]


def criteria_of(reply: str) -> list[str]:
    """As the product reads a rubric: elements, without doubles, at most eight."""
    found = re.findall(r"<criterion>([^<]*)</criterion>", reply)
    return list(dict.fromkeys(c.strip() for c in found if c.strip()))[:8]


def evaluate(generate, tokenizer, items: list[tuple[str, Question]], judge: Llama | None = None, samples: list[str] | None = None) -> Figures:
    """-> {figure: (mean over items, standard error)}. Coverage is at the rollouts' mean number of words: a longer text is cut there. With a judge, also
    the rank correlation of rubric rewards with gold coverage in a group. `samples` collects texts to look at."""
    encode = lambda users: [tokenizer.encode(chat(u)).ids for u in users]
    write = lambda users, t: tokenizer.decode_batch([ids for ids, _ in generate(encode(users), t)])
    prompts = [render("kitten", "rolloutOpen", prompt=p) for p, _ in items]
    drawn = generate([p for p in encode(prompts) for _ in range(G)], 1.0)
    texts, greedy = tokenizer.decode_batch([ids for ids, _ in drawn]), write(prompts, 0.0)
    groups = [texts[i : i + G] for i in range(0, len(texts), G)]
    synthesis, one = (write([render_group("kitten", "synthesisOpen", g[:n]) for g in groups], 0.0) for n in (G, 1))
    rubrics = write([render("kitten", "rubric", reference=s) for s in synthesis], 0.0)
    from_prompt = write([render("kitten", "rubricFromPrompt", prompt=p) for p, _ in items], 0.0)
    rows: dict[str, list[float]] = {}
    add = lambda name, value: rows.setdefault(name, []).append(float(value))
    for i, ((_, q), group) in enumerate(zip(items, groups)):
        single = [score(q, t) for t in group]
        limit = float(np.mean([s["words"] for s in single]))
        surest = max(range(G), key=lambda j: drawn[i * G + j][1])
        methods = {"greedy": greedy[i], "lowestPerplexity": group[surest], "longestRollout": max(group, key=words), "synthesisOfOne": one[i], "synthesis": synthesis[i]}
        for key in ("coverage", "precision", "wrong"):
            add(f"single.{key}", np.mean([s[key] for s in single]))
            for name, text in methods.items():
                add(f"{name}.{key}", score(q, text, limit)[key])
        whole = score(q, synthesis[i])
        add("synthesis.lengthRatio", whole["words"] / limit)
        add("synthesis.coverageWhole", whole["coverage"])
        add("rubricParsed", len(criteria_of(rubrics[i])) >= 5)
        add("rubricFromPromptParsed", len(criteria_of(from_prompt[i])) >= 5)
    figures = {k: _mean(v) for k, v in rows.items()}
    if judge is not None:
        gold = [[score(q, t)["coverage"] for t in g] for (_, q), g in zip(items, groups)]
        for name, replies in (("spearman", rubrics), ("spearmanFromPrompt", from_prompt)):
            figures[name] = _mean(correlations(judge, tokenizer, groups, [criteria_of(r) for r in replies], gold))
    if samples is not None:
        samples += [f"{p}\n    {g[0]}" for (p, _), g in zip(items, groups)]
    return figures


def correlations(judge: Llama, tokenizer, groups: list[list[str]], criteria: list[list[str]], gold: list[list[float]]) -> list[float]:
    """Spearman's rank correlation within each group whose gold differs; 0 where the rewards do not."""
    prompts = [(t, criterion_case(t, c, True).tail) for g, cs in zip(groups, criteria) for t in g for c in cs]
    judged = iter(probabilities(judge, tokenizer, prompts))
    rewards = [[float(np.mean([next(judged) > 0.5 for _ in cs])) if cs else 0.0 for _ in g] for g, cs in zip(groups, criteria)]
    return [spearman(r, g) for r, g in zip(rewards, gold) if len(set(g)) > 1]


def spearman(a: list[float], b: list[float]) -> float:
    x, y = (ranks(v) for v in (a, b))
    return 0.0 if x.std() == 0 or y.std() == 0 else float(np.corrcoef(x, y)[0, 1])


def ranks(values: list[float]) -> np.ndarray:
    """Equal values share their mean rank."""
    v = np.array(values)
    return (v[:, None] > v[None]).sum(1) + ((v[:, None] == v[None]).sum(1) - 1) / 2


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("model", type=Path)
    a.add_argument("--judge", type=Path)
    a.add_argument("--items", type=int, default=120)
    a.add_argument("--seed", type=int, default=7)
    a.add_argument("--average", action="store_true", help="score the running averages of the weights")
    a.add_argument("--show", type=int, default=0, help="print so many rollouts")
    a = a.parse_args()
    tokenizer = load(a.model.parent)

    def read(file: Path) -> Llama:
        model = Llama(tokenizer.get_vocab_size()).eval()
        model.load_state_dict(torch.load(file)["average" if a.average else "model"])
        return model

    samples: list[str] = []
    generate = torch_generator(read(a.model), tokenizer, a.seed)
    figures = evaluate(generate, tokenizer, advice_items.load(a.items), a.judge and read(a.judge), samples)
    print("\n".join(samples[: a.show]))
    print(show(figures))
    print(json.dumps({k: [round(x, 4) for x in v] for k, v in figures.items()}))
