"""Time limits of requests for information: working days of the 政府信息公开条例, article 33."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

ANSWER_WITHIN = 20
"""Working days from the day after receipt."""
EXTENSION = 20
"""Working days more, once, with the consent of the head of the office."""


def due(received: date, extended: bool) -> date:
    """The last day for the answer."""
    left, day = ANSWER_WITHIN + (EXTENSION if extended else 0), received
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return day


def is_workday(day: date) -> bool:
    """By the state's calendar of holidays; Monday to Friday in years that it does not know."""
    known = _by_calendar(day)
    return day.weekday() < 5 if known is None else known


def calendar_known(day: date) -> bool:
    """Whether the holidays of that year are known."""
    return _by_calendar(day) is not None


@cache
def _by_calendar(day: date) -> bool | None:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
