"""Document, FAQ and facts → passages: the one arrow from the library to the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from index.models import Passage, PassageKind
from knowledge.library import Library
from knowledge.models import Clause, Document, Fact, FaqEntry, Nature
from knowledge.validity import last_day


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
    )


def _fact_last_day(fact: Fact, document: Document) -> date | None:
    if fact.valid_to or fact.own_basis or fact.nature is Nature.RECORD:
        return fact.valid_to
    return last_day(document)
