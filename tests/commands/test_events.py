"""``event`` from the command line to what is kept and shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.commands.context import Context
from bot.errors import UsageError
from bot.followup.models import AskedRow, NewQuestion
from bot.settings import Settings
from bot.staff import NotStaff, Role, StaffList, StaffMember, login_name
from bot.store_followups import FollowUpStore
from index.engines.whoosh import WhooshEngine
from run_bot import build_parser

TODAY = date(2026, 11, 24)
REGISTER = ("--kind", "热线", "--date", "2026-12-10", "--by", "周文")
ID = "20261210-hotline"


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    """``event`` with arguments as they are typed, on a data directory of its own."""

    def ran(*words: str, staff: StaffList | None = None) -> Ran:
        arguments = build_parser().parse_args(["event", *words])
        used = replace(settings, staff=staff) if staff else settings
        code = arguments.run(arguments, Context(used, TODAY, WhooshEngine))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


def test_an_event_is_registered_shown_and_listed(run: Run) -> None:
    ran = run(*REGISTER, "--topic", "义务教育入学、学生资助", "--office", "基础教育科", "zizhu", "--json")
    assert ran.code == 0
    assert f"已登记，编号 {ID}" in ran.err
    event = ran.json["event"]
    assert (event["id"], event["minutes"], event["cancelled"]) == (ID, 60, False)
    assert event["topics"] == ["义务教育入学", "学生资助"]
    assert event["offices"] == ["基础教育科", "市学生资助管理中心"]
    assert [step["due"] for step in ran.json["clock"]["steps"]] == [
        "2026-11-26",
        "2026-12-03",
        "2026-12-09",
        "2026-12-17",
    ]
    assert [step["state"] for step in ran.json["clock"]["steps"]] == ["done", "open", "open", "open"]
    assert [entry["by"] for entry in ran.json["trail"]] == ["周文"]
    shown = run(ID).out
    assert "陪同科室：基础教育科、市学生资助管理中心" in shown
    assert "2026-12-09  简报定稿（待办）" in shown
    assert run().out == f"{ID}  2026-12-10  12345热线领导接听  义务教育入学、学生资助\n"


@pytest.mark.parametrize(
    "words",
    [
        ("义务教育入学、学生资助，校外培训",),
        ("义务教育入学；学生资助 校外培训",),
        ("义务教育入学", "学生资助", "校外培训"),
    ],
)
def test_topics_may_come_as_one_text_or_as_many(run: Run, words: tuple[str, ...]) -> None:
    event = run(*REGISTER, "--json", "--topic", *words).json["event"]
    assert event["topics"] == ["义务教育入学", "学生资助", "校外培训"]


def test_the_same_event_again_changes_nothing_and_says_so(run: Run) -> None:
    run(*REGISTER)
    again = run(*REGISTER, "--json")
    assert f"已登记过，编号 {ID}，没有改动" in again.err
    assert len(again.json["trail"]) == 1
    assert len(run("--json").json["events"]) == 1


def test_a_second_one_of_that_kind_and_day_gets_a_number_and_a_notice(run: Run) -> None:
    run(*REGISTER)
    second = run(*REGISTER, "--leader", "陈明", "--json")
    assert second.json["event"]["id"] == f"{ID}-2"
    assert f"同一天同一类已有 {ID}" in second.err


def test_only_what_is_given_is_changed(run: Run) -> None:
    run(*REGISTER, "--topic", "学生资助", "--minutes", "90")
    event = run(ID, "--leader", "陈明", "--place", "12345 热线平台", "--json").json["event"]
    assert (event["leader"], event["channel"]) == ("陈明", "12345 热线平台")
    assert (event["topics"], event["minutes"]) == (["学生资助"], 90)
    assert "没有改动" in run(ID, "--leader", "陈明").err
    moved = run(ID, "--date", "2026-12-11", "--json")
    assert moved.json["event"]["id"] == ID
    assert "编号仍是" in moved.err


def test_a_cancelled_event_stays_in_the_list(run: Run) -> None:
    run(*REGISTER)
    assert "已取消" in run(ID, "--cancel").err
    assert "早已取消" in run(ID, "--cancel").err
    assert run().out.endswith("（已取消）\n")
    assert [event["cancelled"] for event in run("--json").json["events"]] == [True]


def test_a_day_that_is_past_is_taken_with_a_notice(run: Run) -> None:
    ran = run("--kind", "访谈", "--date", "2026-10-12", "--json")
    assert ran.code == 0
    assert "活动日期已过" in ran.json["clock"]["notices"][0]


def test_the_clock_follows_settings_and_the_calendar_of_the_place(
    settings: Settings, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = tmp_path / "days.yaml"
    calendar.write_text("holidays: ['2026-12-09']\n", encoding="utf-8")
    run(*REGISTER)
    used = replace(settings, work_calendar=calendar, notice_days=3)
    arguments = build_parser().parse_args(["event", ID, "--json"])
    arguments.run(arguments, Context(used, TODAY, WhooshEngine))
    due = {step["name"]: step["due"] for step in json.loads(capsys.readouterr().out)["clock"]["steps"]}
    assert (due["活动预告"], due["简报定稿"]) == ("2026-12-07", "2026-12-08")


def test_answers_that_wait_are_counted_and_late_after_their_day(run: Run, settings: Settings) -> None:
    run("--kind", "热线", "--date", "2026-11-12")
    asked = NewQuestion(AskedRow("旌德县校车几点到？", "第 1 行"), answered=False, due=date(2026, 11, 19))
    with FollowUpStore(settings.data_dir) as store:
        store.add("20261112-hotline", [asked], "周文", date(2026, 11, 12))
    last = run("20261112-hotline", "--json").json["clock"]["steps"][-1]
    assert (last["due"], last["state"]) == ("2026-11-19", "late")
    assert "还有 1 个问题没有答复" in last["task"]


def test_control_characters_go_and_rare_ones_stay(run: Run) -> None:
    event = run(*REGISTER, "--leader", "朱镕䶮", "--title", "接听\x1b[31m\n第一场", "--json").json["event"]
    assert event["leader"] == "朱镕䶮"
    assert event["title"] == "接听[31m 第一场"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "热线"), "--kind 和 --date"),
        (("--topic", "学生资助"), "--kind 和 --date"),
        (("--cancel",), "编号 --cancel"),
        ((ID, "--cancel", "--leader", "陈明"), "编号 --cancel"),
        (("20261211-hotline",), "没有编号为“20261211-hotline”的活动"),
        (("20261211-hotline", "--leader", "陈明"), "没有编号为"),
        ((*REGISTER, "--office", "基础教育可"), "基础教育科"),
        (("--kind", "热线", "--date", "0202-12-10"), "年份"),
        (("--kind", "座谈", "--date", "2026-12-10"), "没有“座谈”"),
    ],
)
def test_bad_input_is_one_clear_line_and_keeps_nothing(run: Run, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        run(*words)
    assert "\n" not in str(raised.value)
    assert run("--json").json["events"] == []


def test_looking_needs_a_viewer_and_writing_an_editor(run: Run) -> None:
    def here(role: Role) -> StaffList:
        return StaffList((StaffMember("周文", role, login=login_name()),))

    with pytest.raises(NotStaff, match="“编辑”"):
        run(*REGISTER, staff=here(Role.VIEWER))
    run(*REGISTER, staff=here(Role.EDITOR))
    assert ID in run(staff=here(Role.VIEWER)).out
    for words in (("--cancel",), ("--leader", "陈明")):
        with pytest.raises(NotStaff, match="“编辑”"):
            run(ID, *words, staff=here(Role.VIEWER))
    stranger = StaffList((StaffMember("周文", Role.KEEPER, login=login_name() + "-other"),))
    with pytest.raises(NotStaff, match="不在工作人员名单里"):
        run(staff=stranger)
