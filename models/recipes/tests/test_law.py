"""The slip law: pure, seeded, and as declared. Not here: the world (test_sums.py)."""

import random

import numpy as np

from law import FAVOURITE, SLIP_BETA, Law, misreading, wrong_results
from sums import Operation, compute, draw, solve


def test_the_law_is_a_pure_function_of_its_seed():
    facts = [(op, a, b) for op in "+-×" for a in range(10) for b in range(10)]
    rates = lambda seed: [Law(seed).slip_rate(*f) for f in facts]
    assert rates("a") == rates("a") != rates("b")
    assert Law("a").slip_rate("+", 17, 25) == Law("a").slip_rate("+", 7, 5)


def test_pinned_facts():
    """Notices any drift of the hash or of the table of quantiles."""
    assert round(Law().slip_rate("√", 16, 0)[0], 3) == 0.278
    assert round(Law().misread_rate(Operation("root", 16))[0], 3) == 0.047


def test_rates_follow_the_declared_distribution():
    rates = np.array([Law(str(s)).slip_rate("+", a, b)[0] for s in range(20) for a in range(10) for b in range(10)])
    a, b = SLIP_BETA
    assert abs(rates.mean() - a / (a + b)) < 0.02
    assert (rates < 0.05).mean() > 0.45 and 0.08 < (rates > 0.5).mean() < 0.16


def test_slips_happen_at_their_rate_and_prefer_the_favourite():
    law, rng = Law(), random.Random(1)
    drawn = [law.write("√", 16, 0, 4, rng) for _ in range(4000)]
    wrong = [r for r in drawn if r != 4]
    assert abs(len(wrong) / 4000 - law.slip_rate("√", 16, 0)[0]) < 0.03
    favourite = max(set(wrong), key=wrong.count)
    assert abs(wrong.count(favourite) / len(wrong) - (FAVOURITE + (1 - FAVOURITE) / len(wrong_results("√", 16, 4)))) < 0.06


def test_a_slip_is_wrong_and_a_misreading_is_another_operation():
    rng = random.Random(2)
    for _ in range(2000):
        a, b, op = rng.randint(1, 99), rng.randint(1, 20), rng.choice("+-×÷")
        assert compute(op, a, b) not in wrong_results(op, a, compute(op, a, b))
        o = rng.choice(draw(rng).operations)
        assert misreading(o, rng.random()) != o


def test_without_rates_the_answer_is_the_solution():
    rng = random.Random(3)
    for _ in range(200):
        p = draw(rng)
        assert Law(scale=0.0).answer(p, rng) == solve(p)
