"""What was asked at events, what stays to be done, and drafts for the FAQ: one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from bot import store_faq_drafts as faq_drafts
from bot import store_followup_rows as rows
from bot.briefing.clock import KIND_NAMES
from bot.briefing.models import EarlierAnswer, Event, Review
from bot.errors import UsageError
from bot.followup.models import (
    AskedQuestion,
    ChangeWhat,
    EarlierAsked,
    FaqDraft,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    Kept,
    NewQuestion,
)
from bot.masking import mask
from bot.store_events import EventStore
from bot.store_faq_drafts import DraftTrailEntry
from bot.store_file import Database, in_one_step, storable
from bot.store_followup_tables import MIGRATIONS

FILE_NAME = "followups.db"
Result = TypeVar("Result")
_ENDED = {FollowUpStatus.DONE: "已办结", FollowUpStatus.DROPPED: "已不再办理"}


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """What became of one question: ``followup`` is the id of the follow-up that was opened for it."""

    what: Kept
    number: int
    place: str
    followup: int | None = None


class FollowUpStore(Database):
    """What came of the events of a data directory. Thread-safe; several processes may share the file.

    Raises:
        StoreError: the directory cannot be written, or the disk refuses.
        UsageError: every method, for an id that there is not.
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(data_dir, FILE_NAME, MIGRATIONS, now)
        self._data_dir = data_dir

    # What was asked

    def add(
        self, event_id: str, questions: Sequence[NewQuestion], by: str, opened: date
    ) -> tuple[KeptQuestion, ...]:
        """Keep questions, all or none, masked; open a follow-up for each new one that has a limit.

        A question that is there already changes nothing, but for an answer that it did not have.
        """

        def write(connection: sqlite3.Connection) -> tuple[KeptQuestion, ...]:
            return tuple(self._add(connection, event_id, new, by, opened) for new in questions)

        return self._write(write)

    def asked(self, event_id: str | None = None) -> tuple[AskedQuestion, ...]:
        """The questions of an event, or of all, in the order in which they came."""
        return self._run(lambda connection: rows.asked(connection, event_id))

    def earlier_questions(self, before: date) -> tuple[EarlierAsked, ...]:
        """What was asked at events before a day. Events that were cancelled are left out."""
        events = self._events()
        return tuple(
            EarlierAsked(asked.question, _name(event), event.date, event.id)
            for asked in self.asked()
            if (event := events.get(asked.event)) and event.date < before
        )

    def earlier_answers(self) -> tuple[EarlierAnswer, ...]:
        """What was answered at events and after them."""
        events = self._events()
        closed = self._run(
            lambda connection: dict(
                connection.execute(
                    "SELECT event || '#' || number, closed FROM followups WHERE status = ?",
                    (FollowUpStatus.DONE.value,),
                ).fetchall()
            )
        )
        return tuple(
            EarlierAnswer(
                asked.question,
                asked.answer,
                _day_of(asked, event, closed),
                f"{_source(event)}第 {asked.number} 问",
            )
            for asked in self.asked()
            if asked.answered and (event := events.get(asked.event))
        )

    # Follow-ups

    def followups(self, event_id: str | None = None) -> tuple[FollowUp, ...]:
        """Those of an event, or all, in the order of their limits."""
        return self._run(lambda connection: rows.followups(connection, event_id))

    def overdue(self, as_of: date) -> tuple[FollowUp, ...]:
        """Open ones whose limit was before the day."""
        return tuple(each for each in self._standing() if each.due < as_of)

    def reminders(self, as_of: date) -> tuple[FollowUp, ...]:
        """Open ones to be called to mind on the day: first before the limit, again on its day."""
        return tuple(each for each in self._standing() if as_of in (each.remind_on, each.due))

    def unanswered(self, event_id: str) -> int | None:
        """How many questions of an event wait for an answer; ``None``: none was entered."""
        if not self.asked(event_id):
            return None
        return sum(each.status is FollowUpStatus.OPEN for each in self.followups(event_id))

    def close_followup(self, wanted: int, status: FollowUpStatus, note: str, by: str, on: date) -> FollowUp:
        """End a follow-up: done, with the answer as its note, which the question then has too; or dropped.

        Raises:
            UsageError: it has ended already, or there is no note.
        """
        note = mask(storable(note.strip()))
        if not note:
            raise UsageError(
                "要用 --note 写明办理结果" if status is FollowUpStatus.DONE else "要用 --note 写明原因"
            )

        def write(connection: sqlite3.Connection) -> FollowUp:
            _, number = self._open_one(connection, wanted)
            rows.close(connection, wanted, status, note, on)
            what = ChangeWhat.DONE if status is FollowUpStatus.DONE else ChangeWhat.DROPPED
            self._note(connection, wanted, what, by, note)
            held, _ = rows.followup(connection, wanted)
            if status is FollowUpStatus.DONE:
                rows.later_answer(connection, held.event, number, note)
            return held

        return self._write(write)

    def reassign(self, changed: FollowUp, note: str, by: str) -> FollowUp:
        """Keep another owner, limit and reminder of a follow-up that is open."""

        def write(connection: sqlite3.Connection) -> FollowUp:
            self._open_one(connection, changed.id)
            rows.reassign(connection, changed)
            self._note(connection, changed.id, ChangeWhat.REASSIGNED, by, mask(storable(note.strip())))
            return rows.followup(connection, changed.id)[0]

        return self._write(write)

    def followup(self, wanted: int) -> FollowUp:
        """One of them."""
        return self._run(lambda connection: rows.followup(connection, wanted)[0])

    def history(self, wanted: int) -> tuple[FollowUpChange, ...]:
        """Who did what with a follow-up, in order."""
        return self._run(lambda connection: rows.history(connection, wanted))

    # FAQ drafts

    def add_drafts(self, drafts: Sequence[FaqDraft], by: str) -> tuple[FaqDraft, ...]:
        """Keep drafts whose wording is new among the drafts; gives these with their ids (``F1`` …)."""
        return self._write(lambda connection: faq_drafts.add(connection, drafts, by, self._now()))

    def drafts(self) -> tuple[FaqDraft, ...]:
        """All drafts with their review."""
        return self._run(faq_drafts.drafts)

    def draft(self, draft_id: str) -> FaqDraft:
        """One of them."""
        return self._run(lambda connection: faq_drafts.draft(connection, draft_id))

    def edit_draft(self, seen: FaqDraft, text: str, by: str) -> FaqDraft:
        """A new version; see :func:`bot.store_faq_drafts.edit`."""
        return self._write(lambda connection: faq_drafts.edit(connection, seen, text, by, self._now()))

    def act(self, seen: Review, by: str, passed: bool, comment: str = "") -> FaqDraft:
        """Pass or return the step of a draft that is next; see :func:`bot.store_faq_drafts.act`."""
        return self._write(
            lambda connection: faq_drafts.act(connection, seen, by, passed, comment, self._now())
        )

    def is_altered(self, draft_id: str) -> bool:
        """Whether a draft was changed after it passed."""
        return self._run(lambda connection: faq_drafts.is_altered(connection, draft_id))

    def draft_trail(self, draft_id: str) -> tuple[DraftTrailEntry, ...]:
        """Who did what with a draft."""
        return self._run(lambda connection: faq_drafts.trail(connection, draft_id))

    def _add(
        self, connection: sqlite3.Connection, event_id: str, new: NewQuestion, by: str, opened: date
    ) -> KeptQuestion:
        caller = self._keyed_hash(new.row.caller) if new.row.caller else ""
        masked = replace(
            new.row,
            question=mask(storable(new.row.question.strip())),
            answer=mask(storable(new.row.answer.strip())),
            asker=mask(storable(new.row.asker)),
            caller="",
        )
        clean = replace(new, row=masked, office=mask(storable(new.office)), owner=storable(new.owner))
        what, number = rows.keep(connection, event_id, clean, caller)
        followup = None
        if what is Kept.NEW and clean.due:
            followup = rows.open_followup(connection, event_id, number, clean, opened)
            if followup:
                self._note(connection, followup, ChangeWhat.OPENED, by, "")
        if what is Kept.ANSWERED and (waiting := rows.open_of(connection, event_id, number)):
            rows.close(connection, waiting, FollowUpStatus.DONE, masked.answer, opened)
            self._note(connection, waiting, ChangeWhat.DONE, by, masked.answer)
        return KeptQuestion(what, number, new.row.place, followup)

    def _standing(self) -> tuple[FollowUp, ...]:
        return tuple(each for each in self.followups() if each.status is FollowUpStatus.OPEN)

    def _open_one(self, connection: sqlite3.Connection, wanted: int) -> tuple[FollowUp, int]:
        held, number = rows.followup(connection, wanted)
        if held.status is not FollowUpStatus.OPEN:
            raise UsageError(f"第 {wanted} 件{_ENDED[held.status]}（{held.closed}），没有改动")
        return held, number

    def _note(
        self, connection: sqlite3.Connection, wanted: int, what: ChangeWhat, by: str, note: str
    ) -> None:
        rows.note_change(connection, wanted, what, storable(by.strip()), self._now(), note)

    def _events(self) -> Mapping[str, Event]:
        with EventStore(self._data_dir) as events:
            return {event.id: event for event in events.events()}

    def _write(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        def step(connection: sqlite3.Connection) -> Result:
            with in_one_step(connection):
                return action(connection)

        return self._run(step)


def _name(event: Event) -> str:
    return event.title or KIND_NAMES[event.kind]


def _source(event: Event) -> str:
    return f"{event.date} {_name(event)}"


def _day_of(asked: AskedQuestion, event: Event, closed: Mapping[str, str]) -> date:
    """The day on which an answer was given last."""
    later = closed.get(f"{asked.event}#{asked.number}")
    return date.fromisoformat(later) if later else event.date
