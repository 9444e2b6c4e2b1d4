"""Advice: split, law, what a text says, items, and the tasks of kitten. Not here: the form of the world (test_advice_world.py), the judge (test_judge.py)."""

import random
import re

import pytest

from advice import TRAINING, asked, questions, read, score, sentences, tell, words
from advice_items import make, make_training
from advice_law import AdviceLaw
from skills import (
    LENGTH,
    advice_group,
    choice_task,
    lists_group,
    policy_task,
    rubric_from_prompt_task,
    rubric_task,
    sums_group,
    synthesis_task,
    synthesise,
)
from text import END


def training_sentences():
    return {t for q in questions() for s in q.points + q.myths for t in s.texts[:TRAINING]}


def body(task):
    """-> (user text, reply without its end)."""
    user, reply = task
    assert reply.endswith(END)
    return re.fullmatch(r"<\|user\|>(.*)<\|end\|><\|assistant\|>", user, re.S)[1], reply[: -len(END)]


def test_the_split_shares_no_combination():
    held, train = ({a.normalised() for a in asked(h)} for h in (True, False))
    assert not held & train and len(held) >= 120 and len(train) >= 600
    assert not {a.phrase() for a in asked(True)} & {a.phrase() for a in asked(False)}


def test_policy_tasks_ask_on_the_training_side_only():
    rng, law, held = random.Random(1), AdviceLaw(), {a.phrase() for a in asked(True)}
    for _ in range(1000):
        assert body(policy_task(rng, law))[0] not in held
        assert body(rubric_from_prompt_task(rng, law))[0].split("\n")[1] not in held


def test_the_law_is_a_pure_function_of_its_seed():
    rates = lambda seed: [AdviceLaw(seed).says(q, s) for q in questions() for s in q.points + q.myths]
    assert rates("a") == rates("a") != rates("b")


def test_the_standard_example_can_yield_its_criteria():
    """The rule that chose the law's key, and a pin that notices any drift of the hash."""
    flu = next(q for q in questions() if q.id == "mild-flu")
    rates = {s.id: AdviceLaw().says(flu, s) for s in flu.points}
    assert [round(rates[k], 3) for k in ("rest", "fluids", "medicine", "caution")] == [0.616, 0.851, 0.601, 0.655]


def test_an_answer_covers_about_half_and_myths_are_in_some():
    rng, law = random.Random(2), AdviceLaw()
    scores = [score(a.question, tell(law.answer(a.question, rng))) for a in asked(True) for _ in range(8)]
    mean = lambda key: sum(s[key] for s in scores) / len(scores)
    assert 0.45 < mean("coverage") < 0.55 and 0.2 < mean("wrong") < 0.6 and mean("precision") > 0.85
    assert min(s["coverage"] for s in scores) > 0


def test_points_are_said_at_their_rate():
    question, law, rng = questions()[1], AdviceLaw(), random.Random(3)
    answers = [{s for s, _ in law.answer(question, rng)} for _ in range(4000)]
    for s in question.points + question.myths:
        # Answers that would be too short or too long are drawn again, which moves a rate a little.
        assert abs(sum(s in a for a in answers) / 4000 - law.says(question, s)) < 0.1


def test_every_sentence_of_the_world_is_read_as_what_it_says():
    for q in questions():
        for s in q.points + q.myths:
            assert all(read(q, t) == [s] for t in s.texts)
            assert all(read(q, t) == [None] for t in s.negations)
    flu = next(q for q in questions() if q.id == "mild-flu")
    assert [s and s.id for s in read(flu, "Rest in the bed, because your body heals while you sleep. Paint the fence.")] == ["rest", None]


def test_score_counts_a_point_once_and_cuts_at_the_limit():
    flu = next(q for q in questions() if q.id == "mild-flu")
    rest, fluids, myth = flu.points[0], flu.points[1], flu.myths[0]
    text = " ".join((rest.texts[0], rest.texts[1], myth.texts[0], fluids.texts[0]))
    whole = score(flu, text)
    assert whole["coverage"] == pytest.approx(2 / 12) and whole["precision"] == pytest.approx(2 / 4) and whole["wrong"] == 1
    half = score(flu, text, limit=words(rest.texts[0]) / 2)
    assert half["coverage"] == pytest.approx(0.5 / 12) and half["wrong"] == 0


def test_synthesis_keeps_the_supported_points_within_its_length():
    rng = random.Random(4)
    for _ in range(300):
        question, n = rng.choice(questions()), rng.choice((1, 2, 4, 8, 16))
        answers = [AdviceLaw(str(rng.random())).answer(question, rng) for _ in range(n)]
        kept = synthesise(answers)
        support = [sum(s in {x for x, _ in a} for a in answers) for s, _ in kept]
        assert kept and not any(s.myth for s, _ in kept)
        lengths = [words(sentence) for _, sentence in kept]
        assert lengths == sorted(lengths) and min(support) * 4 >= n
        assert words(tell(kept)) <= LENGTH * sum(words(tell(a)) for a in answers) / n
        assert all(any(said in a for a in answers) for said in kept)


def test_synthesis_gains_coverage_at_equal_length():
    rng, law, gain, gold = random.Random(5), AdviceLaw(), [], []
    for a in asked(True):
        group = [law.answer(a.question, rng) for _ in range(8)]
        single = [score(a.question, tell(x)) for x in group]
        limit = sum(s["words"] for s in single) / 8
        gold.append(sum(s["coverage"] for s in single) / 8)
        gain.append(score(a.question, tell(synthesise(group)), limit)["coverage"])
    assert sum(gain) / sum(gold) > 1.12


def test_the_anchor_never_sees_the_question_and_no_held_out_wording():
    rng, said = random.Random(6), training_sentences()
    asked_words = {w for q in questions() for w in q.wordings}
    for _ in range(200):
        user, reply = body(synthesis_task(rng, [1, 4, 8]))
        lines = user.split("\n")
        assert lines[0] == "Combine these answers:" and not any(w in user for w in asked_words)
        assert [line.split(" ")[0] for line in lines[1:]] == [f"[{k}]" for k in range(1, len(lines))]
        assert all(s in said for line in lines[1:] for s in sentences(line.split(" ", 1)[1]))
        assert set(sentences(reply)) <= said


def test_rubrics_have_five_to_eight_criteria_of_the_reference():
    rng, allowed = random.Random(7), {c for q in questions() for s in q.points + q.myths for c in s.criteria[:TRAINING]}
    by_criterion = {c: s for q in questions() for s in q.points for c in s.criteria[:TRAINING]}
    by_sentence = {t: s for q in questions() for s in q.points + q.myths for t in s.texts}
    question_of = {t: q for q in questions() for s in q.points + q.myths for t in s.texts}
    foreign = 0
    for _ in range(500):
        user, reply = body(rubric_task(rng))
        found = re.findall(r"<criterion>(.*?)</criterion>", reply)
        assert reply == "<rubric>" + "".join(f"<criterion>{c}</criterion>" for c in found) + "</rubric>"
        assert 5 <= len(found) <= 8 and len(set(found)) == len(found) and set(found) <= allowed
        told = {by_sentence[s].id for s in sentences(user.split("\n")[1])}
        question = question_of[sentences(user.split("\n")[1])[0]]
        places = [i for c in found for i, s in enumerate(question.points) if c in s.criteria]
        first_round = places[: len(set(places))]
        assert first_round == sorted(set(places))
        foreign += sum(c in by_criterion and by_criterion[c].id not in told for c in found)
    assert foreign == 0


@pytest.mark.parametrize("make_group", [advice_group, sums_group, lists_group])
def test_choosing_names_an_answer(make_group):
    rng, seen = random.Random(8), set()
    for _ in range(60):
        user, reply = body(choice_task(rng, make_group))
        lines = user.split("\n")
        seen.add(lines[0])
        assert len(lines) - 1 in (2, 4, 8) and 1 <= int(reply) <= len(lines) - 1
    assert len(seen) == 2


def test_choosing_by_hand():
    rng = random.Random(9)
    for _ in range(100):
        texts, good, agree = sums_group(rng, 4)
        finals = [re.search(r"boxed\{(\d+)\}", t)[1] for t in texts]
        assert agree == [finals.count(f) for f in finals] and len({f for f, g in zip(finals, good) if g}) <= 1


def test_prompts_equal_the_products():
    """The same texts as in tests/cat/prompts.test.ts."""
    from templates import render, render_group

    assert render("kitten", "rolloutOpen", prompt="How to rest?") == "How to rest?"
    assert render_group("kitten", "synthesisOpen", ["Rest.\nDrink.", "b"]) == "Combine these answers:\n[1] Rest. Drink.\n[2] b"
    assert render("kitten", "rubric", reference="Rest.") == "Write criteria from this answer:\nRest."
    assert render("kitten", "rubricFromPrompt", prompt="How to rest?") == "Write criteria for this question:\nHow to rest?"
    assert render("kitten-judge", "verdict", rollout="Rest.", criterion="Tells you to rest.") == "Rest.\nCriterion: Tells you to rest."


def test_items_are_distinct_labelled_and_as_committed():
    from advice_items import FOLDER

    tasks, labels = make()
    assert len(tasks) == len(labels) == 120 and len({t["prompt"] for t in tasks}) == 120
    by_id = {q.id: q for q in questions()}
    for t, a in zip(tasks, labels):
        assert t["id"] == a["id"] and t["kind"] == "open" and set(t) == {"id", "prompt", "kind"}
        assert t["prompt"].startswith(by_id[a["question"]].wordings)
        assert list(a["points"]) == [p.id for p in by_id[a["question"]].points]
    train = make_training()
    assert len(train) >= 600 and not {t["prompt"] for t in train} & {t["prompt"] for t in tasks}
    assert len((FOLDER / "train.jsonl").read_text().splitlines()) == len(train)
