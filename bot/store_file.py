"""The database file: opening, schema versions, damage, and the key that hashes users."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import tempfile
import time
from datetime import datetime
from pathlib import Path

logger = logging.getLogger(__name__)

FILE_NAME = "zhengcetong.db"
KEY_NAME = "user-hash.key"
_KEY_BYTES = 32
_BUSY_MILLISECONDS = 10_000
_QUICK_CHECK_UP_TO = 64 * 1024 * 1024
"""Larger files are not read through on start; damage in them is found when it is met."""


class StoreError(Exception):
    """The database cannot be used; the message says in plain Chinese why and what to do."""


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


def open_database(path: Path) -> sqlite3.Connection:
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
        _migrate(connection, path)
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


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StoreError(
                f"数据库 {path} 由更新版本的程序写成（版本 {version}，本程序只认识到 {len(MIGRATIONS)}）。"
                "请升级本程序，或用 --data-dir 换一个目录。"
            )
        for step in MIGRATIONS[version:]:
            for statement in step.split(";"):  # executescript would commit on its own
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
