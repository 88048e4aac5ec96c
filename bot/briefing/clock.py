"""The clock of an event: what is due when, and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.briefing.models import Event, EventKind
from bot.errors import UsageError
from bot.settings import Settings
from bot.workdays import WorkCalendar

KIND_NAMES = {
    EventKind.HOTLINE: "12345热线领导接听",
    EventKind.INTERVIEW: "在线访谈",
    EventKind.PRESS: "新闻发布会",
}

_YEARS = range(2000, 2101)
SEALED_WORKDAYS_BEFORE = 1


class StepState(StrEnum):
    """Where a step of the clock stands as of a day."""

    DONE = "done"
    OPEN = "open"
    """Not done, and the last day for it is not over."""
    LATE = "late"
    """Not done, and the last day for it is over."""
    UNTOLD = "untold"
    """The last day is over, and whether it was done is nowhere recorded."""


STATE_NAMES = {
    StepState.DONE: "已完成",
    StepState.OPEN: "待办",
    StepState.LATE: "已超期",
    StepState.UNTOLD: "期限已过，是否已办没有记录",
}


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One thing to be done. ``due`` is the last day for it, a working day."""

    name: str
    due: date
    task: str
    state: StepState


@dataclass(frozen=True, slots=True)
class Clock:
    """The steps of an event in the order of their days. ``notices`` tell what the days rest on."""

    steps: tuple[ClockStep, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known to be done. ``unanswered``: questions of the event that wait for an answer; ``None``
    where nobody has entered what was asked."""

    sealed: bool = False
    unanswered: int | None = None


def make_clock(
    event: Event, settings: Settings, calendar: WorkCalendar, as_of: date, progress: Progress
) -> Clock:
    """The steps before and after an event, as of a day.

    Days before the event are calendar days; a step that would fall on a day off is due on the last working
    day before it, since nobody is there to do it. The number of days is that of the settings.

    Raises:
        UsageError: the event is in no year for which days can be counted.
    """
    require_countable(event.date)
    topics, notice = (
        _worked(event.date - timedelta(days=days), calendar)
        for days in (settings.candidate_days, settings.notice_days)
    )
    sealed = calendar.before(event.date, SEALED_WORKDAYS_BEFORE)
    answers = calendar.after(event.date, settings.answer_workdays)
    steps = (
        ClockStep("候选主题", topics, _topics_task(event), _state(bool(event.topics), topics, as_of)),
        ClockStep("活动预告", notice, _notice_task(event), _untracked(notice, as_of)),
        ClockStep("简报定稿", sealed, "简报三审完毕，定稿封存", _state(progress.sealed, sealed, as_of)),
        ClockStep(
            "答复公开",
            answers,
            _answers_task(progress.unanswered),
            _answers_state(event, answers, as_of, progress.unanswered),
        ),
    )
    days = (*(step.due for step in steps), event.date)
    return Clock(tuple(sorted(steps, key=lambda step: step.due)), _notices(event, days, calendar, as_of))


def require_countable(day: date) -> None:
    """Raises UsageError for a year in which an event can only be a slip of the pen."""
    if day.year not in _YEARS:
        raise UsageError(f"活动日期 {day} 不对：年份要在 {_YEARS[0]} 到 {_YEARS[-1]} 之间")


def _worked(day: date, calendar: WorkCalendar) -> date:
    return day if calendar.is_workday(day) else calendar.before(day, 1)


def _state(done: bool, due: date, as_of: date) -> StepState:
    if done:
        return StepState.DONE
    return StepState.LATE if as_of > due else StepState.OPEN


def _untracked(due: date, as_of: date) -> StepState:
    return StepState.UNTOLD if as_of > due else StepState.OPEN


def _answers_state(event: Event, due: date, as_of: date, unanswered: int | None) -> StepState:
    if unanswered is None:
        return _untracked(due, as_of)
    return _state(unanswered == 0 and as_of >= event.date, due, as_of)


def _topics_task(event: Event) -> str:
    if event.topics:
        return f"已定主题：{'、'.join(event.topics)}"
    return "提出候选主题并登记（event 编号 --topic 主题）"


def _notice_task(event: Event) -> str:
    missing = [
        name
        for name, value in (("领导", event.leader), ("渠道", event.channel), ("主题", event.topics))
        if not value
    ]
    still = f"；还没有登记{'、'.join(missing)}" if missing else ""
    return f"发布预告：谁、什么时间、在哪里、谈什么{still}"


def _answers_task(unanswered: int | None) -> str:
    if unanswered:
        return f"还有 {unanswered} 个问题没有答复，答复后公开"
    return "当场没有答复的问题，答复后公开"


def _notices(event: Event, days: tuple[date, ...], calendar: WorkCalendar, as_of: date) -> tuple[str, ...]:
    notices = []
    if event.date < as_of:
        notices.append("活动日期已过，可以补录当场的问答（followup --event 编号）")
    if not calendar.is_workday(event.date):
        notices.append(f"{event.date} 不是工作日，请核对活动日期")
    unknown = sorted({day.year for day in days if not calendar.knows(day)})
    if unknown:
        years = "、".join(f"{year}年" for year in unknown)
        notices.append(
            f"{years}的放假安排还没有收录，暂按周一至周五算工作日；通知公布后请写进工作日历文件再核对"
        )
    return tuple(notices)
