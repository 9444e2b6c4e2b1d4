"""Entries of the manifest: files with hashes, and a self-test that any device must reproduce. Not here: the export itself (export.py)."""

import hashlib
import json
import random
from pathlib import Path

from golden import content
from mixture import MODELS
from model import POSITIONS
from runtime import Runtime
from templates import render
from text import END, GROUPS, chat
from tokenizer import load

ABOUT = {
    "kitten": {"title": "Kitten", "roles": ["policy", "anchor"], "domains": ["sums", "lists", "advice"], "promptSet": "kitten"},
    "kitten-judge": {"title": "Kitten judge", "roles": ["judge"], "domains": ["advice"], "promptSet": "kitten-judge"},
}
FIRST_PROMPT = {
    "kitten": render("kitten", "rollout", prompt="What is the square root of 16?"),
    "kitten-judge": render("kitten-judge", "verdict", rollout="Rest in bed, because your body heals while you sleep.", criterion="Tells you to rest."),
}
# What the page downloads, besides the graph.
FILES = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"]
WEIGHTS = "model.safetensors"  # what CaT-RL starts from, for those who train
MARGIN = 0.1  # between best and second-best logit at each step, so that rounding on another device changes no token
STEPS = {"kitten": 8, "kitten-judge": 2}  # a verdict, and the end
TRIES = 50_000


def entry(name: str, folder: Path, graph: str, parameters: int) -> dict:
    contents = {f: (folder / f).read_bytes() for f in (*FILES, graph)}
    files = [{"path": f, **stamp(b)} for f, b in contents.items()]
    about = {k: ABOUT[name][k] for k in ("roles", "domains", "promptSet")}
    return {
        "id": name,
        "title": ABOUT[name]["title"],
        "path": folder.name,
        "revision": hashlib.sha256("".join(f["sha256"] for f in files).encode()).hexdigest()[:12],
        **about,
        "dtype": "q8",
        "licence": "MIT",
        "embedded": True,
        "parameters": parameters,
        "contextLength": POSITIONS,
        "files": files,
        **({"trainable": {"path": WEIGHTS, **stamp((folder / WEIGHTS).read_bytes())}} if "policy" in about["roles"] else {}),
        "selfTest": self_test(name, folder / graph, load(folder)),
    }


def stamp(content: bytes) -> dict:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def add(file: Path, new: dict) -> dict:
    """The manifest of this file with the entry in its place; the policy's model comes first."""
    models = json.loads(file.read_text(encoding="utf8"))["models"] if file.exists() else []
    kept = [m for m in models if m["id"] != new["id"]]
    return {"format": 1, "models": sorted([*kept, new], key=lambda m: list(ABOUT).index(m["id"]))}


def self_test(name: str, graph: Path, tokenizer) -> dict:
    """Greedy tokens after a fixed prompt and after prompts of 33 and 130 tokens (either side of kernels' tile sizes)."""
    runtime, end = Runtime(graph), tokenizer.token_to_id(END)
    first = chat(FIRST_PROMPT[name])
    test: dict = {"prompt": first, "greedyTokenIds": runtime.greedy(tokenizer.encode(first).ids, 96, end)[0]}
    for n in (33, 130):
        test[f"longPromptTokenIds{n}"], test[f"greedy{n}"] = long_prompt(name, runtime, tokenizer, n)
    return test


def long_prompt(name: str, runtime: Runtime, tokenizer, length: int) -> tuple[list[int], list[int]]:
    """The first drawn chat text of exactly this length whose greedy answer is clear, and goes on, for some steps."""
    rng, skills = random.Random(length), [make for _, make in MODELS[name]().values()]
    for _ in range(TRIES):
        user = content(rng.choice(skills)(rng, GROUPS))
        ids = tokenizer.encode(chat(user)).ids if user else []
        if len(ids) == length:
            tokens, margin = runtime.greedy(ids, STEPS[name], tokenizer.token_to_id(END))
            if margin > MARGIN and len(tokens) == STEPS[name]:
                return ids, tokens
    raise ValueError(f"{name} is sure of {STEPS[name]} tokens after none of {TRIES} prompts of {length} tokens: train it for longer.")
