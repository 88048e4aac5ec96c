"""The exact part of an address: house number, building, unit, room, villagers' group.

The name of the road, estate or village before it stays. It is no personal data by itself, and what people
complain about happens there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import rjieba

from bot.masking_numbers import Place
from bot.masking_words import BUILDING_NOUNS, ESTATE_ENDINGS, ESTATES, INSTITUTIONS, ROADS, VILLAGES

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_SPACE = r"[ ,]{0,2}"
_NUMERALS = "零一二三四五六七八九十百"
_NUMBER = rf"[\dA-Za-z附第甲乙{_NUMERALS}](?:[\dA-Za-z{_NUMERALS}]|-(?=\d)){{0,11}}+"
# 号 of a document, a notice, a metro line or a stop is no house number.
_HOUSE = r"号(?:院|门|房(?![子屋间产]))?(?![楼栋文令公线通站])|弄"
# «3栋楼» and «3栋宿舍» say how many.
_BUILDING = r"号[楼栋]|[栋幢座](?!楼(?![上下道顶])|[大高]?楼房|大楼|教学|宿舍|住宅|高层|别墅|厂房|房)|#楼?"
_GROUP = r"(?:村民)?[组队](?![长建织成])"
_INNER = r"单元|室(?!\d?[一二两]?厅)|房(?![子屋间产])"
_FURTHER = (
    rf"{_SPACE}[、和与及]?{_NUMBER}{_SPACE}"
    rf"(?:{_HOUSE}|{_BUILDING}|{_GROUP}|{_INNER}|[层楼户门](?![上下道主口])|\d?梯)"
)
_ROOM = r"\d{3,4}(?![\d年元人名户班教米平个多分位度届级万%/.:\-])"
_EXACT = re.compile(
    rf"{_NUMBER}{_SPACE}(?:(?P<house>{_HOUSE})|(?P<building>{_BUILDING})|(?P<group>{_GROUP})|(?P<inner>{_INNER}))"
    rf"(?P<further>(?:{_FURTHER}){{0,8}}(?:{_SPACE}{_ROOM})?)"
)
_DASHED = re.compile(
    r"\d(?<![\d.]\d)(?:(?P<room>\d?-\d{1,2}-\d{3,4})|\d{0,2}-\d{1,5}(?:-\d{1,5}){0,2})(?![\d年月日\-])"
)
_LETTER = re.compile("[A-Za-z]")
_PART_OF_ESTATE = re.compile(r"[一二三四五六七八九\dA-Za-z]{1,2}[期区]$")
_PART_OF_ROAD = re.compile(r"(?:[东南西北中一二三四五六七八九]?[段侧]|[支辅]路)$")
_NAMES = frozenset({"n", "ns", "nr", "nrt", "nrfg", "nz", "nt", "s", "j", "l", "i", "x"})
"""Part-of-speech marks (jieba) of words that a place may end with."""
_ROOM_OF_HOUSE = re.compile("单元|[室房]")
_ROOM_OF_BUILDING = re.compile(r"^(?![、和与及]).*(?:单元|[室房号]|\d{3})")
_BUILDINGS = ("栋", "幢", "号楼", "号栋")
_BEFORE = 12


def addresses(text: str) -> Iterator[Place]:
    """Yields (start, end) of the exact parts; the text must have half-width letters and digits."""
    match = _EXACT.search(text)
    while match:
        exact = _is_exact(match, _before(text, match.start()))
        if exact:
            yield match.span()
        # «公园一号31栋»: what is refused may be the name before a building.
        match = _EXACT.search(text, match.end() if exact else match.start("further"))
    if "-" in text:
        for match in _DASHED.finditer(text):
            start = match.start() - bool(_LETTER.match(text[match.start() - 1 : match.start()]))
            if match["room"] or _before(text, start).endswith(ESTATES):
                yield start, match.end()


def _before(text: str, start: int) -> str:
    """The words before a number, without «二期» or «A区» of an estate."""
    return _PART_OF_ESTATE.sub("", text[max(0, start - _BEFORE) : start].rstrip(" ,"))


def _is_exact(match: re.Match[str], before: str) -> bool:
    """Whether the numbers name one place, and do not count or order something."""
    if match["house"]:
        road = _PART_OF_ROAD.sub("", before)
        # «3路12号»: a bus line.
        on_road = road.endswith(ROADS) and not road[-2:-1].isdigit()
        return (
            on_road or before.endswith((*VILLAGES, *ESTATES)) or bool(_ROOM_OF_HOUSE.search(match["further"]))
        )
    if match["group"]:
        return before.endswith(VILLAGES)
    if _ROOM_OF_BUILDING.search(match["further"]) or before.endswith((*ESTATES, *ROADS)):
        return True
    return match["building"] in _BUILDINGS and (before.endswith(VILLAGES) or _ends_in_a_name(before))


def _ends_in_a_name(before: str) -> bool:
    """«御景江南» before a building, but not «共有» (so many buildings) nor «学校» (public buildings)."""
    words = rjieba.tag(before)
    if not words:
        return False
    word, mark = words[-1]
    if word.endswith(INSTITUTIONS):
        return False
    named = len(word) > 1 and mark in _NAMES and not word.endswith(BUILDING_NOUNS)
    return named or word.endswith(ESTATE_ENDINGS)
