"""A summary page as lines of readable text: plain text or simple HTML, garbled or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from bot.errors import UsageError
from knowledge.garbling import FIELD_NAMES, Loss, degarble, find_losses

_LARGEST = 5_000_000
_BREAKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "title", "section"}
_UNSEEN = {"script", "style", "head", "template"}
_ENCODINGS = ("utf-8-sig", "gb18030")
_HEAD_FIELD = re.compile("(?:" + "|".join(FIELD_NAMES) + r")(?:[\s:：]|$)")
_YEAR_IN_TITLE = re.compile(r"(20\d\d)年(?:度|[^。，,]{0,12}(?:总结|报告|工作))")
_DATED = re.compile(
    r"(?:发文|发布|生成|成文|公开)(?:日期|时间)[\s:：]*(20\d\d)[-年/](\d{1,2})[-月/](\d{1,2})"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page; ``head`` where it belongs to the fields at the top (索引号, 发布机构 …)."""

    number: int
    text: str
    head: bool
    lossy: bool
    """Characters were lost in it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, degarbled. ``year`` is what its title says; ``dated`` when it was published."""

    name: str
    lines: tuple[Line, ...]
    year: int | None
    dated: date | None
    losses: tuple[Loss, ...]


def read_page(path: Path) -> Page:
    """Read a page of text or simple HTML in UTF-8 or GB18030. Lines keep the numbers of the file.

    Raises:
        UsageError: there is no such file, or it is no text.
    """
    clean = degarble(_text_of(path))
    lines = tuple(
        Line(number, text.strip(), bool(_HEAD_FIELD.match(text.strip())), bool(find_losses(text)))
        for number, text in enumerate(clean.text.split("\n"), start=1)
        if text.strip()
    )
    if not lines:
        raise UsageError(f"{path} 里没有文字（附件或图片里的内容请先转成文字）")
    year = next((int(found[1]) for line in lines if (found := _YEAR_IN_TITLE.search(line.text))), None)
    return Page(path.name, lines, year, _dated(clean.text), clean.losses)


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"找不到文件 {path}，请检查路径") from None
    except OSError as error:
        raise UsageError(f"无法读取 {path}：{error.strerror or error}") from None
    if len(content) > _LARGEST or b"\0" in content:
        raise UsageError(f"{path} 不是网页或文本文件，请把页面另存为文本（.txt）或网页（.html）再试")
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _without_tags(text) if re.search(r"<(?:html|body|p|table|div)\b", text, re.I) else text
    raise UsageError(f"{path} 的文字编码无法识别，请另存为 UTF-8 再试")


def _dated(text: str) -> date | None:
    found = _DATED.search(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _without_tags(text: str) -> str:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    """Text of a page. Line breaks are those of the file, so that numbers of lines stay, and of its blocks.

    A block that starts in mid-line gets a line separator, which is no line of the file.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _UNSEEN
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _UNSEEN))
        self._separate(tag)

    def _separate(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.parts.append("\t")
        elif tag in _BREAKS:
            self.parts.append(BLOCK)

    def handle_data(self, data: str) -> None:
        self.parts.append("\n" * data.count("\n") if self._hidden else data)


BLOCK = "\u2028"
"""Stands between blocks of an HTML page that are on one line of the file."""
