"""What is kept between messages and starts: exchanges with feedback, conversation states, seen updates.

One SQLite file. Questions and answers are masked before they are written, users are stored as keyed
hashes, and deleted text is overwritten on disk. Thread-safe; several processes may share the file.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.masking import mask
from bot.models import Answer
from bot.store_file import Database, StoreError, storable
from bot.store_values import Counts, LoggedQuestion, UnansweredQuestion

__all__ = [
    "FILE_NAME",
    "Counts",
    "LoggedQuestion",
    "Store",
    "StoreError",
    "UnansweredQuestion",
    "kept_questions",
]

logger = logging.getLogger(__name__)

FILE_NAME = "zhengcetong.db"
_UPDATES_KEPT = 20_000
_UPDATES_KEPT_FOR = timedelta(days=3)
"""Telegram keeps updates for a day, and may number afresh after a week without any."""
_TRIM_EVERY = 500
_LARGEST_ID = 2**63 - 1
_END_OF_TIME = "9999"


MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE exchanges (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        channel TEXT NOT NULL,
        user TEXT NOT NULL,
        question TEXT NOT NULL,
        group_key TEXT NOT NULL,
        outcome TEXT NOT NULL,
        answer TEXT NOT NULL,
        facts TEXT NOT NULL,
        confidence REAL NOT NULL,
        ms REAL NOT NULL,
        helpful INTEGER
    );
    CREATE INDEX exchanges_at ON exchanges (at);
    CREATE TABLE states (
        channel TEXT NOT NULL,
        user TEXT NOT NULL,
        state TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (channel, user)
    ) WITHOUT ROWID;
    CREATE TABLE updates (
        update_id INTEGER PRIMARY KEY,
        at TEXT NOT NULL
    );
    CREATE INDEX updates_at ON updates (at);
    """,
)
"""Step n brings a file from schema version n to n + 1. Steps are only ever added."""


class Store(Database):
    """The database in a data directory.

    Raises:
        StoreError: the directory cannot be written, or the database is of a newer program. Every method
            raises it when the disk refuses (full, gone, locked).
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(data_dir, FILE_NAME, MIGRATIONS, now)

    def add_exchange(self, channel: str, user: str, text: str, answer: Answer, at: datetime) -> int:
        """Keep a question with its answer, masked; the id is what :meth:`rate` takes."""
        question = mask(storable(text))
        facts = [f"{citation.document}#{key}" for citation in answer.citations for key in citation.facts]
        row = (
            _timestamp(at),
            channel,
            self._hashed(channel, user),
            question,
            _group_key(question),
            str(answer.outcome),
            mask(storable(answer.answer)),
            json.dumps(facts, ensure_ascii=False),
            answer.confidence,
            answer.ms,
        )
        return self._run(lambda connection: _insert_exchange(connection, row))

    def rate(self, exchange: int, channel: str, user: str, helpful: bool) -> bool:
        """Keep 👍/👎 for an exchange of this user; the last vote wins. False: no such exchange of theirs."""
        if not 0 < exchange <= _LARGEST_ID:
            return False
        changed = self._run(
            lambda connection: (
                connection.execute(
                    "UPDATE exchanges SET helpful = ? WHERE id = ? AND channel = ? AND user = ?",
                    (helpful, exchange, channel, self._hashed(channel, user)),
                ).rowcount
            )
        )
        return changed == 1

    def unanswered(self, since: datetime, limit: int) -> tuple[UnansweredQuestion, ...]:
        """Questions that were not answered (``abstained``, ``redirect``), most frequent first."""
        rows = self._run(
            lambda connection: connection.execute(
                # SQLite takes `question` from the row that holds the maximum.
                "SELECT question, COUNT(*), MAX(at), SUM(outcome = 'abstained'), SUM(outcome = 'redirect')"
                " FROM exchanges WHERE at >= ? AND outcome IN ('abstained', 'redirect')"
                " GROUP BY group_key ORDER BY 2 DESC, 3 DESC LIMIT ?",
                (_timestamp(since), max(0, limit)),
            ).fetchall()
        )
        return tuple(
            UnansweredQuestion(
                question,
                count,
                datetime.fromisoformat(last),
                {name: n for name, n in (("abstained", abstained), ("redirect", redirect)) if n},
            )
            for question, count, last, abstained, redirect in rows
        )

    def questions(self) -> tuple[LoggedQuestion, ...]:
        """The chat log in order of time, without its answers."""
        rows = self._run(
            lambda connection: connection.execute(
                "SELECT id, at, channel, user, question, outcome FROM exchanges ORDER BY id"
            ).fetchall()
        )
        return tuple(LoggedQuestion(row[0], datetime.fromisoformat(row[1]), *row[2:]) for row in rows)

    def load_state(self, channel: str, user: str) -> str | None:
        """What :meth:`save_state` kept for this user's conversation, if anything."""
        row = self._run(
            lambda connection: connection.execute(
                "SELECT state FROM states WHERE channel = ? AND user = ?",
                (channel, self._hashed(channel, user)),
            ).fetchone()
        )
        return None if row is None else str(row[0])

    def save_state(self, channel: str, user: str, state_json: str) -> None:
        """Keep the conversation's state as it is: the caller puts no unmasked text into it."""
        row = (channel, self._hashed(channel, user), storable(state_json), _timestamp(self._now()))
        self._run(
            lambda connection: connection.execute(
                "INSERT INTO states (channel, user, state, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (channel, user) DO UPDATE SET state = excluded.state, at = excluded.at",
                row,
            )
        )

    def forget(self, channel: str, user: str) -> None:
        """Drop the conversation's state. Masked exchanges stay until :meth:`purge`."""
        self._run(
            lambda connection: connection.execute(
                "DELETE FROM states WHERE channel = ? AND user = ?", (channel, self._hashed(channel, user))
            )
        )

    def first_time(self, update_id: int) -> bool:
        """True exactly once for each Telegram update, also across restarts. Forgotten after three days."""
        now = self._now()
        row = (update_id, _timestamp(now), _timestamp(now - _UPDATES_KEPT_FOR))
        return self._run(lambda connection: _mark_update(connection, row))

    def purge(self, older_than_days: int) -> int:
        """Delete what is older than the retention time; returns how many exchanges and states went."""
        before = _timestamp(self._now() - timedelta(days=older_than_days))
        removed = self._run(lambda connection: _delete_before(connection, before))
        if removed:
            logger.info("retention: %d rows older than %d days deleted", removed, older_than_days)
        return removed

    def counts(self, since: datetime, until: datetime | None = None) -> Counts:
        """Totals of the exchanges since a moment, and before ``until`` where it is given."""
        bounds = (_timestamp(since), _timestamp(until) if until else _END_OF_TIME)
        return self._run(lambda connection: _count(connection, bounds))

    def _hashed(self, channel: str, user: str) -> str:
        return self._keyed_hash(f"{channel}\0{user}")


def kept_questions(data_dir: Path, retention_days: int) -> tuple[LoggedQuestion, ...]:
    """Questions of the chat log that are not past their time; no file is made where there is none."""
    if not (data_dir / FILE_NAME).exists():
        return ()
    oldest = datetime.now(UTC) - timedelta(days=retention_days)
    with Store(data_dir) as store:
        return tuple(question for question in store.questions() if question.at >= oldest)


def _insert_exchange(connection: sqlite3.Connection, row: tuple[object, ...]) -> int:
    cursor = connection.execute(
        "INSERT INTO exchanges"
        " (at, channel, user, question, group_key, outcome, answer, facts, confidence, ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _mark_update(connection: sqlite3.Connection, row: tuple[int, str, str]) -> bool:
    update_id, now, forgotten_before = row
    cursor = connection.execute(
        "INSERT INTO updates (update_id, at) VALUES (?, ?)"
        " ON CONFLICT (update_id) DO UPDATE SET at = excluded.at WHERE at < ?",
        (update_id, now, forgotten_before),
    )
    first = cursor.rowcount == 1
    if first and update_id % _TRIM_EVERY == 0:
        _trim_updates(connection, forgotten_before)
    return first


def _trim_updates(connection: sqlite3.Connection, before: str) -> None:
    connection.execute(
        "DELETE FROM updates WHERE at < ? OR update_id IN"
        " (SELECT update_id FROM updates ORDER BY at DESC, update_id DESC LIMIT -1 OFFSET ?)",
        (before, _UPDATES_KEPT),
    )


def _delete_before(connection: sqlite3.Connection, before: str) -> int:
    removed = 0
    for table in ("exchanges", "states"):
        removed += connection.execute(f"DELETE FROM {table} WHERE at < ?", (before,)).rowcount  # noqa: S608 fixed names
    connection.execute("DELETE FROM updates WHERE at < ?", (before,))
    # The write-ahead log still holds the deleted text: fold it into the file and cut it to nothing.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return removed


def _count(connection: sqlite3.Connection, bounds: tuple[str, str]) -> Counts:
    exchanges, users, helpful, unhelpful = connection.execute(
        "SELECT COUNT(*), COUNT(DISTINCT user), COALESCE(SUM(helpful = 1), 0), COALESCE(SUM(helpful = 0), 0)"
        " FROM exchanges WHERE at >= ? AND at < ?",
        bounds,
    ).fetchone()
    outcomes, channels = (
        dict(
            connection.execute(
                f"SELECT {column}, COUNT(*) FROM exchanges WHERE at >= ? AND at < ?"  # noqa: S608 fixed names
                " GROUP BY 1 ORDER BY 1",
                bounds,
            ).fetchall()
        )
        for column in ("outcome", "channel")
    )
    return Counts(exchanges, users, helpful, unhelpful, outcomes, channels)


def _timestamp(at: datetime) -> str:
    """UTC with microseconds, always of one length, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _group_key(question: str) -> str:
    """The question without case, width, spaces and punctuation: equal for the same question."""
    plain = unicodedata.normalize("NFKC", question).casefold()
    return "".join(letter for letter in plain if letter.isalnum()) or plain.strip()
