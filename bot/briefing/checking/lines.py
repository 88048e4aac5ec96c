"""All checks of one line, and of every line of a briefing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.briefing.checking.basis import Basis
from bot.briefing.checking.clauses import Likeness
from bot.briefing.checking.earlier import check_earlier
from bot.briefing.checking.figures import PUBLIC_NUMBERS, check_figures
from bot.briefing.checking.grounding import check_grounding
from bot.briefing.checking.polarity import check_polarity
from bot.briefing.checking.promises import check_promises
from bot.briefing.checking.reading import Reading
from bot.briefing.checking.strength import check_strength
from bot.briefing.checking.validity import check_validity
from bot.briefing.models import Briefing, EarlierAnswer, Finding, FindingKind, LineToTake, Severity
from bot.masking import find
from knowledge.library import Library

SHORTEST, LONGEST = 100, 260
"""Characters that can be said in about 30–60 seconds, at four characters a second and a little."""

_likeness: dict[str, Likeness] = {}
"""One for the library in use, by its fingerprint: counting its words takes longer than a line."""


def check_line(
    question: str, line: LineToTake, library: Library, on: date, earlier: Sequence[EarlierAnswer] = ()
) -> tuple[Finding, ...]:
    """What is wrong with a line on the day of the event, in the order of the text.

    Nothing in the line is believed but the documents and keys of its citations: the text may have been
    edited, and a citation may be old.

    Args:
        question: that it answers.
        line: text and citations.
        library: the facts.
        on: day of the event.
        earlier: what was answered before; answers about other matters are passed over.
    """
    basis = Basis(line.basis, library, on, likeness_of(library))
    reading = Reading(question, line.text, basis)
    found = [
        *check_validity(reading),
        *check_figures(reading),
        *check_strength(reading),
        *check_polarity(reading),
        *check_promises(reading),
        *check_grounding(reading),
        *check_earlier(reading, earlier),
        *_personal(line, basis),
        *_length(line.text),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.start, one.end)))


def check_briefing(
    briefing: Briefing, library: Library, earlier: Sequence[EarlierAnswer] = ()
) -> tuple[Finding, ...]:
    """Findings of every card of a briefing, each with its question."""
    return tuple(
        replace(finding, question=card.forecast.question)
        for card in briefing.questions
        for finding in check_line(card.forecast.question, card.line, library, briefing.event.date, earlier)
    )


def likeness_of(library: Library) -> Likeness:
    """The word weights of a library, worked out once."""
    if library.fingerprint not in _likeness:
        _likeness.clear()
        _likeness[library.fingerprint] = Likeness(library)
    return _likeness[library.fingerprint]


def _personal(line: LineToTake, basis: Basis) -> Iterator[Finding]:
    allowed = (
        PUBLIC_NUMBERS | basis.phones | {(line.office.phone or "").replace("-", "") if line.office else ""}
    )
    for span in find(line.text):
        said = line.text[span.start : span.end]
        if said.replace("-", "") not in allowed and said not in basis.texts:
            message = f"有个人信息（{span.kind.value}），请删去"
            yield Finding(FindingKind.PERSONAL, Severity.ERROR, message, span.start, span.end)


def _length(text: str) -> Iterator[Finding]:
    if not SHORTEST <= len(text) <= LONGEST:
        advice = "太短，请补足要点" if len(text) < SHORTEST else "太长，请压缩"
        message = f"共 {len(text)} 字，30–60 秒能说完的是 {SHORTEST}–{LONGEST} 字：{advice}"
        yield Finding(FindingKind.LENGTH, Severity.WARNING, message)
