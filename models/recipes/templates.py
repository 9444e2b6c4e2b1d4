"""Fills in the product's own prompt templates (src/cat/prompts.json) as src/cat/prompts.ts does. Not here: chat markers (text.py)."""

import json
import re
from functools import cache

from text import PROMPTS


@cache
def _sets() -> dict:
    return json.loads(PROMPTS.read_text(encoding="utf8"))["sets"]


def template(prompt_set: str, name: str) -> dict:
    """A prompt set that lacks a template borrows the default's."""
    sets = _sets()
    return sets[prompt_set].get(name) or sets["default"][name]


def fill(text: str, values: dict[str, str]) -> str:
    """One pass, so that braces inside a value stay text."""
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], m[0]), text)


def render(prompt_set: str, name: str, **values: str) -> str:
    return fill(template(prompt_set, name)["user"], values)


def render_group(prompt_set: str, name: str, rollouts: list[str]) -> str:
    """A user message that shows several rollouts."""
    t = template(prompt_set, name)
    if t.get("oneLine"):  # as the product does, because a line is a rollout
        rollouts = [re.sub(r"\s+", " ", r) for r in rollouts]
    shown = t.get("join", "\n").join(fill(t["each"], {"k": str(k), "rollout": r}) for k, r in enumerate(rollouts, 1))
    return fill(t["user"], {"count": str(len(rollouts)), "rollouts": shown})
