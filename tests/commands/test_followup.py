"""``followup`` and ``review F1`` from the command line's options to the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.assistant import Assistant
from bot.briefing.models import Event, EventKind
from bot.commands.context import Context
from bot.commands.followup import followup, review_draft
from bot.commands.parsing import ChineseParser
from bot.commands.staff_options import add_staff_commands
from bot.errors import UsageError
from bot.settings import Settings
from bot.staff import NotStaff, Role, StaffList, StaffMember, login_name
from bot.store_events import EventStore
from index.engines.base import SearchEngine
from index.engines.whoosh import WhooshEngine
from index.models import IndexStats
from knowledge.library import Library

EVENT = "20261210-interview"
TALK = """主持人：请丁局长介绍一下学生资助政策里研究生助学贷款的额度。
丁局长：研究生每年最高25000元。
网友：校车司机的工资谁来发？
丁局长：会后答复。
网友：研究生助学贷款一年最高能贷几多？我电话13812345678
丁局长：每年最高31234元。
"""


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class AnyDay(Protocol):
    """The assistant that all tests share, on whatever day."""

    day: date
    assistant: Assistant


@dataclass(frozen=True)
class BuiltContext(Context):
    """A context on the library, index and assistant that all tests share."""

    answering: AnyDay | None = None
    engine: SearchEngine | None = None

    def library(self) -> Library:
        assert self.answering
        return self.answering.assistant.library

    def refreshed(self, library: Library) -> tuple[SearchEngine, IndexStats]:
        assert self.engine
        return self.engine, IndexStats(0, 0, 0, 0, 0.0, False)

    def assistant_on(self, library: Library, engine: SearchEngine) -> Assistant:
        assert self.answering
        self.answering.day = self.today()
        return self.answering.assistant


Run = Callable[..., Ran]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path / "data")
    with EventStore(made.data_dir) as events:
        events.add_event(Event(EventKind.INTERVIEW, date(2026, 12, 10), leader="丁局长"), "甲")
    return made


@pytest.fixture
def run(settings: Settings, hotline: AnyDay, engine: WhooshEngine, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command with a line of options, on a day and with settings."""
    parser = ChineseParser()
    add_staff_commands(parser.add_subparsers())

    def ran(*line: str, on: date = date(2026, 12, 10), given: Settings = settings) -> Ran:
        arguments = parser.parse_args(line)
        context = BuiltContext(given, on, WhooshEngine, hotline, engine)
        code = (followup if line[0] == "followup" else review_draft)(arguments, context)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture
def talk(tmp_path: Path) -> str:
    path = tmp_path / "访谈.txt"
    path.write_text(TALK, "utf-8")
    return str(path)


def test_an_interview_is_entered_once(run: Run, talk: str) -> None:
    first = run("followup", "--event", EVENT, "--asked", talk, "--json")
    assert first.code == 0
    (file,) = first.json["files"]
    assert (file["new"], file["known"], file["opened"], file["rejected"]) == (3, 0, [1], [])
    (todo,) = first.json["followups"]
    assert (todo["due"], todo["owner"], todo["status"]) == ("2026-12-17", "学校安全管理科", "open")
    assert "13812345678" not in first.out
    again = run("followup", "--event", EVENT, "--asked", talk, "--json")
    assert (again.json["files"][0]["new"], again.json["files"][0]["known"]) == (0, 3)
    assert again.json["asked"] == first.json["asked"]
    assert again.json["followups"] == first.json["followups"]


def test_overdue_ends_with_one_until_it_is_done(run: Run) -> None:
    run("followup", "--event", EVENT, "--ask", "校车司机的工资谁来发")
    assert run("followup", "--overdue", on=date(2026, 12, 17)).code == 0
    late = run("followup", "--overdue", "--json", on=date(2026, 12, 21))
    assert late.code == 1
    assert late.json["followups"][0]["days_late"] == 2
    assert "超期 2 个工作日" in run("followup", "--overdue", on=date(2026, 12, 21)).out
    done = run("followup", "--done", "1", "--note", "由承运公司发。", "--by", "乙", on=date(2026, 12, 21))
    assert "已办结" in done.out
    assert run("followup", "--overdue", on=date(2026, 12, 21)).code == 0
    asked = run("followup", "--event", EVENT, "--json").json["asked"]
    assert (asked[0]["answer"], asked[0]["answered"]) == ("由承运公司发。", True)


def test_reminders_are_those_of_the_day(run: Run) -> None:
    run("followup", "--event", EVENT, "--ask", "校车司机的工资谁来发")
    for day, times in ((14, 0), (15, 1), (16, 0), (17, 1)):
        ran = run("followup", "--remind", "--json", on=date(2026, 12, day))
        assert len(ran.json["followups"]) == times


def test_owner_and_limit_can_be_given_and_changed(run: Run) -> None:
    run("followup", "--event", EVENT, "--ask", "校车几点发车", "--owner", "fagui", "--due", "2026-12-14")
    run("followup", "--change", "1", "--due", "2026-12-21", "--note", "等县局回话", "--by", "乙")
    shown = run("followup", "--history", "1").out
    assert "政策法规科" in shown
    assert "乙 改科室或期限（政策法规科，期限 2026-12-21）：等县局回话" in shown


def test_drafts_are_written_and_reviewed_by_three(run: Run, talk: str, tmp_path: Path) -> None:
    run("followup", "--event", EVENT, "--asked", talk)
    path = tmp_path / "faq.yaml"
    ran = run("followup", "--event", EVENT, "--drafts", str(path), "--by", "甲", "--json")
    assert [draft["review"]["briefing"] for draft in ran.json["drafts"]["added"]] == ["F1"]
    assert [one["question"] for one in ran.json["drafts"]["unpublished"]] == ["校车司机的工资谁来发？"]
    text = path.read_text("utf-8")
    assert "待初审" in text
    assert "需先公布依据" in text
    assert '\n    answer: "' in text
    assert "31234" not in text.partition("entries:")[2].partition("answer:")[2].partition("\n")[0]
    with pytest.raises(UsageError, match="起草人"):
        run("review", "f1", "--pass", "--by", "甲")
    for by in ("乙", "丙", "丁"):
        passed = run("review", "F1", "--pass", "--by", by)
    assert "已定稿" in passed.out
    assert run("review", "F1", "--verify").code == 0
    run("followup", "--drafts", str(path), "--by", "甲")
    text = path.read_text("utf-8")
    assert "通过三审（1 条）" in text
    assert "待审（0 条）" in text


def test_an_answer_with_figures_of_its_own_is_refused_on_edit(run: Run, tmp_path: Path) -> None:
    run("followup", "--event", EVENT, "--ask", "研究生助学贷款一年最高能贷几多")
    run("followup", "--drafts", str(tmp_path / "faq.yaml"), "--by", "甲")
    with pytest.raises(UsageError, match="31234"):
        run("review", "F1", "--text", "每年最高31234元。", "--by", "甲")
    changed = run("review", "F1", "--text", "研究生每年最高25000元。", "--by", "甲")
    assert "第 2 版" in changed.err


def test_the_record_is_written(run: Run, talk: str, tmp_path: Path) -> None:
    run("followup", "--event", EVENT, "--asked", talk)
    path = tmp_path / "实录.md"
    run("followup", "--event", EVENT, "--record", str(path))
    text = path.read_text("utf-8")
    assert "研究生每年最高25000元。" in text
    assert "31234" in text.partition("待核对")[2]
    assert "13812345678" not in text


def test_unknown_holidays_are_told(run: Run, settings: Settings) -> None:
    with EventStore(settings.data_dir) as events:
        far = events.add_event(Event(EventKind.PRESS, date(2035, 3, 1)), "甲")
    ran = run("followup", "--event", far.id, "--ask", "校车几点发车", on=date(2035, 3, 1))
    assert "2035年的放假安排还没有收录" in ran.err


def test_rows_of_another_event_are_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "20250101-press", "asked": ["怎么转学", "怎么还款"]}\n', "utf-8")
    ran = run("followup", "--event", EVENT, "--asked", str(path), "--json")
    (file,) = ran.json["files"]
    assert file["new"] == 0
    assert len(file["rejected"]) == 2
    assert "20250101-press" in file["rejected"][0]["reason"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (["--ask", "怎么转学"], "哪个活动"),
        (["--event", "20261211-press", "--ask", "怎么转学"], "相近的有"),
        (["--event", EVENT, "--ask", " "], "空的"),
        (["--event", EVENT, "--ask", ""], "空的"),
        (["--done", "1"], "note"),
        (["--done", "1", "--drop", "1"], "一次只能办一件"),
        (["--change", "1"], "--owner"),
        (["--event", EVENT, "--ask", "怎么转学", "--due", "2026-12-12"], "不是工作日"),
        (
            ["--event", EVENT, "--ask", "怎么转学", "--answer", "向转入学校申请。", "--due", "2026-12-14"],
            "不用写 --due",
        ),
        (["--done", "9", "--note", "已答"], "没有编号为 9"),
        (["--event", EVENT, "--record", "没有这个目录/a.md"], "没有这个目录"),
    ],
)
def test_bad_input_is_one_clear_line(run: Run, line: list[str], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint) as caught:
        run("followup", *line)
    assert "\n" not in str(caught.value)


def test_a_cancelled_event_takes_no_questions(run: Run, settings: Settings) -> None:
    with EventStore(settings.data_dir) as events:
        events.cancel_event(EVENT, "甲")
    with pytest.raises(UsageError, match="已取消"):
        run("followup", "--event", EVENT, "--ask", "怎么转学")


def test_viewers_look_and_editors_enter(run: Run, settings: Settings, tmp_path: Path) -> None:
    viewer = StaffList((StaffMember("甲", Role.VIEWER, login=login_name()),))
    seen = Settings(data_dir=settings.data_dir, staff=viewer)
    assert run("followup", "--overdue", given=seen).code == 0
    for line in (["--event", EVENT, "--ask", "怎么转学"], ["--drafts", str(tmp_path / "f.yaml")]):
        with pytest.raises(NotStaff, match="编辑"):
            run("followup", *line, given=seen)
    with pytest.raises(NotStaff, match="审核"):
        run("review", "F1", "--pass", given=seen)
