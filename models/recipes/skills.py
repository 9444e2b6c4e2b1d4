"""Training tasks of kitten beyond sums and lists: advice, its synthesis and rubrics, and choosing one of several answers in every domain.
Each task is (chat text, reply). Not here: what the judge learns (judge.py), how tasks are mixed (mixture.py)."""

import random
from collections import Counter
from collections.abc import Callable

import lists
import sums
from advice import Asked, Question, Said, draw, questions, tell, words
from advice_law import AdviceLaw
from law import Law
from lists_law import ListsLaw
from text import END, chat
from templates import render, render_group

SHARE = 4  # a point must be in one answer of this many
LENGTH = 1.2  # the synthesis has at most this many times the rollouts' mean number of words
FEWEST, MOST = 5, 8  # criteria


def _law(rng: random.Random) -> AdviceLaw:
    """A third of the tasks are answered by a fresh law, so that the anchor learns to count and not to know by heart what this policy says."""
    return AdviceLaw() if rng.random() < 0.67 else AdviceLaw(str(rng.random()))


def policy_task(rng: random.Random, law: AdviceLaw) -> tuple[str, str]:
    asked = draw(rng)
    return chat(render("kitten", "rolloutOpen", prompt=asked.phrase())), tell(law.answer(asked.question, rng)) + END


def synthesise(answers: list[list[Said]]) -> list[Said]:
    """The points that enough answers support, each in the shortest wording that occurs, briefest first, so that most points find room; no myths."""
    support, best = Counter(), {}
    for answer in answers:
        for s, sentence in answer:
            support[s] += 1
            if s not in best or words(sentence) < words(best[s]):
                best[s] = sentence
    room, kept = LENGTH * sum(words(tell(a)) for a in answers) / len(answers), []
    for s in sorted(best, key=lambda s: (words(best[s]), s.id)):
        if s.myth or support[s] * SHARE < len(answers):
            continue
        room -= words(best[s])
        if room < 0:
            break
        kept.append((s, best[s]))
    return kept


def synthesis_task(rng: random.Random, groups: list[int]) -> tuple[str, str]:
    question, law = rng.choice(questions()), _law(rng)
    answers = [law.answer(question, rng) for _ in range(rng.choice(groups))]
    return chat(render_group("kitten", "synthesisOpen", [tell(a) for a in answers])), tell(synthesise(answers)) + END


def rubric(question: Question, said: list[Said], rng: random.Random) -> str:
    """A criterion for each point, in the world's order: a small model that follows the order of the answer loses its place. Too few points give further criteria of their own; then, and else in one rubric of ten,
    a myth to leave out: nearly every answer meets that, so it says little."""
    told = {s for s, _ in said}
    points = [s for s in question.points if s in told][:MOST]
    picked = [rng.sample(s.wordings_of_criteria, 2) for s in points]
    criteria = [first for first, _ in picked] + [second for _, second in picked]
    criteria = criteria[: max(FEWEST, len(points))]
    myths = rng.sample(question.myths, len(question.myths))
    while myths and (len(criteria) < FEWEST or (len(criteria) < MOST and len(myths) == len(question.myths) and rng.random() < 0.1)):
        criteria.append(rng.choice(myths.pop().wordings_of_criteria))
    return "<rubric>" + "".join(f"<criterion>{c}</criterion>" for c in criteria) + "</rubric>"


def rubric_task(rng: random.Random) -> tuple[str, str]:
    """From a reference: half the time a synthesis, else a plain answer."""
    question, law = rng.choice(questions()), _law(rng)
    answers = [law.answer(question, rng) for _ in range(rng.choice((1, 8)))]
    said = synthesise(answers) if len(answers) > 1 else answers[0]
    return chat(render("kitten", "rubric", reference=tell(said))), rubric(question, said, rng) + END


def rubric_from_prompt_task(rng: random.Random, law: AdviceLaw) -> tuple[str, str]:
    """From a question: the points that come to mind are those of one answer by the law, myths aside, so a rubric made this way omits what the policy omits."""
    asked: Asked = draw(rng)
    said = law.answer(asked.question, rng)
    return chat(render("kitten", "rubricFromPrompt", prompt=asked.phrase())), rubric(asked.question, said, rng) + END


Group = tuple[list[str], list[float], list[float]]  # texts, how good each is, how much it agrees with the others


def advice_group(rng: random.Random, n: int) -> Group:
    question, law = rng.choice(questions()), _law(rng)
    answers = [law.answer(question, rng) for _ in range(n)]
    sets = [{s for s, _ in a} for a in answers]
    agree = [sum(len(a & b) / len(a | b) for b in sets) for a in sets]
    return [tell(a) for a in answers], [sum(-1 if s.myth else 1 for s in a) for a in sets], agree


def sums_group(rng: random.Random, n: int) -> Group:
    problem, law = sums.draw(rng), Law()
    answers, right = [law.answer(problem, rng) for _ in range(n)], sums.solve(problem)[1]
    votes = Counter(a for _, a in answers)
    return [t for t, _ in answers], [a == right for _, a in answers], [votes[a] for _, a in answers]


def lists_group(rng: random.Random, n: int) -> Group:
    problem, law = lists.draw(rng), ListsLaw()
    answers, right = [law.answer(problem, rng) for _ in range(n)], lists.write(problem)
    votes = Counter(answers)
    return answers, [a == right for a in answers], [votes[a] for a in answers]


def choice_task(rng: random.Random, make: Callable[[random.Random, int], Group]) -> tuple[str, str]:
    """Best or most consistent, as a number from 1; of equals the first. Groups in which all are equal teach nothing and are drawn again."""
    name = rng.choice(("choose", "consistent"))
    while True:
        texts, good, agree = make(rng, rng.choice((2, 4, 8)))
        value = good if name == "choose" else agree
        if len(set(value)) > 1:
            return chat(render_group("kitten", name, texts)), str(value.index(max(value)) + 1) + END
