"""Validity as of a date, for documents and for the facts in them.

A fact can end while its document stands (a ceiling that was raised), and a document can end while a
measured figure in it stays true of its time. Both are decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from knowledge.models import Confidence, Document, Evidence, Fact, Status

UNVERIFIED = frozenset({Evidence.MIRROR, Evidence.WEAK, Evidence.MODEL})
UNANSWERABLE = frozenset({Evidence.FICTIONAL, Evidence.NONE})


def document_status(document: Document, on: date) -> Status:
    """Status of a document on a day.

    The day named in ``expires`` is the last day in force; the day in ``superseded_by.since`` is the first
    day of the newer text.
    """
    start = document.effective or document.published or document.written
    if start and on < start:
        return Status.NOT_YET
    newer = document.superseded_by
    if newer and newer.whole and (newer.since is None or on >= newer.since):
        return Status.SUPERSEDED
    if document.expires and on > document.expires:
        return Status.EXPIRED
    return Status.IN_FORCE


def fact_status(fact: Fact, document: Document, on: date) -> Status:
    """Status of a fact on a day: its own dates first, then its document's.

    A fact with a basis of its own (``own_basis``) does not end with the document that mentions it.
    """
    if fact.valid_from and on < fact.valid_from:
        return Status.NOT_YET
    if fact.valid_to and on > fact.valid_to:
        return Status.SUPERSEDED if fact.superseded_by else Status.EXPIRED
    if fact.own_basis:
        return Status.IN_FORCE
    status = document_status(document, on)
    if status is Status.NOT_YET and fact.valid_from:
        return Status.IN_FORCE
    return status


def last_day(document: Document) -> date | None:
    """The last day in force: the day before the newer text, or ``expires``; ``None``: no end."""
    newer = document.superseded_by
    if newer and newer.whole and newer.since:
        return newer.since - timedelta(days=1)
    return document.expires


def is_past(status: Status) -> bool:
    """Whether a statement with this status may be given as history only."""
    return status in {Status.SUPERSEDED, Status.EXPIRED}


def may_answer(fact: Fact, document: Document) -> bool:
    """Whether a fact may reach citizens at all: published, not fictional, not of low confidence."""
    if document.fictional or not document.reviews.complete:
        return False
    return fact.confidence is not Confidence.LOW and fact.evidence not in UNANSWERABLE


def is_unverified(fact: Fact) -> bool:
    """Whether the answer must carry the notice that the basis is still to be checked."""
    return fact.evidence in UNVERIFIED


def current_successor(
    fact: Fact, facts: Mapping[str, Fact], documents: Mapping[str, Document], on: date
) -> Fact:
    """Follow ``superseded_by`` to the fact in force on a day; the fact itself where there is none.

    ``facts`` maps refs (``document#key``) to facts. A cycle ends the walk (the library check reports it).
    """
    seen = {fact.ref}
    found = fact
    while found.superseded_by and is_past(fact_status(found, documents[found.document], on)):
        newer = facts.get(successor_ref(found))
        if newer is None or newer.ref in seen:
            break
        if fact_status(newer, documents[newer.document], on) is Status.NOT_YET:
            break
        seen.add(newer.ref)
        found = newer
    return found


def successor_ref(fact: Fact) -> str:
    """``superseded_by`` as a full ref."""
    target = fact.superseded_by or ""
    return target if "#" in target else f"{fact.document}#{target}"
