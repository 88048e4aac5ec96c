"""Hiding personal data before anything is stored.

Rather one character too many than one too few: the masked text is only read by staff who look at what
was asked. Public numbers (12345, 110), document numbers, dates and amounts stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.masking_words import (
    ADDRESS_LEAD_INS,
    COMPOUND_SURNAMES,
    ESTATES,
    NOT_A_NAME,
    PROVINCES_ON_PLATES,
    ROADS,
    SURNAMES,
)


class Kind(StrEnum):
    """What was found. The value stands in square brackets in place of the text."""

    PHONE = "电话"
    IDENTITY = "身份证号"
    """Also passports and travel permits."""
    EMAIL = "邮箱"
    CARD = "银行卡号"
    PLATE = "车牌"
    ADDRESS = "住址"
    NAME = "姓名"


@dataclass(frozen=True, slots=True)
class Span:
    """Personal data at ``text[start:end]``."""

    start: int
    end: int
    kind: Kind


def mask(text: str) -> str:
    """Replace personal data by its kind: ``我叫张三，13812345678`` → ``我叫[姓名]，[电话]``.

    Masking a masked text changes nothing.
    """
    while spans := find(text):
        for span in reversed(spans):
            text = f"{text[: span.start]}[{span.kind}]{text[span.end :]}"
    return text


def find(text: str) -> tuple[Span, ...]:
    """Personal data in reading order, without overlaps."""
    plain = text.translate(_TO_HALF_WIDTH)
    taken: list[Span] = []
    for detect in _DETECTORS:
        for span in detect(plain):
            if all(span.end <= other.start or other.end <= span.start for other in taken):
                taken.append(span)
    return tuple(sorted(taken, key=lambda span: span.start))


# Full-width characters become half-width ones of the same length, so positions stay valid.
_TO_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    ord("×"): "X",
}

_GAP = r"[ \t.\-\u2010-\u2015·_\u00a0\u200b-\u200d\ufeff]{1,3}"


def _grouped(first: str, sizes: tuple[int, ...]) -> str:
    """Digits in groups of these sizes with a gap between; ``first`` stands for the leading digits."""
    lead = len(re.sub(r"\[[^]]*\]", "d", first))
    groups = [f"{first}\\d{{{sizes[0] - lead}}}", *(f"\\d{{{size}}}" for size in sizes[1:])]
    return _GAP.join(groups)


_MOBILE_GROUPS = (
    (11,),
    (3, 4, 4),
    (3, 8),
    (7, 4),
    (3, 3, 5),
    (4, 3, 4),
    (4, 4, 3),
    (5, 6),
    (6, 5),
    (3, 2, 2, 2, 2),
    (3, 3, 3, 2),
    (3, 4, 2, 2),
)
_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86(?:{_GAP})?)?(?:"
    + "|".join(_grouped("1[3-9]", sizes) for sizes in _MOBILE_GROUPS)
    + rf"|1(?:{_GAP}\d){{10}})(?!\d)"
)
_SPOKEN_MOBILE = re.compile(r"[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}")
_EXTENSION = r"(?:(?:转|分机| ?ext\.? ?|-)\d{1,6})?"
_LANDLINE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)86(?:{_GAP})?)?\(?(?:010|02\d|0[3-9]\d{{2}}|(?<=86)[1-9]\d{{1,2}})\)?(?:{_GAP})?"
    rf"\d{{3,4}}(?:{_GAP})?\d{{4}}{_EXTENSION}(?!\d)",
    re.IGNORECASE,
)
_CALLED_NUMBER = re.compile(
    rf"(?:电话|座机|手机|小灵通|联系方式|号码|致电|tel)(?:号码?)?[ :是为]{{0,3}}"
    rf"(?P<part>[2-8]\d{{2,3}}(?:{_GAP})?\d{{4}}{_EXTENSION})(?!\d)",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    rf"(?<!\d)(?:\d{{17}}[\dXx]|\d{{15}}|\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXx]"
    rf"|\d{{6}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx])(?!\d)"
)
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[CDEGHMPS]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])", re.IGNORECASE)
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:\.[A-Za-z0-9\-]{1,63}){1,8}", re.ASCII
)
_CARD = re.compile(
    rf"(?<!\d)(?:[3-9]\d{{15,18}}|[3-9]\d{{3}}(?:{_GAP}\d{{4}}){{3}}(?:(?:{_GAP})?\d{{1,3}})?"
    rf"|[3-9]\d{{5}}{_GAP}\d{{10,13}})(?!\d)"
)
_CALLED_CARD = re.compile(
    rf"(?:卡号|账号|帐号|账户|帐户)[ :是为]{{0,3}}(?P<part>\d{{2,}}(?:(?:{_GAP})?\d{{2,}}){{0,8}})(?!\d)"
)
_PLATE = re.compile(
    rf"[{PROVINCES_ON_PLATES}][A-HJ-NP-Z][·•. \-]?(?P<tail>[A-HJ-NP-Z0-9]{{4,6}}[挂学警港澳]?)(?![A-Z0-9])",
    re.IGNORECASE,
)

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_NUMBER = r"(?:\d{1,5}[A-Za-z]?(?:-\d{1,5}){0,4}|[A-Za-z](?:\d{1,3})?|[一二三四五六七八九十百零]{1,4})"
_SPACE = r"[ ,]{0,2}"
# 号 of a document, a notice or a metro line is not a house number.
_HOUSE = r"(?:号(?:楼|院|门)?(?![文令公线通])|弄|栋|幢|单元|室|#)"
_ADDRESS = re.compile(
    rf"[{_HAN}]{{1,24}}?(?:"
    rf"(?:{ROADS}){_SPACE}{_NUMBER}{_SPACE}{_HOUSE}"
    rf"|(?:{ESTATES}){_SPACE}(?:{_NUMBER}{_SPACE}(?:{_HOUSE}|座)|\d{{1,3}}(?:-\d{{1,5}}){{1,3}})"
    rf"|(?:村|屯|寨|社区)(?:民)?{_SPACE}{_NUMBER}{_SPACE}(?:{_HOUSE}|村民组|组|队)"
    rf")(?:{_SPACE}[{_HAN}]{{0,10}}?{_SPACE}{_NUMBER}{_SPACE}(?:{_HOUSE}|座|层|楼|组|户))*"
    rf"(?:{_SPACE}\d{{3,4}}(?!\d|[年元]))?"
)
_LEAD_IN = re.compile(f".*(?:{ADDRESS_LEAD_INS})")

_GIVEN_END = "的是在要住请有不电手身就我孩来读,今想家年和与户联"
_NAME = rf"(?!{NOT_A_NAME})(?:(?:{COMPOUND_SURNAMES})|[{SURNAMES}])[{_HAN}](?:(?![{_GIVEN_END}])[{_HAN}])?"
_FULL_NAME = rf"[{_HAN}]{{1,10}}(?:[·•][{_HAN}]{{1,10}}){{1,3}}"
_CALLED = re.compile(
    r"(?:我叫|名字叫|名叫|名字是|(?:孩子|儿子|女儿|学生|小孩|侄子|孙子|孙女)(?:叫|名叫)"
    r"|(?:家长|本人|学生|孩子|监护人|法定代表人|考生|申请人|户主)(?:的)?(?:姓名|名字)"
    r"|联系人(?:姓名)?|姓名(?=[ :是为])"
    rf"|本人(?=[{SURNAMES}][{_HAN}]{{1,2}}[, 。]))"
    rf"[ :是为叫]{{0,3}}(?P<part>{_FULL_NAME}|{_NAME})"
)
_LABELLED = re.compile(
    rf"(?:姓名|联系人|监护人|申请人|户主)[ ]?:[ ]?(?P<part>(?!{NOT_A_NAME})[{_HAN}]{{2,4}})(?![{_HAN}])"
)
_PARENT_OF = re.compile(
    rf"我是(?P<part>{_FULL_NAME}|{_NAME})(?:同学|小朋友)?的?"
    r"(?:家长|爸爸|妈妈|爸|妈|父亲|母亲|爷爷|奶奶|外公|外婆|监护人|姐姐|哥哥)"
)


def _spans(pattern: re.Pattern[str], kind: Kind) -> Callable[[str], Iterator[Span]]:
    """A detector that takes every match, or its group ``part`` where there is one."""
    group = "part" if "part" in pattern.groupindex else 0

    def detect(text: str) -> Iterator[Span]:
        for match in pattern.finditer(text):
            yield Span(match.start(group), match.end(group), kind)

    return detect


def _identities(text: str) -> Iterator[Span]:
    for match in _IDENTITY.finditer(text):
        number = re.sub(r"[^\dXx]", "", match[0]).upper()
        if _is_identity(number):
            yield Span(match.start(), match.end(), Kind.IDENTITY)


def _is_identity(number: str) -> bool:
    """Checksum right or birth date possible: a mistyped number is still somebody's number."""
    if len(number) == 15:
        return _is_birth_date("19" + number[6:12])
    return _is_birth_date(number[6:14]) or _checksum(number[:17]) == number[17]


def _is_birth_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1880 <= born.year <= 2100


def _checksum(body: str) -> str:
    """Last character of an 18-digit ID number (GB 11643)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 16 <= len(digits) <= 19 and _passes_luhn(digits):
            yield Span(match.start(), match.end(), Kind.CARD)
    for match in _CALLED_CARD.finditer(text):
        if 12 <= len(re.sub(r"\D", "", match["part"])) <= 24:
            yield Span(match.start("part"), match.end("part"), Kind.CARD)


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _plates(text: str) -> Iterator[Span]:
    for match in _PLATE.finditer(text):
        if 5 <= len(match["tail"]) <= 6 and sum(letter.isdigit() for letter in match["tail"]) >= 3:
            yield Span(match.start(), match.end(), Kind.PLATE)


def _addresses(text: str) -> Iterator[Span]:
    """Road, estate or village with a house number, without the words that lead up to it (我家住在)."""
    for match in _ADDRESS.finditer(text):
        place = re.match(rf"[{_HAN}]+", match[0])
        lead_in = _LEAD_IN.match(place[0][:-2]) if place else None
        yield Span(match.start() + (lead_in.end() if lead_in else 0), match.end(), Kind.ADDRESS)


_DETECTORS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _spans(_EMAIL, Kind.EMAIL),
    _identities,
    _cards,
    _spans(_MOBILE, Kind.PHONE),
    _spans(_LANDLINE, Kind.PHONE),
    _spans(_CALLED_NUMBER, Kind.PHONE),
    _spans(_SPOKEN_MOBILE, Kind.PHONE),
    _plates,
    _spans(_PASSPORT, Kind.IDENTITY),
    _addresses,
    _spans(_CALLED, Kind.NAME),
    _spans(_LABELLED, Kind.NAME),
    _spans(_PARENT_OF, Kind.NAME),
)
