"""Texts that seem to say different things: old and new, city and elsewhere, today and earlier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.briefing.checking.basis import Basis, BasisFact
from bot.briefing.checking.clauses import Clause, Likeness
from bot.briefing.checking.earlier import check_earlier
from bot.briefing.checking.figures import subject
from bot.briefing.checking.lines import likeness_of
from bot.briefing.checking.measures import MeasureKind, comparable_units
from bot.briefing.checking.reading import Reading
from bot.briefing.models import Conflict, ConflictKind, EarlierAnswer, QuestionCard
from bot.dates import in_words
from knowledge.library import Library
from knowledge.models import Fact
from knowledge.validity import current_successor, fact_status, is_past

_SAME_MATTER = 0.5
"""Likeness of what two figures are said of."""
_COMPARED = frozenset({MeasureKind.QUANTITY, MeasureKind.SHARE, MeasureKind.CLOCK})


def conflicts(
    cards: Sequence[QuestionCard], library: Library, on: date, earlier: Sequence[EarlierAnswer] = ()
) -> tuple[Conflict, ...]:
    """What a caller may hold against the lines, each once, with the first question that it touches.

    Args:
        cards: with their lines.
        library: the facts.
        on: day of the event.
        earlier: what was answered before.
    """
    found: list[Conflict] = []
    for card in cards:
        question = card.forecast.question
        basis = Basis(card.line.basis, library, on, likeness_of(library))
        found += _old_and_new(question, basis)
        found += _elsewhere(question, basis)
        found += _earlier(card, basis, earlier)
    once: dict[tuple[str, str], Conflict] = {}
    for conflict in found:
        once.setdefault((conflict.first, conflict.second), conflict)
    return tuple(once.values())


def _old_and_new(question: str, basis: Basis) -> Iterator[Conflict]:
    for new in basis.current:
        for old in basis.former:
            newest = current_successor(old.fact, basis.library.facts, basis.library.documents, basis.on)
            if newest.ref == new.fact.ref:
                end = f"用到{in_words(old.fact.valid_to)}" if old.fact.valid_to else "已不再适用"
                advice = f"按现行的说；有人提到旧标准，就讲明旧标准{end}。"
                yield Conflict(ConflictKind.OLD_NEW, question, new.clause, old.clause, advice)


def _elsewhere(question: str, basis: Basis) -> Iterator[Conflict]:
    """Facts for another place or of another level about the same matter with other figures."""
    for cited in basis.current:
        near = {cited.document.id, *cited.document.related}
        for fact in basis.library.citable_facts.values():
            document = basis.library.document_of(fact)
            same_place = (fact.region, document.level) == (cited.fact.region, cited.document.level)
            if document.id not in near or same_place:
                continue
            status = fact_status(fact, document, basis.on)
            if not is_past(status) and _differ(cited.fact, fact, basis.likeness):
                other = BasisFact(fact, document, status, cited=False)
                advice = "两个数各管各的地方和层级：报数时说清是哪一级、哪个地方的，不混用。"
                yield Conflict(ConflictKind.CITY_COUNTY, question, cited.clause, other.clause, advice)


def _differ(one: Fact, other: Fact, likeness: Likeness) -> bool:
    """Whether two facts give different figures of one unit for the same thing."""
    return any(
        _figures_differ(first, second, likeness)
        for first in likeness.clauses(one.statement)
        for second in likeness.clauses(other.statement)
    )


def _figures_differ(first: Clause, second: Clause, likeness: Likeness) -> bool:
    for mine in first.measures:
        for theirs in second.measures:
            alike = mine.kind is theirs.kind and comparable_units(mine.unit, theirs.unit)
            if not alike or mine.kind not in _COMPARED or mine.value == theirs.value:
                continue
            said = likeness.alike(subject(mine, first, likeness), subject(theirs, second, likeness))
            if said >= _SAME_MATTER:
                return True
    return False


def _earlier(card: QuestionCard, basis: Basis, earlier: Sequence[EarlierAnswer]) -> Iterator[Conflict]:
    question, line = card.forecast.question, card.line
    reading = Reading(question, line.text, basis)
    for answer in earlier:
        place = next(check_earlier(reading, (answer,)), None)
        if place:
            yield Conflict(
                ConflictKind.EARLIER_ANSWER,
                question,
                f"这次口径：{line.text[place.start : place.end]}",
                f"{answer.source}：{answer.answer}",
                "先核对哪个对；标准调整过的，主动说明从什么时候起调整、以前为什么那样答。",
            )
