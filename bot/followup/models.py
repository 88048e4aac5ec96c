"""Values of what comes after an event."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.briefing.models import Review


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
    """Office id, or a name as the file gave it where the library has no such office."""
    asker: str = ""
    """Part that the asker played, never a name: 主持人, 网友, 记者 …"""


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


class ChangeWhat(StrEnum):
    """What happened to a follow-up."""

    OPENED = "opened"
    REASSIGNED = "reassigned"
    """Another owner or due day."""
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class FollowUpChange:
    """One entry of the history. ``note`` is masked; ``at`` is local time."""

    what: ChangeWhat
    by: str
    at: datetime
    note: str
    owner: str
    due: date


@dataclass(frozen=True, slots=True)
class EarlierAsked:
    """A question of an earlier event; ``event`` is its title, or its kind in Chinese."""

    question: str
    event: str
    on: date
    event_id: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One question as a file gives it, **not masked**: never to be stored or shown like this.

    ``event`` is the id that the file names, ``caller`` a name or number, ``place`` where it stands (第 3 行).
    """

    question: str
    place: str
    answer: str = ""
    at: str = ""
    caller: str = ""
    asker: str = ""
    office: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a file that was not taken: where it stands and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class AskedFile:
    """A file of questions with an account of all of its rows: each is in ``rows`` or in ``rejected``.

    ``form`` says in Chinese how it was read, ``columns`` which column was taken for what, ``unused`` the
    columns that were not.
    """

    path: str
    form: str
    rows: tuple[AskedRow, ...]
    rejected: tuple[Rejected, ...] = ()
    columns: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    blank: int = 0


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question ready to be kept; the store masks its texts and hashes ``caller``.

    ``owner`` and ``due`` are those of the follow-up; without ``due`` there is none.
    """

    row: AskedRow
    answered: bool
    matter: str = ""
    office: str = ""
    owner: str = ""
    due: date | None = None
    remind_on: date | None = None


class Kept(StrEnum):
    """What became of a question that was handed to the store."""

    NEW = "new"
    KNOWN = "known"
    ANSWERED = "answered"
    """Known without an answer, which came now: its follow-up is done."""
    DIFFERENT = "different"
    """Known with another answer, which stays."""


class DraftKind(StrEnum):
    """What a draft adds to the FAQ."""

    VARIANT = "variant"
    """Another wording of an entry that is there."""
    ENTRY = "entry"
    """A new entry."""


@dataclass(frozen=True, slots=True)
class FaqDraft:
    """A draft for the FAQ of ``document``. ``facts`` are refs (``document#key``).

    ``question`` is the new wording, of a variant too; ``answer`` is composed of the facts, or that of the
    entry. ``spoken`` is what was said at the event: never policy text. ``doubts`` are figures in it that the
    facts do not hold.
    """

    kind: DraftKind
    event: str
    number: int
    """Of the asked question."""
    document: str
    question: str
    answer: str
    facts: tuple[str, ...]
    aspects: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    """Other wordings that were asked, of a new entry."""
    entry: str = ""
    """Id of the entry that a variant belongs to (``document!faq-n``) when it was drafted."""
    entry_question: str = ""
    """Question of that entry: ids move when entries are added, this finds it again."""
    spoken: str = ""
    doubts: tuple[str, ...] = ()
    review: Review = field(default_factory=Review)
    """``review.briefing`` is the id of the draft (``F1``)."""

    @property
    def id(self) -> str:
        return self.review.briefing
