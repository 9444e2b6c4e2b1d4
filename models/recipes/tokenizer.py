"""Byte-level BPE with single digits and merges that span words. Not here: chat and task text (text.py)."""

import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from law import Law
from text import CHAT_TEMPLATE, END, GROUPS, PAD, SPECIAL_TOKENS, policy_task, synthesis_task

VOCABULARY = 1024
DOCUMENTS = 20000


def corpus(seed: int):
    """User and assistant texts; chat markers are left out because special tokens never merge."""
    rng, law = random.Random(seed), Law()
    for i in range(DOCUMENTS):
        user, answer = synthesis_task(rng, GROUPS) if i % 4 == 0 else policy_task(rng, law)
        text = user + answer
        for token in SPECIAL_TOKENS:
            text = text.replace(token, "\x00")
        yield from filter(None, text.split("\x00"))


def train(seed: int = 3) -> PreTrainedTokenizerFast:
    t = Tokenizer(models.BPE())
    # Merges span words (" bags of " is one token) but not sentences, or every pair of sentences would become a token of its own.
    # Digits stand alone, so that the digits of a number line up with the columns of its sum.
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^.?]*[.?] ?|[^.?]+"), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    t.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t.train_from_iterator(
        corpus(seed),
        trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=SPECIAL_TOKENS, initial_alphabet=alphabet, show_progress=False),
    )
    wrapped = PreTrainedTokenizerFast(tokenizer_object=t, eos_token=END, pad_token=PAD, extra_special_tokens=SPECIAL_TOKENS[2:])
    wrapped.chat_template = CHAT_TEMPLATE
    wrapped.model_max_length = 4096
    wrapped.clean_up_tokenization_spaces = False
    return wrapped


def load(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))
