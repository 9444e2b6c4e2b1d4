"""The manifest entry: files with hashes, and a self-test that any device must reproduce. Not here: the export itself (export.py)."""

import hashlib
import random
from pathlib import Path

import numpy as np

from law import Law
from model import POSITIONS
from runtime import Runtime
from sums import draw, phrase
from text import END, chat, rollout_prompt, synthesis_prompt
from tokenizer import load

QUESTION = "What is the square root of 16?"
MARGIN = 0.1  # between best and second-best logit at each step, so that rounding on another device changes no token
STEPS = 8


def make(folder: Path, graph: str, bits: int, parameters: int) -> dict:
    names = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", graph]
    files = [{"path": n, "bytes": (folder / n).stat().st_size, "sha256": hashlib.sha256((folder / n).read_bytes()).hexdigest()} for n in names]
    revision = hashlib.sha256("".join(f["sha256"] for f in files).encode()).hexdigest()[:12]
    return {
        "format": 1,
        "models": [
            {
                "id": "kitten",
                "title": "Kitten",
                "path": "kitten",
                "revision": revision,
                "roles": ["policy", "anchor"],
                "domains": ["sums"],
                "promptSet": "kitten",
                "dtype": {8: "q8", 16: "fp32", 32: "fp32"}[bits],
                "licence": "MIT",
                "embedded": True,
                "parameters": parameters,
                "contextLength": POSITIONS,
                "files": files,
                "selfTest": self_test(folder, graph),
            }
        ],
    }


def self_test(folder: Path, graph: str) -> dict:
    """Greedy tokens after a question, and after prompts of 33 and 130 tokens (either side of kernels' tile sizes)."""
    runtime, tokenizer = Runtime(folder / graph), load(folder)
    end = tokenizer.token_to_id(END)
    rendered = chat(rollout_prompt(QUESTION))
    question = tokenizer.encode(rendered).ids
    test: dict = {"prompt": rendered, "greedyTokenIds": greedy(runtime, question, 96, end)[0]}
    for n in (33, 130):
        test[f"longPromptTokenIds{n}"], test[f"greedy{n}"] = long_prompt(runtime, tokenizer, n, end)
    return test


def long_prompt(runtime: Runtime, tokenizer, length: int, end: int) -> tuple[list[int], list[int]]:
    """The first drawn chat text of exactly this length whose greedy answer is clear at every step."""
    rng, law = random.Random(length), Law()
    while True:
        p = draw(rng)
        rollouts = [law.answer(p, rng)[0] for _ in range(rng.randint(1, 6))]
        user = rollout_prompt(phrase(p, rng)) if rng.random() < 0.2 else synthesis_prompt(rollouts)
        ids = tokenizer.encode(chat(user)).ids
        if len(ids) != length:
            continue
        tokens, margin = greedy(runtime, ids, STEPS, end)
        if margin > MARGIN and len(tokens) == STEPS:
            return ids, tokens


def greedy(runtime: Runtime, ids: list[int], limit: int, end: int) -> tuple[list[int], float]:
    """-> (tokens, the end included, and the smallest margin)."""
    past, new, tokens, margin = None, ids, [], float("inf")
    while len(tokens) < limit and (not tokens or tokens[-1] != end):
        logits, past = runtime.run(np.array([new]), np.array([len(ids) + len(tokens)]), past)
        second, best = np.sort(logits[0, -1])[-2:]
        margin = min(margin, float(best - second))
        tokens.append(int(logits[0, -1].argmax()))
        new = tokens[-1:]
    return tokens, margin
