"""Mirrored pages made readable again: readings in brackets, traditional script, spaced field names.

Mirrors of government pages turn the text into traditional script, put a reading behind some characters
(發(fā)布) and, working on GBK bytes instead of characters, break others apart (成效?，F(xiàn)將 for
成效。現將). The first two are undone. What is broken is left as it stands and reported: the lost character
cannot be known, and some vanish without any mark. A degarbled page is a lead, never a basis for an answer.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_LATIN = "a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿêế"
_READING = re.compile(rf"(?<=[\u3400-\u9fff])((?:\([{_LATIN}]{{1,6}}\))+)")
_LOSS = re.compile(
    rf"\?(?:[{_LATIN}]{{1,6}}\)"  # the bracket went with the character
    rf"|[，。！？；：、,;:!](?:[^，。！？；：、,;:!?\n]{{0,12}}?[A-Za-z_|\[](?:\([{_LATIN}]{{1,6}}\))?)?)"
)
_GARBLED_FROM = 3
"""So many readings in brackets make a page garbled; one or two may be the author's: 重庆(qìng)."""
_EXCERPT = 8
_SPACE = " \t\u00a0\u3000\ufeff"

FIELD_NAMES = (
    *("索引号", "信息索引", "信息名称", "名称", "标题", "发布文号", "发文字号", "文号"),
    *("发布机构", "发文机关", "发文机构", "信息来源", "来源", "成文日期", "生成日期", "发文日期"),
    *("发布日期", "发布时间", "公开日期", "生效时间", "废止时间", "有效性", "组配分类", "信息分类"),
    *("信息类别", "主题分类", "主题导航", "体裁分类", "关键词", "主题词", "内容概述"),
)
"""Names of the fields at the head of a page, as government sites spell them."""
_FIELD = re.compile(
    rf"(?m)(^|[{_SPACE}])("
    + "|".join(f"[{_SPACE}]*".join(name) for name in sorted(FIELD_NAMES, key=len, reverse=True))
    + rf")(?=[{_SPACE}:：]|$)"
)


@dataclass(frozen=True, slots=True)
class Loss:
    """A place where characters were lost; ``line`` counts from 1, ``excerpt`` is what stands there."""

    line: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Degarbled:
    """A page in simplified characters, with as many lines as before.

    ``readings``: how many readings in brackets were taken out. ``losses``: what could not be mended.
    """

    text: str
    readings: int
    losses: tuple[Loss, ...]

    @property
    def garbled(self) -> bool:
        """Whether the page came through a mirror that garbles."""
        return bool(self.readings or self.losses)


def degarble(text: str) -> Degarbled:
    """Undo what can be undone without guessing; report the rest.

    A bracket is taken out only if it holds a reading of the character before it (tones do not matter) and
    the page has at least three of them. Applying it again changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    losses = find_losses(text)  # before the script changes: F(xiàn) would look like a reading
    readings = sum(_is_reading(match) for match in _READING.finditer(text))
    if readings < _GARBLED_FROM:
        readings = 0
    else:
        text = _READING.sub(lambda match: "" if _is_reading(match) else match[0], text)
    simplified = "\n".join(_to_simplified().convert(line) for line in text.split("\n"))
    return Degarbled(_FIELD.sub(_closed_up, simplified), readings, losses)


def find_losses(text: str) -> tuple[Loss, ...]:
    """Traces of characters that were broken apart: a half-width ``?`` before a mark or a torn reading."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        for match in _LOSS.finditer(line):
            start = max(0, match.start() - _EXCERPT)
            found.append(Loss(number, line[start : match.end() + _EXCERPT].strip()))
    return tuple(found)


def _is_reading(match: re.Match[str]) -> bool:
    """Whether the brackets, one or repeated, hold a reading of the character before them."""
    known = _readings_of(match.string[match.start() - 1])
    return all(_toneless(found) in known for found in match[1][1:-1].split(")("))


@cache
def _readings_of(char: str) -> frozenset[str]:
    # The phrase table is not needed and costs 0.2 s; pypinyin reads this switch on import.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(_toneless(reading) for reading in pinyin_dict.get(ord(char), "").split(","))


def _toneless(reading: str) -> str:
    """lǜ → lv."""
    parts = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    return "".join(char for char in parts if not unicodedata.combining(char))


@cache
def _to_simplified() -> OpenCC:
    from opencc import OpenCC  # 40 ms

    return OpenCC("t2s")


def _closed_up(match: re.Match[str]) -> str:
    return match[1] + re.sub(f"[{_SPACE}]", "", match[2])
