"""From rows of a file to questions with an answer, an office and, where one is still due, a limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.briefing.models import Event
from bot.followup.deadlines import Deadline
from bot.followup.deferring import given
from bot.followup.models import AskedRow, NewQuestion, Rejected
from bot.followup.offices import OfficeFinder, office_id, office_name
from bot.masking import mask
from bot.store_file import storable
from knowledge.models import Office

OF_ANOTHER_EVENT = "属于别的活动"
NO_WORDS = "问题里没有文字"
_LONGEST = 4000
TOO_LONG = f"问题超过 {_LONGEST} 字，请拆开或摘要后再录入"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms follow-ups are opened. ``owner``: who does all of them; empty: each its office."""

    event: Event
    deadline: Deadline
    owner: str = ""


def prepared(
    rows: Iterable[AskedRow], terms: Terms, finder: OfficeFinder, offices: Mapping[str, Office]
) -> tuple[tuple[NewQuestion, ...], tuple[Rejected, ...]]:
    """Questions for the store, and rows that are not for this event or too long."""
    taken: list[NewQuestion] = []
    rejected: list[Rejected] = []
    for row in rows:
        if row.event and row.event not in (terms.event.id, terms.event.title):
            rejected.append(Rejected(row.place, f"{OF_ANOTHER_EVENT}（{row.event[:40]}）"))
        elif not any(letter.isalnum() for letter in row.question):
            rejected.append(Rejected(row.place, NO_WORDS))
        elif len(row.question) > _LONGEST:
            rejected.append(Rejected(row.place, TOO_LONG))
        else:
            taken.append(_prepared(row, terms, finder, offices))
    return tuple(taken), tuple(rejected)


def _prepared(
    row: AskedRow, terms: Terms, finder: OfficeFinder, offices: Mapping[str, Office]
) -> NewQuestion:
    said = given(row.answer)
    found, matter = finder.find(mask(storable(row.question)))
    office = office_id(row.office, offices) or found
    question = NewQuestion(row, said.answered, matter, office)
    if said.answered and not said.promised:
        return question
    return replace(
        question,
        owner=terms.owner or office_name(office, offices),
        due=terms.deadline.due,
        remind_on=terms.deadline.remind_on,
    )


def counted_days(event_day: date, deadline: Deadline) -> tuple[date, ...]:
    """The days between which working days were counted, for a notice on unknown holidays."""
    return (event_day, deadline.due)
