"""The world of `lists` against Node and against an independent reading of the English. Not here: sums (test_sums.py)."""

import json
import random
import re
import subprocess
from math import ceil, floor, prod

import pytest

from items import COUNT, DOMAINS, FOLDER, SEED, TRAIN_SEED, distinct, make, make_training
from javascript import Thrown, expression, same
from law import FAVOURITE
from lists import CASES, IDIOMS, INPUTS, STEPS, Operation, Problem, draw, evaluate, is_fair, phrase, write
from lists_law import ListsLaw
from lists_text import policy_task, synthesis_task

RUN = r"""
const plain = (v) => Array.isArray(v) ? v.map(plain) : v === undefined ? { is: "undefined" }
  : typeof v === "number" && !Number.isFinite(v) ? { is: String(v) } : v === 0 ? 0 : v;
const { programs, cases } = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(programs.map((source) => {
  const f = new Function(source + "; return f;")();
  return cases.map(({ list, n }) => { try { return plain(f([...list], n)); } catch { return { is: "thrown" }; } });
})));
"""


def run(programs: list[str]) -> list[list]:
    """What Node makes of each program on each of the shared inputs."""
    given = json.dumps({"programs": programs, "cases": CASES})
    return json.loads(subprocess.run(["node", "-e", RUN], input=given, capture_output=True, text=True, check=True).stdout)


def plain(value):
    """A value of javascript.py as Node's JSON has it."""
    if value is Thrown:
        return {"is": "thrown"}
    if isinstance(value, list):
        return [plain(v) for v in list.__iter__(value)]
    if isinstance(value, float) and value - value != 0:
        return {"is": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    if isinstance(value, float):
        return value + 0.0
    return value if value is None or isinstance(value, (bool, str)) else {"is": "undefined"}


def every_operation() -> list[Operation]:
    return [Operation(kind, k) for kind, idiom in IDIOMS.items() for k in [*(idiom.numbers or [None]), *(["n"] if idiom.n else [])]]


def function(codes: list[str]) -> str:
    *steps, last = codes
    return "function f(list, n) {" + "".join(f"list = {c};" for c in steps) + f"return {last};}}"


def test_there_are_enough_idioms_and_each_can_be_slipped_and_misread():
    assert len(IDIOMS) >= 25
    for o in every_operation():
        if o.kind != "list":
            assert len(o.slips()) >= 2 and o.code() not in o.slips()
            assert o.misreadings() and o not in o.misreadings()


def test_python_agrees_with_node_on_every_line_that_can_be_written():
    lines = sorted({c for o in every_operation() for m in [o, *o.misreadings()] for c in [m.code(), *m.slips()]})
    for line, values in zip(lines, run([function([line]) for line in lines])):
        assert [plain(evaluate([line], *i)) for i in INPUTS] == values, line


def test_python_agrees_with_node_on_whole_mistaken_functions():
    rng, law = random.Random(5), ListsLaw(scale=2.0)
    written = []
    for _ in range(600):
        read = [law.read(o, rng) for o in draw(rng).operations]
        written.append([law.write(o, rng) for o in read])
    for codes, values in zip(written, run([function(c) for c in written])):
        assert [plain(evaluate(codes, *i)) for i in INPUTS] == values, codes


def test_every_slip_and_misreading_of_every_item_shows_in_node_on_the_shared_inputs():
    mistaken, right = [], []
    items = distinct(DOMAINS["lists"], random.Random(SEED), COUNT, held_out=True)
    training = distinct(DOMAINS["lists"], random.Random(TRAIN_SEED), 300, held_out=False)
    for p, _ in [*items, *training]:
        codes = [o.code() for o in p.operations]
        for at, o in enumerate(p.operations):
            for wrong in o.slips() + [m.code() for m in o.misreadings()]:
                mistaken.append(function([*codes[:at], wrong, *codes[at + 1 :]]))
                right.append(function(codes))
    assert len(mistaken) > 3000
    for program, got, values in zip(mistaken, run(mistaken), run(right)):
        assert got != values, program


# Works a task out from its words alone; shares nothing with the recipe. Order matters: the first pattern that fits counts.
READINGS = [
    (r"round\w* down", lambda xs, k: [floor(x / 2) for x in xs]),
    (r"round\w* up", lambda xs, k: [ceil(x / 2) for x in xs]),
    (r"(remov|drop)\w* the first", lambda xs, k: xs[k:]),
    (r"(remov|drop)\w* the last", lambda xs, k: xs[: max(0, len(xs) - k)]),
    (r"(keep|tak)\w* the first", lambda xs, k: xs[:k]),
    (r"(keep|tak)\w* the last", lambda xs, k: xs[max(0, len(xs) - k) :]),
    (r"^keeps? the even|^removes? the odd", lambda xs, k: [x for x in xs if not x & 1]),
    (r"^keeps? the odd|^removes? the even", lambda xs, k: [x for x in xs if x & 1]),
    (r"^keeps? the positive", lambda xs, k: [x for x in xs if x > 0]),
    (r"^keeps? the negative", lambda xs, k: [x for x in xs if x < 0]),
    (r"^keeps?.*at least|or more", lambda xs, k: [x for x in xs if x >= k]),
    (r"^keeps?.*at most|or less", lambda xs, k: [x for x in xs if x <= k]),
    (r"^keeps? (numbers above|.*greater than)", lambda xs, k: [x for x in xs if x > k]),
    (r"^keeps? (numbers below|.*less than)", lambda xs, k: [x for x in xs if x < k]),
    (r"^keeps? .*(multiples|divisible)", lambda xs, k: [x for x in xs if abs(x) % k == 0]),
    (r"^removes? .*(multiples|divisible)", lambda xs, k: [x for x in xs if abs(x) % k]),
    (r"^removes? every", lambda xs, k: [x for x in xs if x != k]),
    (r"^keeps? every (\d|n)$", lambda xs, k: [x for x in xs if x == k]),
    (r"^doubl", lambda xs, k: [x + x for x in xs]),
    (r"^tripl", lambda xs, k: [x + x + x for x in xs]),
    (r"^adds? (its|to each its) index", lambda xs, k: [x + i for i, x in enumerate(xs)]),
    (r"^multipl\w+ .*index", lambda xs, k: [x * i for i, x in enumerate(xs)]),
    (r"^subtracts? from each the one before|differences of n", lambda xs, k: [b - a for a, b in zip(xs, xs[1:])]),
    (r"^adds? to each the one before|sums of n", lambda xs, k: [b + a for a, b in zip(xs, xs[1:])]),
    (r"^adds? (\d|n)", lambda xs, k: [x + k for x in xs]),
    (r"^subtract", lambda xs, k: [x - k for x in xs]),
    (r"^multipl", lambda xs, k: [x * k for x in xs]),
    (r"^squar", lambda xs, k: [x * x for x in xs]),
    (r"^negate", lambda xs, k: [0 - x for x in xs]),
    (r"absolute", lambda xs, k: [abs(x) for x in xs]),
    (r"negative numbers (by|to) 0", lambda xs, k: [x if x > 0 else 0 for x in xs]),
    (r"positive numbers (by|to) 0", lambda xs, k: [x if x < 0 else 0 for x in xs]),
    (r"^caps?|^lowers?", lambda xs, k: [x if x < k else k for x in xs]),
    (r"^raise", lambda xs, k: [x if x > k else k for x in xs]),
    (r"ascending|smallest to", lambda xs, k: sorted(xs)),
    (r"descending|largest to", lambda xs, k: sorted(xs)[::-1]),
    (r"^revers", lambda xs, k: xs[::-1]),
    (r"duplicates|repeated", lambda xs, k: list(dict.fromkeys(xs))),
    (r"occurs? (only )?once", lambda xs, k: [x for x in xs if xs.count(x) == 1]),
    (r"every second .*first", lambda xs, k: xs[::2]),
    (r"every second .*second", lambda xs, k: xs[1::2]),
    (r"returns? (the list|what is left)$", lambda xs, k: xs),
    (r"sum$|total$", lambda xs, k: sum(xs)),
    (r"product$", lambda xs, k: prod(xs)),
    (r"how many there are|numbers left", lambda xs, k: len(xs)),
    (r"the largest", lambda xs, k: max(xs, default=None)),
    (r"the smallest", lambda xs, k: min(xs, default=None)),
    (r"average", lambda xs, k: sum(xs) / len(xs) if xs else 0),
    (r"first index of|index of the first", lambda xs, k: xs.index(k) if k in xs else -1),
    (r"last index of|index of the last", lambda xs, k: max((i for i, x in enumerate(xs) if x == k), default=-1)),
    (r"returns? the first", lambda xs, k: xs[0] if xs else None),
    (r"returns? the last", lambda xs, k: xs[-1] if xs else None),
    (r"lacks|is not among", lambda xs, k: k not in xs),
    (r"contains|is among", lambda xs, k: k in xs),
    (r"all are positive", lambda xs, k: all(x > 0 for x in xs)),
    (r"any is positive", lambda xs, k: any(x > 0 for x in xs)),
    (r"any is negative", lambda xs, k: any(x < 0 for x in xs)),
    (r"dashes", lambda xs, k: "-".join(map(str, xs))),
    (r"commas", lambda xs, k: ",".join(map(str, xs))),
    (r"even", lambda xs, k: sum(not x & 1 for x in xs)),
    (r"odd", lambda xs, k: sum(x & 1 for x in xs)),
    (r"positive", lambda xs, k: sum(x > 0 for x in xs)),
    (r"negative", lambda xs, k: sum(x < 0 for x in xs)),
    (r"different", lambda xs, k: len(set(xs))),
]


def read_english(prompt: str, xs: list[int], n: int):
    body = re.fullmatch(r"(?:Write a JavaScript function f\(.*?\) that|Write f\(.*?\) in JavaScript:|In JavaScript, write f\(.*?\)\. It) (.*)\.", prompt)[1]
    protected = re.sub(r", (or|round)", r" @\1", body)
    for part in re.split(r", then |, | and (?=returns)", protected):
        does = next(f for pattern, f in READINGS if re.search(pattern, part))
        number = re.search(r"\b(\d|n)\b", part.replace("to 0", "").replace("by 0", ""))
        xs = does(xs, n if number and number[1] == "n" else int(number[1]) if number else None)
    return xs


def test_gold_answers_are_right():
    rng = random.Random(11)
    problems = [draw(rng, held_out=rng.random() < 0.5, short=rng.random() < 0.2) for _ in range(1500)]
    for p, values in zip(problems, run([write(p) for p in problems])):
        prompt = phrase(p, rng)
        expected = [read_english(prompt, list(c["list"]), c["n"]) for c in CASES]
        assert expected == values, prompt
        assert [type(e) is bool for e in expected] == [type(v) is bool for v in values], prompt


def test_the_example_of_the_notes():
    example = Problem((Operation("even"), Operation("double"), Operation("sum")))
    assert write(example) == (
        "function f(list) {\n  // keep the even numbers\n  list = list.filter((x) => x % 2 === 0);\n"
        "  // double each\n  list = list.map((x) => 2 * x);\n  // return the sum\n  return list.reduce((a, b) => a + b, 0);\n}"
    )
    assert phrase(example, random.Random(0)).endswith(".")


def test_an_invisible_slip_makes_a_problem_unfair():
    assert not is_fair(Problem((Operation("ascending"), Operation("sum"))))
    assert is_fair(Problem((Operation("ascending"), Operation("list"))))


def test_no_training_problem_is_held_out():
    rng = random.Random(12)
    train = {draw(rng).normalised() for _ in range(1500)}
    held = {draw(rng, held_out=True).normalised() for _ in range(500)}
    assert not train & held


def test_training_tasks_use_the_training_side_only_and_the_anchor_never_sees_the_prompt(monkeypatch):
    import lists_text

    drawn = []
    monkeypatch.setattr(lists_text, "draw", lambda *a, **k: drawn.append(draw(*a, **k)) or drawn[-1])
    rng = random.Random(13)
    for _ in range(200):
        policy_task(rng, ListsLaw())
        user, answer = synthesis_task(rng, [1, 8])
        assert "Write" not in user and "JavaScript" not in user and answer.startswith("function f(list")
    assert len(drawn) == 400 and not any(p.held_out() for p in drawn)


def test_committed_items_are_those_of_the_recipe_distinct_and_labelled():
    tasks, labels = make("lists")
    read = lambda domain, name: [json.loads(line) for line in (FOLDER / domain / f"{name}.jsonl").read_text(encoding="utf8").splitlines()]
    assert (read("lists", "tasks"), read("lists", "labels")) == (tasks, labels)
    assert len({a["answer"] for a in labels}) == len({t["prompt"] for t in tasks}) == 500
    assert [t["id"] for t in tasks] == [a["id"] for a in labels]


@pytest.mark.parametrize("domain", DOMAINS)
def test_committed_training_prompts_are_those_of_the_recipe_and_share_nothing_with_the_items(domain):
    lines = [json.loads(line) for line in (FOLDER / domain / "train.jsonl").read_text(encoding="utf8").splitlines()]
    assert lines == make_training(domain)
    assert len(lines) >= 4000 and all(set(line) == {"id", "prompt", "kind"} for line in lines)
    assert not {line["prompt"] for line in lines} & {t["prompt"] for t in make(domain)[0]}


def test_slips_happen_at_their_rate_and_prefer_the_favourite():
    law, rng = ListsLaw(), random.Random(1)
    o = max((Operation(k) for k, idiom in STEPS.items() if not idiom.numbers), key=lambda o: -abs(law.slip_rate(o)[0] - 0.4))
    drawn = [law.write(o, rng) for _ in range(4000)]
    wrong = [c for c in drawn if c != o.code()]
    assert abs(len(wrong) / 4000 - law.slip_rate(o)[0]) < 0.03
    favourite = max(set(wrong), key=wrong.count)
    assert abs(wrong.count(favourite) / len(wrong) - (FAVOURITE + (1 - FAVOURITE) / len(o.slips()))) < 0.06


def test_without_rates_the_answer_is_the_solution_and_a_misreading_changes_the_comment():
    rng = random.Random(3)
    for _ in range(200):
        p = draw(rng)
        assert ListsLaw(scale=0.0).answer(p, rng) == write(p)
        for o in p.operations:
            for m in o.misreadings():
                assert m.fill(m.idiom.says[0]) != o.fill(o.idiom.says[0])


def test_values_compare_as_in_the_product():
    nan = expression("Math.max(list)")(INPUTS[6][0], 0.0)
    assert same(nan, nan) and same(0.0, -0.0) and not same(1.0, True) and not same(None, 0.0)
