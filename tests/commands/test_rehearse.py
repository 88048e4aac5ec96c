"""``rehearse`` from options to what is printed and kept."""

from __future__ import annotations

import argparse
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.briefing.lines import LineWriter
from bot.briefing.models import Briefing, Event, EventKind, ForecastQuestion, QuestionCard
from bot.commands.context import Context
from bot.commands.rehearsing import rehearse
from bot.commands.staff_options import add_staff_commands
from bot.errors import UsageError
from bot.rehearsal.records import Round
from bot.settings import Settings
from bot.staff import NotStaff, Role, StaffList, StaffMember, login_name
from bot.store_events import EventStore
from bot.store_rehearsals import FILE_NAME, RehearsalStore
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from tests.rehearsal.grades import grade, question, record, turn

TODAY = date(2026, 11, 24)
QUOTA = "03-zhuxue-daikuan-2023#quota_2024"
LOAN = "助学贷款一年最多能贷多少？"
GOOD = "本科生、专科生每人每年最高贷20000元，研究生最高25000元，到县里的学生资助管理中心办。"


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as an earlier start leaves it: index and prepared parts."""
    directory = tmp_path_factory.mktemp("prepared")
    Context(Settings(data_dir=directory), TODAY, WhooshEngine).assistant()
    return directory


@pytest.fixture
def settings(tmp_path: Path, prepared: Path) -> Settings:
    copied = shutil.copytree(prepared, tmp_path / "data")
    return Settings(data_dir=copied)


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str, staff: StaffList | None = None) -> Ran:
        parser = argparse.ArgumentParser()
        add_staff_commands(parser.add_subparsers())
        arguments = parser.parse_args(["rehearse", *words])
        held = Settings(data_dir=settings.data_dir, staff=staff or StaffList())
        code = rehearse(arguments, Context(held, TODAY, WhooshEngine))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture
def replies(tmp_path: Path) -> Callable[..., str]:
    def written(*lines: str) -> str:
        path = tmp_path / "replies.txt"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(path)

    return written


def kept_event(settings: Settings, library: Library) -> str:
    """An event on another day with a kept briefing of one question."""
    event = Event(EventKind.HOTLINE, date(2026, 12, 10), ("学生资助",))
    forecast = ForecastQuestion(
        LOAN, 0.9, (), facts=(QUOTA,), document=QUOTA.partition("#")[0], office="zizhu", topic="学生资助"
    )
    line = LineWriter(library, event.date).write(forecast)
    assert line is not None
    with EventStore(settings.data_dir) as store:
        registered = store.add_event(event, "甲")
        store.keep(Briefing(registered, TODAY, (QuestionCard(forecast, line),)), registered.id, "甲")
    return registered.id


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_replies_from_a_file_are_graded_in_order(run: Run, replies: Callable[..., str]) -> None:
    ran = run(
        "--replies",
        replies("\x1b[2J我保证", "", "", "跳过", "提示", "结束"),
        "--questions",
        "3",
        "--by",
        "甲",
    )
    assert ran.code == 0
    for shown in (
        "第1/3题",
        "追问（没有内容）",
        "判定：没有内容",
        "跳过这一题",
        "口径：",
        "本次演练",
        "下次先练",
    ):
        assert shown in ran.out
    assert "\x1b" not in ran.out


def test_json_is_one_document(run: Run, replies: Callable[..., str]) -> None:
    ran = run("--replies", replies("您放心。", "结束"), "--json", "--by", "甲")
    assert list(ran.json) == ["session", "ended", "tally", "skipped", "hinted", "practise"]
    (asked,) = ran.json["session"]["turns"]
    assert asked["grade"]["verdict"] == "empty"
    assert ran.json["session"]["by"] == "甲"
    assert ran.json["tally"]["verdicts"] == {"empty": 1}
    assert ran.json["practise"] == [asked["question"]]


def test_the_questions_of_a_kept_briefing_are_asked_with_their_lines(
    run: Run, replies: Callable[..., str], settings: Settings, library: Library
) -> None:
    event = kept_event(settings, library)
    ran = run("--event", event, "--persona", "家长", "--replies", replies(GOOD), "--json", "--by", "甲")
    assert "事实互不重复的问题只有 1 个" in ran.err
    (asked,) = ran.json["session"]["turns"]
    assert (ran.json["session"]["event"], asked["persona"], asked["question"]) == (event, "parent", LOAN)
    assert asked["grade"]["verdict"] == "good"
    line = LineWriter(library, date(2026, 12, 10)).write(
        ForecastQuestion(LOAN, 0.9, (), facts=(QUOTA,), document=QUOTA.partition("#")[0], office="zizhu")
    )
    assert line is not None
    assert asked["grade"]["better"] == line.text


def test_topics_choose_among_the_questions_of_a_briefing(
    run: Run, replies: Callable[..., str], settings: Settings, library: Library
) -> None:
    event = kept_event(settings, library)
    ran = run("--event", event, "--topic", "助学贷款", "--replies", replies(GOOD), "--json")
    assert ran.json["session"]["turns"][0]["question"] == LOAN
    with pytest.raises(UsageError, match="没有和“体育场馆”有关"):
        run("--event", event, "--topic", "体育场馆", "--replies", replies(GOOD))


def test_topics_alone_are_forecast(run: Run, replies: Callable[..., str], library: Library) -> None:
    ran = run("--topic", "助学贷款", "--questions", "2", "--replies", replies("跳过", "跳过"), "--json")
    assert len(ran.json["skipped"]) == 2
    documents = {entry.question: entry.document for entry in library.faq}
    asked = {documents[question] for question in ran.json["skipped"]}
    assert QUOTA.partition("#")[0] in asked
    assert asked <= {"03-zhuxue-daikuan-2023", "10-xuesheng-zizhu"}


def test_an_event_that_is_not_there_is_named(run: Run, replies: Callable[..., str]) -> None:
    with pytest.raises(UsageError, match="20270101-hotline"):
        run("--event", "20270101-hotline", "--replies", replies("答"))


def test_what_was_broken_off_goes_on_with_the_same_options(
    run: Run, replies: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of replies is a rehearsal of its own, and ends with the file."""
    typed(monkeypatch, "跳过", "", "跳过")
    first = run("--by", "甲", "--questions", "4")
    assert "没有听到答复" in first.err
    assert "已保存到第 3 题" in first.err
    filed = run("--by", "甲", "--questions", "4", "--replies", replies("跳过"), "--json")
    assert (filed.json["ended"], len(filed.json["skipped"])) == (True, 1)
    typed(monkeypatch, "跳过", "结束")
    again = run("--by", "甲", "--questions", "4")
    assert "接着上次的演练 R" in again.out
    assert "第3/4题" in again.out
    assert "第1/4题" not in again.out


def test_what_went_badly_is_asked_first_the_next_time(run: Run, replies: Callable[..., str]) -> None:
    first = run(
        "--by", "甲", "--seed", "1", "--replies", replies("跳过", "跳过"), "--questions", "2", "--json"
    )
    again = run("--by", "甲", "--seed", "9", "--replies", replies("跳过"), "--questions", "1", "--json")
    assert again.json["skipped"][0] in first.json["skipped"]


def keep_rehearsals(settings: Settings, *people: str) -> None:
    with RehearsalStore(settings.data_dir) as store:
        for person in people:
            store.keep(record(Round(question(LOAN, QUOTA), "parent", (turn(grade()),), True), by=person))


def test_the_report_is_of_one_person(run: Run, settings: Settings) -> None:
    keep_rehearsals(settings, "甲", "乙", "甲")
    found = run("--report", "--by", "甲", "--json").json
    assert (found["by"], len(found["rehearsals"])) == ("甲", 2)
    assert found["change"] is not None
    assert "甲的演练：2 场" in run("--report", "--by", "甲").out
    assert "还没有演练记录" in run("--report", "--by", "丙").out


def test_only_a_keeper_sees_the_report_of_another(run: Run, settings: Settings) -> None:
    def staff(role: Role) -> StaffList:
        return StaffList((StaffMember("甲", role, login=login_name()), StaffMember("乙", Role.VIEWER)))

    keep_rehearsals(settings, "乙")
    with pytest.raises(NotStaff, match="别人的名字"):
        run("--report", "--by", "乙", staff=staff(Role.REVIEWER))
    assert "乙的演练：1 场" in run("--report", "--by", "乙", staff=staff(Role.KEEPER)).out
    with pytest.raises(NotStaff, match="不在工作人员名单里"):
        run("--report", staff=StaffList((StaffMember("丙", Role.KEEPER, login="somebody-else"),)))


def test_personal_data_is_not_on_the_disk(run: Run, replies: Callable[..., str], settings: Settings) -> None:
    run("--by", "甲", "--replies", replies("您打13812345678，我叫李小红，马上给您办。", "结束"))
    written = b"".join(path.read_bytes() for path in settings.data_dir.glob(f"{FILE_NAME}*"))
    assert b"13812345678" not in written
    assert "马上给您办".encode() in written


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "是空的"),
        ("好\n".encode() + "不好".encode("gb18030"), "第 2 行不是 UTF-8"),
        (b"ok\n" + b"a" * 6000, "第 2 行太长"),
    ],
)
def test_a_file_of_replies_that_cannot_be_used_is_named_with_its_line(
    run: Run, tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "坏.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=complaint) as raised:
        run("--replies", str(path))
    assert str(path) in str(raised.value)
    with pytest.raises(UsageError, match="读不了答复文件"):
        run("--replies", str(tmp_path / "没有.txt"))
