"""``review``: a briefing of the real library through 三审, on the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.briefing.checking.lines import check_line
from bot.briefing.lines.writing import LineWriter
from bot.briefing.models import Briefing, Event, EventKind, ForecastQuestion, QuestionCard
from bot.briefing.serial import from_json
from bot.commands.context import Context
from bot.errors import UsageError
from bot.settings import Settings
from bot.staff import NotStaff, Role, StaffList, StaffMember, login_name
from bot.store_events import FILE_NAME, EventStore
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from run_bot import build_parser

DAY = date(2026, 12, 10)
ID = "B20261210-hotline-1"
OVERCLAIM = "我们保证全部学费一律在3天内退还，每人再补88888元，请大家放心，教体局说到做到，绝不拖延。"


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def sound_cards(library: Library) -> Iterator[QuestionCard]:
    """Cards whose lines the checks find nothing wrong with."""
    writer = LineWriter(library, DAY)
    for entry in library.citable_faq:
        question = ForecastQuestion(entry.question, 0.5, (), facts=entry.facts, faq=entry.id)
        line = writer.write(question) if entry.facts else None
        if line and not check_line(entry.question, line, library, DAY):
            yield QuestionCard(question, line)


@pytest.fixture(scope="module")
def briefing(library: Library) -> Briefing:
    cards = sound_cards(library)
    return Briefing(Event(EventKind.HOTLINE, DAY), date(2026, 11, 24), (next(cards), next(cards)))


@pytest.fixture
def data_dir(tmp_path: Path, briefing: Briefing) -> Path:
    """A data directory with one kept briefing, drafted by 周文."""
    with EventStore(tmp_path / "data") as store:
        event = store.add_event(briefing.event, "周文")
        assert store.keep(briefing, event.id, "周文").briefing == ID
    return tmp_path / "data"


@pytest.fixture
def run(data_dir: Path, library: Library, capsys: pytest.CaptureFixture[str]) -> Run:
    """``review`` with arguments as they are typed."""

    class Loaded(Context):
        """With the library that the tests have read already."""

        def library(self) -> Library:
            return library

    def ran(*words: str, staff: StaffList | None = None) -> Ran:
        arguments = build_parser().parse_args(["review", *words])
        settings = Settings(data_dir=data_dir, staff=staff or StaffList())
        code = arguments.run(arguments, Loaded(settings, date(2026, 11, 25), WhooshEngine))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture
def sealed(run: Run) -> Run:
    """The command after three people have passed the briefing."""
    for name in ("李静", "王芳", "赵敏"):
        run(ID, "--pass", "--by", name)
    return run


def here(role: Role) -> StaffList:
    return StaffList((StaffMember("李静", role, login=login_name()),))


def test_the_list_says_what_waits_for_whom(run: Run) -> None:
    out = run().out
    for part in (ID, "20261210-hotline", "第 1 版", "待初审", "起草人 周文"):
        assert part in out
    (listed,) = run("--json").json["briefings"]
    assert (listed["event"], listed["waiting"], listed["state"]) == (
        "20261210-hotline",
        "first_review",
        "待初审",
    )


def test_three_people_pass_it_and_it_is_sealed(run: Run) -> None:
    assert "现在待复审" in run(ID, "--pass", "--by", "李静", "--comment", "可以").err
    assert "现在待终审" in run(ID, "--pass", "--by", "王芳").err
    last = run(ID, "--pass", "--by", "赵敏", "--json")
    assert "已封存" in last.err
    assert (last.json["waiting"], last.json["state"]) == (None, "已定稿")
    assert last.json["sha256"] in last.err
    shown = run(ID).out
    for part in ("已定稿", "李静", "初审通过", "可以", "终审通过", last.json["sha256"]):
        assert part in shown


@pytest.mark.parametrize("by", ["周文", "周 文", "李静", "李　静"])
def test_the_drafter_and_who_has_passed_a_step_are_refused(run: Run, by: str) -> None:
    run(ID, "--pass", "--by", "李静")
    with pytest.raises(UsageError, match=r"起草人|已经做过初审"):
        run(ID, "--pass", "--by", by)
    assert "待复审" in run().out


def test_a_return_needs_a_comment_and_shows_it(run: Run) -> None:
    with pytest.raises(UsageError, match="--comment"):
        run(ID, "--return", "--by", "李静")
    assert "已退回" in run(ID, "--return", "--comment", "第一题太长", "--by", "李静").err
    assert "第一题太长" in run(ID).out


def test_an_edited_line_is_a_new_checked_version_with_a_diff(run: Run, briefing: Briefing) -> None:
    run(ID, "--pass", "--by", "李静")
    edited = run(ID, "--line", "2", "--text", OVERCLAIM, "--by", "王芳", "--json")
    assert (edited.json["version"], edited.json["state"]) == (2, "待初审")
    assert "检查：第 2 题" in edited.err
    shown = run(ID, "--json").json
    assert shown["questions"][1]["line"] == OVERCLAIM
    assert shown["questions"][1]["speak_seconds"] == (len(OVERCLAIM) + 3) // 4
    assert {finding["question"] for finding in shown["findings"]} == {shown["questions"][1]["question"]}
    diff = run(ID, "--diff").out
    assert f"旧：{briefing.questions[1].line.text}" in diff
    assert f"新：{OVERCLAIM}" in diff
    assert run(ID, "--diff", "--json").json["differences"][0]["what"] == "口径"
    assert run(ID, "--version", "1", "--json").json["questions"][1]["line"] == briefing.questions[1].line.text


def test_errors_are_passed_with_a_warning_twice_and_refused_at_the_end(run: Run) -> None:
    run(ID, "--line", "1", "--text", OVERCLAIM, "--by", "周文")
    for name in ("李静", "王芳"):
        assert "警告：第 1 题" in run(ID, "--pass", "--by", name).err
    with pytest.raises(UsageError, match=r"不能终审.*第 1 题") as raised:
        run(ID, "--pass", "--by", "赵敏")
    assert "\n" not in str(raised.value)
    assert "待终审" in run().out


def test_a_pass_of_a_version_that_is_no_longer_the_newest_is_refused(run: Run) -> None:
    run(ID, "--line", "1", "--text", OVERCLAIM, "--by", "周文")
    with pytest.raises(UsageError, match="最新是第 2 版"):
        run(ID, "--pass", "--version", "1", "--by", "李静")
    assert run(ID, "--pass", "--version", "2", "--by", "李静").code == 0


def test_what_is_sealed_is_read_only_verified_and_exported(sealed: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="已定稿封存"):
        sealed(ID, "--line", "1", "--text", "改", "--by", "周文")
    assert sealed(ID, "--verify").code == 0
    verified = sealed(ID, "--verify", "--json").json
    assert (verified["intact"], verified["changes"]) == (True, [])
    path = tmp_path / "定稿.json"
    assert str(path) in sealed(ID, "--out", str(path)).err
    exported = from_json(json.loads(path.read_text("utf-8")))
    assert exported.review.sha256 == verified["sha256"]
    assert exported.as_of == date(2026, 11, 24)
    assert [act.by for act in exported.review.acts] == ["李静", "王芳", "赵敏"]


def test_a_file_that_was_tampered_with_is_told_and_not_exported(
    sealed: Run, data_dir: Path, tmp_path: Path
) -> None:
    connection = sqlite3.connect(data_dir / FILE_NAME)
    connection.execute("DROP TRIGGER versions_no_update")
    connection.execute("UPDATE versions SET text = replace(text, '\"minutes\":60', '\"minutes\":90')")
    connection.commit()
    connection.close()
    told = sealed(ID, "--verify")
    assert (told.code, "活动被改动" in told.out) == (1, True)
    assert sealed(ID, "--verify", "--json").json["changes"] == ["活动被改动"]
    path = tmp_path / "定稿.json"
    refused = sealed(ID, "--out", str(path))
    assert (refused.code, path.exists()) == (1, False)
    assert "不能使用" in refused.err
    assert "封存后被改动" in sealed(ID).err


def test_a_draft_is_exported_as_what_it_is(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "稿.json"
    assert "第 1 版，待初审" in run(ID, "--out", str(path)).err
    assert json.loads(path.read_text("utf-8"))["review"]["waiting"] == "first_review"


def test_each_act_needs_its_role(run: Run) -> None:
    with pytest.raises(NotStaff, match="“审核”"):
        run(ID, "--pass", staff=here(Role.EDITOR))
    with pytest.raises(NotStaff, match="“编辑”"):
        run(ID, "--line", "1", "--text", "改", staff=here(Role.VIEWER))
    with pytest.raises(NotStaff, match="“编辑”"):
        run(ID, staff=here(Role.VIEWER))
    with pytest.raises(NotStaff, match="不能用别人的名字"):
        run(ID, "--pass", "--by", "王芳", staff=here(Role.REVIEWER))
    assert run(ID, "--pass", staff=here(Role.REVIEWER)).code == 0
    assert ID in run(staff=here(Role.VIEWER)).out


def test_a_viewer_reads_what_is_sealed(sealed: Run) -> None:
    assert "已定稿" in sealed(ID, staff=here(Role.VIEWER)).out
    assert sealed(ID, "--verify", staff=here(Role.VIEWER)).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("B2026", "--pass"), f"没有编号为“B2026”的简报，相近的有：{ID}"),
        (("--pass",), "要写是哪一份简报"),
        ((ID, "--line", "1"), "--line 序号 和 --text"),
        ((ID, "--text", "改"), "--line 序号 和 --text"),
        ((ID, "--line", "9", "--text", "改"), "没有第 9 题，这份简报有 2 题"),
        ((ID, "--comment", "好"), "--pass 或 --return"),
        ((ID, "--verify"), "还没有定稿封存"),
        ((ID, "--diff"), "之前没有别的版本"),
        ((ID, "--version", "7"), "没有第 7 版"),
        ((ID, "--out", "x.exe"), ".exe"),
    ],
)
def test_bad_input_is_one_clear_line(run: Run, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        run(*words, "--by", "李静")
    assert "\n" not in str(raised.value)


def test_a_briefing_whose_policy_changed_is_not_sealed_by_its_old_findings(
    data_dir: Path, run: Run, briefing: Briefing
) -> None:
    """Findings are those of the day of review: here the kept version says nothing of its fault."""
    faulty = replace(briefing.questions[0], line=replace(briefing.questions[0].line, text=OVERCLAIM))
    with EventStore(data_dir) as store:
        kept = store.keep(replace(briefing, questions=(faulty,)), "20261210-hotline", "周文").briefing
    for name in ("李静", "王芳"):
        assert "警告" in run(kept, "--pass", "--by", name).err
    with pytest.raises(UsageError, match="不能终审"):
        run(kept, "--pass", "--by", "赵敏")
