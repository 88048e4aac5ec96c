"""What the staff desk must know after a restart: who is in the middle of what, and who was a member.

No messages and no replies; words are those of the command (an event, topics).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.store_file import Database, in_one_step, storable

FILE_NAME = "staff.db"

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE sittings (
        channel TEXT NOT NULL,
        user TEXT NOT NULL,
        command TEXT NOT NULL,
        words TEXT NOT NULL,
        PRIMARY KEY (channel, user)
    );
    CREATE TABLE members (
        channel TEXT NOT NULL,
        user TEXT NOT NULL,
        PRIMARY KEY (channel, user)
    );
    """,
)
"""Step n brings a file from schema version n to n + 1. Steps are only ever added."""

Key = tuple[str, str]
"""Channel and user."""


class StaffStore(Database):
    """Sittings and members of a data directory. Thread-safe; several processes may share the file.

    Raises:
        StoreError: the directory cannot be written, or the disk refuses.
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(data_dir, FILE_NAME, MIGRATIONS, now)

    def sit(self, key: Key, command: str, words: Sequence[str]) -> None:
        """Remember what a person began, in place of what went on before."""
        row = (*key, command, storable("\n".join(words)))
        self._run(lambda connection: connection.execute("REPLACE INTO sittings VALUES (?, ?, ?, ?)", row))

    def rise(self, key: Key) -> None:
        """Forget it."""
        self._run(
            lambda connection: connection.execute("DELETE FROM sittings WHERE channel = ? AND user = ?", key)
        )

    def sittings(self) -> Mapping[Key, tuple[str, tuple[str, ...]]]:
        """Command and words of everybody who is in the middle of something."""
        rows = self._run(lambda connection: connection.execute("SELECT * FROM sittings").fetchall())
        return {
            (channel, user): (command, tuple(filter(None, words.split("\n"))))
            for channel, user, command, words in rows
        }

    def remember(self, keys: Iterable[Key]) -> frozenset[Key]:
        """Remember members; all that were ever remembered."""
        given = list(keys)

        def write(connection: sqlite3.Connection) -> frozenset[Key]:
            with in_one_step(connection):
                connection.executemany("INSERT OR IGNORE INTO members VALUES (?, ?)", given)
                return frozenset(connection.execute("SELECT channel, user FROM members").fetchall())

        return self._run(write)
