"""Evaluates the few forms of JavaScript that lists.py writes, in Python, so that training needs no Node. The tests hold it to Node. Not here: any other JavaScript."""

import functools
import math
import re
from collections.abc import Callable


class Thrown(Exception):
    """The program threw."""


class _Undefined:
    def __bool__(self):
        return False

    def _nan(self, other):
        return math.nan

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _nan


UNDEFINED = _Undefined()


def text(x) -> str:
    """String(x) of a number: what the default sort and join see."""
    return str(int(x)) if math.isfinite(x) and x == int(x) else repr(x)


class List(list):
    """An array of numbers. Sorting and reversing copy: nothing here looks at the old array again."""

    def __getitem__(self, i):
        return list.__getitem__(self, int(i)) if 0 <= i < len(self) else UNDEFINED

    @property
    def length(self):
        return float(len(self))

    def filter(self, f):
        return List(x for x in self.map(lambda x, i: x if _call(f, x, i) else None) if x is not None)

    def map(self, f):
        return List(_call(f, x, float(i)) for i, x in enumerate(self))

    def some(self, f):
        return any(f(x) for x in self)

    def every(self, f):
        return all(f(x) for x in self)

    def sort(self, f=None):
        return List(sorted(self, key=text if f is None else functools.cmp_to_key(f)))

    def reverse(self):
        return List(reversed(self))

    def slice(self, *ends):
        return List(list.__getitem__(self, slice(*([int(e) for e in ends] + [None] * (2 - len(ends))))))

    def at(self, i):
        return self[i if i >= 0 else len(self) + i]

    def indexOf(self, x):
        return float(list.index(self, x)) if x in self else -1.0

    def lastIndexOf(self, x):
        return len(self) - 1.0 - self.reverse().indexOf(x) if x in self else -1.0

    def includes(self, x):
        return x in self

    def join(self, by=","):
        return by.join(text(x) for x in self)

    def reduce(self, f, *start):
        if not self and not start:
            raise Thrown
        return functools.reduce(f, self, *map(float, start))


def _call(f: Callable, x: float, i: float):
    return f(x, i) if f.__code__.co_argcount == 2 else f(x)


def _extreme(pick: Callable, empty: float) -> Callable:
    def extreme(*values):
        if values and isinstance(values[0], List):  # a list where numbers belong: "" is 0, "7" is 7, "7,8" is no number
            return values[0][0] if len(values[0]) == 1 else 0.0 if not values[0] else math.nan
        return float(pick(values, default=empty))

    return extreme


def _divide(a: float, b: float) -> float:
    return a / b if b != 0 else math.nan if a == 0 else math.copysign(math.inf, a)


NAMES = {
    "UNDEFINED": UNDEFINED,
    "maximum": _extreme(max, -math.inf),
    "minimum": _extreme(min, math.inf),
    "absolute": abs,
    "floor": lambda x: float(math.floor(x)),
    "ceil": lambda x: float(math.ceil(x)),
    "trunc": lambda x: float(math.trunc(x)),
    "nearest": lambda x: float(math.floor(x + 0.5)),
    "unique": lambda xs: List(dict.fromkeys(xs)),
    "remainder": lambda a, b: math.fmod(a, b) if b != 0 else math.nan,
    "divide": _divide,
    "xor": lambda a, b: float(int(a) ^ b),
    "coalesce": lambda x: None if x is UNDEFINED else x,
}
# In order: each rewrites one form of JavaScript as Python.
FORMS = [
    (r"\[\.\.\.new Set\(list\)\]", "unique(list)"),
    (r"new Set\(list\)\.size", "unique(list).length"),
    (r"new Set\(list\)\.length", "UNDEFINED"),
    (r"\.\.\.", "*"),
    (r"Math\.max", "maximum"),
    (r"Math\.min", "minimum"),
    (r"Math\.abs", "absolute"),
    (r"Math\.(floor|ceil|trunc)", r"\1"),
    (r"Math\.round", "nearest"),
    (r"^(list\.reduce\(.*\)) / (.+)$", r"divide(\1, \2)"),
    (r"\((\w+(?:, \w+)*)\) => ", r"lambda \1: "),
    (r"^!", "not "),
    (r"^(.+) \? (.+) : null$", r"(\2 if \1 else None)"),
    (r"^(.+) \?\? null$", r"coalesce(\1)"),
    (r"\|\| ", "or "),
    (r"\bnull\b", "None"),
    (r"([!=]=)=", r"\1"),
    (r"(\w+) % (\w+)", r"remainder(\1, \2)"),
    (r"(\w+) / (\w+)", r"divide(\1, \2)"),
    (r"(\w+) \^ (\w+)", r"xor(\1, \2)"),
]


@functools.cache
def expression(code: str) -> Callable:
    """-> a function of (list, n): the value of `code`. Raises Thrown where JavaScript throws."""
    python = code
    for form, written in FORMS:
        python = re.sub(form, written, python)
    return eval(f"lambda list, n: {python}", dict(NAMES))


def same(a, b) -> bool:
    """Equal as the product compares: by structure, NaN equal to NaN, -0 equal to 0."""
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return type(a) is type(b) and a == b
