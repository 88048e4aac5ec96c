"""The whole library in memory. :func:`knowledge.loading.load` makes one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from knowledge.models import (
    Aspect,
    Boundary,
    CalendarEntry,
    Category,
    Document,
    Fact,
    FaqEntry,
    Office,
    Slot,
    Term,
)
from knowledge.validity import may_answer


@dataclass(frozen=True)
class Library:
    """Everything that has been published, by id."""

    documents: dict[str, Document]
    faq: tuple[FaqEntry, ...]
    offices: dict[str, Office]
    categories: dict[str, Category]
    aspects: dict[str, Aspect]
    slots: tuple[Slot, ...]
    terms: tuple[Term, ...]
    boundaries: tuple[Boundary, ...]
    calendar: tuple[CalendarEntry, ...]
    fingerprint: str
    """Hash of every file: another value means another library."""

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """All facts by ref (``document#key``)."""
        return {fact.ref: fact for document in self.documents.values() for fact in document.facts}

    @cached_property
    def citable_facts(self) -> dict[str, Fact]:
        """Facts that may reach citizens."""
        return {ref: f for ref, f in self.facts.items() if may_answer(f, self.documents[f.document])}

    @cached_property
    def published(self) -> frozenset[str]:
        """Ids of documents that may reach citizens: reviewed three times and not fictional."""
        return frozenset(d.id for d in self.documents.values() if not d.fictional and d.reviews.complete)

    @cached_property
    def citable_faq(self) -> tuple[FaqEntry, ...]:
        """FAQ entries of published documents whose facts, also those of the past, may reach citizens."""
        return tuple(
            entry
            for entry in self.faq
            if entry.document in self.published
            and all(ref in self.citable_facts for ref in (*entry.facts, *entry.background))
        )

    def document_of(self, fact: Fact) -> Document:
        return self.documents[fact.document]
