"""Rows of ``followups.db``: questions that were asked, follow-ups and their history.

Functions take the connection within a step of :class:`bot.store_followups.FollowUpStore`.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime

from rapidfuzz import process

from bot.errors import UsageError
from bot.followup.models import (
    AskedQuestion,
    ChangeWhat,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    Kept,
    NewQuestion,
)
from index.analysis import normalise

_ASKED = "event, number, question, answer, answered, caller, at, matter, office, asker"
_FOLLOWUP = "id, event, question, owner, due, status, opened, closed, note, remind_on"
_NEAREST = 5
LATER = "会后答复："
"""Stands before an answer that came after the event, where something was said at it."""


def key_of(question: str) -> str:
    """By which the same question is known again: without punctuation, blanks and width."""
    return "".join(letter for letter in normalise(question) if letter.isalnum()) or question


def keep(connection: sqlite3.Connection, event: str, new: NewQuestion, caller: str) -> tuple[Kept, int]:
    """Keep one question, masked already; gives what became of it and its number.

    The same question of the same event is known where time of day and caller, as far as both name them, are
    the same too.
    """
    row = new.row
    known = _known(connection, event, row.question, row.at, caller)
    if known is None:
        return Kept.NEW, _insert(connection, event, new, caller)
    said = [part.strip() for part in known.answer.split(LATER)]
    if not new.answered or row.answer in (known.answer, *said):
        return Kept.KNOWN, known.number
    if known.answered:
        return Kept.DIFFERENT, known.number
    set_answer(connection, event, known.number, row.answer)
    return Kept.ANSWERED, known.number


def _known(
    connection: sqlite3.Connection, event: str, question: str, at: str, caller: str
) -> AskedQuestion | None:
    found = connection.execute(
        f"SELECT {_ASKED} FROM asked WHERE event = ? AND key = ? ORDER BY number",  # noqa: S608 fixed names
        (event, key_of(question)),
    ).fetchall()
    for row in found:
        held = _asked(row)
        same_time = not at or not held.at or at == held.at
        if same_time and (not caller or not held.caller or caller == held.caller):
            return held
    return None


def _insert(connection: sqlite3.Connection, event: str, new: NewQuestion, caller: str) -> int:
    (last,) = connection.execute(
        "SELECT COALESCE(MAX(number), 0) FROM asked WHERE event = ?", (event,)
    ).fetchone()
    row = new.row
    connection.execute(
        f"INSERT INTO asked ({_ASKED}, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 fixed names
        (
            event,
            last + 1,
            row.question,
            row.answer,
            new.answered,
            caller,
            row.at,
            new.matter,
            new.office,
            row.asker,
            key_of(row.question),
        ),
    )
    return int(last) + 1


def set_answer(connection: sqlite3.Connection, event: str, number: int, answer: str) -> None:
    """Give a question its answer; what was said at the event stays before it."""
    connection.execute(
        "UPDATE asked SET answer = ?, answered = 1 WHERE event = ? AND number = ?", (answer, event, number)
    )


def later_answer(connection: sqlite3.Connection, event: str, number: int, answer: str) -> None:
    """Add the answer that came after the event."""
    (said, answered) = connection.execute(
        "SELECT answer, answered FROM asked WHERE event = ? AND number = ?", (event, number)
    ).fetchone()
    set_answer(connection, event, number, f"{said}\n{LATER}{answer}" if said and answered else answer)


def asked(connection: sqlite3.Connection, event: str | None) -> tuple[AskedQuestion, ...]:
    """Questions of an event, or of all, in the order in which they came."""
    found = connection.execute(
        f"SELECT {_ASKED} FROM asked WHERE ?1 IS NULL OR event = ?1 ORDER BY event, number",  # noqa: S608 fixed names
        (event,),
    ).fetchall()
    return tuple(_asked(row) for row in found)


def _asked(row: tuple[object, ...]) -> AskedQuestion:
    event, number, question, answer, answered, *rest = row
    return AskedQuestion(event, number, question, answer, bool(answered), *rest)  # type: ignore[arg-type]


def open_followup(
    connection: sqlite3.Connection, event: str, number: int, new: NewQuestion, opened: date
) -> int | None:
    """A follow-up for a question that has none yet; its id."""
    assert new.due is not None
    found = connection.execute(
        "SELECT id FROM followups WHERE event = ? AND number = ?", (event, number)
    ).fetchone()
    if found is not None:
        return None
    made = connection.execute(
        "INSERT INTO followups (event, number, question, owner, due, status, opened, note, remind_on)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, '', ?)",
        (
            event,
            number,
            new.row.question,
            new.owner,
            new.due.isoformat(),
            FollowUpStatus.OPEN.value,
            opened.isoformat(),
            new.remind_on.isoformat() if new.remind_on else None,
        ),
    )
    return int(made.lastrowid or 0)


def open_of(connection: sqlite3.Connection, event: str, number: int) -> int | None:
    """The open follow-up of a question."""
    found = connection.execute(
        "SELECT id FROM followups WHERE event = ? AND number = ? AND status = ?",
        (event, number, FollowUpStatus.OPEN.value),
    ).fetchone()
    return int(found[0]) if found else None


def followup(connection: sqlite3.Connection, wanted: int) -> tuple[FollowUp, int]:
    """A follow-up with the number of its question. Raises UsageError for an id that there is not."""
    found = connection.execute(
        f"SELECT {_FOLLOWUP}, number FROM followups WHERE id = ?",  # noqa: S608 fixed names
        (wanted,),
    ).fetchone()
    if found is None:
        ids = [str(one) for (one,) in connection.execute("SELECT id FROM followups ORDER BY id").fetchall()]
        near = "、".join(one for one, *_ in process.extract(str(wanted), ids, limit=_NEAREST))
        raise UsageError(
            f"没有编号为 {wanted} 的承办事项" + (f"，相近的有：{near}" if near else "，现在一件也没有")
        )
    return _followup(found[:-1]), int(found[-1])


def followups(connection: sqlite3.Connection, event: str | None) -> tuple[FollowUp, ...]:
    """Those of an event, or all, in the order of their limits."""
    found = connection.execute(
        f"SELECT {_FOLLOWUP} FROM followups WHERE ?1 IS NULL OR event = ?1 ORDER BY due, id",  # noqa: S608 fixed names
        (event,),
    ).fetchall()
    return tuple(_followup(row) for row in found)


def _followup(row: tuple[str, ...]) -> FollowUp:
    number, event, question, owner, due, status, opened, closed, note, remind_on = row
    return FollowUp(
        int(number),
        event,
        question,
        owner,
        date.fromisoformat(due),
        FollowUpStatus(status),
        date.fromisoformat(opened),
        _day(closed),
        note,
        _day(remind_on),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def close(connection: sqlite3.Connection, wanted: int, status: FollowUpStatus, note: str, on: date) -> None:
    connection.execute(
        "UPDATE followups SET status = ?, note = ?, closed = ? WHERE id = ?",
        (status.value, note, on.isoformat(), wanted),
    )


def reassign(connection: sqlite3.Connection, wanted: FollowUp) -> None:
    """Keep the owner, limit and reminder of a follow-up."""
    connection.execute(
        "UPDATE followups SET owner = ?, due = ?, remind_on = ? WHERE id = ?",
        (
            wanted.owner,
            wanted.due.isoformat(),
            wanted.remind_on.isoformat() if wanted.remind_on else None,
            wanted.id,
        ),
    )


def note_change(
    connection: sqlite3.Connection, wanted: int, what: ChangeWhat, by: str, at: datetime, note: str
) -> None:
    """Add to the history, with owner and limit as they are now."""
    held, _ = followup(connection, wanted)
    connection.execute(
        "INSERT INTO changes (followup, what, by, at, note, owner, due) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (wanted, what.value, by, stamp(at), note, held.owner, held.due.isoformat()),
    )


def history(connection: sqlite3.Connection, wanted: int) -> tuple[FollowUpChange, ...]:
    """Every change in order. Raises UsageError for an id that there is not."""
    followup(connection, wanted)
    found = connection.execute(
        "SELECT what, by, at, note, owner, due FROM changes WHERE followup = ? ORDER BY id", (wanted,)
    ).fetchall()
    return tuple(
        FollowUpChange(ChangeWhat(what), by, local(at), note, owner, date.fromisoformat(due))
        for what, by, at, note, owner, due in found
    )


def stamp(at: datetime) -> str:
    """UTC, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def local(text: str) -> datetime:
    """The local time of a stamp."""
    return datetime.fromisoformat(text).astimezone()
