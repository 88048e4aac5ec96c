"""Document, FAQ and facts → passages: the one arrow from the library to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from index.models import Passage, PassageKind, Validity
from knowledge.library import Library
from knowledge.models import Clause, Document, Fact, FaqEntry, Nature, Status
from knowledge.validity import document_status, fact_status, last_day


def passages(library: Library) -> Iterator[Passage]:
    """Every passage of the published library: facts, clauses, FAQ entries.

    Fictional, unreviewed and low-confidence text gives no passage.
    """
    for document in library.documents.values():
        if document.id not in library.published:
            continue
        yield _card_passage(document)
        for clause in document.clauses:
            yield _clause_passage(document, clause, library)
        for fact in document.facts:
            if fact.ref in library.citable_facts:
                yield _fact_passage(document, fact)
    for entry in library.citable_faq:
        yield _faq_passage(library.documents[entry.document], entry, library)


def card_id(document_id: str) -> str:
    """Id of the passage about a document itself."""
    return f"{document_id}!card"


def card_questions(document: Document) -> tuple[str, ...]:
    """How people ask about a document itself, for each of its names."""
    asked = ("文号是多少", "是哪个部门发的", "什么时候印发施行", "现在还有效吗")
    names = (document.title, *document.aliases)
    return tuple(f"{name}{what}" for name in names for what in asked)


def _card_passage(document: Document) -> Passage:
    return Passage(
        id=card_id(document.id),
        document=document.id,
        kind=PassageKind.DOCUMENT,
        title=document.title,
        text=f"{document.issuer} {document.nature} {document.doc_no or ''}",
        questions=card_questions(document),
        origin=document.origin.value,
        categories=document.categories,
        published=document.published,
        validity=_document_validity(document),
    )


def _clause_passage(document: Document, clause: Clause, library: Library) -> Passage:
    refs = tuple(f"{document.id}#{key}" for key in clause.facts)
    return Passage(
        id=f"{document.id}/{clause.path}",
        document=document.id,
        kind=PassageKind.CLAUSE,
        title=document.title,
        heading=f"{clause.path} {clause.heading}".strip(),
        text=clause.text,
        keywords=(*document.topics, *document.aliases),
        facts=tuple(ref for ref in refs if ref in library.citable_facts),
        origin=document.origin.value,
        categories=document.categories,
        valid_from=document.effective,
        valid_to=last_day(document),
        published=document.published,
        validity=_document_validity(document),
    )


def _fact_passage(document: Document, fact: Fact) -> Passage:
    clause = next(c for c in document.clauses if c.path == fact.clause)
    return Passage(
        id=fact.ref,
        document=document.id,
        kind=PassageKind.FACT,
        title=document.title,
        heading=f"{clause.path} {clause.heading}".strip(),
        text=f"{fact.statement}{fact.brief}",
        questions=fact.asks,
        keywords=(*fact.keywords, *document.topics, *document.aliases),
        facts=(fact.ref,),
        origin=document.origin.value,
        categories=document.categories,
        valid_from=fact.valid_from or (None if fact.own_basis else document.effective),
        valid_to=_fact_last_day(fact, document),
        published=document.published,
        validity=_validity(lambda on: fact_status(fact, document, on), _turning_days(document, (fact,))),
    )


def _faq_passage(document: Document, entry: FaqEntry, library: Library) -> Passage:
    facts = [library.facts[ref] for ref in entry.facts]
    ends = [end for fact in facts if (end := _fact_last_day(fact, library.document_of(fact)))]
    starts = [fact.valid_from for fact in facts if fact.valid_from]
    return Passage(
        id=entry.id,
        document=document.id,
        kind=PassageKind.FAQ,
        title=document.title,
        text=entry.answer,
        questions=(entry.question, *entry.variants),
        keywords=document.topics,
        facts=entry.facts,
        origin=document.origin.value,
        categories=document.categories,
        valid_from=max(starts, default=None),
        valid_to=min(ends, default=None),
        published=document.published,
        validity=_faq_validity(document, facts, library),
    )


def _fact_last_day(fact: Fact, document: Document) -> date | None:
    if fact.valid_to or fact.own_basis or fact.nature is Nature.RECORD:
        return fact.valid_to
    return last_day(document)


def _document_validity(document: Document) -> Validity:
    return _validity(lambda on: document_status(document, on), _turning_days(document))


def _faq_validity(document: Document, facts: list[Fact], library: Library) -> Validity:
    """An answer is in force when everything it rests on is; otherwise it has the status of what is not."""
    if not facts:
        return _document_validity(document)
    days = {day for fact in facts for day in _turning_days(library.document_of(fact), (fact,))}

    def status(on: date) -> Status:
        found = (fact_status(fact, library.document_of(fact), on) for fact in facts)
        return next((status for status in found if status is not Status.IN_FORCE), Status.IN_FORCE)

    return _validity(status, days)


def _validity(status_on: Callable[[date], Status], turning_days: Iterable[date]) -> Validity:
    """The status from each day on, asked of :mod:`knowledge.validity` for each day that may change it."""
    found: list[tuple[date, Status]] = []
    for day in sorted({date.min, *turning_days}):
        status = status_on(day)
        if not found or found[-1][1] is not status:
            found.append((day, status))
    return tuple(found)


def _turning_days(document: Document, facts: tuple[Fact, ...] = ()) -> set[date]:
    """Every day on which a status of the document or of the facts may begin."""
    newer = document.superseded_by
    first_days = {document.effective, document.published, document.written, newer.since if newer else None}
    last_days = {document.expires, *(fact.valid_to for fact in facts)}
    first_days |= {fact.valid_from for fact in facts}
    first_days |= {day + timedelta(days=1) for day in last_days if day and day < date.max}
    return {day for day in first_days if day}
