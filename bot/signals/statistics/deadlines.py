"""Time limits of requests for information: working days of the 政府信息公开条例, article 33."""

from __future__ import annotations

from datetime import date

from bot.workdays import BY_STATE, WorkCalendar

ANSWER_WITHIN = 20
"""Working days from the day after receipt."""
EXTENSION = 20
"""Working days more, once, with the consent of the head of the office."""


def due(received: date, extended: bool, calendar: WorkCalendar = BY_STATE) -> date:
    """The last day for the answer."""
    return calendar.after(received, ANSWER_WITHIN + (EXTENSION if extended else 0))
