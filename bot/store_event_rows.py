"""Rows of ``events.db``: how values are read from them and written.

Functions take the connection within a step of :class:`bot.store_events.EventStore`.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from bot.briefing import reviewing
from bot.briefing.clock import KIND_NAMES
from bot.briefing.models import Briefing, Event, Review, ReviewAct, ReviewStep
from bot.briefing.serial import from_json
from bot.errors import UsageError
from bot.staff import login_name
from bot.store_file import storable

_NEAREST = 3
_REVIEWED = {"passed": True, "returned": False}


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """Who did what and when. ``what``: registered, changed, cancelled (of an event), kept, edited, passed,
    returned (of a briefing). ``account`` is that of this machine, where somebody wrote for another."""

    at: datetime
    by: str
    account: str
    event: str
    briefing: str
    version: int
    what: str
    step: ReviewStep | None
    comment: str


def events(connection: sqlite3.Connection, cancelled: bool) -> tuple[Event, ...]:
    """Events in the order of their days and ids."""
    found = connection.execute("SELECT fields FROM events WHERE cancelled = ?", (cancelled,)).fetchall()
    return tuple(sorted((_event_from(text) for (text,) in found), key=lambda event: (event.date, event.id)))


def event(connection: sqlite3.Connection, event_id: str) -> Event:
    """Raises UsageError for an id that there is not."""
    found = connection.execute("SELECT fields FROM events WHERE id = ?", (event_id,)).fetchone()
    if found is None:
        raise _unknown(connection, "events", "活动", event_id, "event --kind 类型 --date 日期 登记")
    return _event_from(found[0])


def event_of(connection: sqlite3.Connection, briefing_id: str) -> Event:
    """The event of a briefing. Raises UsageError for an id that there is not."""
    event_id, _ = _briefing_row(connection, briefing_id)
    return event(connection, event_id)


def insert_event(connection: sqlite3.Connection, wanted: Event) -> None:
    connection.execute("INSERT INTO events (id, fields) VALUES (?, ?)", (wanted.id, _fields(wanted)))


def update_event(connection: sqlite3.Connection, wanted: Event) -> None:
    connection.execute("UPDATE events SET fields = ? WHERE id = ?", (_fields(wanted), wanted.id))


def free_id(connection: sqlite3.Connection, base: str) -> str:
    """The id itself, or with the first number from 2 that is not taken."""
    taken = {found for (found,) in connection.execute("SELECT id FROM events").fetchall()}
    wanted, number = base, 1
    while wanted in taken:
        number += 1
        wanted = f"{base}-{number}"
    return wanted


def is_cancelled(connection: sqlite3.Connection, event_id: str) -> bool:
    """Raises UsageError for an id that there is not."""
    event(connection, event_id)
    (found,) = connection.execute("SELECT cancelled FROM events WHERE id = ?", (event_id,)).fetchone()
    return bool(found)


def require_standing(connection: sqlite3.Connection, event_id: str) -> None:
    """Raises UsageError for an event that was cancelled."""
    if is_cancelled(connection, event_id):
        raise UsageError(f"活动 {event_id} 已取消；要再办请重新登记")


def require_for_event(connection: sqlite3.Connection, briefing: Briefing, event_id: str) -> None:
    """Whether a briefing still is for the event: lines hold on one day only.

    Raises:
        UsageError: the event was cancelled, or has another day or kind than the briefing.
    """
    require_standing(connection, event_id)
    registered, written = event(connection, event_id), briefing.event
    if (registered.date, registered.kind) != (written.date, written.kind):
        raise UsageError(
            f"简报是为 {written.date} 的{KIND_NAMES[written.kind]}写的，活动 {event_id} 是 "
            f"{registered.date} 的{KIND_NAMES[registered.kind]}；口径只在活动当天有效，请重新写简报"
        )


def note(
    connection: sqlite3.Connection,
    at: datetime,
    by: str,
    event_id: str,
    what: str,
    review: Review | None = None,
    comment: str = "",
) -> None:
    """Add to the trail. ``review``: as it stood when the thing was done; its waiting step is noted with a
    pass or return."""
    step = review.waiting if review and what in _REVIEWED else None
    connection.execute(
        "INSERT INTO trail (at, by, account, event, briefing, version, what, step, comment)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stamp(at),
            storable(by.strip()),
            login_name(),
            event_id,
            review.briefing if review else "",
            review.version if review else 0,
            what,
            step.value if step else "",
            comment,
        ),
    )


def trail(connection: sqlite3.Connection, event_id: str) -> tuple[TrailEntry, ...]:
    """Everything about an event and its briefings. Raises UsageError for an id that there is not."""
    event(connection, event_id)
    found = connection.execute(
        "SELECT at, by, account, event, briefing, version, what, step, comment FROM trail"
        " WHERE event = ? ORDER BY id",
        (event_id,),
    ).fetchall()
    return tuple(
        TrailEntry(
            _local(at), by, account, of, briefing, number, what, ReviewStep(step) if step else None, said
        )
        for at, by, account, of, briefing, number, what, step, said in found
    )


def review(connection: sqlite3.Connection, briefing_id: str) -> Review:
    """Where a briefing stands in its newest version. Raises UsageError for an id that there is not."""
    _, drafted_by = _briefing_row(connection, briefing_id)
    (version,) = connection.execute(
        "SELECT MAX(version) FROM versions WHERE briefing = ?", (briefing_id,)
    ).fetchone()
    acts = _acts(connection, briefing_id)
    sealed = connection.execute("SELECT sha256 FROM seals WHERE briefing = ?", (briefing_id,)).fetchone()
    waiting = None if sealed else reviewing.waiting_step(acts, version)
    return Review(briefing_id, version or 0, drafted_by, acts, waiting, sealed[0] if sealed else "")


def version(connection: sqlite3.Connection, briefing_id: str, number: int) -> tuple[str, str]:
    """The canonical text of a version and who made it. Raises UsageError where there is no such version."""
    found = connection.execute(
        "SELECT text, by FROM versions WHERE briefing = ? AND version = ?", (briefing_id, number)
    ).fetchone()
    if found is None:
        newest = review(connection, briefing_id).version
        raise UsageError(f"{briefing_id} 没有第 {number} 版，最新是第 {newest} 版")
    return str(found[0]), str(found[1])


def read(text: str) -> Briefing:
    """The briefing of a canonical text, without its review. Raises UsageError where it is none."""
    try:
        return from_json(json.loads(text))
    except ValueError as error:
        raise UsageError("存的简报内容已经读不出来，请用 review 编号 --verify 核对") from error


def insert_version(connection: sqlite3.Connection, wanted: Review, text: str, by: str) -> None:
    connection.execute(
        "INSERT INTO versions (briefing, version, text, by) VALUES (?, ?, ?, ?)",
        (wanted.briefing, wanted.version, text, storable(by.strip())),
    )


def seal(connection: sqlite3.Connection, wanted: Review, text: str) -> None:
    """Keep the hashes of a text and of the acts that led to it."""
    parts = reviewing.part_hashes(text, _acts(connection, wanted.briefing))
    connection.execute(
        "INSERT INTO seals (briefing, version, sha256, parts) VALUES (?, ?, ?, ?)",
        (wanted.briefing, wanted.version, reviewing.sha256(text), json.dumps(parts)),
    )


def altered(connection: sqlite3.Connection, briefing_id: str) -> tuple[str, ...]:
    """What is not as it was sealed. Raises UsageError where nothing was sealed."""
    held = review(connection, briefing_id)
    sealed = connection.execute(
        "SELECT version, sha256, parts FROM seals WHERE briefing = ?", (briefing_id,)
    ).fetchone()
    if sealed is None:
        if held.waiting is None:
            return ("封存记录不见了",)
        raise UsageError(f"{briefing_id} 还没有定稿封存，没有可核对的封存稿")
    number, hashed, parts = sealed
    found = connection.execute(
        "SELECT text FROM versions WHERE briefing = ? AND version = ?", (briefing_id, number)
    ).fetchone()
    if found is None:
        return (f"封存的第 {number} 版不见了",)
    later = (f"封存后多出了第 {held.version} 版",) if held.version != number else ()
    try:
        changes = reviewing.altered(json.loads(parts), reviewing.part_hashes(found[0], held.acts))
    except (ValueError, AttributeError):
        changes = (f"第 {number} 版的内容已经读不出来",)
    if not changes and reviewing.sha256(found[0]) != hashed:
        changes = ("全文和封存时的 SHA-256 对不上",)
    return (*later, *changes)


def stamp(at: datetime) -> str:
    """UTC, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _acts(connection: sqlite3.Connection, briefing_id: str) -> tuple[ReviewAct, ...]:
    found = connection.execute(
        "SELECT step, by, what, comment, at, version FROM trail"
        " WHERE briefing = ? AND what IN ('passed', 'returned') ORDER BY id",
        (briefing_id,),
    ).fetchall()
    return tuple(
        ReviewAct(ReviewStep(step), by, _REVIEWED[what], comment, _local(at), number)
        for step, by, what, comment, at, number in found
    )


def _briefing_row(connection: sqlite3.Connection, briefing_id: str) -> tuple[str, str]:
    """Event and who drafted it."""
    found = connection.execute(
        "SELECT event, drafted_by FROM briefings WHERE id = ?", (briefing_id,)
    ).fetchone()
    if found is None:
        raise _unknown(connection, "briefings", "简报", briefing_id, "brief --event 活动编号 --keep 存一份")
    return str(found[0]), str(found[1])


def _unknown(connection: sqlite3.Connection, table: str, what: str, wanted: str, how: str) -> UsageError:
    from rapidfuzz import process

    ids = [found for (found,) in connection.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()]  # noqa: S608 fixed names
    if not ids:
        return UsageError(f"没有编号为“{wanted}”的{what}，现在一个也没有；可用 {how}")
    nearest = "、".join(found for found, *_ in process.extract(wanted, ids, limit=_NEAREST))
    return UsageError(f"没有编号为“{wanted}”的{what}，相近的有：{nearest}")


def _fields(wanted: Event) -> str:
    return storable(json.dumps(msgspec.to_builtins(wanted), ensure_ascii=False))


def _event_from(text: str) -> Event:
    return msgspec.json.decode(text, type=Event)


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()
