"""The judge's data: right verdicts, held-out wordings kept out, prompts packed without loss. Not here: how good a trained judge is (evaluate_judge.py)."""

import math
import random
from itertools import islice

import pytest
import torch

from advice import TRAINING, questions, sentences
from data import collate
from evaluate_judge import SETS
from judge import SEED, criteria_of, denial, head_of, marked_answer, meaning_case, mixed, plain_words, texts_of, verdict_cases
from law import SEED as POLICY_SEED
from mixture import MODELS, Encoded, encode
from model import HEAD, Llama
from senses import LAYER, bags, evenly, looking, sense


def held_out_sentences():
    every = [s for q in questions() for s in q.points]
    return {t for s in every for t in (*s.texts[TRAINING:], *s.criteria[TRAINING:], s.negations[-1])}


def test_the_judge_has_its_own_law_and_balanced_verdicts():
    assert SEED != POLICY_SEED
    rng, verdicts = random.Random(1), []
    for _ in range(2000):
        marked = marked_answer(rng)
        verdicts += [c.yes for c in verdict_cases(marked, rng)]
    assert 0.45 < sum(verdicts) / len(verdicts) < 0.55
    meanings = [meaning_case(rng)[1].yes for _ in range(500)]
    assert 0.4 < sum(meanings) / len(meanings) < 0.6


def test_verdicts_are_right_where_sentences_are_whole():
    rng = random.Random(2)
    sentence_of = {(q.id, t): s for q in questions() for s in q.points + q.myths for t in texts_of(s)}
    criterion_of = {}
    for q in questions():
        for s in q.points + q.myths:
            for c in criteria_of(s):
                criterion_of.setdefault((q.id, c), s)
    checked = 0
    for _ in range(12000):
        marked = marked_answer(rng, simple=rng.random() < 0.7)
        found = [(marked.question.id, f) for f in sentences(marked.text)]
        if any(f not in sentence_of for f in found):
            continue
        told = {sentence_of[f] for f in found}
        for case in verdict_cases(marked, rng):
            text = case.tail.split("Criterion: ")[1].split("<|end|>")[0]
            s = criterion_of.get((marked.question.id, text))
            if s:
                assert case.yes == ((s in told) != s.myth)
                checked += 1
    assert checked > 2000


def test_held_out_wordings_stay_out_of_training():
    rng, held = random.Random(3), held_out_sentences()
    shared = {c for q in questions() for s in q.points for c in s.criteria[:TRAINING]}
    for make in (m for _, m in MODELS["kitten-judge"]().values()):
        for _ in range(1500):
            row = make(rng, [8])
            text = row.head + "".join(t.text for t in row.tails)
            assert not [h for h in held - shared if h in text], text


def test_words_of_criteria_make_sentences():
    rng = random.Random(4)
    for q in questions():
        for s in q.points:
            for sentence in (denial(s, rng), plain_words(s, rng), mixed(s, rng)):
                assert sentence is None or (sentence.lstrip('"')[0].isupper() and sentence.endswith(".") and "{" not in sentence)


@pytest.mark.parametrize("name", SETS)
def test_test_sets_are_balanced(name):
    drawn = list(islice(SETS[name](random.Random(5)), 400))
    assert 0.4 < sum(yes for _, _, yes in drawn) / 400 < 0.6


@pytest.fixture(scope="module")
def tokenizer():
    import tokenizer as recipe

    return recipe.train("kitten-judge").backend_tokenizer


def test_yes_and_no_are_single_tokens(tokenizer):
    assert [tokenizer.encode(f"<|assistant|>{w}<|end|>").tokens for w in ("yes", "no")] == [["<|assistant|>", w, "<|end|>"] for w in ("yes", "no")]


def test_packed_prompts_equal_separate_ones(tokenizer):
    torch.manual_seed(0)
    model, rng = Llama(tokenizer.get_vocab_size()), random.Random(6)
    rows = [r for r in (MODELS["kitten-judge"]()["verdict"][1](rng, [8]) for _ in range(12)) if len(r.tails) > 1]
    encoded = encode(tokenizer, rows)
    batch = collate(encoded)
    packed = model.logits(model.hidden(batch.ids, batch.positions, mask=batch.mask))
    for i, (row, (head, tails, *_)) in enumerate(zip(rows, encoded)):
        assert row.head == head_of(row.head.removeprefix("<|user|>"))
        at = len(head)
        for tail, (tail_ids, reply_ids) in zip(row.tails, tails):
            whole = tokenizer.encode(row.head + tail.text + tail.reply).ids
            assert whole == head + tail_ids + reply_ids
            last = at + len(tail_ids) - 1
            alone = model.logits(model.hidden(torch.tensor([head + tail_ids])))[0, -1]
            assert torch.allclose(alone, packed[i, last], atol=1e-4)
            assert batch.targets[i, last] == reply_ids[0] and batch.weights[i, last] > 1
            at += len(tail_ids) + len(reply_ids)
        assert batch.weights[i, at:].eq(0).all()


def test_a_sense_is_told_at_the_last_token_of_its_sentence(tokenizer):
    rng = random.Random(7)
    sense_of = {t.lower(): {sense(q, s) for q in questions() for s in q.points + q.myths if t in texts_of(s) + criteria_of(s)} for q in questions() for s in q.points + q.myths for t in texts_of(s) + criteria_of(s)}
    for make in (m for _, m in MODELS["kitten-judge"]().values()):
        checked = 0
        for row in encode(tokenizer, [make(rng, [8]) for _ in range(200)]):
            ids = row.head + [i for tail, reply in row.tails for i in tail + reply]
            for place, first, last, n in row.senses:
                said = tokenizer.decode(ids[first : last + 1]).strip()
                between = tokenizer.decode(ids[last + 1 : place + 1], skip_special_tokens=False)
                assert between in ("", "<|end|><|assistant|>")
                if said in sense_of:
                    assert n in sense_of[said]
                    checked += 1
        assert checked > 400


def test_looking_is_what_the_first_heads_attend_to(tokenizer, monkeypatch):
    torch.manual_seed(1)
    model, rng = Llama(tokenizer.get_vocab_size()), random.Random(8)
    rows = [r for r in (MODELS["kitten-judge"]()["verdict"][1](rng, [8]) for _ in range(6)) if len(r.tails) > 1]
    batch, seen = collate(encode(tokenizer, rows)), []
    attend = torch.nn.functional.scaled_dot_product_attention
    monkeypatch.setattr("model.F.scaled_dot_product_attention", lambda q, k, v, **more: seen.append((q, k)) or attend(q, k, v, **more))
    after = {}
    model.hidden(batch.ids, batch.positions, mask=batch.mask, after=after)
    q, k = seen[LAYER]
    rows, places, _ = batch.looks.T
    logs = looking(model.model.layers[LAYER], after[LAYER], model.cos[batch.positions], model.sin[batch.positions], rows, places)
    for (row, place, target), found in zip(batch.looks.tolist(), logs):
        for head, there in enumerate(found):
            assert torch.allclose(there[: place + 1], (q[row, head, place] @ k[row, head, : place + 1].T / HEAD**0.5).log_softmax(-1), atol=1e-5)
        assert target <= place and (target == 0 or "." in tokenizer.decode([batch.ids[row, target]]))


def test_reading_evenly_costs_least_where_it_is_even():
    found = torch.tensor([[[0.25, 0.25, 0.25, 0.25]], [[0.0, 0.5, 0.5, 0.0]], [[0.0, 0.9, 0.1, 0.0]]]).log()
    first, last = torch.tensor([1]), torch.tensor([2])
    spread, even, uneven = (evenly(f[None], first, last).item() for f in found)
    assert even == pytest.approx(math.log(2)) and spread == pytest.approx(math.log(4)) and uneven > even


def test_a_bag_is_the_mean_of_its_words():
    embedded = torch.arange(12.0).reshape(1, 6, 2)
    assert bags(embedded, torch.tensor([[0, 5, 1, 3, 0], [0, 5, 0, 0, 0]])).tolist() == [[4.0, 5.0], [0.0, 1.0]]


def test_plain_rows_learn_the_reply_and_read_the_rest():
    batch = collate([Encoded([5, 6, 7], [([], [8, 9])], [], [])])
    assert batch.mask is None and batch.targets[0, :4].tolist() == [6, 7, 8, 9] and batch.weights[0, :5].tolist() == [-1, -1, 1, 1, 0]
