"""Rehearsals on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.rehearsal.models import Mark, Remark, Verdict
from bot.rehearsal.personas import Reason
from bot.rehearsal.records import Asked, Record, Round, Setup
from bot.store_file import StoreError
from bot.store_rehearsals import FILE_NAME, RehearsalStore
from tests.rehearsal.grades import grade, mark, question, record, turn


def full() -> Record:
    """A rehearsal with something in every field."""
    partial = turn(
        grade(Verdict.PARTIAL, 40, (mark(Mark.MISSED),), (Remark("tone", "生硬", "规定就是这样"),))
    )
    again = turn(grade(deadline=True), Reason.MISSED)
    asked, deeper = question("甲", topic="资助"), question("乙")
    rounds = (
        Round(asked, "reporter", (partial, again), True, 1, deeper),
        Round(question("丙"), "parent", (turn(grade(Verdict.CANNOT_GRADE, None, ())),)),
    )
    setup = Setup("20261210-hotline", ("学生资助",), "", 2, 7)
    pending = Asked("那{到底}呢？", "丙", ("文件#丙",), Reason.OFFICE, "说过的话。")
    return replace(record(*rounds, ended=False, setup=setup), pending=pending)


def test_a_rehearsal_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    with RehearsalStore(tmp_path) as store:
        kept = store.keep(full())
        assert kept.id == "R20261124-1"
        assert replace(kept, id="", revision=0) == full()
    with RehearsalStore(tmp_path) as store:
        assert store.of("甲") == (kept,)
        assert store.keep(full()).id == "R20261124-2"


def test_what_was_broken_off_is_found_by_how_it_was_asked_for(tmp_path: Path) -> None:
    with RehearsalStore(tmp_path) as store:
        kept = store.keep(full())
        assert store.unfinished("甲", kept.setup) == kept
        assert store.unfinished("甲", Setup()) is None
        assert store.unfinished("乙", kept.setup) is None
        store.keep(replace(kept, ended=True))
        assert store.unfinished("甲", kept.setup) is None


def test_a_person_has_only_their_own(tmp_path: Path) -> None:
    with RehearsalStore(tmp_path) as store:
        store.keep(record(by="张 三"))
        store.keep(record(by="李四"))
        assert [found.by for found in store.of("张三")] == ["张 三"]
        assert [found.by for found in store.of("　李四 ")] == ["李四"]
        assert store.of("王五") == ()


def test_two_windows_do_not_overwrite_each_other(tmp_path: Path) -> None:
    with RehearsalStore(tmp_path) as one, RehearsalStore(tmp_path) as other:
        kept = one.keep(full())
        read = other.of("甲")[0]
        one.keep(replace(kept, ended=True))
        with pytest.raises(UsageError, match="正在别处进行"):
            other.keep(read)
        assert other.of("甲")[0].ended


def test_a_damaged_file_is_moved_aside(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 500)
    with RehearsalStore(tmp_path) as store:
        assert [path.read_bytes()[:11] for path in store.damaged] == [b"no database"]
        store.keep(full())


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    with RehearsalStore(tmp_path) as store:
        store.keep(full())
        store._run(lambda connection: connection.execute("PRAGMA user_version = 99"))
    with pytest.raises(StoreError, match="更新版本"):
        RehearsalStore(tmp_path)
