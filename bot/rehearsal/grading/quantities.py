"""Quantities of a text in one comparable form: 两万块 and 20000元, 一个钟头 and 60分钟, 晚上九点 and 21:00.

Texts must be normalised (:func:`index.analysis.normalise`): most numerals are digits already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from index.numerals import numeral_value

Value = Decimal | tuple[int | str | None, ...]


class Kind(StrEnum):
    """What is measured. Values of different kinds are never compared."""

    MONEY = "money"
    """In yuan."""
    MULTIPLE = "multiple"
    """So many times another amount."""
    SHARE = "share"
    """In per cent."""
    PERIOD = "period"
    """Days, working days, months; a year is twelve months."""
    MINUTES = "minutes"
    LESSONS = "lessons"
    CLOCK = "clock"
    """Minutes since midnight."""
    DATE = "date"
    """Year, month or term, day; what is not said is ``None``."""
    AGE = "age"
    AREA = "area"
    POINTS = "points"
    """Basis points."""
    COUNT = "count"
    """Of schools, persons, …: only compared with counts of the same ``unit``."""
    NUMBER = "number"
    """发文字号, telephone."""


class Bound(StrEnum):
    """Which way a limit goes."""

    MOST = "most"
    LEAST = "least"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value at its place in a text. ``unit`` tells apart values of a kind that are not convertible."""

    kind: Kind
    value: Value
    unit: str
    start: int
    end: int
    text: str
    bound: Bound | None = None

    def equals(self, other: Quantity) -> bool:
        """Whether both say the same amount; a date that says less agrees with one that says more.

        Days that are not said to be calendar days agree with as many working days.
        """
        if self.kind is not other.kind:
            return False
        if isinstance(self.value, tuple) and isinstance(other.value, tuple):
            both = [(a, b) for a, b in zip(self.value, other.value, strict=True) if a and b]
            return bool(both) and all(a == b for a, b in both)
        days = {self.unit, other.unit} == {"工作日", "天"}
        return self.value == other.value and (days or self.unit == other.unit)

    def comparable(self, other: Quantity) -> bool:
        """Whether one could be said in place of the other."""
        return self.kind is other.kind and (self.kind is not Kind.COUNT or self.unit == other.unit)


_N = r"(\d+(?:\.\d+)?)"
_MORE = r"(?:来|多|几|余)?"
_TO = r"(?:[-—–~至到]|以上)"
_UNIT_MONEY = r"(?:块钱?|元|圆)"
_HAN = "一二三四五六七八九十"
_CLOCK = re.compile(
    rf"(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|晚)?(?:的)?(?<!\d)(?:(\d{{1,2}}):(\d{{2}})|"
    rf"(\d{{1,2}}|[{_HAN}]{{1,3}})点钟?(?:(半)|(\d{{1,2}}|[{_HAN}]{{1,3}})分?|(整))?)(?![的个]?百分|\d)"
)
_LATE = {"下午", "傍晚", "晚上", "夜里", "晚"}
_DATE = re.compile(
    r"(?<![\d〔\[(])(?:((?:19|20)\d\d)年?[-/年](?:的)?(1[0-2]|0?[1-9])[-/月](?:份)?(?:(3[01]|[12]\d|0?[1-9])[日号]?)?"
    r"|((?:19|20)\d\d)年(?:的)?(春|秋)?(?:[季天])?(?:开?学期?)?"
    r"|(?<![\d.])(1[0-2]|[1-9])月份?(?:(3[01]|[12]\d|[1-9])[日号])?)"
)
_DOC_NO = re.compile(r"((?:19|20)\d\d)[〕\]）)年]\s*第?(\d{1,4})号")
_PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}-?\d{7,8}|\d{7,8})(?!\d)")
_HALF = re.compile(r"(?:一|1)半|减半|对半|半数|打?对折|([一二三四五六七八九])成")
_NOT = r"不(?:得|能|可以?|许|准|会|应)?(?:再)?"
_ABOVE = r"(?:超过?|高于|多于|大于|晚于|迟于|长于)"
_BELOW = r"(?:少于|低于|早于|小于|短于)"
_UNDENIED = r"(?<!不)(?<!不[得能可许准会应再])(?<!不可以)"
_UP_TO_VALUE = r"[^,;。\d]{0,8}$"
_NEAR_MOST = re.compile(
    rf"(?:{_NOT}{_ABOVE}|{_UNDENIED}{_BELOW}|最[多高长晚迟大]|至多|顶多|封顶|上限){_UP_TO_VALUE}"
)
_NEAR_LEAST = re.compile(rf"(?:{_NOT}{_BELOW}|{_UNDENIED}{_ABOVE}|最[少低短早]|至少|起码){_UP_TO_VALUE}")
_AFTER_MOST = re.compile(r"^(?:钱)?(?:以内|之内|以下|封顶|为限|之前|以前|前)")
_AFTER_LEAST = re.compile(r"^(?:钱)?(?:以上|起步)")


def _of(kind: Kind, unit: str, factor: str = "1") -> Callable[[Decimal], tuple[Kind, Decimal, str]]:
    return lambda number: (kind, number * Decimal(factor), unit)


_MEASURES: tuple[tuple[str, Callable[[Decimal], tuple[Kind, Decimal, str]]], ...] = (
    (r"个?百分点|%", _of(Kind.SHARE, "%")),
    (rf"亿{_UNIT_MONEY}", _of(Kind.MONEY, "元", "100000000")),
    (_UNIT_MONEY, _of(Kind.MONEY, "元")),
    (r"倍", _of(Kind.MULTIPLE, "倍")),
    (r"个?工作日|个?工作天", _of(Kind.PERIOD, "工作日")),
    (r"个?自然[日天]|个?日历[日天]", _of(Kind.PERIOD, "自然日")),
    (r"周岁|岁", _of(Kind.AGE, "岁")),
    (r"天|日(?!常|期)", _of(Kind.PERIOD, "天")),
    (r"(?:个)?(?:星期|礼拜)|周(?!岁|末|年)", _of(Kind.PERIOD, "天", "7")),
    (r"个月", _of(Kind.PERIOD, "月")),
    (r"个?季度", _of(Kind.PERIOD, "月", "3")),
    (r"(?:周)?年(?!级|[制度])", _of(Kind.PERIOD, "月", "12")),
    (r"个?学期", _of(Kind.PERIOD, "学期")),
    (r"个?(?:小时|钟头)", _of(Kind.MINUTES, "分钟", "60")),
    (r"分钟", _of(Kind.MINUTES, "分钟")),
    (r"刻钟", _of(Kind.MINUTES, "分钟", "15")),
    (r"个?课时|[节堂](?:课)?", _of(Kind.LESSONS, "课时")),
    (r"个?平方米|平米|个?平方(?!公里)", _of(Kind.AREA, "平方米")),
    (r"个?基点", _of(Kind.POINTS, "基点")),
    (r"公里", _of(Kind.COUNT, "公里")),
    (r"所|家", _of(Kind.COUNT, "家")),
    (r"名|位|人|个人", _of(Kind.COUNT, "人")),
    (r"块(?:场|足球)", _of(Kind.COUNT, "块")),
    (r"类|种|档|章|条|项|门|场|件|次", _of(Kind.COUNT, "")),
    (r"个(?:学校|单位|机构|幼儿园)", _of(Kind.COUNT, "家")),
    (r"个(?:方面|科室|县|部门|区|类|条件)", _of(Kind.COUNT, "个")),
)
_UNITS = "|".join(f"(?P<m{place}>{unit})" for place, (unit, _) in enumerate(_MEASURES))
_MEASURED = re.compile(rf"(?<![第\d.〔\[]){_N}{_MORE}(?:{_TO}{_N}{_MORE})?(?:{_UNITS})")
_HALVES = {"小时": "30分钟", "钟头": "30分钟", "年": "6个月", "天": "0.5天", "月": "15天"}
_HALF_UNIT = re.compile(r"(?<![\d一])半个?(小时|钟头|年|天|月)(?!工资)")
_BARE = re.compile(
    r"(?<![第\d.〔\[年月:-])(\d{3,7})(?:多|来)?(?=$|[,;。、.!?和又而到()\s]|的|了|吧|呢|一年|[\u4e00-\u9fff])"
)
_BARE_NOT = re.compile(r"^(?:年|号|月|元|块|人|所|家|名|个|天|日|分|岁|条|款|%|倍|学|热线|公|小时|平|课)")


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a normalised text in their order.

    A lone one of a period or of lessons («每年», «一节课45元») is a rate, not a quantity, unless a limit
    stands beside it («不超过一周», «一节课以内»).
    """
    plain = _spelled_out(text)
    taken: list[tuple[int, int]] = []
    found: list[Quantity] = []
    for finder in (_numbers, _dates, _clocks, _shares, _measured, _bare_money):
        for quantity in finder(plain):
            if all(quantity.end <= start or quantity.start >= end for start, end in taken):
                taken.append((quantity.start, quantity.end))
                found.append(_bounded(quantity, plain))
    return tuple(q for q in sorted(found, key=lambda q: q.start) if not _is_rate(q, found, plain))


def _spelled_out(text: str) -> str:
    text = text.replace("俩", "2个").replace("仨", "3个")
    text = re.sub(rf"([{_HAN}]+)(?=[到至—-]\d)", lambda m: str(numeral_value(m[1]) or m[1]), text)
    return _HALF_UNIT.sub(lambda m: _HALVES[m[1]], text)


def _bounded(quantity: Quantity, text: str) -> Quantity:
    before, after = text[: quantity.start], text[quantity.end :]
    if _AFTER_LEAST.match(after) or _NEAR_LEAST.search(before):
        return replace(quantity, bound=Bound.LEAST)
    if _AFTER_MOST.match(after) or _NEAR_MOST.search(before):
        return replace(quantity, bound=Bound.MOST)
    return quantity


def _is_rate(quantity: Quantity, found: Sequence[Quantity], text: str) -> bool:
    one = quantity.value == 1 and quantity.text.startswith("1")
    if quantity.kind is Kind.PERIOD:
        one = quantity.text.startswith("1") and not quantity.text[1:2].isdigit()
    if not one or quantity.bound or quantity.kind not in {Kind.LESSONS, Kind.COUNT, Kind.PERIOD}:
        return False
    beside = any(other is not quantity and other.kind is not Kind.DATE for other in found)
    return beside or quantity.kind is not Kind.PERIOD or text[: quantity.start].endswith(("每", "按"))


def _numbers(text: str) -> Iterator[Quantity]:
    for m in _DOC_NO.finditer(text):
        yield Quantity(Kind.NUMBER, (m[1], m[2]), "号", m.start(), m.end(), m[0])
    for m in _PHONE.finditer(text):
        yield Quantity(Kind.NUMBER, (m[0].replace("-", ""),), "电话", m.start(), m.end(), m[0])


def _dates(text: str) -> Iterator[Quantity]:
    for m in _DATE.finditer(text):
        year = int(y) if (y := m[1] or m[4]) else None
        month: int | str | None = int(n) if (n := m[2] or m[6]) else m[5]
        if month in (9, 2) and "学期" in text[m.end() : m.end() + 3]:
            month = "秋" if month == 9 else "春"
        day = int(d) if (d := m[3] or m[7]) else None
        yield Quantity(Kind.DATE, (year, month, day), "", m.start(), m.end(), m[0])


def _clocks(text: str) -> Iterator[Quantity]:
    for m in _CLOCK.finditer(text):
        hour = _small(m[2] or m[4])
        minute = _small(m[3] or m[6]) if (m[3] or m[6]) else Decimal(30 if m[5] else 0)
        if hour is None or minute is None or hour > 24 or minute > 59:
            continue
        if m[1] in _LATE and hour < 12:
            hour += 12
        yield Quantity(Kind.CLOCK, hour * 60 + minute, "", m.start(), m.end(), m[0])


def _small(numeral: str) -> Decimal | None:
    return Decimal(numeral) if numeral.isdigit() else numeral_value(numeral)


def _shares(text: str) -> Iterator[Quantity]:
    for m in _HALF.finditer(text):
        tenths = numeral_value(m[1]) if m[1] else Decimal(5)
        if tenths is not None:
            yield Quantity(Kind.SHARE, tenths * 10, "%", m.start(), m.end(), m[0])


def _measured(text: str) -> Iterator[Quantity]:
    for m in _MEASURED.finditer(text):
        place = next(i for i in range(len(_MEASURES)) if m[f"m{i}"])
        make = _MEASURES[place][1]
        for group in (1, 2):
            if m[group]:
                kind, value, unit = make(Decimal(m[group]))
                end = m.end() if group == 2 or not m[2] else m.end(1)
                yield Quantity(kind, value.normalize(), unit, m.start(group), end, text[m.start(group) : end])


def _bare_money(text: str) -> Iterator[Quantity]:
    """Amounts said without a unit: «研究生两万五», «小学一千»."""
    for m in _BARE.finditer(text):
        value = Decimal(m[1])
        if value % 10 == 0 and value >= 100 and not _BARE_NOT.match(text[m.end() :]):
            yield Quantity(Kind.MONEY, value.normalize(), "元", m.start(), m.end(), m[0])
