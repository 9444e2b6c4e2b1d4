"""Scores advice on held-out items. Not here: what a text says (advice.py), the judge by itself (evaluate_judge.py), the command (evaluate.py)."""

import re

import numpy as np
from tokenizers import Tokenizer

from advice import Question, score, words
from evaluate_answers import G, mean
from evaluate_judge import probabilities
from judge import criterion_case
from model import Llama
from skills import FEWEST
from templates import render, render_group
from text import chat

RETRY_TEMPERATURE = 0.7
Figures = dict[str, tuple[float, float]]


def criteria_of(reply: str) -> list[str]:
    """As the product reads a rubric: elements, the last of which may be cut off, without doubles, at most eight."""
    found = (" ".join(c.split()) for c in re.findall(r"<criterion>([^<]*)", reply))
    # setdefault keeps the first of those that differ in case and signs alone
    distinct: dict[str, str] = {}
    for c in found:
        distinct.setdefault(" ".join(re.findall(r"\w+", c.lower())), c)
    return [c for key, c in distinct.items() if key][:8]


def propose(write, prompts: list[str]) -> list[list[str]]:
    """As the product: a second attempt, no longer greedy, where the first has too few criteria; the better of the two."""
    criteria = [criteria_of(r) for r in write(prompts, 0.0)]
    short = [i for i, c in enumerate(criteria) if len(c) < FEWEST]
    for i, reply in zip(short, write([prompts[i] for i in short], RETRY_TEMPERATURE)):
        criteria[i] = max(criteria[i], criteria_of(reply), key=len)
    return criteria


def evaluate(generate, tokenizer, items: list[tuple[str, Question]], judge: tuple[Llama, Tokenizer] | None = None, samples: list[str] | None = None) -> Figures:
    """-> {figure: (mean over items, standard error)}. Coverage is at the rollouts' mean number of words: a longer text is cut there. With a judge and its tokenizer, also
    the rank correlation of rubric rewards with gold coverage in a group. `samples` collects texts to look at."""
    encode = lambda users: [tokenizer.encode(chat(u)).ids for u in users]
    write = lambda users, t: tokenizer.decode_batch([ids for ids, _ in generate(encode(users), t)])
    prompts = [render("kitten", "rolloutOpen", prompt=p) for p, _ in items]
    drawn = generate([p for p in encode(prompts) for _ in range(G)], 1.0)
    texts, greedy = tokenizer.decode_batch([ids for ids, _ in drawn]), write(prompts, 0.0)
    groups = [texts[i : i + G] for i in range(0, len(texts), G)]
    synthesis, one = (write([render_group("kitten", "synthesisOpen", g[:n]) for g in groups], 0.0) for n in (G, 1))
    rubrics = propose(write, [render("kitten", "rubric", reference=s) for s in synthesis])
    from_prompt = propose(write, [render("kitten", "rubricFromPrompt", prompt=p) for p, _ in items])
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
        add("rubricParsed", len(rubrics[i]) >= FEWEST)
        add("rubricFromPromptParsed", len(from_prompt[i]) >= FEWEST)
    figures = {k: mean(v) for k, v in rows.items()}
    if judge is not None:
        gold = [[score(q, t)["coverage"] for t in g] for (_, q), g in zip(items, groups)]
        for name, criteria in (("spearman", rubrics), ("spearmanFromPrompt", from_prompt)):
            figures[name] = mean(correlations(*judge, groups, criteria, gold))
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

