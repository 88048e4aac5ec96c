"""Chinese numerals as Arabic digits, so that 两万元, 2万元 and 20000元 are one spelling.

The text must already be NFKC, simplified and lower-case. Words that only look like numbers
(万一, 统一, 十分, 千万, 一些, 三审, 十四五) stay as they are: a lone numeral is converted only before
a counter or after 第, and a group only when it reads as one well-formed number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_DIGITS |= {c: n for n, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_BIG_UNITS = {"万": 10_000, "亿": 100_000_000}
_NUMERAL = "".join([*_DIGITS, *_SMALL_UNITS, *_BIG_UNITS])
_ARABIC = r"\d+(?:\.\d+)?"
_RUN = rf"(?:{_ARABIC})?[{_NUMERAL}](?:[{_NUMERAL}]|{_ARABIC})*"

_COUNTERS = (
    "年级|年|个|月|日|天|周|岁|名|人|位|次|元|块|毛|倍|小时|分钟|学期|学年|级|项|条|款|章|节|届|期|科|门|"
    "类|档|批|所|间|亩|米|公里|平方|公斤|户|县|区|市|胎|孩|寸|折|件|份|张|页|种|轮|本|部|套|台|%"
)
_COUNTER = re.compile(rf"(?:{_COUNTERS})")
_NOT_COUNTED = re.compile(r"次性|年一度|年半载|日三餐|人一|级一|年到头|类似|所有|部分|个个|天天|次次")
_HIDES_NUMERAL = "统唯专同划归逐万之不惟如单几数"
"""After these, a lone 一 (or 十, 百 …) before a counter belongs to a word: 统一, 逐一, 几十, 数十."""
_FIXED = frozenset({"十一五", "十二五", "十三五", "十四五", "十五五", "十六五"})
_LONGEST_RUN = 24

_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")
_JOINED = re.compile(r"\d[.,]$")
"""Before a run: the number would grow into the one before it (3.十五, 1,一百)."""
_W = re.compile(rf"(?<![a-z\d.{_NUMERAL}])({_ARABIC})w(?![a-z\d{_NUMERAL}])")
_PERCENT = re.compile(rf"百分之({_RUN}|{_ARABIC})(?:点([{''.join(_DIGITS)}]+))?")
_POINT = re.compile(
    rf"({_RUN})点([{''.join(_DIGITS)}]+)(?=倍|万|亿|个百分点|元|米|公里|亩|折|%|平方|小时|个小时|年制)"
)
_TWO_GRADES = re.compile(r"(?<![一二三四五六七八九\d])([一二三四五六七八])、?([二三四五六七八九])(?=年级)")
_HALF_MEASURE = re.compile(rf"({_RUN}|{_ARABIC})个半(小时|钟头|月|学期|百分点)")
_HALF_AFTER = re.compile(rf"({_RUN}|{_ARABIC})(年|天|岁|小时|学年)半(?!载|价|个)")
_MAYBE = re.compile(_RUN)


def arabic_numerals(text: str) -> str:
    """Spell the numbers in ``text`` with Arabic digits; everything else stays."""
    if "," in text:
        text = _THOUSANDS.sub(lambda m: m[0].replace(",", ""), text)
    if _MAYBE.search(text):
        for cue, pattern, spell in _SPECIAL:
            if cue in text:
                text = pattern.sub(spell, text)
        text = _MAYBE.sub(_in_context, text)
    return _W.sub(lambda m: _spelled(Decimal(m[1]) * 10_000), text) if "w" in text else text


def numeral_value(run: str) -> Decimal | None:
    """The number that ``run`` spells (一万六, 2万5, 二〇二四, 十五); ``None`` where it is not well formed."""
    parts = re.findall(rf"{_ARABIC}|.", run)
    if len(run) > _LONGEST_RUN:
        return None
    if all(part in _DIGITS for part in parts):
        return Decimal("".join(str(_DIGITS[part]) for part in parts))
    return _grouped(parts)


def _grouped(parts: list[str]) -> Decimal | None:
    """A number with units: 三千五百, 一万六, 2.5万, 两亿零三十."""
    total, section = Decimal(0), Decimal(0)
    number: Decimal | None = None
    ceiling, big_ceiling, last_unit, after_zero = 10_000, 10**12, 0, False
    for part in parts:
        if part in _SMALL_UNITS:
            unit = _SMALL_UNITS[part]
            if number is None and unit == 10 and not section and (not total or after_zero):
                number = Decimal(1)
            if number is None or unit >= ceiling:
                return None
            section, number, ceiling, last_unit, after_zero = section + number * unit, None, unit, unit, False
        elif part in _BIG_UNITS:
            unit = _BIG_UNITS[part]
            section, number = section + (number or 0), None
            if (unit >= big_ceiling and not (unit == 10**8 and total and not section)) or not section + total:
                return None
            if not section:
                total *= unit
            else:
                total = (total + section) * unit if unit == 10**8 else total + section * unit
            section, ceiling, big_ceiling, last_unit, after_zero = Decimal(0), 10_000, unit, unit, False
        elif part in _DIGITS and _DIGITS[part] == 0:
            if number is not None or not last_unit or after_zero:
                return None
            after_zero = True
        else:
            if number is not None:
                return None
            number = Decimal(_DIGITS[part]) if part in _DIGITS else Decimal(part)
            if number >= 10 and last_unit and last_unit not in _BIG_UNITS.values():
                return None
    if number is not None:
        short = last_unit > 10 and not after_zero and number < 10
        section += number * last_unit / 10 if short else number
    elif after_zero:
        return None
    return total + section


def _in_context(match: re.Match[str]) -> str:
    """One run of numerals, converted where the words around it say that it is a number."""
    run, start, end = match[0], match.start(), match.end()
    before = match.string[start - 1 : start]
    if run in _FIXED or _JOINED.search(match.string, max(start - 2, 0), start):
        return run
    ordinal = before == "第"
    counted = _COUNTER.match(match.string, end) is not None and not _NOT_COUNTED.match(match.string, end)
    if len(run) == 1:
        if (run not in _DIGITS and run not in "十拾") or run in "零〇○":
            return run
        if not ordinal and (not counted or (before and before in _HIDES_NUMERAL)):
            return run
    elif all(char in _DIGITS for char in run):
        if not (ordinal or len(run) >= 4 or any(char in "零〇○" for char in run)):
            return run
        return "".join(str(_DIGITS[char]) for char in run)
    elif before and before in "几数" and not ordinal:
        return run
    value = numeral_value(run)
    return run if value is None else _spelled(value)


def _percent(match: re.Match[str]) -> str:
    if match[1] == "百" and match[2] is None:
        return "100%"
    value = numeral_value(match[1]) if not re.fullmatch(_ARABIC, match[1]) else Decimal(match[1])
    if value is None or (match[2] and value % 1):
        return match[0]
    return _spelled(value) + _fraction(match[2]) + "%"


def _decimal(match: re.Match[str]) -> str:
    value = numeral_value(match[1])
    return match[0] if value is None or value % 1 else _spelled(value) + _fraction(match[2])


def _fraction(digits: str | None) -> str:
    return "." + "".join(str(_DIGITS[d]) for d in digits) if digits else ""


def _half(unit_of: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    def spell(match: re.Match[str]) -> str:
        value = Decimal(match[1]) if re.fullmatch(_ARABIC, match[1]) else numeral_value(match[1])
        if value is None or value % 1:
            return match[0]
        return _spelled(value + Decimal("0.5")) + unit_of(match[2])

    return spell


def _spelled(value: Decimal) -> str:
    """Plain digits: no exponent, no trailing zeros after the point."""
    return format(value.normalize(), "f") if value else "0"


_SPECIAL: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("百分之", _PERCENT, _percent),
    ("点", _POINT, _decimal),
    ("年级", _TWO_GRADES, lambda m: f"{_DIGITS[m[1]]}、{_DIGITS[m[2]]}"),
    ("半", _HALF_MEASURE, _half(lambda unit: "个" + unit if unit in ("月", "学期", "百分点") else unit)),
    ("半", _HALF_AFTER, _half(lambda unit: unit)),
)
"""Patterns wider than one number, each with a word that must be there for it to be worth a look."""
