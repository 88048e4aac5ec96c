"""Working days (工作日): the state's calendar of holidays, with corrections of the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from bot.errors import UsageError
from knowledge.errors import Problem
from knowledge.yaml_reader import read_entry


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked. ``holidays`` and ``workdays`` correct the state's calendar: for a year whose
    notice is not out yet, or for days that only this place has off."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Corrections first, then the state's calendar; Monday to Friday in years that it does not know."""
        if day in self.workdays or day in self.holidays:
            return day in self.workdays
        known = _by_calendar(day)
        return day.weekday() < 5 if known is None else known

    def knows(self, day: date) -> bool:
        """Whether the holidays of that year are known, from the state's notice or from corrections."""
        corrected = any(other.year == day.year for other in (*self.holidays, *self.workdays))
        return corrected or _by_calendar(day) is not None

    def after(self, day: date, working_days: int) -> date:
        """The day that is so many working days after ``day``, which itself does not count."""
        return self._walk(day, working_days, timedelta(days=1))

    def before(self, day: date, working_days: int) -> date:
        """The day that is so many working days before ``day``, which itself does not count."""
        return self._walk(day, working_days, timedelta(days=-1))

    def between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative where ``last`` comes first."""
        if last < first:
            return -self.between(last, first)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.is_workday(day) for day in days)

    def _walk(self, day: date, working_days: int, step: timedelta) -> date:
        while working_days:
            day += step
            working_days -= self.is_workday(day)
        return day


BY_STATE = WorkCalendar()
"""The state's calendar without corrections."""


def read_work_calendar(path: Path | None) -> WorkCalendar:
    """The calendar with the corrections of a YAML file (``holidays``, ``workdays``: lists of dates).

    Raises:
        UsageError: the file is missing or has something else in it; names the line.
    """
    if path is None:
        return BY_STATE
    if not path.is_file():
        raise UsageError(f"找不到工作日历文件：{path}")
    problems: list[Problem] = []
    entry = read_entry(path, str(path), problems)
    calendar = BY_STATE
    if entry:
        calendar = WorkCalendar(frozenset(entry.days("holidays")), frozenset(entry.days("workdays")))
        entry.finish()
        if calendar.holidays & calendar.workdays:
            entry.problem("holidays", "有日期同时写在 holidays 和 workdays 里")
    if problems:
        raise UsageError("；".join(str(problem) for problem in problems))
    return calendar


@cache
def _by_calendar(day: date) -> bool | None:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
