"""The staff desk on real stores and the real library, and the people who use it. All names are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.briefing.lines import LineWriter
from bot.briefing.models import Briefing, Event, EventKind, ForecastQuestion, QuestionCard
from bot.commands.context import Context
from bot.commands.staff import open_desk
from bot.models import StaffDesk
from bot.settings import Settings
from bot.staff import Role, StaffList, StaffMember
from bot.store_events import EventStore
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library

TODAY = date(2026, 11, 24)
VIEWER = StaffMember("方晓", Role.VIEWER, telegram=501)
EDITOR = StaffMember("周文", Role.EDITOR, telegram=502)
REVIEWERS = ("许一", "许二", "许三")
LOAN = "助学贷款一年最多能贷多少？"
QUOTA = "03-zhuxue-daikuan-2023#quota_2024"
GOOD = "本科生、专科生每人每年最高贷20000元，研究生最高25000元，到县里的学生资助管理中心办。"
EVENT = Event(EventKind.HOTLINE, date(2026, 12, 10), ("学生资助",))
EVENT_ID = "20261210-hotline"


def office(
    data_dir: Path,
    engine: WhooshEngine,
    members: Mapping[tuple[str, str], StaffMember] | None = None,
    today: date = TODAY,
) -> StaffDesk:
    """A desk with the viewer and the editor on Telegram."""
    settings = Settings(data_dir=data_dir, staff=StaffList((VIEWER, EDITOR)))
    if members is None:
        members = {("telegram", str(member.telegram)): member for member in (VIEWER, EDITOR)}
    return open_desk(Context(settings, today, lambda _: engine), members)


def keep_briefing(data_dir: Path, library: Library, *, sealed: bool = False, questions: int = 1) -> str:
    """Register the event and keep a briefing with one line, asked in so many ways; its id."""
    forecast = ForecastQuestion(
        LOAN, 0.9, (), facts=(QUOTA,), document=QUOTA.partition("#")[0], office="zizhu", topic="学生资助"
    )
    line = LineWriter(library, EVENT.date).write(forecast)
    assert line is not None
    cards = [QuestionCard(forecast, line)]
    cards += [
        QuestionCard(replace(forecast, question=f"第{n}种问法？"), line) for n in range(2, questions + 1)
    ]
    with EventStore(data_dir) as store:
        event = store.add_event(EVENT, EDITOR.name)
        kept = store.keep(Briefing(event, TODAY, tuple(cards)), event.id, EDITOR.name)
        for by in REVIEWERS if sealed else ():
            kept = store.act(kept, by, True)
    return kept.briefing
