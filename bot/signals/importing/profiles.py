"""What the cells of a column look like, for columns whose name says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import fmean, median_low

from bot.masking import Kind, find
from bot.masking_words import COMPOUND_SURNAMES, SURNAMES
from bot.signals.importing import cells
from bot.signals.importing.models import CellValue

_NUMERIC = re.compile(r"[+-]?\d+(?:\.\d+)?")
_ORDER_NUMBER = re.compile(r"(?=(?:.*\d){4})[A-Za-z0-9\-_]{4,40}")
_AREA = re.compile(r"[\u4e00-\u9fff]{1,8}[区县市]")
_PERSON = re.compile(
    rf"(?:{COMPOUND_SURNAMES}|[{SURNAMES}])(?:[\u4e00-\u9fff×*]{{1,2}}|某+|先生|女士|老师|同学|家长)"
    r"|匿名\w{0,4}|.{0,12}网友.{0,12}|(?=.*[A-Za-z])[A-Za-z_]\w{2,20}"
)
_CHANNEL = re.compile(
    r".{0,8}(?:12345|微博|微信|信箱|网站|热线|电话|来信|来访|APP|抖音|公众号|论坛|留言板).{0,4}", re.I
)
_REPLY = re.compile(r"收悉|(?:答复|回复|反馈)如下|(?:您|你)(?:反映|提出|咨询|来信|留言)的|感谢您(?:对|的)")
_LONGEST_TOKEN = 30
"""Longer cells are prose and not looked at as numbers, names or places."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A column's cells: ``filled`` is the share that holds anything, the other shares are of those.

    ``length`` is the mean number of characters, ``middle`` the median of the times.
    """

    filled: float = 0.0
    length: float = 0.0
    distinct: float = 0.0
    numeric: float = 0.0
    times: float = 0.0
    middle: datetime | None = None
    personal: float = 0.0
    numbers: float = 0.0
    areas: float = 0.0
    people: float = 0.0
    channels: float = 0.0
    replies: float = 0.0
    counting: bool = False
    """Whole numbers that go up by one from row to row (序号)."""


def profile(values: Sequence[CellValue]) -> Profile:
    """Look at the cells of a column, in the order of the rows."""
    kept = [(value, found) for value in values if (found := cells.line(value))]
    if not kept:
        return Profile()
    written = [found for _value, found in kept]
    times = [at for value, found in kept if (at := _time(value, found))]

    def share(fits: Callable[[str], object]) -> float:
        return fmean(bool(len(found) <= _LONGEST_TOKEN and fits(found)) for found in written)

    return Profile(
        filled=len(kept) / len(values),
        length=fmean(map(len, written)),
        distinct=len(set(written)) / len(written),
        numeric=share(_NUMERIC.fullmatch),
        times=len(times) / len(written),
        middle=median_low(times) if times else None,
        personal=share(_is_personal),
        numbers=share(_ORDER_NUMBER.fullmatch),
        areas=share(_AREA.fullmatch),
        people=share(_PERSON.fullmatch),
        channels=share(_CHANNEL.fullmatch),
        replies=fmean(bool(_REPLY.search(found)) for found in written),
        counting=_counts(written),
    )


def _time(value: CellValue, written: str) -> datetime | None:
    """A time that is written as one: a bare number may be anything."""
    if isinstance(value, date) or (isinstance(value, str) and not _NUMERIC.fullmatch(written)):
        return cells.moment(value)[0] if len(written) <= _LONGEST_TOKEN else None
    return cells.moment(written)[0] if re.fullmatch(r"(?:19|20)\d{6}(?:\d{4}|\d{6})?", written) else None


def _is_personal(written: str) -> bool:
    """Whether nothing but a telephone, identity or card number or an e-mail address stands there."""
    spans = find(written)
    kinds = {Kind.PHONE, Kind.IDENTITY, Kind.CARD, Kind.EMAIL}
    covered = sum(span.end - span.start for span in spans)
    return bool(spans) and {span.kind for span in spans} <= kinds and covered >= len(written) * 0.8


def _counts(written: Sequence[str]) -> bool:
    if len(written) < 2 or not all(found.isdecimal() and len(found) <= 6 for found in written):
        return False
    numbers = [int(found) for found in written]
    steps = [after - before for before, after in pairwise(numbers)]
    return numbers[0] <= 1 and all(step == 1 for step in steps)
