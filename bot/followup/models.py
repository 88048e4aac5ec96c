"""Values of what comes after an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FollowUpStatus(StrEnum):
    """Where a follow-up (承办事项) stands. Overdue is computed as of a day, never stored."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    """Ended without an answer, with a reason (不再办理)."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What was asked at an event and what was answered there. Masked. ``answered`` false: to be answered
    within the time limit. ``at`` is the time of day where it is known (``09:12``)."""

    event: str
    number: int
    question: str
    answer: str = ""
    answered: bool = True
    caller: str = ""
    """Keyed hash of who asked, where a phone number or name was given."""
    at: str = ""
    matter: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """承办、督办: something that stays to be done. ``due`` is a working day."""

    id: int
    event: str
    question: str
    owner: str
    """Name of the office or person."""
    due: date
    status: FollowUpStatus
    opened: date
    closed: date | None = None
    note: str = ""
    remind_on: date | None = None
