"""Citizens' messages with their classes and topics: one SQLite file, masked before it is written.

The file is apart from the chat log: it is kept longer, is much larger, and damage to one leaves the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.signals.models import Classified, Message
from bot.store_file import Database, in_one_step, storable
from bot.store_message_rows import (
    CLASS_COLUMNS,
    MESSAGE_COLUMNS,
    StoredMessage,
    from_row,
    iso,
    moment,
    to_row,
)

FILE_NAME = "messages.db"
BOT_LOG = "政策通对话"
"""Stands in place of the file name for questions that the bot was asked."""
_PAGE = 5_000
_SELECT = f"SELECT {MESSAGE_COLUMNS}, {CLASS_COLUMNS}, topic FROM messages"  # noqa: S608 fixed names

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE messages (
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        at TEXT NOT NULL,
        user TEXT NOT NULL,
        number TEXT NOT NULL,
        channel TEXT NOT NULL,
        area TEXT NOT NULL,
        up INTEGER NOT NULL,
        down INTEGER NOT NULL,
        reply TEXT NOT NULL,
        replied_at TEXT NOT NULL,
        file TEXT NOT NULL,
        sheet TEXT NOT NULL,
        row INTEGER NOT NULL,
        matter TEXT NOT NULL,
        answerer TEXT NOT NULL,
        office TEXT NOT NULL,
        urgency TEXT NOT NULL,
        alarms TEXT NOT NULL,
        stages TEXT NOT NULL,
        confidence REAL NOT NULL,
        topic TEXT,
        imported TEXT NOT NULL
    );
    CREATE INDEX messages_at ON messages (at);
    CREATE INDEX messages_topic ON messages (topic);
    """,
)
"""Step n brings a file from schema version n to n + 1. Steps are only ever added."""


@dataclass(frozen=True, slots=True)
class TopicRow:
    """What grouping needs of a message, and little more: there may be 100,000."""

    id: str
    title: str
    text: str
    at: datetime | None
    user: str
    matter: str
    answerer: str
    office: str
    urgency: str
    file: str
    topic: str | None


class MessageStore(Database):
    """The messages of a data directory. Thread-safe; several processes may share the file.

    Raises:
        StoreError: the directory cannot be written, or the disk refuses.
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(data_dir, FILE_NAME, MIGRATIONS, now)

    def keyed_hash(self, text: str) -> str:
        """What stands for a writer, or for the unmasked identity of a message: tells nobody the text."""
        return self._keyed_hash(text)[:32]

    def add(self, rows: Sequence[tuple[Message, Classified]]) -> int:
        """Keep messages, all or none; how many were new. Those that are known stay as they are."""
        stamp = self._now().astimezone(UTC).isoformat(timespec="seconds")
        values = [to_row(message, classified, stamp) for message, classified in rows]
        return self._run(lambda connection: _add(connection, values))

    def renew(self, messages: Sequence[Message]) -> int:
        """Bring replies and votes of known messages up to date; how many changed. Nothing is taken away."""
        values = [(m.up, m.down, storable(m.reply), iso(m.replied_at), m.id) for m in messages]
        return self._run(lambda connection: _renew(connection, values))

    def known(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that are stored already."""
        wanted = list(ids)

        def look(connection: sqlite3.Connection) -> set[str]:
            return {row[0] for row in _where_ids(connection, "SELECT id FROM messages WHERE id IN", wanted)}

        return self._run(look)

    def get(self, ids: Iterable[str]) -> dict[str, StoredMessage]:
        """Messages by id; unknown ids are left out."""
        wanted = list(ids)

        def look(connection: sqlite3.Connection) -> dict[str, StoredMessage]:
            rows = _where_ids(connection, f"{_SELECT} WHERE id IN", wanted)
            return {row[0]: from_row(row) for row in rows}

        return self._run(look)

    def of_topic(self, topic: str) -> tuple[StoredMessage, ...]:
        """The messages of a topic in order of time."""
        rows = self._run(
            lambda connection: connection.execute(
                f"{_SELECT} WHERE topic = ? ORDER BY at, rowid",
                (topic,),
            ).fetchall()
        )
        return tuple(from_row(row) for row in rows)

    def replied(self, limit: int) -> tuple[StoredMessage, ...]:
        """Messages to us that were answered, the newest replies first."""
        rows = self._run(
            lambda connection: connection.execute(
                f"{_SELECT} WHERE reply <> '' AND answerer <> 'other'"
                " ORDER BY COALESCE(NULLIF(replied_at, ''), at) DESC, rowid LIMIT ?",
                (limit,),
            ).fetchall()
        )
        return tuple(from_row(row) for row in rows)

    def everything(self) -> Iterator[StoredMessage]:
        """All messages in the order of their import, read a few thousand at once."""
        last = 0
        query = f"{_SELECT} WHERE rowid > ? ORDER BY rowid LIMIT ?".replace("topic FROM", "topic, rowid FROM")
        while True:
            rows = self._run(lambda connection, a=last: connection.execute(query, (a, _PAGE)).fetchall())  # type: ignore[misc]
            yield from (from_row(row[:-1]) for row in rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1][-1]

    def topic_rows(self, since: date | None = None, until: date | None = None) -> Iterator[TopicRow]:
        """All messages in order of time (those without a time first), read a few thousand at once.

        ``since`` and ``until`` are both included; messages without a time are left out where one is given.
        """
        condition, bounds = _between(since, until)
        query = (  # fixed names only
            "SELECT rowid, id, title, text, at, user, matter, answerer, office, urgency, file, topic"  # noqa: S608
            f" FROM messages WHERE {condition} AND (at, rowid) > (?, ?) ORDER BY at, rowid LIMIT ?"
        )
        last: tuple[str, int] = ("", 0)
        while True:
            parameters = (*bounds, *last, _PAGE)
            rows = self._run(lambda connection, p=parameters: connection.execute(query, p).fetchall())  # type: ignore[misc]
            for row in rows:
                yield TopicRow(row[1], row[2], row[3], moment(row[4]), *row[5:])
            if len(rows) < _PAGE:
                return
            last = (rows[-1][4], rows[-1][0])

    def set_topics(self, topics: Mapping[str, str | None]) -> None:
        """Give messages their topics, all or none."""
        pairs = [(topic, id_) for id_, topic in topics.items()]

        def write(connection: sqlite3.Connection) -> None:
            with in_one_step(connection):
                connection.executemany("UPDATE messages SET topic = ? WHERE id = ?", pairs)

        self._run(write)

    def forget_file(self, file: str) -> int:
        """Delete the messages that came from a file of this name, for an import by mistake; how many went."""
        return self._run(lambda connection: _delete(connection, "file = ?", (file,)))

    def purge(self, older_than_days: int) -> int:
        """Delete messages imported longer ago; how many went. Their own time may be years before."""
        return self._run(
            lambda connection: _delete(connection, "imported < ?", (self._ago(older_than_days),))
        )

    def purge_file(self, file: str, older_than_days: int) -> int:
        """Delete messages from ``file`` that were written longer ago; how many went."""
        bounds = (file, self._ago(older_than_days))
        return self._run(lambda connection: _delete(connection, "file = ? AND at < ?", bounds))

    def expire(self, imported_days: int, chat_days: int) -> int:
        """Delete what is past its time; how many went.

        Args:
            imported_days: messages from files, counted from their import.
            chat_days: copies of questions from the chat log, counted from when they were asked.
        """
        return self.purge(imported_days) + self.purge_file(BOT_LOG, chat_days)

    def _ago(self, days: int) -> str:
        return (self._now().astimezone(UTC) - timedelta(days=days)).date().isoformat()


def purge_messages(data_dir: Path, imported_days: int, chat_days: int) -> int:
    """:meth:`MessageStore.expire` where there are messages at all; no file is made where there are none."""
    if not (data_dir / FILE_NAME).exists():
        return 0
    with MessageStore(data_dir) as store:
        return store.expire(imported_days, chat_days)


def _add(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> int:
    marks = ", ".join("?" * len(rows[0])) if rows else ""
    query = (
        f"INSERT INTO messages ({MESSAGE_COLUMNS}, {CLASS_COLUMNS}, imported) VALUES ({marks})"  # noqa: S608
        " ON CONFLICT (id) DO NOTHING"
    )
    with in_one_step(connection):
        return sum(connection.execute(query, row).rowcount for row in rows)


def _renew(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> int:
    query = (
        "UPDATE messages SET up = MAX(up, ?1), down = MAX(down, ?2), reply = IIF(?3 = '', reply, ?3),"
        " replied_at = IIF(?4 = '', replied_at, ?4) WHERE id = ?5 AND (up < ?1 OR down < ?2"
        " OR (?3 <> '' AND reply <> ?3) OR (?4 <> '' AND replied_at <> ?4))"
    )
    with in_one_step(connection):
        return sum(connection.execute(query, row).rowcount for row in rows)


def _delete(connection: sqlite3.Connection, condition: str, parameters: tuple[str, ...]) -> int:
    removed = connection.execute(f"DELETE FROM messages WHERE {condition}", parameters).rowcount  # noqa: S608 fixed
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # the log still holds the deleted text
    return removed


def _where_ids(connection: sqlite3.Connection, query: str, ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        yield from connection.execute(f"{query} ({', '.join('?' * len(part))})", part)


def _between(since: date | None, until: date | None) -> tuple[str, tuple[str, ...]]:
    conditions, bounds = ["1"], []
    if since:
        conditions.append("at >= ?")
        bounds.append(since.isoformat())
    if until:
        conditions.append("at <> '' AND at <= ?")
        bounds.append(datetime.combine(until, time.max).isoformat())
    return " AND ".join(conditions), tuple(bounds)
