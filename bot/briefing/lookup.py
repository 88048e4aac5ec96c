"""Live look-up (接听时速查) for the phone hour: a keyword in, clause and line out. No conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.briefing.lines.writing import LineWriter
from bot.briefing.models import ForecastQuestion, LineToTake
from index.engines.base import SearchEngine
from index.models import Passage, PassageKind, SearchFilter, SearchQuery
from knowledge.library import Library
from knowledge.models import Fact, FaqEntry, Status
from knowledge.validity import current_successor, fact_status

_KINDS = frozenset({PassageKind.FACT, PassageKind.FAQ})
_LOOKED_AT = 8
"""Passages looked at for one entry that is wanted: several of them carry the same fact."""


@dataclass(frozen=True, slots=True)
class LookupEntry:
    """A statement in force with where it stands and, where one can be made, the line to take.

    ``ended``: the words name a statement whose time is over; ``statement`` is then what replaced it, or the
    ended one itself where nothing did (``status`` says so).
    """

    fact: str
    statement: str
    source: str
    """Title, number and clause."""
    status: Status
    valid_from: date | None
    valid_to: date | None
    office: str
    line: LineToTake | None
    ended: str = ""


class Lookup:
    """Looks keywords up in the published library as of a day.

    Args:
        engine: an engine that holds the library's passages.
    """

    def __init__(self, library: Library, engine: SearchEngine, on: date) -> None:
        self._library = library
        self._engine = engine
        self._on = on
        self._lines = LineWriter(library, on)
        self._faq = {entry.id: entry for entry in library.citable_faq}

    def find(self, words: str, top: int = 3) -> tuple[LookupEntry, ...]:
        """The best entries for some words, those in force first found first; empty where nothing matches."""
        query = SearchQuery(words, top * _LOOKED_AT, SearchFilter(kinds=_KINDS), self._on)
        found: dict[str, LookupEntry] = {}
        for hit in self._engine.search(query).hits:
            for entry in self._entries(hit.passage):
                found.setdefault(entry.fact, entry)
            if len(found) >= top:
                break
        ordered = sorted(found.values(), key=lambda entry: entry.status is not Status.IN_FORCE)
        return tuple(ordered[:top])

    def _entries(self, passage: Passage) -> Iterator[LookupEntry]:
        entry = self._faq.get(passage.id)
        for ref in passage.facts[:1]:  # an FAQ passage names its decisive fact first
            named = self._library.facts[ref]
            fact = current_successor(named, self._library.facts, self._library.documents, self._on)
            yield self._entry(fact, entry if fact is named else None, named if fact is not named else None)

    def _entry(self, fact: Fact, faq: FaqEntry | None, ended: Fact | None) -> LookupEntry:
        document = self._library.document_of(fact)
        status = fact_status(fact, document, self._on)
        office = self._library.offices[(faq.office if faq else None) or document.office]
        basis = fact.own_basis
        source = f"《{document.title}》{f'（{document.doc_no}）' if document.doc_no else ''}{fact.clause}"
        return LookupEntry(
            fact=fact.ref,
            statement=fact.statement,
            source=basis.text if basis else source,
            status=status,
            valid_from=fact.valid_from or document.effective,
            valid_to=fact.valid_to or document.expires,
            office=office.name,
            line=self._line(fact, faq) if status is Status.IN_FORCE else None,
            ended=ended.statement if ended else "",
        )

    def _line(self, fact: Fact, faq: FaqEntry | None) -> LineToTake | None:
        refs = faq.facts if faq and fact.ref in faq.facts else (fact.ref,)
        asked = faq.question if faq else fact.brief or fact.statement
        faq_id = faq.id if faq else None
        document = self._library.document_of(fact)
        return self._lines.write(
            ForecastQuestion(asked, 1.0, (), (), refs, faq_id, document.id, document.office)
        )
