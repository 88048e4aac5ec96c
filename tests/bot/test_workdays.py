"""Working days by the state's calendar, and by what the place adds to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.workdays import BY_STATE, WorkCalendar, read_work_calendar

NATIONAL_DAY = date(2026, 10, 1)
WORKED_SATURDAY = date(2026, 10, 10)
"""Worked in exchange for the holiday, by the state's notice for 2026."""


def test_the_states_holidays_and_the_days_worked_for_them() -> None:
    assert not BY_STATE.is_workday(NATIONAL_DAY)
    assert BY_STATE.is_workday(WORKED_SATURDAY)
    assert not BY_STATE.is_workday(date(2026, 12, 12))
    assert BY_STATE.is_workday(date(2026, 12, 10))


def test_days_are_counted_over_holidays_in_both_directions() -> None:
    assert BY_STATE.after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert BY_STATE.before(date(2026, 10, 8), 1) == date(2026, 9, 30)
    assert BY_STATE.after(date(2026, 12, 10), 5) == date(2026, 12, 17)
    assert BY_STATE.after(NATIONAL_DAY, 0) == NATIONAL_DAY


@pytest.mark.parametrize("days", [1, 2, 5, 20, 60])
def test_between_counts_what_after_walks(days: int) -> None:
    start = date(2026, 9, 28)
    end = BY_STATE.after(start, days)
    assert BY_STATE.between(start, end) == days
    assert BY_STATE.between(end, start) == -days
    assert BY_STATE.between(start, start) == 0


def test_monday_to_friday_in_a_year_that_is_not_known() -> None:
    assert not BY_STATE.knows(date(2099, 3, 2))
    assert BY_STATE.is_workday(date(2099, 3, 2))
    assert not BY_STATE.is_workday(date(2099, 3, 1))


def test_corrections_come_before_the_states_calendar() -> None:
    calendar = WorkCalendar(
        holidays=frozenset({date(2026, 12, 10), date(2099, 1, 1)}), workdays=frozenset({NATIONAL_DAY})
    )
    assert not calendar.is_workday(date(2026, 12, 10))
    assert calendar.is_workday(NATIONAL_DAY)
    assert calendar.knows(date(2099, 6, 1))
    assert not calendar.knows(date(2098, 6, 1))


def test_a_file_of_corrections(tmp_path: Path) -> None:
    path = tmp_path / "days.yaml"
    path.write_text("holidays: ['2027-01-01']\nworkdays: ['2027-01-02']\n", encoding="utf-8")
    calendar = read_work_calendar(path)
    assert calendar.after(date(2026, 12, 31), 1) == date(2027, 1, 2)
    assert read_work_calendar(None) == BY_STATE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("holidays: ['2027-13-01']\n", "holidays"),
        ("vacations: ['2027-01-01']\n", "vacations"),
        ("holidays: ['2027-01-01']\nworkdays: ['2027-01-01']\n", "同时"),
    ],
)
def test_a_bad_file_is_one_line_that_names_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "days.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said) as raised:
        read_work_calendar(path)
    assert "days.yaml" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到工作日历文件"):
        read_work_calendar(tmp_path / "none.yaml")
