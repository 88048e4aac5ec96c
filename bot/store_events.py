"""Events, and the briefings for them in 三审: one SQLite file. Nothing that was reviewed is overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bot import store_event_rows as rows
from bot.briefing import reviewing
from bot.briefing.models import Briefing, Event, Review, ReviewStep
from bot.errors import UsageError
from bot.masking import mask
from bot.store_event_rows import TrailEntry
from bot.store_event_tables import MIGRATIONS, READ_ONLY
from bot.store_file import Database, in_one_step, storable

__all__ = ["FILE_NAME", "EventStore", "TrailEntry"]

FILE_NAME = "events.db"
Result = TypeVar("Result")


class EventStore(Database):
    """Events and briefings of a data directory. Thread-safe; several processes may share the file.

    An event has its id from the day and kind under which it was registered (``20261210-hotline``, a second
    one ``20261210-hotline-2``), a briefing from its event (``B20261210-hotline-1``); neither changes.

    Raises:
        StoreError: the directory cannot be written, or the disk refuses.
        UsageError: every method, for an id that there is not; names the nearest.
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(data_dir, FILE_NAME, MIGRATIONS, now)

    # Events

    def add_event(self, event: Event, by: str) -> Event:
        """Keep an event; the one that is there already where everything about it is the same."""
        reviewing.require_name(by)

        def add(connection: sqlite3.Connection) -> Event:
            for kept in rows.events(connection, cancelled=False):
                if replace(kept, id="") == replace(event, id=""):
                    return kept
            named = replace(event, id=rows.free_id(connection, f"{event.date:%Y%m%d}-{event.kind}"))
            rows.insert_event(connection, named)
            rows.note(connection, self._now(), by, named.id, "registered")
            return named

        return self._write(add)

    def change_event(self, event: Event, by: str) -> Event:
        """Keep other values for the event of that id."""
        reviewing.require_name(by)

        def change(connection: sqlite3.Connection) -> Event:
            if rows.event(connection, event.id) != event:
                rows.require_standing(connection, event.id)
                rows.update_event(connection, event)
                rows.note(connection, self._now(), by, event.id, "changed")
            return event

        return self._write(change)

    def cancel_event(self, event_id: str, by: str) -> bool:
        """Mark an event as cancelled; it stays on record. False: it was already."""
        reviewing.require_name(by)

        def cancel(connection: sqlite3.Connection) -> bool:
            if rows.is_cancelled(connection, event_id):
                return False
            connection.execute("UPDATE events SET cancelled = 1 WHERE id = ?", (event_id,))
            rows.note(connection, self._now(), by, event_id, "cancelled")
            return True

        return self._write(cancel)

    def event(self, event_id: str) -> Event:
        """An event, also a cancelled one."""
        return self._run(lambda connection: rows.event(connection, event_id))

    def events(self, cancelled: bool = False) -> tuple[Event, ...]:
        """The events that stand, in the order of their days; or those that were cancelled."""
        return self._run(lambda connection: rows.events(connection, cancelled))

    def is_cancelled(self, event_id: str) -> bool:
        """Whether an event was cancelled."""
        return self._run(lambda connection: rows.is_cancelled(connection, event_id))

    # Briefings

    def keep(self, briefing: Briefing, event_id: str, by: str) -> Review:
        """Keep a new briefing for an event as its first version, waiting for 初审.

        Raises:
            UsageError: the event was cancelled, or the briefing was written for another day or kind.
        """
        reviewing.require_name(by)

        def add(connection: sqlite3.Connection) -> Review:
            rows.require_for_event(connection, briefing, event_id)
            (count,) = connection.execute(
                "SELECT COUNT(*) FROM briefings WHERE event = ?", (event_id,)
            ).fetchone()
            found = f"B{event_id}-{count + 1}"
            connection.execute(
                "INSERT INTO briefings VALUES (?, ?, ?)", (found, event_id, storable(by.strip()))
            )
            named = replace(briefing, event=replace(briefing.event, id=event_id))
            self._add_version(connection, named, Review(found), by)
            return rows.review(connection, found)

        return self._write(add)

    def edit(self, briefing: Briefing, seen: Review, by: str) -> Review:
        """Keep a changed text as the next version; its review starts again, comments stay.

        Args:
            seen: the review of the version that was changed.

        Raises:
            UsageError: it is sealed, or somebody else acted in between.
        """
        reviewing.require_name(by)

        def add(connection: sqlite3.Connection) -> Review:
            found = rows.review(connection, seen.briefing)
            reviewing.require_open(found)
            reviewing.require_unchanged(seen, found)
            self._add_version(connection, briefing, found, by)
            return rows.review(connection, seen.briefing)

        return self._write(add)

    def act(self, seen: Review, by: str, passed: bool, comment: str = "") -> Review:
        """Pass or return the step that is next. The final pass seals the version: from then on it is
        read-only. The comment is masked.

        Args:
            seen: the review as the reviewer saw it; of two who act on the same one, the first wins.

        Raises:
            UsageError: somebody else acted in between, this person may not review it, a return has no
                comment, the event was cancelled or moved, or a line has an error at the final pass.
        """
        comment = mask(storable(comment.strip()))
        if not passed and not comment:
            raise UsageError("退回要写明意见（--comment 意见）")

        def review(connection: sqlite3.Connection) -> Review:
            found = rows.review(connection, seen.briefing)
            reviewing.require_unchanged(seen, found)
            text, editor = rows.version(connection, found.briefing, found.version)
            reviewing.require_reviewer(found, editor, by)
            sealing = passed and found.waiting is ReviewStep.FINAL
            event_id = rows.event_of(connection, found.briefing).id
            if passed:
                rows.require_for_event(connection, rows.read(text), event_id)
            if sealing:
                reviewing.require_sound(rows.read(text))
            what = "passed" if passed else "returned"
            rows.note(connection, self._now(), by, event_id, what, found, comment)
            if sealing:
                rows.seal(connection, found, text)
            return rows.review(connection, found.briefing)

        return self._write(review)

    def review(self, briefing_id: str) -> Review:
        """Where a briefing stands."""
        return self._run(lambda connection: rows.review(connection, briefing_id))

    def briefing(self, briefing_id: str, version: int | None = None) -> Briefing:
        """The newest version, or another, with its review. An older version has the acts up to it.

        Raises:
            UsageError: there is no such version.
        """

        def read(connection: sqlite3.Connection) -> Briefing:
            review = rows.review(connection, briefing_id)
            wanted = review.version if version is None else version
            text, _ = rows.version(connection, briefing_id, wanted)
            if wanted != review.version:
                acts = tuple(act for act in review.acts if act.version <= wanted)
                waiting = reviewing.waiting_step(acts, wanted)
                review = replace(review, version=wanted, acts=acts, waiting=waiting, sha256="")
            return replace(rows.read(text), review=review)

        return self._run(read)

    def briefings(self, event_id: str | None = None) -> tuple[Review, ...]:
        """Where the briefings stand, of one event or of all, in the order in which they were kept."""

        def read(connection: sqlite3.Connection) -> tuple[Review, ...]:
            if event_id is not None:
                rows.event(connection, event_id)
            found = connection.execute(
                "SELECT id FROM briefings WHERE ?1 IS NULL OR event = ?1 ORDER BY rowid", (event_id,)
            ).fetchall()
            return tuple(rows.review(connection, identifier) for (identifier,) in found)

        return self._run(read)

    def event_of(self, briefing_id: str) -> Event:
        """The event of a briefing as it is registered now."""
        return self._run(lambda connection: rows.event_of(connection, briefing_id))

    def verify(self, briefing_id: str) -> tuple[str, ...]:
        """What was changed in a sealed briefing since it was sealed, in Chinese; empty: nothing.

        Raises:
            UsageError: it is not sealed.
        """
        return self._run(lambda connection: rows.altered(connection, briefing_id))

    def trail(self, event_id: str) -> tuple[TrailEntry, ...]:
        """Everything that was done with an event and its briefings, in order."""
        return self._run(lambda connection: rows.trail(connection, event_id))

    def _write(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do all of it or nothing, under the triggers that keep what is reviewed from being rewritten."""

        def write(connection: sqlite3.Connection) -> Result:
            with in_one_step(connection):
                for trigger in READ_ONLY:
                    connection.execute(trigger)
                return action(connection)

        return self._run(write)

    def _add_version(self, connection: sqlite3.Connection, briefing: Briefing, held: Review, by: str) -> None:
        added = replace(held, version=held.version + 1)
        rows.insert_version(connection, added, reviewing.kept_text(briefing), by)
        what = "edited" if held.version else "kept"
        event_id = rows.event_of(connection, held.briefing).id
        rows.note(connection, self._now(), by, event_id, what, added)
