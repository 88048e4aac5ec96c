"""What is due when around an event, and what is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.briefing.clock import Clock, Progress, StepState, make_clock
from bot.briefing.models import Event, EventKind
from bot.errors import UsageError
from bot.settings import Settings
from bot.workdays import BY_STATE, WorkCalendar

EVENT = Event(EventKind.HOTLINE, date(2026, 12, 10), ("义务教育入学", "学生资助"), "周文", channel="12345")


def clock_of(
    event: Event = EVENT,
    as_of: date = date(2026, 11, 24),
    progress: Progress | None = None,
    settings: Settings | None = None,
    calendar: WorkCalendar = BY_STATE,
) -> Clock:
    return make_clock(event, settings or Settings(), calendar, as_of, progress or Progress())


def days(clock: Clock) -> dict[str, str]:
    return {step.name: step.due.isoformat() for step in clock.steps}


def states(clock: Clock) -> list[StepState]:
    return [step.state for step in clock.steps]


def test_two_weeks_a_week_a_working_day_before_and_five_working_days_after() -> None:
    assert days(clock_of()) == {
        "候选主题": "2026-11-26",
        "活动预告": "2026-12-03",
        "简报定稿": "2026-12-09",
        "答复公开": "2026-12-17",
    }
    assert clock_of().notices == ()


def test_an_office_that_gives_notice_three_days_before() -> None:
    settings = Settings(candidate_days=10, notice_days=3, answer_workdays=3)
    assert days(clock_of(settings=settings)) == {
        "候选主题": "2026-11-30",
        "活动预告": "2026-12-07",
        "简报定稿": "2026-12-09",
        "答复公开": "2026-12-15",
    }


def test_a_step_that_falls_on_a_day_off_is_due_on_the_last_working_day_before() -> None:
    after_holiday = replace(EVENT, date=date(2026, 10, 15))
    assert days(clock_of(after_holiday)) == {
        "候选主题": "2026-09-30",  # 1 October
        "活动预告": "2026-10-08",
        "简报定稿": "2026-10-14",
        "答复公开": "2026-10-22",
    }
    assert days(clock_of(replace(EVENT, date=date(2026, 10, 8))))["简报定稿"] == "2026-09-30"


def test_days_off_of_the_place_are_counted() -> None:
    calendar = WorkCalendar(holidays=frozenset({date(2026, 12, 9), date(2026, 12, 11)}))
    found = days(clock_of(calendar=calendar))
    assert (found["简报定稿"], found["答复公开"]) == ("2026-12-08", "2026-12-18")


def test_what_is_done_open_and_late_as_of_a_day() -> None:
    bare = replace(EVENT, topics=())
    due = clock_of(bare).steps[0].due
    assert states(clock_of(bare, due))[0] is StepState.OPEN
    assert states(clock_of(bare, date(2026, 11, 27)))[0] is StepState.LATE
    assert states(clock_of(as_of=date(2026, 11, 27)))[0] is StepState.DONE
    on_the_day = date(2026, 12, 10)
    assert states(clock_of(as_of=on_the_day))[2] is StepState.LATE
    assert states(clock_of(as_of=on_the_day, progress=Progress(sealed=True)))[2] is StepState.DONE


def test_what_nobody_records_is_never_called_late() -> None:
    assert states(clock_of(as_of=date(2026, 12, 3)))[1] is StepState.OPEN
    assert states(clock_of(as_of=date(2026, 12, 31)))[1::2] == [StepState.UNTOLD, StepState.UNTOLD]


def test_answers_are_late_only_where_questions_still_wait() -> None:
    late, due = date(2026, 12, 18), date(2026, 12, 17)
    assert states(clock_of(as_of=late, progress=Progress(unanswered=2)))[3] is StepState.LATE
    assert states(clock_of(as_of=due, progress=Progress(unanswered=2)))[3] is StepState.OPEN
    assert states(clock_of(as_of=late, progress=Progress(unanswered=0)))[3] is StepState.DONE
    assert states(clock_of(as_of=date(2026, 12, 1), progress=Progress(unanswered=0)))[3] is StepState.OPEN
    assert "2 个问题" in clock_of(progress=Progress(unanswered=2)).steps[3].task


def test_a_notice_where_the_holidays_of_a_year_are_not_known() -> None:
    (notice,) = clock_of(replace(EVENT, date=date(2026, 12, 29))).notices
    assert "2027年的放假安排" in notice
    known = WorkCalendar(holidays=frozenset({date(2027, 1, 1)}))
    assert clock_of(replace(EVENT, date=date(2026, 12, 29)), calendar=known).notices == ()


def test_a_notice_for_a_day_that_is_past_and_for_a_day_off() -> None:
    past, off = clock_of(replace(EVENT, date=date(2026, 11, 22))).notices
    assert "已过" in past
    assert "2026-11-22 不是工作日" in off


def test_the_notice_step_says_what_is_not_registered_yet() -> None:
    assert "还没有登记" not in clock_of().steps[1].task
    assert "还没有登记领导、渠道" in clock_of(replace(EVENT, leader="", channel="")).steps[1].task


@pytest.mark.parametrize("day", [date.min, date(202, 12, 10), date.max])
def test_a_slip_of_the_pen_in_the_year_is_refused(day: date) -> None:
    with pytest.raises(UsageError, match="年份"):
        clock_of(replace(EVENT, date=day))
