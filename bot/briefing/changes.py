"""What has changed, or will end, around the day of an event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.briefing.models import ChangeKind, RecentChange
from bot.dates import in_words
from knowledge.library import Library
from knowledge.models import Document, Fact, Status
from knowledge.validity import document_status, fact_status, last_day, successor_ref

LOOK_BACK = timedelta(days=365)
"""A change is recent for a year: until then the same season has not come again."""
LOOK_AHEAD = timedelta(days=90)
"""What ends so soon after the event is worth a word at it."""


@dataclass(frozen=True, slots=True)
class ChangedText:
    """A change with the facts (refs) that it touches: those in force where a text is new, else those that
    ended."""

    change: RecentChange
    facts: tuple[str, ...]


def recent_changes(library: Library, as_of: date, event_day: date) -> tuple[RecentChange, ...]:
    """Changes of published texts that callers may ask about, newest first.

    What came into force or was replaced within :data:`LOOK_BACK` before the event, what ended within it,
    and what ends within :data:`LOOK_AHEAD` after it.

    Args:
        as_of: the day of writing; what changes between it and the event is told as to come.
    """
    return tuple(found.change for found in changed_texts(library, as_of, event_day))


def changed_texts(library: Library, as_of: date, event_day: date) -> tuple[ChangedText, ...]:
    """:func:`recent_changes` with the facts that each touches."""
    found: list[ChangedText] = []
    for document_id in sorted(library.published):
        document = library.documents[document_id]
        whole = list(_of_document(document, library, as_of, event_day))
        found += whole
        told = {ref for text in whole for ref in text.facts}
        found += (
            text
            for fact in document.facts
            if fact.ref in library.citable_facts and fact.ref not in told
            for text in _of_fact(fact, library, as_of, event_day)
        )
    return tuple(sorted(found, key=lambda text: (-_day(text).toordinal(), text.change.document)))


def _day(text: ChangedText) -> date:
    return text.change.on or date.min


def _of_document(document: Document, library: Library, as_of: date, on: date) -> Iterator[ChangedText]:
    refs = tuple(fact.ref for fact in document.facts if fact.ref in library.citable_facts)
    in_force = tuple(ref for ref in refs if _status(library.facts[ref], library, on) is Status.IN_FORCE)
    past = tuple(ref for ref in refs if ref not in in_force)
    start, end = document.effective or document.published, last_day(document)
    if document_status(document, on) is Status.IN_FORCE and start and on - LOOK_BACK <= start <= on:
        what = f"{_when(start, as_of)}起施行" if start > as_of else f"{in_words(start)}起施行，是新规定"
        yield ChangedText(RecentChange(ChangeKind.NEW, document.id, document.title, start, what), in_force)
    if end and on - LOOK_BACK <= end < on:
        change = RecentChange(ChangeKind.EXPIRED, document.id, document.title, end, _ended(document, end))
        yield ChangedText(change, past)
    if end and on <= end <= on + LOOK_AHEAD:
        what = f"{in_words(end)}到期，答复时要说明到期时间"
        yield ChangedText(RecentChange(ChangeKind.EXPIRING, document.id, document.title, end, what), in_force)


def _ended(document: Document, end: date) -> str:
    newer = document.superseded_by
    if newer and newer.whole:
        return f"{in_words(end)}后由《{newer.title}》取代" + ("" if newer.document else "，库里还没有新文件")
    return f"{in_words(end)}到期，库里还没有接续的新文件"


def _of_fact(fact: Fact, library: Library, as_of: date, on: date) -> Iterator[ChangedText]:
    document = library.document_of(fact)

    def told(kind: ChangeKind, day: date, what: str) -> ChangedText:
        return ChangedText(RecentChange(kind, document.id, document.title, day, what), (fact.ref,))

    start, end = fact.valid_from, fact.valid_to
    if start and on - LOOK_BACK <= start <= on and _status(fact, library, on) is Status.IN_FORCE:
        former = _former(fact, library)
        if former:
            what = f"{_when(start, as_of)}起：{_brief(fact)}此前：{_brief(former)}"
            yield told(ChangeKind.CHANGED, start, what)
        else:
            yield told(ChangeKind.NEW, start, f"{_when(start, as_of)}起：{_brief(fact)}")
    if end and not fact.superseded_by and on - LOOK_BACK <= end < on:
        yield told(ChangeKind.EXPIRED, end, f"{in_words(end)}为止：{_brief(fact)}库里还没有更新的内容")
    if end and on <= end <= on + LOOK_AHEAD:
        newer = library.facts.get(successor_ref(fact)) if fact.superseded_by else None
        then = f"此后：{_brief(newer)}" if newer else "此后的规定库里还没有"
        yield told(ChangeKind.EXPIRING, end, f"{in_words(end)}为止：{_brief(fact)}{then}")


def _status(fact: Fact, library: Library, on: date) -> Status:
    return fact_status(fact, library.document_of(fact), on)


def _former(fact: Fact, library: Library) -> Fact | None:
    """The newest fact that this one replaced."""
    replaced = [
        past
        for past in library.citable_facts.values()
        if past.superseded_by and successor_ref(past) == fact.ref
    ]
    return max(replaced, key=lambda past: past.valid_to or date.min, default=None)


def _when(day: date, as_of: date) -> str:
    return f"将于{in_words(day)}" if day > as_of else in_words(day)


def _brief(fact: Fact) -> str:
    said = fact.brief or fact.statement
    return said if said.endswith("。") else f"{said}。"
