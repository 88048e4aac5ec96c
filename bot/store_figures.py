"""The registers (台账) behind the yearly figures: one SQLite file. Nothing is overwritten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.signals.statistics.models import SourceRow
from bot.signals.statistics.registers import Row, register_of
from bot.store_file import Database, in_one_step

FILE_NAME = "figures.db"

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE entries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        register TEXT NOT NULL,
        identity TEXT NOT NULL,
        year INTEGER NOT NULL,
        fields TEXT NOT NULL,
        file TEXT NOT NULL,
        sheet TEXT NOT NULL,
        row INTEGER NOT NULL,
        note TEXT NOT NULL,
        entered TEXT NOT NULL,
        replaced TEXT
    );
    CREATE UNIQUE INDEX entries_live ON entries (register, identity) WHERE replaced IS NULL;
    CREATE INDEX entries_year ON entries (year, register);
    """,
)
"""Step n brings a file from schema version n to n + 1. Steps are only ever added."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of rows that were handed over."""

    new: int = 0
    updated: int = 0
    """Known, with other values: the newer ones hold, the older are kept."""
    known: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(self.new + other.new, self.updated + other.updated, self.known + other.known)


class FigureStore(Database):
    """The registers of a data directory. Thread-safe; several processes may share the file.

    Raises:
        StoreError: the directory cannot be written, or the disk refuses.
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(data_dir, FILE_NAME, MIGRATIONS, now)

    def add(self, rows: Sequence[Row]) -> Added:
        """Keep rows, all or none. The same row again changes nothing."""
        stamp = self._now().astimezone(UTC).isoformat(timespec="seconds")

        def write(connection: sqlite3.Connection) -> Added:
            total = Added()
            with in_one_step(connection):
                for row in rows:
                    total += _add(connection, row, stamp)
            return total

        return self._run(write)

    def rows(self, year: int) -> tuple[Row, ...]:
        """The rows of a year that hold, in the order in which they came."""
        found = self._run(
            lambda connection: connection.execute(
                "SELECT register, year, fields, file, row, sheet, note FROM entries"
                " WHERE year = ? AND replaced IS NULL ORDER BY id",
                (year,),
            ).fetchall()
        )
        return tuple(
            Row(register, of_year, json.loads(fields), SourceRow(file, row, sheet, note))
            for register, of_year, fields, file, row, sheet, note in found
        )


def _add(connection: sqlite3.Connection, row: Row, stamp: str) -> Added:
    identity = json.dumps([row.values.get(name, "") for name in register_of(row.register).identity])
    fields = json.dumps(row.values, ensure_ascii=False, sort_keys=True)
    held = connection.execute(
        "SELECT id, fields FROM entries WHERE register = ? AND identity = ? AND replaced IS NULL",
        (row.register, identity),
    ).fetchone()
    if held and held[1] == fields:
        return Added(known=1)
    if held:
        connection.execute("UPDATE entries SET replaced = ? WHERE id = ?", (stamp, held[0]))
    source = row.source
    connection.execute(
        "INSERT INTO entries (register, identity, year, fields, file, sheet, row, note, entered)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row.register, identity, row.year, fields, source.file, source.sheet, source.row, source.text, stamp),
    )
    return Added(updated=1) if held else Added(new=1)
