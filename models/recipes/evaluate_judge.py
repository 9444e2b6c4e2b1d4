"""Scores kitten-judge on wordings it never saw and on denials: `python evaluate_judge.py CHECKPOINT.pt`. Not here: its training data (judge.py)."""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import torch

from advice import TRAINING, questions
from advice_law import AdviceLaw
from data import collate
from judge import DENIALS, criterion_case, head_of, meaning_case, tail_of
from mixture import Encoded
from model import Llama
from tokenizer import load

SEED = "kitten-judge-test"
SEEN, UNSEEN = slice(0, TRAINING), slice(TRAINING, None)
Pair = tuple[str, str, bool]  # answer, tail of the prompt, right verdict


def pairs(rng: random.Random, texts: slice, criteria: slice, denied: slice | None = None) -> Iterator[Pair]:
    """As many met criteria as unmet ones; with `denied`, the unmet ones are about points that the answer denies."""
    while True:
        question = rng.choice(questions())
        said = [s for s, _ in AdviceLaw(f"{SEED}/{rng.random()}").answer(question, rng)]
        points = [s for s in said if not s.myth]
        denies = set(rng.sample(points, len(points) // 2)) if denied else set()
        text = " ".join(rng.choice(s.negations[denied]) if s in denies else rng.choice(s.texts[texts] or s.texts) for s in said)
        met = [s for s in points if s not in denies]
        unmet = list(denies) if denied else [s for s in question.points if s not in said]
        n = min(len(met), len(unmet), 3)
        for yes, pool in ((True, met), (False, unmet)):
            for s in rng.sample(pool, n):
                yield text, criterion_case(text, rng.choice(s.criteria[criteria]), yes).tail, yes


def statements(rng: random.Random, name: str, texts: slice, denied: slice) -> Iterator[Pair]:
    """`says` or `denies` of sentences as a reference has them, in other words than the answer's: as many right as wrong ones."""
    while True:
        question = rng.choice(questions())
        said = [s for s, _ in AdviceLaw(f"{SEED}/{rng.random()}").answer(question, rng) if not s.myth]
        denies = set(rng.sample(said, len(said) // 2))
        statement = lambda s: rng.choice(s.texts[SEEN])
        text = " ".join(rng.choice(s.negations[denied]) if s in denies else rng.choice(s.texts[texts] or s.texts) for s in said)
        right = [s for s in said if (s in denies) == (name == "denies")]
        wrong = [s for s in question.points if s not in right]
        n = min(len(right), len(wrong), 2)
        for yes, pool in ((True, right), (False, wrong)):
            for s in rng.sample(pool, n):
                yield text, tail_of(text, name, statement=statement(s)), yes


def meanings(rng: random.Random) -> Iterator[Pair]:
    while True:
        answer, case = meaning_case(rng)
        yield answer.text, case.tail, case.yes


SETS = {
    "seen": lambda rng: pairs(rng, SEEN, SEEN),
    "unseenText": lambda rng: pairs(rng, UNSEEN, SEEN),
    "unseenCriterion": lambda rng: pairs(rng, SEEN, UNSEEN),
    "unseenBoth": lambda rng: pairs(rng, UNSEEN, UNSEEN),
    "denialSeen": lambda rng: pairs(rng, SEEN, SEEN, slice(0, DENIALS)),
    "denialUnseen": lambda rng: pairs(rng, SEEN, SEEN, slice(DENIALS, None)),
    "saysUnseen": lambda rng: statements(rng, "says", UNSEEN, slice(DENIALS, None)),
    "deniesUnseen": lambda rng: statements(rng, "denies", SEEN, slice(DENIALS, None)),
    "sameMeaning": meanings,
}


@torch.no_grad()
def probabilities(model: Llama, tokenizer, prompts: list[tuple[str, str]], rows: int = 64) -> list[float]:
    """P(yes) / (P(yes) + P(no)) as the next token after each (answer, tail)."""
    yes, no = (tokenizer.token_to_id(w) for w in ("yes", "no"))
    heads, tails = (tokenizer.encode_batch(list(t)) for t in zip(*[(head_of(a), t) for a, t in prompts]))
    out: list[float] = [0.0] * len(prompts)
    order = sorted(range(len(prompts)), key=lambda i: len(heads[i].ids) + len(tails[i].ids))
    for start in range(0, len(order), rows):
        chunk = order[start : start + rows]
        batch = collate([Encoded(heads[i].ids, [(tails[i].ids, [yes])], [], []) for i in chunk])
        last = torch.tensor([len(heads[i].ids) + len(tails[i].ids) - 1 for i in chunk])
        logits = model.logits(model.hidden(batch.ids)[torch.arange(len(chunk)), last])[:, [yes, no]]
        for i, p in zip(chunk, logits.softmax(-1)[:, 0].tolist()):
            out[i] = p
    return out


def evaluate(model: Llama, tokenizer, count: int, seed: int = 11) -> dict[str, dict[str, float]]:
    """-> for each set of `count` pairs: balanced accuracy, share of unmet criteria judged yes, share of met ones judged no."""
    figures = {}
    for name, make in SETS.items():
        source = make(random.Random(f"{seed}/{name}"))
        drawn = [next(source) for _ in range(count)]
        judged = probabilities(model, tokenizer, [(a, t) for a, t, _ in drawn])
        wrong = {right: [(p > 0.5) != right for p, (_, _, yes) in zip(judged, drawn) if yes == right] for right in (True, False)}
        false_no, false_yes = (sum(wrong[k]) / max(1, len(wrong[k])) for k in (True, False))
        figures[name] = {"balanced": 1 - (false_no + false_yes) / 2, "falseYes": false_yes, "falseNo": false_no}
    return figures


def show(figures: dict[str, dict[str, float]]) -> str:
    return "  ".join(f"{k} {v['balanced']:.3f} (false yes {v['falseYes']:.3f}, no {v['falseNo']:.3f})" for k, v in figures.items())


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("model", type=Path)
    a.add_argument("--pairs", type=int, default=1000)
    a.add_argument("--average", action="store_true", help="score the running average of the weights")
    a = a.parse_args()
    tokenizer = load(a.model.parent)
    model = Llama(tokenizer.get_vocab_size()).eval()
    model.load_state_dict(torch.load(a.model)["average" if a.average else "model"])
    figures = evaluate(model, tokenizer, a.pairs)
    print(show(figures))
    print(json.dumps({k: {n: round(x, 4) for n, x in v.items()} for k, v in figures.items()}))
