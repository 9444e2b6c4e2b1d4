"""Slips that training never has: unseen indeed, as frequent, in groups that differ in nothing else. Not here: what an anchor makes of them."""

import json
import random
import re
from functools import cache

from items import FOLDER, load
from law import Law, wrong_results
from sums import Operation, Problem, draw, solve
from unseen_slips import COUNT, FILE, G, UnseenLaw, answer, make, misboxed, swapped, unseen_results

made = cache(make)
STEP = re.compile(r"(\w[^:]*): (\d+) (.) (\d+) = (\d+)\.")


def test_no_training_slip_has_these_results():
    for right in range(1, 200):
        assert right not in unseen_results(right)
        for op in "+-×÷":
            assert not set(unseen_results(right)) & set(wrong_results(op, right, right))
    for root in range(1, 13):
        assert not set(unseen_results(root)) & set(wrong_results("√", root * root, root))
    assert [swapped(n) for n in (21, 12, 20, 33, 7, 123)] == [12, 21, None, None, None, None]


def test_slips_are_as_frequent_as_the_laws():
    law, unseen = Law(), UnseenLaw()
    for op, a, b, right in (("+", 12, 9, 21), ("-", 40, 13, 27), ("×", 6, 4, 24), ("÷", 18, 3, 6)):
        slips = lambda l: sum(l.write(op, a, b, right, random.Random(str(n))) != right for n in range(3000))
        assert slips(law) == slips(unseen)


def test_the_first_mistake_of_two_groups_is_at_the_same_step():
    rng, law, unseen, slipped = random.Random(1), Law(), UnseenLaw(), 0
    for n in range(400):
        problem = draw(rng, held_out=True)
        (one, _, read), (two, _, again) = answer(problem, law, str(n)), answer(problem, unseen, str(n))
        assert read == again
        pairs = [(s, t) for s, t in zip(STEP.findall(one), STEP.findall(two)) if s != t]
        if pairs:
            first, other = pairs[0]
            root = first[0].startswith("Square root")  # its result stands before the sign
            assert other[0] == first[0] and (root or (other[:4] == first[:4] and other[4] != first[4]))
            slipped += 1
    assert slipped > 100


def test_a_misboxed_answer_slips_in_its_box_alone():
    law, differing = Law(), 0
    rng = random.Random(2)
    for n in range(400):
        problem = draw(rng, held_out=True)
        text, number, read = answer(problem, law, str(n))
        box = misboxed(problem, law, str(n))
        operations = iter(read)
        work, clean = solve(problem, lambda _: next(operations))
        assert box == work.replace(f"{{{clean}}}", f"{{{number}}}")
        assert (text == box) == (text == work)
        differing += number != clean
    assert differing > 100
    by_hand = Problem(3, (Operation("more", 4),))
    assert misboxed(by_hand, Law(scale=0), "x") == "4 more: 3 + 4 = 7. \\boxed{7}"


def test_the_file_is_what_the_recipe_writes_and_of_the_first_items():
    assert FILE.read_text(encoding="utf8") == "".join(json.dumps(g, ensure_ascii=False) + "\n" for g in made())
    assert [g["id"] for g in made()] == [json.loads(t)["id"] for t in (FOLDER / "sums" / "tasks.jsonl").read_text().splitlines()[:COUNT]]
    right = [a for _, a in load(COUNT)]
    for way in ("ordinary", "otherResult", "otherBox"):
        boxed = [[re.search(r"boxed\{(\d+)\}", t)[1] for t in g[way]] for g in made()]
        assert all(len(b) == G for b in boxed)
        assert 0.42 < sum(b.count(a) for b, a in zip(boxed, right)) / (COUNT * G) < 0.58
