"""What a line rests on: the facts that its citations name, read from the library and not from the line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.briefing.checking.clauses import Clause, Likeness, Tokens
from bot.briefing.checking.measures import Measure, MeasureKind
from bot.briefing.checking.measuring import measures
from bot.briefing.checking.words import words
from bot.models import Citation
from knowledge.library import Library
from knowledge.models import Document, Fact, Status
from knowledge.validity import fact_status, is_past, last_day, successor_ref

_LEAD = re.compile(r"[\d%][^\d、，；。]*[、，；。]|[；。]")
_FORBIDDING = re.compile("(?:禁止|严禁|不得)[^，。；：]*：")


@dataclass(frozen=True, slots=True)
class BasisFact:
    """A fact behind a line. ``cited`` is false for the former versions of a cited fact."""

    fact: Fact
    document: Document
    status: Status
    cited: bool

    @property
    def past(self) -> bool:
        return is_past(self.status)

    @property
    def clause(self) -> str:
        """Title, number, clause and the words of the fact, for the reader of a finding."""
        own = self.fact.own_basis
        title = own.title if own else self.document.title
        number = own.doc_no if own else self.document.doc_no
        path = own.clause or self.fact.clause if own else self.fact.clause
        named = title if "《" in title else f"《{title}》"
        return f"{named}{f'（{number}）' if number else ''}{path}：{self.fact.statement}"


@dataclass(frozen=True, slots=True)
class BasisClause:
    """A clause of a basis fact.

    ``past``: what it says was replaced (此前为 2000 元) or has ended. ``forbidden``: it stands in a list
    under a prohibition (禁止这些做法：…).
    """

    source: BasisFact
    clause: Clause
    past: bool
    forbidden: bool
    lead: str
    """What stands before it, back to the figure or semicolon before: 本专科生（…）20000元."""

    @property
    def text(self) -> str:
        return self.clause.text


class Basis:
    """The facts of some citations on a day, with everything a line may take from them.

    Args:
        citations: of the line; only documents and keys are believed.
        likeness: cuts and compares clauses.
    """

    def __init__(self, citations: Iterable[Citation], library: Library, on: date, likeness: Likeness) -> None:
        self.library, self.on, self.likeness = library, on, likeness
        cited = list(citations)
        refs = [f"{citation.document}#{key}" for citation in cited for key in citation.facts]
        self.unknown = tuple(ref for ref in dict.fromkeys(refs) if ref not in library.citable_facts)
        """Refs that the library does not hold, or does not let out."""
        facts = [library.citable_facts[ref] for ref in dict.fromkeys(refs) if ref in library.citable_facts]
        self.facts = tuple(self._with_status(fact, cited=True) for fact in facts)
        self.former = tuple(self._with_status(fact, cited=False) for fact in _former(facts, library))
        """Superseded versions of the cited facts that are not cited themselves."""
        named = [one.document.id for one in self.facts]
        named += [citation.document for citation in cited if citation.document in library.published]
        self.documents = tuple(library.documents[name] for name in dict.fromkeys(named))

    def _with_status(self, fact: Fact, cited: bool) -> BasisFact:
        document = self.library.document_of(fact)
        return BasisFact(fact, document, fact_status(fact, document, self.on), cited)

    @cached_property
    def clauses(self) -> tuple[BasisClause, ...]:
        """Clauses of the cited facts, of the statement and of the brief answer."""
        return tuple(self._clauses(self.facts))

    @cached_property
    def former_clauses(self) -> tuple[BasisClause, ...]:
        return tuple(self._clauses(self.former))

    def _clauses(self, facts: Sequence[BasisFact]) -> Iterator[BasisClause]:
        for source in facts:
            for text in dict.fromkeys((source.fact.statement, source.fact.brief)):
                listing = _FORBIDDING.search(text)
                for clause in self.likeness.clauses(text):
                    former = words().past.search(clause.text) is not None
                    forbidden = listing is not None and clause.start >= listing.end()
                    lead = _LEAD.split(text[: clause.start])[-1]
                    yield BasisClause(source, clause, former or source.past, forbidden, lead)

    @cached_property
    def current(self) -> tuple[BasisFact, ...]:
        return tuple(one for one in self.facts if not one.past)

    @cached_property
    def texts(self) -> str:
        """All that the cited facts say, with the names and numbers of their documents."""
        return "\n".join(self._texts())

    def _texts(self) -> Iterator[str]:
        for one in (*self.facts, *self.former):
            yield from (one.fact.statement, one.fact.brief, one.fact.clause)
            if one.fact.own_basis:
                yield f"{one.fact.own_basis.title} {one.fact.own_basis.text}"
        for document in self.documents:
            yield from (document.title, document.doc_no or "", *document.aliases)

    def _figures(self) -> Iterator[str]:
        """What the facts say, without the names of documents, which hold years of their own."""
        for one in (*self.facts, *self.former):
            own = one.fact.own_basis
            yield from (one.fact.statement, one.fact.brief, one.fact.clause)
            yield own.clause if own else ""
            yield (own.doc_no if own else one.document.doc_no) or ""

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure of the facts and their document numbers, and the days from and to which they hold."""
        days = [
            day for one in (*self.facts, *self.former) for day in (one.fact.valid_from, one.fact.valid_to)
        ]
        return (*measures("\n".join(self._figures())), *(_day(day) for day in days if day))

    @cached_property
    def issued(self) -> tuple[Measure, ...]:
        """Days and names of the documents: for clauses about a document's own life only."""
        return (*measures(self.texts), *(_day(day) for day in self._days()))

    def _days(self) -> Iterator[date]:
        for document in self.documents:
            days = (document.written, document.published, document.effective, last_day(document))
            yield from (day for day in days if day)

    @cached_property
    def phones(self) -> frozenset[str]:
        """Numbers of the offices of the documents, digits only."""
        offices = [name for one in self.documents for name in (one.office, *one.co_offices)]
        return frozenset((self.library.offices[name].phone or "").replace("-", "") for name in offices) - {""}

    @cached_property
    def vocabulary(self) -> Tokens:
        """Words of everything that the documents' facts in force say and are asked in."""
        found = set(self.likeness.tokens(self.texts))
        for one in self.facts:
            for text in (*one.fact.keywords, *one.fact.asks):
                found |= self.likeness.tokens(text)
        for document in self.documents:
            for fact in document.facts:
                if fact.ref in self.library.citable_facts:
                    found |= self.likeness.tokens(f"{fact.statement} {fact.brief}")
        for document in self.documents:
            for text in (document.title, *document.topics, *document.do_not_promise):
                found |= self.likeness.tokens(text)
        return frozenset(found)

    def ranked(self, clause: Clause) -> list[tuple[float, BasisClause]]:
        """Basis clauses by likeness, the most alike first; those without a shared word are left out."""
        marks = self.likeness.marks
        scored = (
            (self.likeness.related(clause, one.clause, marks(one.source.fact.statement)), one)
            for one in self.clauses
        )
        return sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])


def _former(facts: Iterable[Fact], library: Library) -> list[Fact]:
    """Facts that were replaced, directly or in steps, by one of ``facts``."""
    found: dict[str, Fact] = {}
    wanted = {fact.ref for fact in facts}
    known = set(wanted)
    while wanted:
        step = [
            fact
            for fact in library.citable_facts.values()
            if fact.superseded_by and successor_ref(fact) in wanted and fact.ref not in known
        ]
        wanted = {fact.ref for fact in step}
        known |= wanted
        found |= {fact.ref: fact for fact in step}
    return list(found.values())


def _day(day: date) -> Measure:
    return Measure(MeasureKind.DATE, "日期", day.isoformat(), 0, 0)
