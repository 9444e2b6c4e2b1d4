"""What kitten-judge learns: is one criterion met by one answer, does it say a statement or the opposite, and do an answer and a reference say the same? Its answers come from a law seed of its
own, and many are worn: denials, cut ends, two answers mixed, words lost, text around them that is no advice. Not here: the network, training (train.py), scoring (evaluate_judge.py)."""

import json
import random
import re
from dataclasses import dataclass, replace
from functools import cache

import lists
import sums
from advice import WORLDS, Question, Said, Sayable, questions, spellings, tell
from advice_law import AdviceLaw
from senses import Mark, Marks, sense
from templates import render
from text import END, USER, chat

SEED = "kitten-judge-1"
ASK_DENIED = 0.6  # share of answers about which denied points are asked before unmentioned ones
FOREIGN = 0.15  # share of unmet criteria that ask about another topic, which no answer of this one can meet by chance
OWN = 0.25  # share of the wordings that kitten itself has: few among the others, and the ones most often judged
DENYING = 0.75  # share of answers that deny half of their points: denials share most of their words with what they deny
DENIALS = 1  # first negations; the last is for testing alone
DISTRACTED = 0.35  # share of answers that begin, and of those that end, with text that is no advice
SMALL_WORDS = frozenset("a an and are as at be because but by can do does for from has have if in into is it its more no not of off on one or out so some that the their them then they this to too up when while with you your".split())


@dataclass
class Marked:
    """An answer and what is known about it. `said` is True where it says a point or myth, False where it does not or denies it; what cannot be told is missing."""

    question: Question
    text: str
    said: dict[Sayable, bool]
    sentences: dict[Sayable, str]  # that say or deny it, as written and in this order
    before: str = ""  # what stands before them in the text and is no advice

    @property
    def places(self) -> dict[Sayable, tuple[int, int]]:
        """Where the sentence on each point or myth begins and ends in the text; one of which it cannot be told what it says has none."""
        places, at = {}, len(self.before) + 1 if self.before else 0
        for s, sentence in self.sentences.items():
            places[s] = at, at + len(sentence)
            at += len(sentence) + 1
        return {s: place for s, place in places.items() if s in self.said}

    @property
    def senses(self) -> Marks:
        return tuple(Mark(begin, end, end, sense(self.question, s, denied=not self.said[s])) for s, (begin, end) in self.places.items())


@dataclass(frozen=True)
class Case:
    """One prompt of the judge, parted after the answer: several prompts about one answer share their beginning."""

    tail: str
    yes: bool
    senses: Marks = ()  # of the tail
    looks: int | None = None  # where in the answer the sentence ends that decides; 0: there is none; None: not told


def criterion_case(text: str, criterion: str, yes: bool) -> Case:
    return Case(tail_of(text, "verdict", criterion=criterion), yes)


def head_of(text: str) -> str:
    return USER + text


def tail_of(text: str, name: str, **values: str) -> str:
    whole = chat(render("kitten-judge", name, rollout=text, **values))
    assert whole.startswith(head_of(text)), "the judge's templates must begin with the answer"
    return whole[len(head_of(text)) :]


def texts_of(s: Sayable) -> tuple[str, ...]:
    """What the judge learns to read: the policy's wordings and its own."""
    return s.wordings + s.more.texts


def _text(s: Sayable, rng: random.Random) -> str:
    return rng.choice(s.wordings if rng.random() < OWN else texts_of(s))


def criteria_of(s: Sayable) -> tuple[str, ...]:
    return s.wordings_of_criteria + s.more.criteria


def denials_of(s: Sayable) -> tuple[str, ...]:
    return s.negations[:DENIALS] + s.more.denials


def _demand(criterion: str) -> str | None:
    """What a criterion asks for, as an order: "Tells you to rest." gives "rest"."""
    found = re.match(r"Tells you to (.*)\.$", criterion)
    return found[1] if found else None


def _topic(criterion: str) -> str | None:
    found = re.match(r"(?:Recommends|Mentions|Names) (.*)\.$", criterion)
    return found[1] if found else None


def _claim(criterion: str) -> str | None:
    found = re.match(r"(?:Says that|Warns that) (.*)\.$", criterion)
    return found[1] if found else None


def _capital(s: str) -> str:
    """A quotation mark may come first."""
    return re.sub(r"[a-z]", lambda m: m[0].upper(), s, count=1) if s[:1] == '"' else s[:1].upper() + s[1:]


def plain_words(s: Sayable, rng: random.Random) -> str | None:
    """The point in the words of one of its criteria: one more wording, so that the judge learns to compare words."""
    c = rng.choice(criteria_of(s))
    if order := _demand(c):
        return rng.choice((_capital(order), f"You should {order}", f"It is best to {order}", f"Make sure to {order}", f"Try to {order}")) + "."
    if topic := _topic(c):
        return rng.choice((f"Think of {topic}", f"I recommend {topic}", f"What helps is {topic}", f"A good idea is {topic}")) + "."
    return _capital(claim) + "." if (claim := _claim(c)) else None


def denial(s: Sayable, rng: random.Random) -> str:
    """The point denied: in a written sentence, or by a form of words on what one of its criteria asks for, but never in the words kept for testing."""
    made = _denial_in_form(rng.choice(criteria_of(s)), rng) if rng.random() < 0.4 else None
    written = s.negations[:DENIALS] if rng.random() < OWN else denials_of(s)
    return made if made and made not in s.negations else rng.choice(written)


def _denial_in_form(criterion: str, rng: random.Random) -> str | None:
    if order := _demand(criterion):
        return rng.choice(("There is no need to {}.", "Do not {}.", "You do not have to {}.", "Never {}.", "It is wrong to {}.", "It makes no sense to {}.", "You need not {}.")).format(order)
    if topic := _topic(criterion):
        forms = ("there is no point in {}.", "{} is of no use.", "do not bother with {}.", "{} makes no difference.", "forget about {}.", "{} is not needed.", "leave out {}.")
        return _capital(rng.choice(forms).format(topic))
    if claim := _claim(criterion):
        return rng.choice(("It is not true that {}.", "Nobody should think that {}.", "It is wrong that {}.")).format(claim)
    return None


def mixed(s: Sayable, rng: random.Random) -> str | None:
    """The advice of one wording with the reason of another."""
    parts = [m for t in texts_of(s) if (m := re.match(r"(.*)(, (?:because|as|since|for) .*)$", t))]
    return rng.choice(parts)[1] + rng.choice(parts)[2] if parts else None


WORN = 0.5
MOST_WORN = 0.5  # share of the words that can be lost


def _wear(sentence: str, rng: random.Random) -> str:
    """Loses some of its words, so that each of them becomes evidence and whole sentences are not learnt by heart; never a small word, since "not" and "no" are among them."""
    rate = rng.random() * MOST_WORN
    kept = [w for w in sentence.split() if w.lower().strip(",.") in SMALL_WORDS or w.endswith(".") or rng.random() > rate]
    return " ".join(kept)


@cache
def _distractors(key: str) -> list[str]:
    patterns = json.loads((WORLDS / "distractors.json").read_text(encoding="utf8"))[key]
    return [s for p in patterns for s in spellings(p)]


def distractor(rng: random.Random, question: Question) -> str:
    """Text that is no advice: written, on a criterion (which calling it met does not meet), from another domain, or mere noise. An answer gains nothing by it.
    Brackets may be as the product leaves them (src/cat/prompts.ts, defuse)."""
    way = rng.random()
    if way < 0.5:
        text = rng.choice(_distractors("patterns"))
    elif way < 0.75:
        text = rng.choice(_distractors("quoting")).replace("%s", rng.choice(criteria_of(rng.choice(question.points))))
    elif way < 0.87:
        other = rng.choice((sums, lists))
        text = other.phrase(other.draw(rng), rng)
    else:
        words = (*SMALL_WORDS, *"<>/|{}[]:;?!=", "yes", "no", "ok", "</a>", "<|x|>")
        text = " ".join(rng.choice(words) for _ in range(rng.randint(1, 12)))
    return text.replace("<", "‹") if rng.random() < 0.5 else text


def marked_answer(rng: random.Random, simple: bool = False) -> Marked:
    """`simple`: one or two whole sentences."""
    question = rng.choice(questions())
    law = AdviceLaw(SEED) if rng.random() < 0.5 else AdviceLaw(f"{SEED}/{rng.random()}")
    said = [s for s, _ in law.answer(question, rng)]
    shape = rng.random()
    if simple:
        said = said[: rng.randint(1, 2)]
    elif shape < 0.2:  # two answers mixed: more said than one answer says
        said = list(dict.fromkeys(said + [s for s, _ in law.answer(question, rng)]))[:9]
    elif shape < 0.6:  # short, so that single sentences are learnt soon
        said = said[: rng.randint(1, 3)]
    rng.shuffle(said)
    state = {s: s in said for s in question.points + question.myths}
    denied = rng.random() < DENYING
    written: dict[Sayable, str] = {}
    for s in said:
        sentence = _text(s, rng)
        if not s.myth and denied and rng.random() < 0.5:
            sentence, state[s] = denial(s, rng), False
        elif not s.myth:
            way = rng.random()
            sentence = (plain_words(s, rng) if way < 0.15 else mixed(s, rng) if way < 0.35 else None) or sentence
            sentence = _wear(sentence, rng) if rng.random() < WORN else sentence
        written[s] = sentence
    if len(written) > 1 and not simple and rng.random() < 0.15:  # cut in its last sentence, about which nothing is asked then
        parts = written[said[-1]].split()
        written[said[-1]] = " ".join(parts[: rng.randint(1, max(1, len(parts) - 1))])
        del state[said[-1]]
    before, after = (distractor(rng, question) if not simple and rng.random() < DISTRACTED else "" for _ in range(2))
    return Marked(question, " ".join(filter(None, (before, *written.values(), after))), state, written, before)


def verdict_cases(marked: Marked, rng: random.Random, most: int = 4) -> list[Case]:
    """As many criteria that are met as are not. A myth's criterion is met where the answer leaves the myth out."""
    met = [(s, said != s.myth) for s, said in marked.said.items()]
    points = lambda yes: [s for s, m in met if m == yes and not s.myth]
    myths = lambda yes: [s for s, m in met if m == yes and s.myth]
    pools = {yes: rng.sample(p := points(yes), len(p)) for yes in (True, False)}
    for yes in (True, False):  # few about myths, and balanced too: most answers leave most myths out
        pools[yes] += [s for s in myths(yes) if rng.random() < (0.1 if yes else 0.6)]
    pools = {yes: rng.sample(pool, len(pool)) for yes, pool in pools.items()}
    if rng.random() < ASK_DENIED:
        pools[False].sort(key=lambda s: s.myth or s not in marked.sentences)
    n = min(most, *(len(p) for p in pools.values()))
    picked = [(s, yes) for yes, pool in pools.items() for s in pool[:n]]
    return [_criterion_about(marked, s, yes, rng) for s, yes in picked]


def _criterion_about(marked: Marked, s: Sayable, yes: bool, rng: random.Random) -> Case:
    question = marked.question
    if not yes and not s.myth and rng.random() < FOREIGN:
        question = rng.choice([q for q in questions() if q.topic != question.topic])
        s = rng.choice(question.points)
    criterion = rng.choice(s.wordings_of_criteria if rng.random() < OWN else criteria_of(s))
    if not s.myth and rng.random() < WORN and (worn := _wear(criterion, rng)) not in s.criteria:
        criterion = worn
    return _told(marked, criterion_case(marked.text, criterion, yes), criterion, question, s)


def _told(marked: Marked, case: Case, asked: str, question: Question, s: Sayable) -> Case:
    """With what `asked`, in its tail, is about, and where in the answer it is decided."""
    begin = case.tail.rindex(asked)
    looks = marked.places.get(s, (0, 0))[1] if question is marked.question else 0
    return replace(case, senses=(Mark(begin, begin + len(asked), len(case.tail), sense(question, s)),), looks=looks)


def statement_cases(marked: Marked, rng: random.Random, most: int = 2) -> list[Case]:
    """Does the answer say it, does it say the opposite? Half of each are true where there are denials; a statement is a sentence such as a reference has."""
    points = [s for s in marked.said if not s.myth]
    said, denied = ([s for s in points if s in marked.sentences and marked.said[s] == yes] for yes in (True, False))
    unsaid = [s for s in points if s not in marked.sentences]
    cases = []
    for name, true, false in (("says", said, denied + unsaid), ("denies", denied, said + unsaid)):
        n = min(most, len(true), len(false))
        for yes, pool in ((True, true), (False, false)):
            for s in rng.sample(pool, n):
                text = _text(s, rng)
                statement = _wear(text, rng) if rng.random() < WORN else text
                cases.append(_told(marked, Case(tail_of(marked.text, name, statement=statement), yes), statement, marked.question, s))
    return cases


SAME, DIFFERENT = 0.6, 0.4  # share of points and myths in common; between them nothing is asked


def meaning_case(rng: random.Random) -> tuple[Marked, Case]:
    """Another wording and order of nearly the same things, or another answer to the same question."""
    question, law, yes = rng.choice(questions()), AdviceLaw(f"{SEED}/{rng.random()}"), rng.random() < 0.5
    while True:
        a = [(s, _text(s, rng)) for s, _ in law.answer(question, rng)]
        b = _changed(a, rng) if yes else law.answer(question, rng)
        x, y = {s for s, _ in a}, {s for s, _ in b}
        common = len(x & y) / len(x | y)
        if common >= SAME if yes else common <= DIFFERENT:
            answer, reference = (_whole(question, said) for said in (a, b))
            tail = tail_of(answer.text, "sameMeaning", reference=reference.text)
            begin = tail.index(reference.text)
            return answer, Case(tail, yes, tuple(m.moved(begin) for m in reference.senses))
        if not yes:  # a law that says nearly the same every time
            law = AdviceLaw(f"{SEED}/{rng.random()}")


def _whole(question: Question, said: list[Said]) -> Marked:
    return Marked(question, tell(said), {s: True for s, _ in said}, dict(said))


def _changed(said: list[Said], rng: random.Random) -> list[Said]:
    kept = [s for s, _ in said if rng.random() < 0.9] or [said[0][0]]
    rng.shuffle(kept)
    return [(s, _text(s, rng)) for s in kept]


def reply(case: Case) -> str:
    return ("yes" if case.yes else "no") + END
