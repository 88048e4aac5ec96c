"""Numbers that belong to a person: phones, ID documents, bank cards, e-mail addresses, licence plates.

Each function yields (start, end) of what it finds. The text must have half-width letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

Place = tuple[int, int]

_GAP = r"[ \t.\-\u2010-\u2015·_\u00a0\u200b-\u200d\ufeff]{1,3}"
_LONG_NUMBER = re.compile(rf"\d(?:(?:{_GAP}|[()]{{1,2}})?\d){{6}}")
"""Seven digits, as the shortest phone number has them."""


def has_long_number(text: str) -> bool:
    """Whether there is any number long enough for a phone, a card or an ID. Most messages have none."""
    return _LONG_NUMBER.search(text) is not None


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
_ABROAD = r"(?:\((?:\+|00)?86\)|(?:\+|00)?86)"
_NO_AMOUNT = r"(?!\d|(?:\.\d{1,2})?[万亿]?(?:元|块))"
_MOBILE = re.compile(
    rf"(?=[\d+(])(?<![\d¥￥])(?:{_ABROAD}(?:{_GAP})?)?(?:"
    + "|".join(_grouped("1[3-9]", sizes) for sizes in _MOBILE_GROUPS)
    + rf"|1(?:{_GAP}\d){{10}}){_NO_AMOUNT}"
)
_SPOKEN_MOBILE = re.compile(r"[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}")
_EXTENSION = r"(?:(?:转(?:分机)?|分机| ?ext\.? ?|-)\d{1,6})?"
_LANDLINE = re.compile(
    rf"(?=[\d+(])(?<![\dA-Za-z])(?:{_ABROAD}(?:{_GAP})?)?\(?(?:010|02\d|0[3-9]\d{{2}}|(?<=86)[1-9]\d{{1,2}})\)?(?:{_GAP})?"
    rf"\d{{3,4}}(?:{_GAP})?\d{{4}}{_EXTENSION}(?!\d)",
    re.IGNORECASE,
)
_CALLED_NUMBER = re.compile(
    rf"(?:电话|座机|手机|小灵通|联系方式|(?<![票单件证])号码|致电|tel)(?:号码?)?[ :是为]{{0,3}}"
    rf"(?P<part>[2-9]\d{{2,3}}(?:{_GAP})?\d{{4}}{_EXTENSION})(?!\d)",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[Place]:
    """Mobile numbers however grouped, landlines with an area code, seven or eight digits after 电话."""
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            yield match.span()
    for match in _CALLED_NUMBER.finditer(text):
        yield match.span("part")


def spoken_phones(text: str) -> Iterator[Place]:
    """Mobile numbers in Chinese numerals."""
    for match in _SPOKEN_MOBILE.finditer(text):
        yield match.span()


_IDENTITY = re.compile(
    rf"\d(?<!\d\d)(?:\d{{16}}[\dXx]|\d{{14}}|\d{{5}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXx]"
    rf"|\d{{5}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx])(?!\d)"
)
_IN_AN_ADDRESS = ("/", "=", "_", "-")
"""What may stand before a letter and digits in the address of a web page."""
_PASSPORT = re.compile(r"(?:[CDEGHMPS]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])", re.IGNORECASE)
_PROVINCES = frozenset({*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)}) | {
    *range(61, 66),
    71,
    81,
    82,
    83,
    91,
}
"""First two digits of the place where an ID number was given out (GB/T 2260)."""


def identities(text: str) -> Iterator[Place]:
    """ID numbers of 18 characters or 15 digits."""
    for match in _IDENTITY.finditer(text):
        if _is_identity(re.sub(r"[^\dXx]", "", match[0]).upper()):
            yield match.span()


def passports(text: str) -> Iterator[Place]:
    """Passports and travel permits: a letter and eight digits."""
    for match in _PASSPORT.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if not (before.isascii() and (before.isalnum() or before in _IN_AN_ADDRESS)):
            yield match.span()


def _is_identity(number: str) -> bool:
    """Checksum right or birth date possible: a mistyped number is still somebody's number.

    Without a birth date, digits that pass as a bank card are taken for one.
    """
    if len(number) == 15:
        return int(number[:2]) in _PROVINCES and _is_birth_date("19" + number[6:12])
    return _is_birth_date(number[6:14]) or (_checksum(number[:17]) == number[17] and not _passes_luhn(number))


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


_CARD = re.compile(
    rf"[3-9](?<!\d.)(?:\d{{15,18}}|\d{{3}}(?:{_GAP}\d{{4}}){{3}}(?:(?:{_GAP})?\d{{1,3}})?"
    rf"|\d{{5}}{_GAP}\d{{10,13}})(?!\d)"
)
_CALLED_CARD = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户|银行卡)[ :是为(]{0,3}"
    rf"(?P<part>\d{{2,}}(?:(?:{_GAP})?\d{{2,}}){{0,8}})(?!\d)"
)


def cards(text: str) -> Iterator[Place]:
    """Numbers of 16 to 19 digits with the Luhn digit (ISO/IEC 7812-1)."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 16 <= len(digits) <= 19 and _passes_luhn(digits):
            yield match.span()


def called_cards(text: str) -> Iterator[Place]:
    """Numbers of 12 to 24 digits after 卡号 or 账号, whatever their last digit."""
    for match in _CALLED_CARD.finditer(text):
        if 12 <= len(re.sub(r"\D", "", match["part"])) <= 24 and not _MOBILE.fullmatch(match["part"]):
            yield match.span("part")


def _passes_luhn(digits: str) -> bool:
    if not digits.isdecimal():
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:\.[A-Za-z0-9\-]{1,63}){1,8}", re.ASCII
)


def emails(text: str) -> Iterator[Place]:
    """Mail addresses."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.span()


_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
    r"[A-HJ-NP-Za-hj-np-z][·•. \-]?(?P<tail>[A-HJ-NP-Za-hj-np-z0-9]{4,6}[挂学警港澳]?)(?![A-Za-z0-9])"
)


def plates(text: str) -> Iterator[Place]:
    """Licence plates (GA 36), new-energy, police and learners' ones as well."""
    for match in _PLATE.finditer(text):
        if 5 <= len(match["tail"]) <= 6 and sum(letter.isdigit() for letter in match["tail"]) >= 3:
            yield match.span()
