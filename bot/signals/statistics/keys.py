"""What is counted each year: the keys of the figures, and which of them are parts of which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.signals.statistics import wording
from bot.signals.statistics.wording import FORM_NAMES, OPENNESS, OUTCOMES, FigureKey

KEYS: tuple[FigureKey, ...] = (
    *wording.requests(),
    *wording.channels(),
    *wording.events(),
    *wording.interpretations(),
    *wording.published(),
    *wording.questions(),
    *wording.library(),
)
"""Narrow before wide: the first that fits a number names it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts of a whole. ``exact``: together they are the whole; else they are at most as much."""

    whole: str
    parts: tuple[str, ...]
    exact: bool


SUMS = (
    Sum("interpretations", ("interpretations.local", "interpretations.forwarded"), exact=True),
    Sum("interpretations", tuple(f"interpretations.form.{form}" for form in FORM_NAMES), exact=False),
    Sum(
        "items",
        (
            *("items.key_areas", "items.responses", "interpretations", "items.press"),
            *("items.supervision",),
        ),
        exact=False,
    ),
    Sum("foi.handled", tuple(f"foi.{outcome}" for outcome in OUTCOMES), exact=True),
    Sum("foi.handled", ("foi.on_time",), exact=False),
    Sum("foi.handled", ("foi.extended",), exact=False),
    Sum("events", ("events.press", "events.interview", "events.hotline"), exact=True),
    Sum("chat.asked", ("chat.answered", "chat.clarify", "chat.abstained", "chat.redirect"), exact=True),
    Sum("library.documents", ("library.local", "library.forwarded"), exact=True),
    Sum("library.documents", ("library.policies", "library.interpretations"), exact=True),
)


@cache
def by_id() -> dict[str, FigureKey]:
    """The keys by their id."""
    return {key.id: key for key in KEYS}


def key_of(id_: str, category_names: dict[str, str] | None = None) -> FigureKey:
    """A key by its id; columns of the catalogue (``column.c08``) have their name from it."""
    found = by_id().get(id_)
    if found:
        return found
    column = id_.removeprefix("column.")
    return FigureKey(id_, f"栏目“{(category_names or {}).get(column, column)}”", "条", OPENNESS)
