"""Rehearsals of the staff: one SQLite file. Replies come masked; one that was broken off goes on later."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.errors import UsageError
from bot.rehearsal.records import Record, Setup
from bot.store_file import Database, in_one_step, storable

FILE_NAME = "rehearsals.db"

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE rehearsals (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL,
        setup TEXT NOT NULL,
        ended INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        record TEXT NOT NULL
    );
    CREATE INDEX rehearsals_person ON rehearsals (person, number);
    """,
)
"""Step n brings a file from schema version n to n + 1. Steps are only ever added."""


class RehearsalStore(Database):
    """The rehearsals of a data directory. Thread-safe; several processes may share the file.

    Raises:
        StoreError: the directory cannot be written, or the disk refuses.
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(data_dir, FILE_NAME, MIGRATIONS, now)

    def keep(self, record: Record) -> Record:
        """Keep a rehearsal as it stands; gives it with its id (``R20261210-1``) and revision.

        Raises:
            UsageError: it went on elsewhere since it was read.
        """

        def write(connection: sqlite3.Connection) -> Record:
            with in_one_step(connection):
                return _update(connection, record) if record.id else _insert(connection, record)

        return self._run(write)

    def of(self, person: str) -> tuple[Record, ...]:
        """The rehearsals of a person, oldest first. Blanks and width of the name do not matter."""
        rows = self._run(
            lambda connection: connection.execute(
                "SELECT record FROM rehearsals WHERE person = ? ORDER BY number", (_named(person),)
            ).fetchall()
        )
        return tuple(msgspec.json.decode(text, type=Record) for (text,) in rows)

    def unfinished(self, person: str, setup: Setup) -> Record | None:
        """The newest rehearsal of a person that was asked for in this way, where it was broken off."""
        found = self._run(
            lambda connection: connection.execute(
                "SELECT record FROM rehearsals WHERE person = ? AND setup = ? AND NOT ended"
                " ORDER BY number DESC LIMIT 1",
                (_named(person), _text(setup)),
            ).fetchone()
        )
        return None if found is None else msgspec.json.decode(found[0], type=Record)


def _insert(connection: sqlite3.Connection, record: Record) -> Record:
    prefix = f"R{record.started:%Y%m%d}-"
    (count,) = connection.execute(
        "SELECT COUNT(*) FROM rehearsals WHERE id GLOB ?", (f"{prefix}*",)
    ).fetchone()
    kept = replace(record, id=f"{prefix}{count + 1}", revision=1)
    connection.execute(
        "INSERT INTO rehearsals (id, person, setup, ended, revision, record) VALUES (?, ?, ?, ?, ?, ?)",
        (kept.id, _named(kept.by), _text(kept.setup), kept.ended, kept.revision, _text(kept)),
    )
    return kept


def _update(connection: sqlite3.Connection, record: Record) -> Record:
    kept = replace(record, revision=record.revision + 1)
    changed = connection.execute(
        "UPDATE rehearsals SET ended = ?, revision = ?, record = ? WHERE id = ? AND revision = ?",
        (kept.ended, kept.revision, _text(kept), kept.id, record.revision),
    )
    if not changed.rowcount:
        raise UsageError(f"演练 {record.id} 正在别处进行（另一个窗口或设备），请在那边接着练")
    return kept


def _text(value: object) -> str:
    return storable(msgspec.json.encode(value).decode())


def _named(person: str) -> str:
    """One spelling of a name."""
    return "".join(unicodedata.normalize("NFKC", storable(person)).split())
