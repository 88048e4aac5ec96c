"""Until when a follow-up is due, when it is called to mind, how late it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.errors import UsageError
from bot.followup.models import FollowUp, FollowUpStatus
from bot.workdays import WorkCalendar

REMINDED_WORKDAYS_BEFORE = 2


@dataclass(frozen=True, slots=True)
class Deadline:
    """``remind_on``: the first reminder, the second is on ``due``; ``None`` where the day is over already."""

    due: date
    remind_on: date | None


def deadline(event_day: date, opened: date, working_days: int, calendar: WorkCalendar) -> Deadline:
    """The limit that the settings give: so many working days after the event."""
    return until(calendar.after(event_day, working_days), opened, calendar)


def until(due: date, opened: date, calendar: WorkCalendar) -> Deadline:
    """A limit with its reminder: two working days before it, or at once where less time is left."""
    remind_on = max(calendar.before(due, REMINDED_WORKDAYS_BEFORE), opened)
    return Deadline(due, remind_on if remind_on <= due else None)


def require_workday(due: date, event_day: date, calendar: WorkCalendar) -> None:
    """Raises UsageError for a limit that is before the event or on a day off."""
    if due < event_day:
        raise UsageError(f"期限 {due} 早于活动日期 {event_day}，请检查 --due")
    if not calendar.is_workday(due):
        before, after = calendar.before(due, 1), calendar.after(due, 1)
        raise UsageError(f"期限 {due} 不是工作日，请改成 {before} 或 {after}")


def days_late(followup: FollowUp, as_of: date, calendar: WorkCalendar) -> int:
    """Working days since the limit passed; 0 where it has not, or only days off have passed."""
    if followup.status is not FollowUpStatus.OPEN or as_of <= followup.due:
        return 0
    return calendar.between(followup.due, as_of)


def unknown_years(days: Iterable[date], calendar: WorkCalendar) -> tuple[str, ...]:
    """A notice where holidays of a year in which days were counted are not known."""
    years = sorted({day.year for day in days if not calendar.knows(day)})
    if not years:
        return ()
    named = "、".join(f"{year}年" for year in years)
    return (f"{named}的放假安排还没有收录，期限暂按周一至周五算工作日；通知公布后请写进工作日历文件再核对",)
