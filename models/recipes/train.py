"""Trains kitten or kitten-judge, resumably: `python train.py OUT --minutes 66`. Not here: the tasks and their shares (mixture.py), scoring (evaluate*.py), export (export.py).
Stopping early: run again with a smaller --minutes; the rate falls to zero over the last part of whatever is asked for."""

import argparse
import contextlib
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from transformers import PreTrainedTokenizerFast

import advice_items
import evaluate_advice
import evaluate_answers
import evaluate_judge
import items
import tokenizer as tokenizer_recipe
from data import Batch, batches
from evaluate_answers import show, torch_generator
from mixture import MODELS
from model import Llama
from muon import Muon
from senses import DROPOUT, LAYER, LOOKING, SenseHead, bags, evenly, looking

RATE, WARM_STEPS, DECAY_SHARE, EARLY_SHARE = 2e-3, 50, 0.4, 0.4
TOKENS_PER_STEP = {"kitten": 8192, "kitten-judge": 6144, "kitten-natural": 8192}
CONTEXT_WEIGHT = 0.2  # reading the rollouts teaches copying and comparing early; it fades with the rate
SENSE_WEIGHT, EVEN_WEIGHT = 1.0, 0.3
CONTEXT_SHARE = 0.25
AVERAGING = 0.998
SAVE_EVERY, EVALUATE_EVERY = 3 * 60, 40 * 60
LONGEST_STEP = 15  # seconds; what is beyond it was a pause, not training


def loss_parts(model: Llama, senses: SenseHead, batch: Batch, bfloat16: bool):
    """-> (reply loss, side loss), each a weighted mean over its tokens. Beside its reply a row teaches what its sentences say and where to look, where that is told, or else to read what
    comes before the reply: of that a drawn quarter, since its logits are the larger part of a step's time."""
    reply, after = batch.weights > 0, {}
    reading = (batch.weights < 0) & (torch.rand_like(batch.weights) < CONTEXT_SHARE)
    chosen = reply if batch.senses is not None else reply | reading
    with torch.autocast("cpu", torch.bfloat16) if bfloat16 else contextlib.nullcontext():
        logits = model.logits(model.hidden(batch.ids, batch.positions, mask=batch.mask, after=after)[chosen])
        side = None if batch.senses is None else reading_loss(model, senses, batch, after)
    each, weights = F.cross_entropy(logits.float(), batch.targets[chosen], reduction="none"), batch.weights[chosen]
    mean = lambda w: (each * w).sum() / w.sum().clamp(min=1)
    if side is None:
        return mean(weights.clamp(min=0)), mean((-weights).clamp(min=0))
    return mean(weights.clamp(min=0)), side


def reading_loss(model: Llama, senses: SenseHead, batch: Batch, after: dict[int, torch.Tensor]) -> torch.Tensor:
    """What the judge's middle layer is told: what each sentence says, from its state and from its words alone, to read a sentence evenly, and where to look for the verdict."""
    row, place, first, last, sense = batch.senses.T
    positions = torch.arange(batch.ids.shape[1]).expand_as(batch.ids) if batch.positions is None else batch.positions
    cos, sin, layers = model.cos[positions], model.sin[positions], model.model.layers
    told = F.cross_entropy(senses(after[LAYER][row, place]).float(), sense)
    words = F.cross_entropy(senses(bags(after[0], batch.senses)).float(), sense)
    even = evenly(looking(layers[LAYER - 1], after[LAYER - 1], cos, sin, row, place), first, last)
    reading = told + words + EVEN_WEIGHT * even
    if batch.looks is None:
        return reading
    row, place, goal = batch.looks.T
    found = looking(layers[LAYER], after[LAYER], cos, sin, row, place)
    return reading + F.nll_loss(found.flatten(0, 1), goal.repeat_interleave(LOOKING))


def score(name: str, model: Llama, tokenizer, count: int) -> str:
    """Figures on `count` held-out items of each domain, in short."""
    if name == "kitten-judge":
        return evaluate_judge.show(evaluate_judge.evaluate(model, tokenizer, 2 * count))
    generate = torch_generator(model, tokenizer, 7)
    domains = ("sums",) if name == "kitten-natural" else evaluate_answers.DOMAINS
    figures = {d: evaluate_answers.evaluate(generate, tokenizer, items.load(count, d), d) for d in domains}
    if name == "kitten":
        figures["advice"] = evaluate_advice.evaluate(generate, tokenizer, advice_items.load(count))
    return "".join(f"\n  {d}: {show(f)}" for d, f in figures.items())


def main() -> None:
    a = argparse.ArgumentParser()
    a.add_argument("out", type=Path)
    a.add_argument("--model", choices=MODELS, default="kitten")
    a.add_argument("--tokenizer", type=Path, help="folder of a tokenizer.json to take over: kitten-natural has kitten's")
    a.add_argument("--minutes", type=float, default=66)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--bfloat16", action="store_true", help="faster only on CPUs with avx512_bf16 or amx; hundreds of times slower on others")
    a = a.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    if not (a.out / "tokenizer.json").exists():
        shared = a.tokenizer and PreTrainedTokenizerFast.from_pretrained(a.tokenizer)
        (shared or tokenizer_recipe.train(a.model)).save_pretrained(a.out)
    tokenizer = tokenizer_recipe.load(a.out)
    torch.manual_seed(a.seed)
    judges = a.model == "kitten-judge"
    model, senses = Llama(tokenizer.get_vocab_size(), DROPOUT if judges else 0.0), SenseHead() if judges else torch.nn.Identity()
    average = {k: v.clone() for k, v in model.state_dict().items()}
    matrices = [p for k, p in model.named_parameters() if p.dim() == 2 and "embed" not in k]
    rest = [p for k, p in model.named_parameters() if p.dim() == 1 or "embed" in k] + [*senses.parameters()]
    muon, adam = Muon(matrices), torch.optim.AdamW(rest, RATE, betas=(0.9, 0.95), weight_decay=0.0)
    elapsed, step, tokens = 0.0, 0, 0
    file = a.out / "checkpoint.pt"
    if file.exists():
        s = torch.load(file)
        model.load_state_dict(s["model"])
        muon.load_state_dict(s["muon"])
        adam.load_state_dict(s["adam"])
        senses.load_state_dict(s.get("senses", {}))
        average, elapsed, step, tokens = s["average"], s["elapsed"], s["step"], s["tokens"]
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {tokenizer.get_vocab_size()} tokens, from step {step}", flush=True)

    def save() -> None:
        s = dict(model=model.state_dict(), average=average, muon=muon.state_dict(), adam=adam.state_dict(), senses=senses.state_dict(), elapsed=elapsed, step=step, tokens=tokens)
        torch.save(s, file.with_suffix(".new"))
        file.with_suffix(".new").replace(file)

    def report(count: int) -> None:
        averaged = Llama(tokenizer.get_vocab_size()).eval()
        averaged.load_state_dict(average)
        print(f"{elapsed / 60:.1f} min, averaged weights: {score(a.model, averaged, tokenizer, count)}", flush=True)

    budget = a.minutes * 60
    share = lambda: elapsed / budget
    stream = batches(tokenizer, a.model, a.seed + step, TOKENS_PER_STEP[a.model], lambda: share() < EARLY_SHARE)
    last, saved, evaluated, seen = time.monotonic(), elapsed, elapsed, {}
    while elapsed < budget:
        fraction = min(1, (step + 1) / WARM_STEPS, (1 - share()) / DECAY_SHARE)
        kind, batch = next(stream)
        answer, side = loss_parts(model, senses, batch, a.bfloat16)
        model.zero_grad()
        senses.zero_grad()
        (answer + (CONTEXT_WEIGHT * fraction if batch.senses is None else SENSE_WEIGHT) * side).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        muon.step(RATE * fraction)
        adam.param_groups[0]["lr"] = RATE * fraction
        adam.step()
        with torch.no_grad():
            for k, v in model.state_dict().items():
                average[k].lerp_(v, 1 - min(AVERAGING, step / (step + 10)))
        step, tokens = step + 1, tokens + batch.ids.numel()
        now = time.monotonic()
        elapsed, last = elapsed + min(now - last, LONGEST_STEP), now
        for name, loss in ((kind, answer), (f"{kind}+", side)):
            seen[name] = 0.95 * seen.get(name, loss.item()) + 0.05 * loss.item()
        if step % 50 == 0:
            losses = " ".join(f"{k} {v:.3f}" for k, v in sorted(seen.items()))
            print(f"{elapsed / 60:.1f} min step {step} {losses} rate {fraction:.2f} {tokens / elapsed:.0f} tokens/s", flush=True)
        if elapsed - saved > SAVE_EVERY:
            save()
            saved = elapsed
        if elapsed - evaluated > EVALUATE_EVERY:
            report(24)
            evaluated = elapsed
            last = time.monotonic()
    save()
    report(100)


if __name__ == "__main__":
    main()
