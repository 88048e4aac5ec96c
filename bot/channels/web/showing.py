"""What the page shows of an answer: nothing twice. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.channels.rendering import CONTACT, SOURCE, official_clause, sections, titled
from bot.dates import in_words
from bot.models import Answer, Citation, OfficeCard, TopicGroup

_FIRST_QUESTIONS = 4
_NO_PHONE = "可拨打12345转接"


@dataclass(frozen=True, slots=True)
class Basis:
    """One document with the clause that is cited, as one entry of the 依据 block."""

    title: str
    doc_no: str | None
    status: str
    where: str
    quotes: tuple[str, ...]
    """Summaries that say more than the answer itself."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer for the page: its text without the lines that the blocks below it spell out."""

    text: str
    bases: tuple[Basis, ...]
    office_note: str


def shown(answer: Answer) -> Shown:
    """Text, basis entries and the note beside the office."""
    text = _text(answer)
    return Shown(text, _bases(answer, text), _office_note(answer.office))


def first_questions(groups: Sequence[TopicGroup]) -> tuple[str, ...]:
    """A few questions to begin with, from groups far apart, none twice: a document stands in many groups."""
    found: dict[str, None] = {}
    for group in groups:
        questions = (question for topic in group.topics for question in topic.questions)
        if (question := next((each for each in questions if each not in found), None)) is not None:
            found[question] = None
    return tuple(found)[:: max(1, len(found) // _FIRST_QUESTIONS)][:_FIRST_QUESTIONS]


def _text(answer: Answer) -> str:
    """What the answer says, with a closing line only where no block shows the same."""
    has_block = {SOURCE: bool(answer.citations), CONTACT: answer.office is not None}
    text = sections(answer)
    kept = [line for line in text.closing.split("\n") if not has_block.get(line[: len(SOURCE)], True)]
    return "\n".join([text.says, *kept])


def _bases(answer: Answer, says: str) -> tuple[Basis, ...]:
    """Citations of the same place in the same document as one entry, in the order of the answer."""
    quotes: dict[tuple[str, str | None, str, str], list[str]] = {}
    for citation in answer.citations:
        place = (titled(citation.title), citation.doc_no, citation.status, _where(citation))
        found = quotes.setdefault(place, [])
        if citation.quote and citation.quote not in says and citation.quote not in found:
            found.append(citation.quote)
    return tuple(Basis(*place, tuple(found)) for place, found in quotes.items())


def _where(citation: Citation) -> str:
    parts = (citation.issuer, official_clause(citation), _period(citation.valid_from, citation.valid_to))
    return "　".join(part for part in parts if part)


def _period(start: date | None, end: date | None) -> str:
    if start and end:
        return f"{in_words(start)}至{in_words(end)}"
    if start:
        return f"{in_words(start)}起"
    return f"有效至{in_words(end)}" if end else ""


def _office_note(office: OfficeCard | None) -> str:
    if office is None:
        return ""
    return office.note or ("" if office.phone else _NO_PHONE)
