"""Vectors on disk, so that a text is embedded once: an interrupted build goes on where it stopped."""

from __future__ import annotations

import hashlib
import logging
import math
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import SearchError

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

StoredVector = NDArray[np.float16]
"""Half precision: each number of a unit vector is off by at most 2**-12, its cosines by about 1e-4."""

_TABLE = """
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY,
    vector BLOB NOT NULL,
    used INTEGER NOT NULL
)
"""
_BUSY_SECONDS = 30.0
_DAY_SECONDS = 86_400


class VectorCacheError(SearchError):
    """The cache file cannot be read or written: full disk, no permission, locked."""


class _Damage(Exception):
    """The file is no intact database."""


class VectorCache:
    """A SQLite file of vectors by embedder and text. The texts themselves are not in it.

    Every call opens the file anew, so threads and processes may share it. A damaged file is moved aside to
    ``*.damaged`` (replacing an earlier one) and a new one is started; ``damaged`` then says where it is.

    ``max_bytes``: :meth:`prune` drops the vectors unused for longest until the content of the file fits.
    """

    def __init__(self, path: Path, max_bytes: int = 2**30) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self.damaged: Path | None = None

    def get_many(self, name: str, texts: Sequence[str]) -> dict[str, StoredVector]:
        """The vectors that are here, by text. They count as used today.

        Raises:
            VectorCacheError: the file cannot be read or written.
        """
        texts_by_key = {_key(name, text): text for text in texts}
        rows = self._run(lambda connection: _read(connection, texts_by_key))
        found = {texts_by_key[key]: _vector(content) for key, content in rows.items()}
        return {text: vector for text, vector in found.items() if _is_sound(vector)}

    def put_many(self, name: str, vectors: Mapping[str, StoredVector]) -> None:
        """Keep vectors by text, all or none.

        Raises:
            VectorCacheError: the file cannot be written.
        """
        rows = [(_key(name, text), v.astype("<f2").tobytes(), _today()) for text, v in vectors.items()]
        self._run(lambda connection: _write(connection, rows))

    def prune(self) -> int:
        """Drop the vectors unused for longest, beyond ``max_bytes``; how many. Those used today all stay.

        Raises:
            VectorCacheError: the file cannot be written.
        """
        return self._run(lambda connection: _drop_oldest(connection, self.max_bytes))

    def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do ``work`` on a sound file. Damage is looked at twice: another process may just have mended it."""
        for last_resort in (self._set_aside, None):
            for _ in range(2):
                try:
                    return self._attempt(work)
                except _Damage:
                    continue
            if last_resort:
                last_resort()
        raise VectorCacheError(f"语义向量缓存 {self.path} 反复损坏。请检查磁盘。")

    def _attempt(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(_open(self.path)) as connection:
                return work(connection)
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_NOTADB,
            ):
                raise _Damage from error
            raise VectorCacheError(
                f"语义向量缓存 {self.path} 无法读写（{error}）。请检查磁盘空间和写入权限。"
            ) from error

    def _set_aside(self) -> None:
        aside = self.path.with_name(f"{self.path.name}.damaged")
        try:
            self.path.replace(aside)
            for suffix in ("-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        except FileNotFoundError:  # another process was first
            return
        except OSError as error:
            raise VectorCacheError(
                f"语义向量缓存 {self.path} 已损坏，又无法移开（{error}）。请删除它。"
            ) from error
        self.damaged = aside
        logger.warning("vector cache %s is damaged: moved to %s, a new one is started", self.path, aside)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts for a new file only
        with _other_switches():
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _other_switches() -> Iterator[None]:
    """SQLite does not wait where two connections switch a new file to WAL at once: the other one does it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise


def _read(connection: sqlite3.Connection, keys: Iterable[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    today, stale = _today(), []
    connection.execute("BEGIN")  # one lock for all
    for key in keys:
        row = connection.execute("SELECT vector, used FROM vectors WHERE key = ?", (key,)).fetchone()
        if row:
            found[key], used = row
            if used < today:
                stale.append((today, key))
    connection.execute("COMMIT")
    if stale:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("UPDATE vectors SET used = ? WHERE key = ?", stale)
        connection.execute("COMMIT")
    return found


def _write(connection: sqlite3.Connection, rows: list[tuple[bytes, bytes, int]]) -> None:
    connection.execute("BEGIN IMMEDIATE")  # closing without COMMIT undoes it
    connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
    connection.execute("COMMIT")


def _drop_oldest(connection: sqlite3.Connection, max_bytes: int) -> int:
    pages, free, page_bytes = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    content = (pages - free) * page_bytes
    if content <= max_bytes:
        return 0
    (rows,) = connection.execute("SELECT COUNT(*) FROM vectors").fetchone()
    surplus = math.ceil(rows * (content - max_bytes) / content)
    gone = connection.execute(
        "DELETE FROM vectors WHERE key IN (SELECT key FROM vectors WHERE used < ? ORDER BY used LIMIT ?)",
        (_today(), surplus),
    ).rowcount
    connection.executescript("PRAGMA incremental_vacuum")  # execute() would free a single page
    return gone


def _key(name: str, text: str) -> bytes:
    embedder = hashlib.blake2b(name.encode(), digest_size=16).digest()
    return hashlib.blake2b(embedder + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _vector(content: bytes) -> StoredVector:
    return np.frombuffer(content[: len(content) // 2 * 2], dtype="<f2").astype(np.float16)


def _is_sound(vector: StoredVector) -> bool:
    """A row that a failing disk changed is embedded anew."""
    return bool(vector.any() and np.isfinite(vector).all())


def _today() -> int:
    """Days since 1970."""
    return int(time.time() // _DAY_SECONDS)
