"""FAQ drafts in ``followups.db`` and their 三审, by the rules of :mod:`bot.briefing.reviewing`.

Functions take the connection within a step of :class:`bot.store_followups.FollowUpStore`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from bot.briefing import reviewing
from bot.briefing.models import Review, ReviewAct, ReviewStep
from bot.errors import UsageError
from bot.followup.models import DraftKind, FaqDraft
from bot.masking import mask
from bot.store_file import storable
from bot.store_followup_rows import key_of, local, stamp

_ID = re.compile(r"[Ff]([1-9]\d{0,8})")


@dataclass(frozen=True, slots=True)
class DraftTrailEntry:
    """Who did what with a draft and when. ``what``: drafted, edited, passed, returned."""

    at: datetime
    by: str
    version: int
    what: str
    step: ReviewStep | None
    comment: str


def add(
    connection: sqlite3.Connection, wanted: Sequence[FaqDraft], by: str, at: datetime
) -> tuple[FaqDraft, ...]:
    """Keep drafts whose wording no draft has yet; gives these with their ids."""
    known = {key_of(text) for held in drafts(connection) for text in (held.question, *held.variants)}
    added: list[FaqDraft] = []
    for draft in wanted:
        if key_of(draft.question) in known:
            continue
        known |= {key_of(text) for text in (draft.question, *draft.variants)}
        made = connection.execute(
            "INSERT INTO drafts (drafted_by, event) VALUES (?, ?)", (storable(by), draft.event)
        )
        number = int(made.lastrowid or 0)
        _insert_version(connection, number, 1, draft, by)
        _note(connection, number, 1, "drafted", by, at)
        added.append(_draft(connection, number))
    return tuple(added)


def drafts(connection: sqlite3.Connection) -> tuple[FaqDraft, ...]:
    """All of them, in the order in which they were drafted."""
    found = connection.execute("SELECT id FROM drafts ORDER BY id").fetchall()
    return tuple(_draft(connection, number) for (number,) in found)


def draft(connection: sqlite3.Connection, wanted: str) -> FaqDraft:
    """A draft by its id (``F1``). Raises UsageError for an id that there is not."""
    return _draft(connection, _number(connection, wanted))


def edit(connection: sqlite3.Connection, seen: FaqDraft, text: str, by: str, at: datetime) -> FaqDraft:
    """Keep another wording of a variant, or another answer of an entry, as the next version.

    Raises:
        UsageError: it has passed, somebody else acted in between, or nothing is changed.
    """
    reviewing.require_name(by)
    number = _number(connection, seen.id)
    held = _draft(connection, number)
    _require_open(held)
    reviewing.require_unchanged(seen.review, held.review)
    text = mask(storable(text.strip()))
    field = "question" if held.kind is DraftKind.VARIANT else "answer"
    if not text or text == getattr(held, field):
        raise UsageError(f"{held.id} 没有改动：新的文字是空的，或和原来一样")
    changed = replace(held, question=text) if field == "question" else replace(held, answer=text)
    _insert_version(connection, number, held.review.version + 1, changed, by)
    _note(connection, number, held.review.version + 1, "edited", by, at)
    return _draft(connection, number)


def act(
    connection: sqlite3.Connection, seen: Review, by: str, passed: bool, comment: str, at: datetime
) -> FaqDraft:
    """Pass or return the step that is next.

    Raises:
        UsageError: as :meth:`bot.store_events.EventStore.act`.
    """
    comment = mask(storable(comment.strip()))
    if not passed and not comment:
        raise UsageError("退回要写明意见（--comment 意见）")
    number = _number(connection, seen.briefing)
    held = _draft(connection, number)
    reviewing.require_unchanged(seen, held.review)
    _require_open(held)
    version = held.review.version
    if reviewing.is_sent_back(held.review.acts, version):
        raise UsageError(
            f"{held.id} 第 {version} 版已退回，要先改出新的一版（review {held.id} --text 新的文字）再审"
        )
    text, editor = _version(connection, number, version)
    reviewing.require_reviewer(held.review, editor, by)
    step = held.review.waiting
    _note(connection, number, version, "passed" if passed else "returned", by, at, step, comment)
    if passed and step is ReviewStep.FINAL:
        connection.execute(
            "INSERT INTO draft_seals (draft, version, sha256) VALUES (?, ?, ?)",
            (number, version, reviewing.sha256(text)),
        )
    return _draft(connection, number)


def is_altered(connection: sqlite3.Connection, wanted: str) -> bool:
    """Whether a draft that has passed is no longer as it passed.

    Raises:
        UsageError: it has not passed.
    """
    number = _number(connection, wanted)
    sealed = connection.execute(
        "SELECT version, sha256 FROM draft_seals WHERE draft = ?", (number,)
    ).fetchone()
    if sealed is None:
        raise UsageError(f"{wanted} 还没有通过三审，没有可核对的定稿")
    text, _ = _version(connection, number, sealed[0])
    return bool(reviewing.sha256(text) != sealed[1])


def trail(connection: sqlite3.Connection, wanted: str) -> tuple[DraftTrailEntry, ...]:
    """Everything that was done with a draft, in order."""
    found = connection.execute(
        "SELECT at, by, version, what, step, comment FROM draft_trail WHERE draft = ? ORDER BY id",
        (_number(connection, wanted),),
    ).fetchall()
    return tuple(
        DraftTrailEntry(local(at), by, version, what, ReviewStep(step) if step else None, comment)
        for at, by, version, what, step, comment in found
    )


def _require_open(held: FaqDraft) -> None:
    if held.review.waiting is None:
        raise UsageError(f"{held.id} 已通过三审，只能查看；要改请直接改政策库里的常见问题，另走三审")


def _number(connection: sqlite3.Connection, wanted: str) -> int:
    found = _ID.fullmatch(wanted.strip())
    held = [number for (number,) in connection.execute("SELECT id FROM drafts ORDER BY id").fetchall()]
    if found is None or int(found[1]) not in held:
        there = (
            f"现有 F{held[0]} 到 F{held[-1]}" if held else "现在一份也没有；可用 followup --drafts 文件 生成"
        )
        raise UsageError(f"没有编号为“{wanted}”的常见问题草稿，{there}")
    return int(found[1])


def _draft(connection: sqlite3.Connection, number: int) -> FaqDraft:
    (by,) = connection.execute("SELECT drafted_by FROM drafts WHERE id = ?", (number,)).fetchone()
    version, text = connection.execute(
        "SELECT version, text FROM draft_versions WHERE draft = ? ORDER BY version DESC LIMIT 1", (number,)
    ).fetchone()
    sealed = connection.execute("SELECT sha256 FROM draft_seals WHERE draft = ?", (number,)).fetchone()
    acts = _acts(connection, number)
    waiting = None if sealed else reviewing.waiting_step(acts, version)
    review = Review(f"F{number}", version, by, acts, waiting, sealed[0] if sealed else "")
    return replace(msgspec.json.decode(text, type=FaqDraft), review=review)


def _version(connection: sqlite3.Connection, number: int, version: int) -> tuple[str, str]:
    text, by = connection.execute(
        "SELECT text, by FROM draft_versions WHERE draft = ? AND version = ?", (number, version)
    ).fetchone()
    return str(text), str(by)


def _insert_version(
    connection: sqlite3.Connection, number: int, version: int, wanted: FaqDraft, by: str
) -> None:
    text = msgspec.json.encode(replace(wanted, review=Review())).decode("utf-8")
    connection.execute(
        "INSERT INTO draft_versions (draft, version, text, by) VALUES (?, ?, ?, ?)",
        (number, version, text, storable(by)),
    )


def _acts(connection: sqlite3.Connection, number: int) -> tuple[ReviewAct, ...]:
    found = connection.execute(
        "SELECT step, by, what, comment, at, version FROM draft_trail"
        " WHERE draft = ? AND what IN ('passed', 'returned') ORDER BY id",
        (number,),
    ).fetchall()
    return tuple(
        ReviewAct(ReviewStep(step), by, what == "passed", comment, local(at), version)
        for step, by, what, comment, at, version in found
    )


def _note(
    connection: sqlite3.Connection,
    number: int,
    version: int,
    what: str,
    by: str,
    at: datetime,
    step: ReviewStep | None = None,
    comment: str = "",
) -> None:
    connection.execute(
        "INSERT INTO draft_trail (draft, version, what, step, by, comment, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, version, what, step.value if step else "", storable(by), comment, stamp(at)),
    )
