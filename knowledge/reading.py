"""From YAML entries to the values of :mod:`knowledge.models`: one function per kind of entry."""

from __future__ import annotations

from pathlib import Path

from knowledge.models import (
    Aspect,
    Basis,
    Boundary,
    CalendarEntry,
    Category,
    Clause,
    Confidence,
    Document,
    DocumentKind,
    Evidence,
    Fact,
    FaqEntry,
    Level,
    Nature,
    Office,
    Origin,
    Reviews,
    Slot,
    SlotValue,
    Supersession,
    Term,
)
from knowledge.yaml_reader import Entry

BOUNDARY_KINDS = ("other_bureau", "unpublished", "personal_record")
FORMS = ("text", "graphic", "expert", "media", "leader")
ROLES = ("policy", "procedural")


def read_document(entry: Entry) -> Document:
    """One file of ``documents/``."""
    document_id = entry.text("id")
    if document_id != Path(entry.file).stem:
        entry.problem("id", f"应与文件名相同：{Path(entry.file).stem}")
    document = Document(
        id=document_id,
        title=entry.text("title"),
        aliases=entry.texts("aliases"),
        kind=entry.choice("kind", DocumentKind),
        origin=entry.choice("origin", Origin),
        level=entry.choice("level", Level),
        issuer=entry.text("issuer"),
        nature=entry.text("nature", ""),
        role=_one_of(entry, "role", ROLES, "policy") or "policy",
        doc_no=entry.optional_text("doc_no"),
        doc_no_note=entry.text("doc_no_note", ""),
        index_no=entry.optional_text("index_no"),
        written=entry.day("written"),
        published=entry.day("published"),
        effective=entry.day("effective"),
        expires=entry.day("expires"),
        dates_note=entry.text("dates_note", ""),
        superseded_by=_supersession(entry.entry("superseded_by")),
        interprets=entry.optional_text("interprets"),
        form=_one_of(entry, "form", FORMS, None),
        categories=entry.texts("categories"),
        topics=entry.texts("topics"),
        related=entry.texts("related"),
        office=entry.text("office"),
        co_offices=entry.texts("co_offices"),
        do_not_promise=entry.texts("do_not_promise"),
        url=entry.optional_text("url"),
        status_note=entry.text("status_note", ""),
        fictional=entry.flag("fictional"),
        reviews=_reviews(entry.entry("reviews")),
        clauses=tuple(_clause(child) for child in entry.entries("clauses", required=True)),
        facts=tuple(_fact(child, document_id) for child in entry.entries("facts", required=True)),
        written_at=entry.source,
    )
    entry.finish()
    return document


def _one_of(entry: Entry, key: str, allowed: tuple[str, ...], default: str | None) -> str | None:
    value = entry.optional_text(key)
    if value is not None and value not in allowed:
        entry.problem(key, "应为其中之一：" + "、".join(allowed))
        return default
    return value or default


def _supersession(entry: Entry | None) -> Supersession | None:
    if entry is None:
        return None
    found = Supersession(
        title=entry.text("title"),
        doc_no=entry.optional_text("doc_no"),
        document=entry.optional_text("document"),
        since=entry.day("since"),
        whole=entry.flag("whole", True),
        note=entry.text("note", ""),
    )
    entry.finish()
    return found


def _reviews(entry: Entry | None) -> Reviews:
    if entry is None:
        return Reviews()
    found = Reviews(
        first_review=entry.optional_text("first_review"),
        second_review=entry.optional_text("second_review"),
        final_review=entry.optional_text("final_review"),
        on=entry.day("on"),
    )
    entry.finish()
    return found


def _clause(entry: Entry) -> Clause:
    clause = Clause(
        path=entry.text("path"),
        heading=entry.text("heading", ""),
        text=entry.text("text"),
        facts=entry.texts("facts"),
    )
    entry.finish()
    return clause


def _fact(entry: Entry, document_id: str) -> Fact:
    fact = Fact(
        key=entry.text("key"),
        statement=entry.text("statement"),
        brief=entry.text("brief", ""),
        document=document_id,
        clause=entry.text("clause"),
        nature=entry.choice("nature", Nature, Nature.RULE),
        valid_from=entry.day("valid_from"),
        valid_to=entry.day("valid_to"),
        superseded_by=entry.optional_text("superseded_by"),
        confidence=entry.choice("confidence", Confidence),
        evidence=entry.choice("evidence", Evidence),
        source=entry.text("source", ""),
        aspects=entry.texts("aspects"),
        asks=entry.texts("asks"),
        keywords=entry.texts("keywords"),
        own_basis=_basis(entry.entry("own_basis")),
        region=entry.text("region", ""),
        written_at=entry.source,
    )
    entry.finish()
    return fact


def _basis(entry: Entry | None) -> Basis | None:
    if entry is None:
        return None
    found = Basis(
        title=entry.text("title"),
        issuer=entry.text("issuer", ""),
        doc_no=entry.optional_text("doc_no"),
        clause=entry.text("clause", ""),
    )
    entry.finish()
    return found


def read_faq(entry: Entry) -> list[FaqEntry]:
    """One file of ``faq/``. Bare fact keys are completed to refs of the file's document."""
    document_id = entry.text("document")
    if document_id != Path(entry.file).stem:
        entry.problem("document", f"应与文件名相同：{Path(entry.file).stem}")
    found = [_faq(child, document_id, n) for n, child in enumerate(entry.entries("entries", True), start=1)]
    entry.finish()
    return found


def _faq(entry: Entry, document_id: str, number: int) -> FaqEntry:
    faq = FaqEntry(
        id=f"{document_id}!faq-{number}",
        document=document_id,
        question=entry.text("question"),
        variants=entry.texts("variants"),
        answer=entry.text("answer"),
        facts=_refs(entry.texts("facts"), document_id),
        background=_refs(entry.texts("background"), document_id),
        aspects=entry.texts("aspects"),
        office=entry.optional_text("office"),
        undetermined=entry.flag("undetermined"),
        written_at=entry.source,
    )
    entry.finish()
    return faq


def _refs(keys: tuple[str, ...], document_id: str) -> tuple[str, ...]:
    return tuple(key if "#" in key else f"{document_id}#{key}" for key in keys)


def read_office(entry: Entry) -> Office:
    """One entry of ``offices.yaml``."""
    office = Office(
        id=entry.text("id"),
        name=entry.text("name"),
        duties=entry.text("duties"),
        phone=entry.optional_text("phone"),
        phone_note=entry.text("phone_note", ""),
        address=entry.optional_text("address"),
        hours=entry.optional_text("hours"),
        confirmed=entry.flag("confirmed"),
        parent=entry.text("parent", ""),
    )
    entry.finish()
    return office


def read_category(entry: Entry) -> Category:
    """One entry of ``catalogue.yaml``."""
    category = Category(
        id=entry.text("id"),
        name=entry.text("name"),
        group=entry.text("group"),
        description=entry.text("description", ""),
        confirmed=entry.flag("confirmed"),
    )
    entry.finish()
    return category


def read_boundary(entry: Entry) -> Boundary:
    """One entry of ``boundaries.yaml``."""
    boundary = Boundary(
        id=entry.text("id"),
        kind=_one_of(entry, "kind", BOUNDARY_KINDS, "unpublished") or "unpublished",
        matter=entry.text("matter"),
        owner=entry.text("owner"),
        cues=entry.texts("cues"),
        office=entry.optional_text("office"),
        advice=entry.text("advice", ""),
        unless=entry.texts("unless"),
    )
    entry.finish()
    return boundary


def read_term(entry: Entry) -> Term:
    """One entry of a file of ``synonyms/``."""
    term = Term(term=entry.text("term"), aliases=entry.texts("aliases"), broader=entry.texts("broader"))
    entry.finish()
    return term


def read_aspect(entry: Entry) -> Aspect:
    """One entry of ``aspects.yaml``."""
    aspect = Aspect(id=entry.text("id"), cues=entry.texts("cues"))
    entry.finish()
    return aspect


def read_slot(entry: Entry) -> Slot:
    """One entry of ``slots.yaml``."""
    values = []
    for child in entry.entries("values", required=True):
        values.append(SlotValue(value=child.text("value"), cues=child.texts("cues")))
        child.finish()
    slot = Slot(id=entry.text("id"), ask=entry.text("ask"), values=tuple(values))
    entry.finish()
    return slot


def read_calendar_entry(entry: Entry) -> CalendarEntry:
    """One entry of ``calendar.yaml``."""
    found = CalendarEntry(
        id=entry.text("id"),
        name=entry.text("name"),
        month=entry.number("month"),
        topics=entry.texts("topics"),
        note=entry.text("note", ""),
    )
    if not 1 <= found.month <= 12:
        entry.problem("month", "应为 1 到 12")
    entry.finish()
    return found
