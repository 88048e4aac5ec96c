"""Figures with their units, dates, times of day, document numbers and articles in a text.

:mod:`knowledge.figures` compares bare numbers; whether a line says the *right* thing needs the unit, the
bound (不超过 against 不少于) and the period (每年 against 每月) as well, and the place in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MeasureKind(StrEnum):
    """What sort of thing a measure is; only measures of one kind are compared."""

    QUANTITY = "quantity"
    SHARE = "share"
    DATE = "date"
    CLOCK = "clock"
    DOCUMENT = "document"
    """发文字号, or the number of an order (令)."""
    ARTICLE = "article"
    BARE = "bare"
    """A number without a unit."""
    PHONE = "phone"


class Bound(StrEnum):
    """Whether a figure is a limit."""

    NONE = "none"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure at ``text[start:end]``.

    ``value`` is comparable: decimal digits, minutes since midnight for a time of day, ``2024-09`` for a date
    (autumn term: month 09, spring term: 02; ``--08-31`` without a year), ``year/number`` for a document.
    ``unit`` is one word for all spellings (块钱 → 元; 小时 → minutes; 年 → months). ``loose``: a small
    spoken count (两点, 三个) that may only order the speech.
    """

    kind: MeasureKind
    unit: str
    value: str
    start: int
    end: int
    bound: Bound = Bound.NONE
    rate: str = ""
    loose: bool = False
    counter: str = ""
    """The unit as it is spelled: 所, 个."""

    def within(self, other: Measure) -> bool:
        """Whether ``other`` says at least as exactly the same."""
        if self.kind is MeasureKind.BARE or other.kind is MeasureKind.BARE:
            return self.value == other.value
        if self.kind is not other.kind:
            return False
        if self.kind is MeasureKind.DATE:
            return _date_within(self.value, other.value)
        if self.kind is MeasureKind.DOCUMENT:
            return self.value == other.value and _agency_within(self.unit, other.unit)
        return self.value == other.value and comparable_units(self.unit, other.unit)


def comparable_units(one: str, other: str) -> bool:
    """块 is money or a count; people are counted with 个 as well."""
    return one == other or {one, other} in ({"块", "元"}, {"块", "个"}, {"人", "个"})


def _date_within(value: str, other: str) -> bool:
    """2024 and 2024-09 lie within 2024-09-01; 08-31 without a year in every 31 August."""
    if value.startswith("--"):
        return other.lstrip("-").endswith(value[2:]) or f"-{value[2:]}" in other
    return other == value or other.startswith(f"{value}-")


def _agency_within(one: str, other: str) -> bool:
    """The pattern takes words before the agency's code along (按国办发): one must end like the other."""
    return one.endswith(other[-3:]) or other.endswith(one[-3:])
