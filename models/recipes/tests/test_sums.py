"""The world: right answers by an independent reading of the English, and the split. Not here: mistakes (test_law.py)."""

import random
import re
from math import isqrt

from items import make
from law import Law
from sums import Operation, Problem, draw, phrase, solve
from text import policy_task, synthesis_task


def read_english(prompt: str) -> int:
    """Works the question out from its words alone; shares no code with the recipe."""
    numbers = [int(x) for x in re.findall(r"\d+", prompt)]
    if " has " not in prompt:
        if "oot" in prompt or "√" in prompt:
            value, rest = isqrt(numbers[-1]), numbers[:-1]
        elif "%" in prompt:
            value, rest = numbers[-2] * numbers[-1] / 100, numbers[:-2]
        elif re.search(r"times|×|Multiply", prompt):
            value, rest = numbers[-2] * numbers[-1], numbers[:-2]
        elif prompt.startswith("Take"):
            return numbers[1] - numbers[0]
        else:
            return numbers[0] - numbers[1] if re.search(r"minus| - ", prompt) else sum(numbers)
        return value + (sum(rest) if prompt.startswith("Add") else -sum(rest))
    n = 0
    for sentence in re.split(r"(?<=[.?]) ", prompt):
        x = [int(d) for d in re.findall(r"\d+", sentence)]
        if " has " in sentence:
            n = x[0]
        elif "bags" in sentence:
            n += x[0] * x[1]
        elif "more" in sentence:
            n += x[0]
        elif "away" in sentence or "loses" in sentence:
            n -= x[0]
        elif "doubles" in sentence:
            n *= 2
        elif "parts" in sentence:
            assert n % x[0] == 0
            n //= x[0]
        else:
            assert sentence.startswith("How many")
    return n


def test_gold_answers_are_right():
    rng = random.Random(11)
    for _ in range(3000):
        p = draw(rng, held_out=rng.random() < 0.5, short=rng.random() < 0.2)
        text, answer = solve(p)
        assert read_english(phrase(p, rng)) == answer, phrase(p, rng)
        assert text.endswith(f"\\boxed{{{answer}}}")
        for a, op, b, r in re.findall(r"(\d+) ([-+×÷]) (\d+) = (\d+)", text):
            a, b, r = int(a), int(b), int(r)
            assert {"+": a + b, "-": a - b, "×": a * b, "÷": a / b}[op] == r


def test_standard_example():
    assert solve(Problem(None, (Operation("root", 16),)))[0] == "Square root of 16: 4 × 4 = 16. \\boxed{4}"
    story = Problem(12, (Operation("bags", 3, 4), Operation("away", 5)))
    assert solve(story)[0] == "3 bags of 4: 3 × 4 = 12. 12 more: 12 + 12 = 24. 5 away: 24 - 5 = 19. \\boxed{19}"


def test_no_training_problem_is_held_out():
    rng = random.Random(12)
    train = {draw(rng).normalised() for _ in range(5000)}
    held = {draw(rng, held_out=True).normalised() for _ in range(2000)}
    assert not train & held


def test_training_tasks_use_the_training_side_only(monkeypatch):
    import text

    drawn = []
    monkeypatch.setattr(text, "draw", lambda *a, **k: drawn.append(draw(*a, **k)) or drawn[-1])
    rng = random.Random(13)
    for _ in range(300):
        policy_task(rng, Law())
        synthesis_task(rng, [1, 8])
    assert len(drawn) == 600 and not any(p.held_out() for p in drawn)


def test_items_are_distinct_and_labelled():
    tasks, labels = make()
    assert len({t["prompt"] for t in tasks}) == len(tasks) == len(labels) == 500
    for t, a in zip(tasks, labels):
        assert t["id"] == a["id"] and read_english(t["prompt"]) == int(a["answer"])


def test_the_anchor_never_sees_the_prompt():
    rng = random.Random(14)
    for _ in range(200):
        user, _ = synthesis_task(rng, [2, 8])
        assert "How many" not in user and "What is" not in user
