"""Figures, dates and document numbers in a text, in one comparable form.

Used twice: the library check (an FAQ answer may only name figures of its facts) and the guard behind
every composed answer (DESIGN §5 rule 2).
"""

from __future__ import annotations

import re
from decimal import Decimal

_DOC_NO = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[［(（]\s*(\d{4})\s*[〕\]］)）]\s*(\d+)\s*号")
_NUMBER = re.compile(r"\d+(?:,\d{3}(?!\d))*(?:\.\d+)?")
_WIDE_THOUSANDS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER = re.compile(
    r"([零〇一二两三四五六七八九十百千万]+)(?=个?(?:工作日|月|小时|分钟|课时|天|日内|年内|元|倍|人|所|平方米|周岁))"
)
_TEN_THOUSAND = re.compile(r"(\d+(?:\.\d+)?)\s*万(?=元|人|所|$|[^\u4e00-\u9fff])")


def figures(text: str) -> frozenset[str]:
    """All figures of a text as plain decimal strings: ``2万元`` and ``20000元`` both give ``20000``.

    Chinese numerals count where a unit of measure follows (三个月, 一周岁), not in names such as 十五.
    """
    plain = _WIDE_THOUSANDS.sub(",", text).translate(_WIDE)
    plain = _TEN_THOUSAND.sub(lambda m: _plain(format(Decimal(m.group(1)) * 10000, "f")), plain)
    found = {_plain(m.group().replace(",", "").replace("，", "")) for m in _NUMBER.finditer(plain)}
    found |= {str(_han_value(m.group(1))) for m in _HAN_NUMBER.finditer(plain)}
    return frozenset(found)


def document_numbers(text: str) -> frozenset[str]:
    """发文字号 in a text as ``year/number``, whatever brackets they are written with."""
    return frozenset(f"{m.group(1)}/{m.group(2)}" for m in _DOC_NO.finditer(text.translate(_WIDE)))


def unsupported(text: str, evidence: str) -> frozenset[str]:
    """Figures and document numbers that stand in ``text`` but not in ``evidence``."""
    missing = figures(text) - figures(evidence)
    return missing | (document_numbers(text) - document_numbers(evidence))


def _plain(number: str) -> str:
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole


def _han_value(numeral: str) -> int:
    total = section = digit = 0
    for char in numeral:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif char in _HAN_UNITS:
            section += (digit or 1) * _HAN_UNITS[char]
            digit = 0
        else:
            total += (section + digit or 1) * 10000
            section = digit = 0
    return total + section + digit
