"""The staff desk: who may do what, what is kept, what goes on over several messages."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.context import Context
from bot.followup.models import AskedRow, NewQuestion
from bot.models import StaffDesk
from bot.settings import Settings
from bot.signals.models import Answerer, Classified, Message, Urgency
from bot.staff import StaffMember
from bot.staff_desk.bench import Bench
from bot.staff_desk.briefings import brief
from bot.store_events import EventStore
from bot.store_followups import FollowUpStore
from bot.store_messages import MessageStore
from bot.store_rehearsals import RehearsalStore
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from tests.bot.staff_office import (
    EDITOR,
    EVENT,
    EVENT_ID,
    GOOD,
    LOAN,
    TODAY,
    VIEWER,
    keep_briefing,
    office,
)
from tests.briefing import briefings

COMMANDS = ("event", "brief", "hot", "gaps", "lookup", "rehearse", "followup", "end")


class Person:
    """Somebody who writes to the desk."""

    def __init__(self, desk: StaffDesk, member: StaffMember) -> None:
        self.desk = desk
        self.user = str(member.telegram)

    def runs(self, line: str) -> str:
        command, *words = line.removeprefix("/").split()
        return self.desk.run("telegram", self.user, command, words).text

    def writes(self, text: str) -> str:
        return self.desk.continue_("telegram", self.user, text).text

    @property
    def is_listened_to(self) -> bool:
        return self.desk.is_listening("telegram", self.user)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, engine: WhooshEngine) -> Path:
    """A data directory as an earlier start leaves it."""
    directory = tmp_path_factory.mktemp("prepared")
    Context(Settings(data_dir=directory), TODAY, lambda _: engine).assistant()
    return directory


@pytest.fixture
def data_dir(tmp_path: Path, prepared: Path) -> Path:
    """The data directory."""
    return Path(shutil.copytree(prepared, tmp_path / "data"))


@pytest.fixture
def desk(data_dir: Path, engine: WhooshEngine) -> StaffDesk:
    return office(data_dir, engine)


@pytest.fixture
def viewer(desk: StaffDesk) -> Person:
    return Person(desk, VIEWER)


@pytest.fixture
def editor(desk: StaffDesk) -> Person:
    return Person(desk, EDITOR)


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_a_stranger_gets_nothing(desk: StaffDesk, channel: str) -> None:
    stranger = "999" if channel == "telegram" else str(EDITOR.telegram)
    assert not desk.is_staff(channel, stranger)
    assert desk.commands(channel, stranger) == ()
    assert not desk.is_listening(channel, stranger)
    for command in COMMANDS:
        with pytest.raises(PermissionError):
            desk.run(channel, stranger, command, ())
    with pytest.raises(PermissionError):
        desk.continue_(channel, stranger, "学费")


def test_members_have_the_commands(desk: StaffDesk) -> None:
    assert tuple(name for name, _ in desk.commands("telegram", "501")) == COMMANDS
    assert desk.users("telegram") == ("501", "502")
    with pytest.raises(PermissionError):
        desk.run("telegram", "501", "shutdown", ())


def test_an_event_is_registered_listed_and_shown_with_its_clock(editor: Person, viewer: Person) -> None:
    assert "登记写成" in viewer.runs("/event")
    assert f"已登记，编号 {EVENT_ID}" in editor.runs("/event 2026-12-10 热线 义务教育入学 学生资助")
    assert "已登记过" in editor.runs("/event 2026-12-10 热线 义务教育入学 学生资助")
    assert viewer.runs("/event") == f"{EVENT_ID}  12345热线领导接听，2026-12-10，义务教育入学、学生资助"
    shown = viewer.runs(f"/event {EVENT_ID}")
    assert "2026-12-09  简报定稿（待办）" in shown
    assert f"/brief {EVENT_ID}" in shown


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("/event 2026-12-32 热线 入学", "日期“2026-12-32”不对"),
        ("/event 2026年12月10日 热线", "要写成 2026-12-10"),
        ("/event 2026-12-10 座谈 入学", "没有看懂是哪一类活动"),
        ("/event 2026-12-10", "没有看懂是哪一类活动"),
        ("/event 9999-12-10 热线", "年份"),
        ("/event 20270101-press", "20270101-press"),
        ("/brief 20270101-press", "20270101-press"),
        ("/brief", "没有将要举行的活动"),
        ("/brief a b", "写成：/brief"),
        ("/hot", "还没有导入诉求"),
        ("/gaps", "还没有导入诉求"),
        ("/followup done", "办结写成"),
        ("/followup done 3", "办结写成"),
        ("/followup done ３x 好", "办结写成"),
        ("/followup done 3 已答复", "3"),
        ("/followup later 3 以后", "办结写成"),
        ("/rehearse 20270101-press", "20270101-press"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(editor: Person, line: str, complaint: str) -> None:
    said = editor.runs(line)
    assert said.startswith("错误：")
    assert complaint in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "line", ["/event 2026-12-10 热线 入学", f"/brief {EVENT_ID}", "/followup done 1 已电话答复"]
)
def test_who_may_only_look_changes_nothing(viewer: Person, data_dir: Path, line: str) -> None:
    with EventStore(data_dir) as store:
        store.add_event(EVENT, EDITOR.name)
    assert viewer.runs(line) == "错误：方晓 的权限是“查看”，这一步需要“编辑”"
    with EventStore(data_dir) as store:
        assert (len(store.events()), store.briefings()) == (1, ())


def test_the_newest_briefing_comes_with_its_documents(
    desk: StaffDesk, data_dir: Path, library: Library
) -> None:
    keep_briefing(data_dir, library)
    newest = keep_briefing(data_dir, library, questions=12)
    reply = desk.run("telegram", "502", "brief", ())
    assert reply.text.startswith(f"{newest} 第 1 版，待初审，起草人 周文\n12345热线领导接听，2026-12-10")
    assert f"1. {LOAN}（90%）" in reply.text
    assert "2万元" in reply.text
    assert "10. 第10种问法" in reply.text
    assert "11. " not in reply.text
    assert [file.name for file in reply.files] == [f"简报-{newest}-第1版.docx", f"要点-{newest}-第1版.docx"]
    assert [file.content[:2] for file in reply.files] == [b"PK", b"PK"]
    assert desk.run("telegram", "502", "brief", (newest,)).text == reply.text


def test_a_draft_is_not_for_those_who_may_only_look(viewer: Person, data_dir: Path, library: Library) -> None:
    draft = keep_briefing(data_dir, library)
    for asked in (EVENT_ID, draft):
        assert viewer.runs(f"/brief {asked}").startswith(f"错误：{draft} 还没有定稿")
    sealed = keep_briefing(data_dir, library, sealed=True)
    keep_briefing(data_dir, library)
    assert viewer.runs(f"/brief {EVENT_ID}").startswith(f"{sealed} 第 1 版，已定稿")


def test_a_sealed_briefing_that_was_altered_is_not_given_out(
    viewer: Person, data_dir: Path, library: Library
) -> None:
    sealed = keep_briefing(data_dir, library, sealed=True)
    with sqlite3.connect(data_dir / "events.db") as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE versions SET text = replace(text, '20000元', '30000元')")
    database.close()
    assert viewer.runs(f"/brief {sealed}").startswith(f"错误：{sealed} 封存后被改动")


def test_a_new_briefing_is_kept_and_only_made_again_when_asked(bench: Bench, data_dir: Path) -> None:
    with EventStore(data_dir) as store:
        event = store.add_event(EVENT, EDITOR.name)
    made: list[int] = []

    def write(wanted: object, most: int) -> object:
        made.append(most)
        return replace(briefings.briefing(2), event=event)

    bench = replace(bench, brief=write)  # type: ignore[arg-type]
    first = brief(bench, EDITOR, [EVENT_ID])
    assert first.text.startswith(f"B{EVENT_ID}-1 第 1 版，待初审，起草人 周文")
    assert brief(bench, EDITOR, []).text == first.text
    assert made == [40]
    assert brief(bench, EDITOR, [EVENT_ID, "重写"]).text.startswith(f"B{EVENT_ID}-2 ")
    assert made == [40, 40]


def test_a_briefing_that_cannot_be_used_as_it_is_says_so(editor: Person, data_dir: Path) -> None:
    with EventStore(data_dir) as store:
        event = store.add_event(EVENT, EDITOR.name)
        store.keep(replace(briefings.briefing(2), event=event), event.id, EDITOR.name)
        assert "检查出 1 处错误，定稿前必须改好" in editor.runs("/brief")
        store.change_event(replace(event, date=date(2026, 12, 17)), EDITOR.name)
    assert "活动已改为12345热线领导接听，2026-12-17" in editor.runs("/brief")


def test_two_who_ask_at_once_get_the_same_briefing(bench: Bench, data_dir: Path) -> None:
    with EventStore(data_dir) as store:
        event = store.add_event(EVENT, EDITOR.name)
    both_ask = threading.Barrier(2, timeout=10)
    made: list[int] = []

    def write(wanted: object, most: int) -> object:
        made.append(most)
        return replace(briefings.briefing(2), event=event)

    bench = replace(bench, brief=write)  # type: ignore[arg-type]

    def asks() -> str:
        both_ask.wait()
        return brief(bench, EDITOR, [EVENT_ID]).text

    with ThreadPoolExecutor() as threads:
        first, second = threads.submit(asks), threads.submit(asks)
    assert first.result() == second.result()
    assert made == [40]


@pytest.fixture
def bench(data_dir: Path, engine: WhooshEngine) -> Bench:
    return office(data_dir, engine)._bench  # type: ignore[attr-defined, no-any-return]


def test_no_briefing_is_written_for_a_cancelled_event(editor: Person, data_dir: Path) -> None:
    with EventStore(data_dir) as store:
        store.cancel_event(store.add_event(EVENT, EDITOR.name).id, EDITOR.name)
    assert "已取消" in editor.runs(f"/brief {EVENT_ID}")
    assert "已取消" in editor.runs(f"/event {EVENT_ID}")


def test_words_after_lookup_are_looked_up_once(viewer: Person) -> None:
    said = viewer.runs("/lookup 助学贷款 额度")
    assert "20000元" in said
    assert "依据：《" in said
    assert "承办：" in said
    assert not viewer.is_listened_to


def test_lookup_alone_takes_every_message_until_the_end(viewer: Person, editor: Person) -> None:
    assert "/end" in viewer.runs("/lookup")
    assert "20000元" in viewer.writes("助学贷款 额度")
    assert viewer.writes("量子纠缠火星") == viewer.runs("/lookup 量子纠缠火星")
    assert not editor.is_listened_to
    assert viewer.runs("/end") == "速查已结束。"
    assert not viewer.is_listened_to
    assert "没有进行中" in viewer.runs("/end")


def test_a_rehearsal_asks_grades_and_reports(viewer: Person, data_dir: Path, library: Library) -> None:
    keep_briefing(data_dir, library)
    opening = viewer.runs(f"/rehearse {EVENT_ID}")
    assert "【第1/1题】" in opening
    assert "口径：" in viewer.writes("提示")
    said = viewer.writes(GOOD)
    assert "判定：" in said
    while viewer.is_listened_to:
        said = viewer.writes("跳过")
    assert "本次演练：1 题中练了 1 题" in said
    with RehearsalStore(data_dir) as store:
        (record,) = store.of(VIEWER.name)
    assert record.ended
    assert record.setup.event == EVENT_ID


def test_a_rehearsal_that_is_stopped_goes_on_later(viewer: Person) -> None:
    viewer.runs("/rehearse")
    viewer.writes("跳过")
    assert "停在第 2 题" in viewer.runs("/end")
    assert not viewer.is_listened_to
    again = viewer.runs("/rehearse")
    assert "接着上次的演练 R" in again
    assert "【第2/8题】" in again
    assert viewer.writes("结束").startswith("演练结束")
    assert not viewer.is_listened_to


def test_two_people_rehearse_at_once_without_disturbing_each_other(viewer: Person, editor: Person) -> None:
    viewer.runs("/rehearse")
    editor.runs("/lookup")
    assert "判定：没有内容" in viewer.writes("您放心。")
    assert "20000元" in editor.writes("助学贷款 额度")
    editor.runs("/rehearse")
    assert "【第2/8题】" in editor.writes("跳过")
    assert "【第2/8题】" in viewer.writes("跳过")


def test_what_is_on_goes_on_after_a_restart(data_dir: Path, engine: WhooshEngine) -> None:
    """A keyword or a reply must not become a question to the citizens' assistant."""
    before = office(data_dir, engine)
    Person(before, VIEWER).runs("/rehearse")
    Person(before, VIEWER).writes("跳过")
    Person(before, EDITOR).runs("/lookup")
    after = office(data_dir, engine)
    viewer, editor = Person(after, VIEWER), Person(after, EDITOR)
    assert (viewer.is_listened_to, editor.is_listened_to) == (True, True)
    assert "20000元" in editor.writes("助学贷款 额度")
    assert "【第3/8题】" in viewer.writes("跳过")
    assert viewer.runs("/end").startswith("演练已停在第 3 题")
    assert not Person(office(data_dir, engine), VIEWER).is_listened_to


def test_the_first_reply_after_a_restart_is_graded(data_dir: Path, engine: WhooshEngine) -> None:
    Person(office(data_dir, engine), VIEWER).runs("/rehearse")
    assert "判定：没有内容" in Person(office(data_dir, engine), VIEWER).writes("您放心。")


def test_a_reply_to_a_question_of_another_day_is_not_graded(data_dir: Path, engine: WhooshEngine) -> None:
    """Other facts may hold by then, so the rehearsal begins anew."""
    Person(office(data_dir, engine), VIEWER).runs("/rehearse")
    tomorrow = office(data_dir, engine, today=TODAY + timedelta(days=1))
    assert "【第1/8题】" in Person(tomorrow, VIEWER).writes("我保证都能办。")
    with RehearsalStore(data_dir) as store:
        assert [record.session.turns for record in store.of(VIEWER.name)] == [(), ()]


def test_what_has_no_room_in_memory_goes_on_from_the_store(
    viewer: Person, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff_desk.desk._MOST_LIVE", 1)
    viewer.runs("/rehearse")
    viewer.writes("跳过")
    editor.runs("/lookup")
    assert "【第3/8题】" in viewer.writes("跳过")
    assert "20000元" in editor.writes("助学贷款 额度")
    assert viewer.runs("/end").startswith("演练已停在第 3 题")
    assert (viewer.is_listened_to, editor.is_listened_to) == (False, True)


def test_who_left_the_staff_is_known_and_is_listened_to_no_more(data_dir: Path, engine: WhooshEngine) -> None:
    Person(office(data_dir, engine), VIEWER).runs("/lookup")
    left = office(data_dir, engine, {("telegram", "502"): EDITOR})
    assert left.former("telegram") == ("501",)
    assert not left.is_listening("telegram", "501")
    with pytest.raises(PermissionError):
        left.continue_("telegram", "501", "学费")


def test_follow_ups_are_listed_and_ended(editor: Person, data_dir: Path) -> None:
    assert editor.runs("/followup") == "没有待办的承办事项。"
    with EventStore(data_dir) as events:
        event = events.add_event(replace(EVENT, date=date(2026, 11, 10)), EDITOR.name)
    questions = [
        NewQuestion(AskedRow(text, "录入"), False, owner="学生资助科", due=due)
        for text, due in (("补助何时到账？", date(2026, 11, 17)), ("哪里报名？", date(2026, 11, 24)))
    ]
    with FollowUpStore(data_dir) as store:
        store.add(event.id, questions, EDITOR.name, date(2026, 11, 10))
    said = editor.runs("/followup")
    assert said.startswith("待办 2 件：超期 1 件，今天要提醒 1 件\n1. [超期 5 个工作日]")
    assert editor.runs("/followup done 1 已电话答复") == "第 1 件已办结，答复已记入问答。"
    assert "没有改动" in editor.runs("/followup done 1 再答复")
    assert "原因已记下" in editor.runs("/followup drop 2 来电人撤回")
    with FollowUpStore(data_dir) as store:
        assert [(each.note, each.closed) for each in store.followups()] == [
            ("已电话答复", TODAY),
            ("来电人撤回", TODAY),
        ]


def test_hot_topics_and_gaps_come_from_the_messages(viewer: Person, data_dir: Path) -> None:
    texts = [
        f"宣州区校车{n}路早上总是晚点，孩子在宣州区校车站等了{n + 10}分钟，校车几点发车？" for n in range(4)
    ]
    rows = [
        (
            Message(f"m{n}", "宣州区校车晚点", text, datetime(2026, 11, 1 + n, 8), f"u{n}"),
            Classified("c08", Answerer.CITY, "jichu", Urgency.NORMAL, (), (), 0.9),
        )
        for n, text in enumerate(texts)
    ]
    with MessageStore(data_dir) as store:
        store.add(rows)
    hot = viewer.runs("/hot")
    assert hot.startswith("共 4 件诉求，教体系统 4 件")
    assert "4 件，4 人，2026-11-01 至 2026-11-04；基础教育科" in hot
    gaps = viewer.runs("/gaps")
    assert gaps.startswith("看了最近 ")
    assert "应由基础教育科公开" in gaps


def test_the_log_says_who_did_what_and_not_with_which_words(
    viewer: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        viewer.runs("/lookup 助学贷款")
        viewer.runs("/event 2026-12-10 热线 入学")
        viewer.runs("/lookup")
        viewer.writes("张小明的助学贷款")
    said = [record.getMessage() for record in caplog.records if record.name == "bot.staff_desk.desk"]
    assert said == [
        "staff: 方晓 on telegram: /lookup done",
        "staff: 方晓 on telegram: /event refused",
        "staff: 方晓 on telegram: /lookup done",
        "staff: 方晓 on telegram: /lookup done",
    ]
    assert "张小明" not in caplog.text
