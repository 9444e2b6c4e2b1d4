"""Lets the tests import the recipe's modules. Not here: tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
