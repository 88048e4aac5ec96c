"""Database files: opening, schema versions, damage, and the key that hashes users."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

KEY_NAME = "user-hash.key"
_KEY_BYTES = 32
_BUSY_MILLISECONDS = 10_000
_QUICK_CHECK_UP_TO = 64 * 1024 * 1024
"""Larger files are not read through on start; damage in them is found when it is met."""


class StoreError(Exception):
    """The database cannot be used; the message says in plain Chinese why and what to do."""


class Database:
    """One SQLite file of a data directory with its schema, shared by threads and processes; a base class.

    ``migrations``: step n brings a file from schema version n to n + 1; steps are only ever added.
    ``damaged`` lists the files that were moved aside because they could not be read; a new database was
    started in their place.

    Raises:
        StoreError: the directory cannot be written, or the file is of a newer program. Every method raises it
            when the disk refuses (full, gone, locked).
    """

    def __init__(
        self, data_dir: Path, name: str, migrations: Sequence[str], now: Callable[[], datetime]
    ) -> None:
        self.damaged: tuple[Path, ...] = ()
        self._now = now
        self._key = read_or_make_key(data_dir)
        self._path = data_dir / name
        self._migrations = migrations
        self._lock = threading.RLock()
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        with self._lock:
            self._connection.close()

    def _keyed_hash(self, text: str) -> str:
        """64 hexadecimal digits that stand for a text, and tell it only to who has the key and guesses it."""
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _run(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do one thing with the database; a file found damaged is replaced and the thing done again."""
        with self._lock, _translated_errors(self._path):
            try:
                return action(self._connection)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._connection.close()
                self._replace(error)
                return action(self._connection)

    def _open(self) -> sqlite3.Connection:
        with _translated_errors(self._path):
            try:
                return open_database(self._path, self._migrations)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._replace(error)
                return self._connection

    def _replace(self, error: sqlite3.DatabaseError) -> None:
        aside = set_aside(self._path, self._now())
        self.damaged = (*self.damaged, aside)
        logger.error(
            "database %s is damaged (%s): moved to %s, a new one is started", self._path, error, aside
        )
        self._connection = open_database(self._path, self._migrations)


def storable(text: str) -> str:
    """Without lone surrogates, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def in_one_step(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is kept, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


@contextmanager
def _translated_errors(path: Path) -> Iterator[None]:
    """Turn SQLite and file errors into ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"数据库 {path} 无法读写（{error}）。请检查该目录是否可写、磁盘是否已满、文件是否被别的程序占用；"
            "也可以用 --data-dir 换一个目录。"
        ) from error


def open_database(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    """A connection to an intact file of the current schema; the file is made where there is none.

    Raises:
        sqlite3.DatabaseError: see :func:`is_damage`.
        StoreError: the file was written by a newer program.
    """
    path.touch(mode=0o600)
    connection = sqlite3.connect(
        path, timeout=_BUSY_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        _check(connection, path)
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON").fetchall()
        _migrate(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is broken, as against locked, full or refused."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def set_aside(path: Path, now: datetime) -> Path:
    """Move a damaged database with its log files to ``*.damaged-<time>``; returns the new place."""
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%d-%H%M%S-%f}")
    for suffix in ("-wal", ""):  # the database last: it is the one that marks the move as done
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)  # only a cache of the log
    return aside


def read_or_make_key(data_dir: Path) -> bytes:
    """The secret under which users are hashed: made once per data directory, readable by its owner only."""
    path = data_dir / KEY_NAME
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_bytes(_KEY_BYTES))
        key = path.read_bytes()
        _require_writable(data_dir)
    except OSError as error:
        raise StoreError(
            f"数据目录 {data_dir} 无法写入（{error.strerror or error}）。"
            "请给运行本程序的用户写入权限，或用 --data-dir 换一个可写的目录。"
        ) from error
    if len(key) < _KEY_BYTES:
        raise StoreError(
            f"文件 {path} 不完整，无法识别用户。请从备份恢复；没有备份时删除它再启动，"
            "此后以前的对话不再与原用户对应，其他数据不受影响。"
        )
    return key


def _require_writable(data_dir: Path) -> None:
    with tempfile.TemporaryFile(dir=data_dir):
        pass


def _write_once(path: Path, content: bytes) -> None:
    """Make the file in one step; if another process was first, its file stays."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Read the schema, and the whole file where it is small."""
    connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if path.stat().st_size > _QUICK_CHECK_UP_TO:
        return
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        error = sqlite3.DatabaseError(found)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait here when another process switches at the same moment."""
    until = time.monotonic() + _BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    with in_one_step(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(migrations):
            raise StoreError(
                f"数据库 {path} 由更新版本的程序写成（版本 {version}，本程序只认识到 {len(migrations)}）。"
                "请升级本程序，或用 --data-dir 换一个目录。"
            )
        for step in migrations[version:]:
            for statement in step.split(";"):  # executescript would commit on its own
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
