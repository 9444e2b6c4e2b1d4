"""Lets the tests import the recipe's modules; the tokenizer, trained once for all of them. Not here: tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))


@pytest.fixture(scope="session")
def trained_tokenizer():
    import tokenizer

    return tokenizer.train("kitten")
