"""What one cell says: text, a time, a count. What cannot be read says why."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from bot.signals.importing.models import CellValue

_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)
"""Characters that show nothing, apart from those that separate words and lines."""
_ESCAPED_CONTROL = re.compile(r"_x00(0[9AD])_", re.IGNORECASE)
"""How Excel writes a control character into its XML; exports to CSV often leave it so."""
_PLACEHOLDERS = frozenset(
    {
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "\\n",
        "null",
        "none",
        "nan",
        "nat",
        "n/a",
        "无",
        "空",
        "(空)",
        "（空）",
    }
    | {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!"}
)
"""What systems write into a cell that holds nothing."""


def text(value: CellValue) -> str:
    """A cell as clean text: paragraphs one a line, single spaces, no control characters.

    A whole number loses its ``.0``; a placeholder such as ``-`` or ``#N/A`` is nothing.
    """
    if value == "":
        return ""
    raw = value if isinstance(value, str) else _written(value)
    if "_x" in raw:
        raw = _ESCAPED_CONTROL.sub(lambda found: chr(int(found[1], 16)), raw)
    lines = (" ".join(line.split()) for line in _CONTROL.sub("", raw).splitlines())
    cleaned = "\n".join(filter(None, lines))
    return "" if len(cleaned) < 8 and cleaned.lower() in _PLACEHOLDERS else cleaned


def _written(value: int | float | bool | datetime | date | time | timedelta) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def line(value: CellValue) -> str:
    """Clean text on a single line, for what is no prose: names, titles, places."""
    return text(value).replace("\n", " ")


_EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
_WHOLE = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)


def number(value: CellValue) -> tuple[str, str]:
    """The number of a work order, and what is wrong with it (or nothing).

    ``3700.0`` is 3700. A number of more than 15 digits that the table holds as a quantity has lost its end.
    """
    found = line(value).replace(" ", "").lstrip("'＇")
    if whole := _WHOLE.fullmatch(found):
        found = whole[1]
    rounded = isinstance(value, int | float) and len(found.lstrip("-")) > _EXACT_DIGITS
    if rounded or _SCIENTIFIC.fullmatch(found):
        return found, "编号被表格软件当作数值保存，末尾几位可能已丢失"
    return found, ""


_COUNT = re.compile(r"(\d+(?:\.\d+)?)([万千kw]?)\+?(?:次|人|个|条|赞)?", re.IGNORECASE)
_FACTORS = {"": 1, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000}


def count(value: CellValue) -> tuple[int, str]:
    """A number of votes and what is wrong with it: ``1,234``, ``1.2万``; nothing counts as 0."""
    plain = unicodedata.normalize("NFKC", line(value)).replace(",", "").replace(" ", "")
    if not plain:
        return 0, ""
    found = _COUNT.fullmatch(plain)
    if not found or len(plain) > 18:
        return 0, "点赞数或反对数不是数字，按 0 计"
    return round(float(found[1]) * _FACTORS[found[2].lower()]), ""


_UNREADABLE = "时间无法识别，留空"
_IMPOSSIBLE = "时间不存在或超出 1990—2100 年，留空"
_AMBIGUOUS = "时间的年月日顺序不明，留空"

_YEARS = range(1990, 2101)
_SERIAL_ORIGIN = datetime(1899, 12, 30)
"""Day 0 of spreadsheets (1900 date system, for days after February 1900)."""
_SERIALS = range((datetime(1990, 1, 1) - _SERIAL_ORIGIN).days, (datetime(2101, 1, 1) - _SERIAL_ORIGIN).days)

_CLOCK = (
    r"(?:[T ]?(?P<half>上午|下午|凌晨|早上|早晨|中午|傍晚|晚上|夜间|夜里|AM|PM)? ?"
    r"(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})(?:[:分](?:(?P<second>\d{1,2})(?:[.,]\d+)?秒?)?)?)?"
    r" ?(?P<after>AM|PM)? ?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?: ?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_FORMS = tuple(
    re.compile(form + _WEEKDAY + _CLOCK, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?",
        r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<then>\d{1,2})(?P=sep)(?P<year>\d{4})",
    )
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?)?"
)
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2}(?!\d).*")
_AROUND_MARKS = re.compile(r"(?<=[年月日/:]) | (?=[年月日/:])")
_NUMERIC = re.compile(r"\d{5}(?:\.\d*)?")


def moment(value: CellValue) -> tuple[datetime | None, str]:
    """The local time that a cell gives, to the second, and why there is none.

    Reads dates of the spreadsheet, its day numbers (43463.5), ISO 8601, ``2018/12/29 1:55:21``,
    ``2018年12月29日 上午11时55分``, ``20181229``; day and month before the year only where
    one of them is above 12. A time with an offset from UTC becomes Chinese time. An empty cell has no time
    and no reason.
    """
    if value == "":
        return None, ""
    if isinstance(value, datetime):
        return _in_range(value)
    if isinstance(value, date):
        return _in_range(datetime.combine(value, time()))
    written = _AROUND_MARKS.sub("", unicodedata.normalize("NFKC", line(value)))
    if not written:
        return None, ""
    return _compact(written) or _named(written) or _serial(written)


def _in_range(found: datetime) -> tuple[datetime | None, str]:
    if found.year not in _YEARS:
        return None, _IMPOSSIBLE
    rounded = (found + timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
    return rounded, ""


def _compact(written: str) -> tuple[datetime | None, str] | None:
    found = _COMPACT.fullmatch(written)
    return _composed(found, int(found["month"]), int(found["day"])) if found else None


def _named(written: str) -> tuple[datetime | None, str] | None:
    for form in _FORMS:
        if not (found := form.fullmatch(written)):
            continue
        if "first" not in form.groupindex:
            return _composed(found, int(found["month"]), int(found["day"]))
        first, then = int(found["first"]), int(found["then"])
        if first <= 12 and then <= 12 and first != then:
            return None, _AMBIGUOUS
        return _composed(found, min(first, then), max(first, then))
    return (None, _AMBIGUOUS) if _SHORT_YEAR.fullmatch(written) else None


def _composed(found: re.Match[str], month: int, day: int) -> tuple[datetime | None, str]:
    part = found.groupdict()
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    half = (part.get("half") or part.get("after") or "").upper()
    if half in {"下午", "傍晚", "晚上", "夜间", "夜里", "PM", "中午"} and 1 <= hour < 12:
        hour += 12 if half != "中午" or hour < 10 else 0
    elif half in {"凌晨", "AM"} and hour == 12:
        hour = 0
    next_day = hour == 24 and minute == second == 0
    try:
        made = datetime(int(part["year"]), month, day, 0 if next_day else hour, minute, second)
    except ValueError:
        return None, _IMPOSSIBLE
    return _in_range(made + timedelta(days=next_day) + _to_local(part.get("offset")))


def _to_local(offset: str | None) -> timedelta:
    """What to add to a time at this offset for the time in China (UTC+8)."""
    if not offset:
        return timedelta()
    digits = "0000" if offset in "Zz" else offset[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timedelta(hours=8) - (-ahead if offset[0] == "-" else ahead)


def _serial(written: str) -> tuple[datetime | None, str]:
    if not _NUMERIC.fullmatch(written):
        return None, _UNREADABLE
    days = float(written)
    if int(days) not in _SERIALS:
        return None, _IMPOSSIBLE
    return _in_range(_SERIAL_ORIGIN + timedelta(days=days))
