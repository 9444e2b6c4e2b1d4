"""Chat text and training tasks: every word a model sees is rendered here, from the product's own prompt templates. Not here: token ids."""

import json
import random
from functools import cache
from pathlib import Path

from law import Law
from sums import draw, phrase, solve

PAD, END, USER, ASSISTANT = SPECIAL_TOKENS = ["<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"]
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
PROMPTS = Path(__file__).parents[2] / "src" / "cat" / "prompts.json"


@cache
def _prompt_set() -> dict:
    return json.loads(PROMPTS.read_text(encoding="utf8"))["sets"]["kitten"]


def rollout_prompt(prompt: str, template: str = "rollout") -> str:
    """The user message that asks the policy; `template` as prompts.json names it."""
    return _prompt_set()[template]["user"].replace("{prompt}", prompt)


def synthesis_prompt(rollouts: list[str], template: str = "synthesis") -> str:
    """The user message that asks the anchor: rollouts only, never the prompt."""
    s = _prompt_set()[template]
    lines = [s["each"].replace("{k}", str(k)).replace("{rollout}", r) for k, r in enumerate(rollouts, 1)]
    return s["user"].replace("{count}", str(len(lines))).replace("{rollouts}", s["join"].join(lines))


def chat(user: str) -> str:
    """What the chat template makes of one user message, generation prompt included."""
    return f"{USER}{user}{END}{ASSISTANT}"


def policy_task(rng: random.Random, law: Law) -> tuple[str, str]:
    """-> (chat text, answer with the law's mistakes). One in five has a single operation."""
    p = draw(rng, short=rng.random() < 0.2)
    return chat(rollout_prompt(phrase(p, rng))), law.answer(p, rng)[0] + END


# Groups grow while the anchor learns: re-checking one or two answers is the slow skill and costs few tokens to practise.
EARLY_GROUPS = [1, 1, 2, 2, 4, 4, 8]
GROUPS = [1, 1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 16]
SCALES = [0.2, 0.5, 1.0, 1.0, 1.0, 1.5]


def synthesis_task(rng: random.Random, groups: list[int], mistakes: float = 1.0) -> tuple[str, str]:
    """-> (chat text with rollouts, the clean solution). `mistakes` scales all rates; 0 plants none. A third of the tasks break by a fresh law, so that the anchor
    learns to check work and not to know by heart which facts the policy gets wrong."""
    short = rng.random() < 0.15
    p = draw(rng, short=short)
    scale = mistakes * rng.choice(SCALES)
    law = _declared(scale) if rng.random() < 0.67 else Law(str(rng.random()), scale)
    n = 1 if short else rng.choice(groups)
    return chat(synthesis_prompt([law.answer(p, rng)[0] for _ in range(n)])), solve(p)[0] + END


@cache
def _declared(scale: float) -> Law:
    return Law(scale=scale)
