"""Answers compared by what they do. Not here: the world (test_lists.py)."""

import random

from behaviour import behaviours
from lists import draw, write
from lists_law import ListsLaw

RIGHT = "function f(list) {\n  // return the largest\n  return list.length > 0 ? Math.max(...list) : null;\n}"


def test_solutions_behave_like_themselves_and_single_mistakes_do_not():
    rng = random.Random(1)
    problems = [draw(rng) for _ in range(150)]
    right, again, wrong = [], [], []
    for p in problems:
        codes = [o.code() for o in p.operations]
        at = next(i for i, o in enumerate(p.operations) if o.idiom.slips)
        codes[at] = rng.choice(p.operations[at].slips())
        right.append(write(p))
        again.append("Here it is:\n" + write(p).replace("  // ", "  // again: ") + "\nDone.")
        wrong.append(write(p, codes=codes))
    a, b, c = behaviours(right), behaviours(again), behaviours(wrong)
    assert a == b and None not in a
    assert all(x != y for x, y in zip(a, c))


def test_answers_without_a_function_that_runs_have_no_behaviour():
    texts = ["", "12", RIGHT[:-1], "function f(list) {\n  return list.;\n}", "function f(list) {\n  return list.no();\n}", "function f(list) {\n  for (;;) {}\n}"]
    assert behaviours([*texts, RIGHT])[:-1] == [None] * len(texts)
    assert behaviours([*texts, RIGHT])[-1] is not None


def test_values_that_json_lacks_are_told_apart():
    bodies = ["undefined", "null", "NaN", "1 / 0", "0", "false", '""', "[]", "[undefined]"]
    assert len(set(behaviours([f"function f(list) {{\n  return {b};\n}}" for b in bodies]))) == len(bodies)
    zero, minus = behaviours(["function f(list) {\n  return 0;\n}", "function f(list) {\n  return -0;\n}"])
    assert zero == minus


def test_mistaken_answers_of_the_law_all_run_or_throw_but_never_hang():
    rng, law = random.Random(2), ListsLaw(scale=2.0)
    texts = [law.answer(draw(rng), rng) for _ in range(300)]
    assert sum(b is None for b in behaviours(texts)) < 15
