"""``staff``: the staff functions at a prompt, typed or from a pipe."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.commands.context import Context
from bot.commands.staff import telegram_desk
from bot.settings import Settings
from bot.staff import NotStaff, Role, StaffList, StaffMember, login_name
from bot.store import FILE_NAME as CHAT_LOG
from bot.store_staff import StaffStore
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from run_bot import build_parser, main
from tests.bot.staff_office import EVENT_ID, TODAY, keep_briefing


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def run(
    settings: Settings,
    engine: WhooshEngine,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """``staff`` with lines from a pipe."""
    monkeypatch.setattr("bot.commands.staff.log_to_file", lambda _: None)  # the log of the test run stays

    def ran(*lines: str, by: str = "周文", staff: StaffList | None = None) -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        arguments = build_parser().parse_args(["staff", "--by", by])
        used = replace(settings, staff=staff or StaffList())
        code = arguments.run(arguments, Context(used, TODAY, lambda _: engine))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


def test_the_commands_are_listed_at_the_start_and_for_an_unknown_one(run: Run) -> None:
    ran = run("/nothing", "随便说说")
    assert ran.code == 0
    assert ran.out.startswith("周文，可以用这些命令：\n/event")
    assert ran.out.count("没有这个命令。可以用：\n/event") == 2
    assert ran.err == ""  # no prompt where nobody types


def test_an_error_is_one_line_and_the_prompt_goes_on(run: Run) -> None:
    ran = run(
        "/event 2026-12-32 热线", "/brief", "", "/EVENT 2026-12-10 热线 学生资助", "/event", "/quit", "/hot"
    )
    assert "\n错误：日期“2026-12-32”不对，要写成 2026-12-10\n" in ran.out
    assert "\n错误：没有将要举行的活动" in ran.out
    assert f"已登记，编号 {EVENT_ID}。" in ran.out
    assert ran.out.endswith(f"{EVENT_ID}  12345热线领导接听，2026-12-10，学生资助\n")


def test_documents_are_written_and_their_path_told(run: Run, settings: Settings, library: Library) -> None:
    kept = keep_briefing(settings.data_dir, library)
    ran = run(f"/brief {EVENT_ID}")
    for name in (f"简报-{kept}-第1版.docx", f"要点-{kept}-第1版.docx"):
        path = settings.data_dir / "exports" / name
        assert f"已写到 {path}" in ran.out
        assert path.read_bytes()[:2] == b"PK"


def test_a_place_that_cannot_be_written_is_told(run: Run, settings: Settings, library: Library) -> None:
    keep_briefing(settings.data_dir, library)
    (settings.data_dir / "exports").write_text("不是目录")
    ran = run("/brief", "/event")
    assert "错误：无法写入" in ran.out
    assert ran.out.splitlines()[-1].startswith(EVENT_ID)


def test_look_up_and_rehearsal_take_plain_lines_until_the_end(run: Run, settings: Settings) -> None:
    ran = run(
        "/lookup", "助学贷款 额度", "/end", "/rehearse", "提示", "跳过", "\x1b[2J您放心。", "/end", "学费"
    )
    for shown in ("速查已打开", "20000元", "速查已结束", "【第1/8题】", "口径：", "【第2/8题】", "没有内容"):
        assert shown in ran.out
    assert "演练已停在第 2 题" in ran.out
    assert "没有这个命令" in ran.out
    assert "\x1b" not in ran.out
    assert not (settings.data_dir / CHAT_LOG).exists()


def test_the_end_of_the_input_ends_what_is_on(run: Run) -> None:
    ran = run("/lookup", "助学贷款 额度")
    assert ran.out.endswith("速查已结束。\n")
    assert "没有结束" not in run("/event").out


def test_what_a_kill_left_open_is_told_to_its_own_person(run: Run, settings: Settings) -> None:
    with StaffStore(settings.data_dir) as store:
        store.sit(("terminal", "周文"), "lookup", ())
    assert "没有这个命令" in run("助学贷款 额度", by="方晓").out
    ran = run("助学贷款 额度")
    assert "还开着" in ran.out
    assert "20000元" in ran.out


def test_who_is_not_on_the_list_gets_no_prompt(run: Run) -> None:
    with pytest.raises(NotStaff, match="不在工作人员名单里"):
        run("/event", by="", staff=StaffList((StaffMember("方晓", Role.VIEWER, login="nobody-here"),)))


def test_a_role_that_is_too_low_is_told(run: Run) -> None:
    viewer = StaffMember("方晓", Role.VIEWER, login=login_name())
    ran = run("/event 2026-12-10 热线 入学", by="方晓", staff=StaffList((viewer,)))
    assert "错误：方晓 的权限是“查看”，这一步需要“编辑”\n" in ran.out


def test_telegram_gets_a_desk_only_where_somebody_is_or_was_on_it(settings: Settings) -> None:
    def desk(*members: StaffMember) -> object:
        used = replace(settings, staff=StaffList(members))
        return telegram_desk(Context(used, TODAY, WhooshEngine))

    at_the_desk = StaffMember("周文", Role.EDITOR, login="zhouwen")
    assert desk() is None
    assert desk(at_the_desk) is None
    assert desk(replace(at_the_desk, telegram=502)) is not None
    assert desk(at_the_desk) is not None  # to take the menu away from who left


def test_the_command_line_leaves_a_log_without_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    held, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stdin", io.StringIO("/event 2026-12-10 热线 学生资助\n"))
    try:
        assert main(["--data-dir", str(tmp_path), "staff", "--by", "周文"]) == 0
    finally:
        for handler in [each for each in root.handlers if each not in held]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    assert "已登记" in capsys.readouterr().out
    log = (tmp_path / "zhengcetong.log").read_text("utf-8")
    assert "staff: 周文 on terminal: /event done" in log
    assert "学生资助" not in log
