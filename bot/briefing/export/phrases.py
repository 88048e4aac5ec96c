"""Single values of a briefing as phrases: a basis, a figure, a period, an office."""

from __future__ import annotations

from datetime import date

from bot.briefing.export.wording import say
from bot.briefing.models import Event, LineFigure, Review
from bot.dates import in_words
from bot.models import Citation, OfficeCard

_WEEKDAYS = "一二三四五六日"


def event_name(event: Event) -> str:
    """Its title, or what kind of event it is."""
    return event.title.strip() or say(f"kind_{event.kind.value}")


def event_time(event: Event) -> str:
    """Day, weekday and length."""
    weekday = _WEEKDAYS[event.date.weekday()]
    return say("event_when_text", date=in_words(event.date), weekday=weekday, minutes=event.minutes)


def is_sealed(review: Review) -> bool:
    """Whether the final review is passed and the text has its hash."""
    return review.waiting is None and bool(review.sha256)


def state(review: Review) -> str:
    """（草稿，第2版）: stands behind the title."""
    if is_sealed(review):
        return say("state_sealed", version=review.version)
    return say("state_draft", version=review.version) if review.version else say("state_preview")


def header(review: Review) -> str:
    """What stands above every page."""
    if is_sealed(review):
        return say("header_sealed", version=review.version, sha256=review.sha256)
    return say("header_draft")


def titled(title: str) -> str:
    """With 《》, where it has none of its own."""
    return title if not title or title.startswith("《") else f"《{title}》"


def source(citation: Citation) -> str:
    """Title, number and clause; what does not begin with 第 is our own heading, not the document's."""
    clause = citation.clause
    if clause and not clause.startswith("第"):
        clause = say("point", clause=clause)
    return titled(citation.title) + _in_brackets(citation.doc_no or "") + clause


def basis(citation: Citation) -> str:
    """Source with its validity on the day of the event."""
    return f"{source(citation)}，{validity(citation)}"


def validity(citation: Citation) -> str:
    """现行有效（2024年9月1日起）."""
    status = say(f"status_{citation.status}") if citation.status else ""
    return status + _in_brackets(period(citation.valid_from, citation.valid_to))


def figure(value: LineFigure) -> str:
    """20000元（每人每年，2024年9月1日起）."""
    about = "，".join(part for part in (value.meaning, period(value.valid_from, value.valid_to)) if part)
    return value.text + _in_brackets(about)


def period(first: date | None, last: date | None) -> str:
    """From when to when it holds; empty where neither is known."""
    if first and last:
        return say("between", first=in_words(first), last=in_words(last))
    if first:
        return say("until", first=in_words(first))
    return say("through", last=in_words(last)) if last else ""


def office(card: OfficeCard) -> str:
    """Name, phone and note."""
    phone = say("phone", phone=card.phone) if card.phone else ""
    return card.name + _in_brackets("，".join(part for part in (phone, card.note) if part))


def _in_brackets(text: str) -> str:
    return f"（{text}）" if text else ""
