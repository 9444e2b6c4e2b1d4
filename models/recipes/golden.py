"""Golden tokens: what Hugging Face transformers says greedily to prompts of every skill, from the exported folder. tests/engine/golden.test.ts compares
the product's engine. Not here: the prompts' world (mixture.py), the export (export.py)."""

import json
import random
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from mixture import MODELS
from text import ASSISTANT, END, USER

SEED = 2028
COUNTS = {
    "kitten": {
        "sums.policy": 6, "lists.policy": 6, "advice.policy": 6, "sums.synthesis": 6, "lists.synthesis": 6, "advice.synthesis": 6,
        "advice.rubric": 4, "advice.rubricFromPrompt": 4, "sums.choice": 2, "lists.choice": 2, "advice.choice": 2,
    },
    "kitten-judge": {"verdict": 8, "sameMeaning": 2},
}  # fmt: skip
GROUPS = [2, 3, 4, 5, 6, 7, 8]  # rollouts in a synthesis
LONGEST = 240  # tokens of a prompt: with one thread, wasm reads about a thousand in a second
LIMIT = 40  # tokens of an answer
MARGIN = 0.01  # of logits at each step: what hangs on less tells about rounding and not about the file


def load(folder: Path) -> tuple:
    """-> (model in float32, tokenizer), as any user of transformers loads them."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval(), AutoTokenizer.from_pretrained(folder)


def cases(name: str, folder: Path) -> list[dict]:
    """-> [{skill, user, promptTokens, tokens}]; the end is among the tokens unless the limit came first."""
    model, tokenizer = load(folder)
    found = []
    for skill, count in COUNTS[name].items():
        rng, make = random.Random(f"{SEED}/{skill}"), MODELS[name]()[skill][1]
        wanted = len(found) + count
        while len(found) < wanted:
            user = content(make(rng, GROUPS))
            if skill.endswith("synthesis") and user and "\n[2]" not in user:
                continue
            answer = user and greedy(model, tokenizer, user)
            if answer:
                found.append({"skill": skill, "user": user, **answer})
    return found


def content(row) -> str | None:
    """The user's message of a row's first prompt."""
    if not row.tails:
        return None
    text = row.head + row.tails[0].text
    return text.removeprefix(USER).removesuffix(END + ASSISTANT)


@torch.no_grad()
def greedy(model, tokenizer, user: str) -> dict | None:
    """None where the prompt is long or the answer hangs on rounding."""
    ids = tokenizer.apply_chat_template([{"role": "user", "content": user}], add_generation_prompt=True, return_tensors="pt", return_dict=True)
    length = ids["input_ids"].shape[1]
    if length > LONGEST:
        return None
    out = model.generate(**ids, do_sample=False, max_new_tokens=LIMIT, output_logits=True, return_dict_in_generate=True)
    best = torch.cat(out.logits).topk(2).values
    if (best[:, 0] - best[:, 1]).min() < MARGIN:
        return None
    return {"promptTokens": length, "tokens": out.sequences[0, length:].tolist()}


def write(name: str, folder: Path, file: Path) -> None:
    """A case a line, beside those that the file has of other models."""
    lines = file.read_text(encoding="utf8").splitlines() if file.exists() else []
    kept = [line for line in lines if json.loads(line)["model"] != name]
    new = [json.dumps({"model": name, **case}, ensure_ascii=False) for case in cases(name, folder)]
    file.write_text("".join(line + "\n" for line in kept + new), encoding="utf8")
