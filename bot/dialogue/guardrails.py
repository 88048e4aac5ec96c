"""The check behind every answer: no figure, date or 文号 without a cited fact (DESIGN §5 rule 2)."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.models import Document, Fact

_FIXED_NUMBERS = " 110 119 120 12345 12315 24小时 "
"""Emergency and hotline numbers that the fixed sentences name."""


def evidence_text(
    library: Library, facts: Iterable[Fact], cards: Iterable[Document] = (), offices: Iterable[str] = ()
) -> str:
    """Everything that an answer resting on these facts and document cards may draw figures from."""
    parts = [_FIXED_NUMBERS]
    for document in cards:
        newer = document.superseded_by
        days = (document.written, document.published, document.effective, document.expires)
        parts += [document.title, document.issuer, document.doc_no or ""]
        parts += [f"{day.year} {day.month} {day.day}" for day in days if day]
        parts += [newer.title if newer else ""]
    for fact in facts:
        document = library.document_of(fact)
        parts += [fact.statement, fact.brief, fact.own_basis.text if fact.own_basis else "", fact.clause]
        parts += _dates(fact, document)
        newer = document.superseded_by
        parts += [document.title, document.doc_no or "", newer.title if newer else ""]
    for office in offices:
        found = library.offices[office]
        parts += [found.phone or "", found.phone_note]
    return " ".join(parts)


def _dates(fact: Fact, document: Document) -> list[str]:
    days = (fact.valid_from, fact.valid_to, document.effective, document.expires)
    return [f"{day.year} {day.month} {day.day}" for day in days if day]


def unsupported_figures(answer: str, evidence: str) -> frozenset[str]:
    """Figures of an answer that its evidence does not hold; empty for a sound answer."""
    return unsupported(answer, evidence)
