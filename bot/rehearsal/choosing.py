"""Which questions a rehearsal asks: likely, hard and risky ones, and first those that went badly before."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.briefing.lines import LineWriter
from bot.briefing.models import Briefing, Difficulty, ForecastQuestion, QuestionCard, Risk
from bot.dialogue.lexicon import Lexicon
from index.analysis import normalise
from knowledge.library import Library
from knowledge.models import FaqEntry, Status
from knowledge.validity import fact_status

_DIFFICULTIES = list(Difficulty)


@dataclass(frozen=True, slots=True)
class PracticeQuestion:
    """A question that can be graded. ``facts``: refs (``document#key``) in force on the day of the event,
    never empty; ``line``: what can be said, shown as a hint and after the reply; ``faq`` the id of the entry
    that it is written from where there is none yet (:func:`with_line`)."""

    question: str
    facts: tuple[str, ...]
    document: str
    line: str = ""
    faq: str = ""
    topic: str = ""
    likelihood: float = 0.0
    difficulty: Difficulty = Difficulty.EASY
    risks: tuple[Risk, ...] = ()

    @property
    def matter(self) -> frozenset[str]:
        """What it is about, whatever its words: the same facts are the same matter."""
        return frozenset(self.facts)


@dataclass(frozen=True, slots=True)
class Earlier:
    """How the first reply to a question went at the latest rehearsal. ``score`` 0..100."""

    score: int
    good: bool


def from_briefing(briefing: Briefing) -> tuple[PracticeQuestion, ...]:
    """The questions of a briefing with their lines; gaps are left out, since no fact answers them."""
    return tuple(_question_of(card) for card in briefing.questions if card.forecast.facts)


def standing_questions(library: Library, on: date) -> tuple[PracticeQuestion, ...]:
    """Every FAQ entry that facts in force on a day answer, without lines."""
    return tuple(
        PracticeQuestion(
            question=entry.question,
            facts=entry.facts,
            document=entry.document,
            faq=entry.id,
            difficulty=_difficulty(entry),
            risks=(Risk.STALE,) if entry.background else (),
        )
        for entry in library.citable_faq
        if entry.facts and not entry.undetermined and _in_force(entry, library, on)
    )


def with_line(question: PracticeQuestion, library: Library, on: date) -> PracticeQuestion:
    """The question with the line to take that a briefing would give it; its own where it has one."""
    if question.line:
        return question
    entry = next(entry for entry in library.citable_faq if entry.id == question.faq)
    office = entry.office or library.documents[entry.document].office
    forecast = ForecastQuestion(
        question.question, 1.0, (), facts=question.facts, faq=entry.id, document=entry.document, office=office
    )
    line = LineWriter(library, on).write(forecast)
    return replace(question, line=line.text if line else entry.answer)


def about(
    questions: Sequence[PracticeQuestion], topics: Sequence[str], library: Library
) -> tuple[PracticeQuestion, ...]:
    """The questions that belong to one of the topics: a topic stands in what the question, its topic or its
    document is called, or all official terms that the topic names do (助学贷款 is a kind of 学生资助)."""
    lexicon = Lexicon(library)
    wanted = [(normalise(topic), lexicon.terms(normalise(topic))) for topic in topics]

    def belongs(question: PracticeQuestion) -> bool:
        document = library.documents[question.document]
        names = (document.title, *document.aliases, *document.topics, question.topic, question.question)
        text = normalise(" ".join(names))
        terms = lexicon.wider(lexicon.terms(text))
        return any(topic in text or (named and named <= terms) for topic, named in wanted)

    return tuple(question for question in questions if belongs(question))


def choose(
    questions: Sequence[PracticeQuestion], most: int, seed: int, earlier: Mapping[frozenset[str], Earlier]
) -> tuple[PracticeQuestion, ...]:
    """A mix of questions, no two of which share a fact.

    Those whose latest first reply was not good come first, the lowest score first (spaced repetition); then
    those never asked, in turn the likeliest, the hardest and the riskiest; then those that went well.

    Args:
        seed: the same number gives the same questions after the same rehearsals.
        earlier: how matters (:attr:`PracticeQuestion.matter`) went; see :func:`bot.rehearsal.report.latest`.
    """
    shuffled = list(questions)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a mix, not a secret
    known = [question for question in shuffled if question.matter in earlier]
    known.sort(key=lambda question: earlier[question.matter].score)
    again = [question for question in known if not earlier[question.matter].good]
    well = [question for question in known if earlier[question.matter].good]
    fresh = [question for question in shuffled if question.matter not in earlier]
    chosen: list[PracticeQuestion] = []
    taken: set[str] = set()
    for question in (*again, *_mixed(fresh), *well):
        if len(chosen) < most and not taken & question.matter:
            chosen.append(question)
            taken |= question.matter
    return tuple(chosen)


def _mixed(questions: Sequence[PracticeQuestion]) -> Iterator[PracticeQuestion]:
    """In turn the next likeliest, hardest, riskiest; the order given decides between equals."""
    rankings = (
        sorted(questions, key=lambda question: -question.likelihood),
        sorted(questions, key=lambda question: -_DIFFICULTIES.index(question.difficulty)),
        sorted(questions, key=lambda question: -len(question.risks)),
    )
    for following in zip(*rankings, strict=True):
        yield from following


def _question_of(card: QuestionCard) -> PracticeQuestion:
    forecast = card.forecast
    return PracticeQuestion(
        question=forecast.question,
        facts=forecast.facts,
        document=forecast.document or forecast.facts[0].partition("#")[0],
        line=card.line.text,
        topic=forecast.topic,
        likelihood=forecast.likelihood,
        difficulty=forecast.difficulty,
        risks=forecast.risks,
    )


def _difficulty(entry: FaqEntry) -> Difficulty:
    """A former figure beside the present one is what people mix up."""
    if entry.background:
        return Difficulty.HARD
    return Difficulty.MEDIUM if len(entry.facts) > 1 else Difficulty.EASY


def _in_force(entry: FaqEntry, library: Library, on: date) -> bool:
    facts = [library.facts[ref] for ref in entry.facts]
    return all(fact_status(fact, library.document_of(fact), on) is Status.IN_FORCE for fact in facts)
