"""Byte-level BPE with single digits and merges that span words. Not here: chat and task text (text.py)."""

import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from mixture import MODELS, Row
from text import CHAT_TEMPLATE, END, GROUPS, PAD, SPECIAL_TOKENS

VOCABULARY = 2048
DOCUMENTS = 24000
# A sentence with a number in it and a line of code are one piece, in which merges span words (" bags of " is one token); other text is cut into
# words, so that the judge meets a word as the same token wherever it stands. Digits stand alone, so that the digits of a number line up with
# the columns of its sum. No piece goes past a line.
PIECES = [
    r"(?:</?[a-z]+>)+",
    r"\n?\[\d+\] ?",
    r"\n(?: +[^.?\n]*[.?]? ?|\})",
    r"\n?[^.?\n]*[0-9=({/√][^.?\n]*[.?]? ?",
    r" ?[A-Za-z'-]+",
    r" ?[^\sA-Za-z<]+",
    r"<",
    r"\s",
]
SHIPPED = ("kitten", "kitten-judge")
# The judge compares words, so most words are one token for it, whatever their case.
JUDGE_VOCABULARY = 4096
JUDGE_PIECES = [r"<[^<>\n]*>", r" ?[a-z'-]+", r" ?[^\sa-z<]+", r"<", r"\s"]
POLICY_DOCUMENTS = 4  # for each of another skill: contexts are long and made of the policy's answers


def corpus(seed: int, of: tuple[str, ...]):
    """Texts of these models; chat markers are left out because special tokens never merge. Choosing adds no text of its own."""
    skills = {skill: make for model in of for skill, (_, make) in MODELS[model]().items() if not skill.endswith("choice")}
    rng, makers, weights = random.Random(seed), list(skills.values()), [POLICY_DOCUMENTS if s.endswith("policy") else 1 for s in skills]
    for make in rng.choices(makers, weights, k=DOCUMENTS):
        row: Row = make(rng, GROUPS[:4])
        for text in (row.head, *(t for tail in row.tails for t in (tail.text, tail.reply))):
            for token in SPECIAL_TOKENS:
                text = text.replace(token, "\x00")
            yield from filter(None, text.split("\x00"))


def train(model: str, seed: int = 3) -> PreTrainedTokenizerFast:
    judges = model == "kitten-judge"
    t = Tokenizer(models.BPE())
    if judges:
        t.normalizer = normalizers.Lowercase()
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex("|".join(JUDGE_PIECES if judges else PIECES)), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    t.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t.train_from_iterator(
        corpus(seed, (model,) if judges else SHIPPED),
        trainers.BpeTrainer(vocab_size=JUDGE_VOCABULARY if judges else VOCABULARY, special_tokens=SPECIAL_TOKENS, initial_alphabet=alphabet, show_progress=False),
    )
    wrapped = PreTrainedTokenizerFast(tokenizer_object=t, eos_token=END, pad_token=PAD, extra_special_tokens=SPECIAL_TOKENS[2:])
    wrapped.chat_template = CHAT_TEMPLATE
    wrapped.model_max_length = 4096
    wrapped.clean_up_tokenization_spaces = False
    return wrapped


def load(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))
