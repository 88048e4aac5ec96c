"""A page as offices write it: the figures of GB/T 9704-2012 and the builder of a document.

The builder knows no file format; :mod:`bot.briefing.export.files` writes what it holds as DOCX, PDF or
Markdown. Figures: GB/T 9704-2012 §5 (paper, margins, 版心 156 mm × 225 mm), §6 (3号 仿宋, 22 lines of 28
characters), §7 (title, levels, page number). What is built is a working paper: no red header, no document
number of its own, no seal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from bot.briefing.export.plain_text import clean, one_line
from bot.dates import in_words

PAPER = (210.0, 297.0)
"""A4, millimetres."""
TOP, LEFT, BOTTOM, RIGHT = 37.0, 28.0, 35.0, 26.0
"""Margins (天头, 订口 …), millimetres."""
TEXT_AREA = (156.0, 225.0)
"""版心, millimetres."""
LINES, CHARACTERS = 22, 28
"""Lines of a page and characters of a line, in 3号."""
BODY_SIZE = 16.0
"""Points: 3号."""
PITCH = 28.95
"""Points from line to line: 225 mm in 22 lines."""
SMALL_PITCH = 19.3
"""Points from line to line in 小四: three of them take two lines of the grid."""
BRIEF_PITCH = 14.45
"""Points from line to line in 五号: half of a line of the grid, in whole twentieths of a point as Word counts
them. 44 lines of 42 characters fill the page."""
TRACKING = -0.25
"""Points between characters of 3号, so that 28 of 16 pt fit into 156 mm."""
NUMBER_DROP = 7.0
"""Millimetres from the 版心 to the page number's dashes."""
POINTS = 72 / 25.4
"""Points in a millimetre."""


class Face(StrEnum):
    """Fonts by the names that they have on the offices' machines."""

    TITLE = "方正小标宋简体"
    BODY = "仿宋_GB2312"
    HEAD = "黑体"
    SECOND = "楷体_GB2312"
    NUMBER = "宋体"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a paragraph looks. ``size``, ``pitch`` and ``after`` in points, ``indent`` in characters;
    ``outline`` is the level in the navigation."""

    face: Face
    size: float = BODY_SIZE
    pitch: float = PITCH
    indent: int = 2
    outline: int | None = None
    align: str = "both"
    """``both``, ``center`` or ``left``."""
    ruled: bool = False
    """A line at its left, for notes in the margin."""
    after: float = 0

    @property
    def tracking(self) -> float:
        """Points added to every character."""
        return TRACKING if self.size == BODY_SIZE else 0.0


class Style(StrEnum):
    """What a paragraph is."""

    TITLE = "title"
    HEADING_1 = "heading1"
    HEADING_2 = "heading2"
    HEADING_3 = "heading3"
    HEADING_4 = "heading4"
    BODY = "body"
    SMALL = "small"
    """小四: what stands beneath a line to take."""
    BRIEF = "brief"
    """五号: the page of what matters."""
    NOTE = "note"
    CELL = "cell"


LOOKS = {
    Style.TITLE: TextStyle(Face.TITLE, 22, PITCH, indent=0, align="center", after=BRIEF_PITCH),
    Style.HEADING_1: TextStyle(Face.HEAD, outline=0),
    Style.HEADING_2: TextStyle(Face.SECOND, outline=1),
    Style.HEADING_3: TextStyle(Face.BODY, outline=2),
    Style.HEADING_4: TextStyle(Face.BODY, outline=3),
    Style.BODY: TextStyle(Face.BODY),
    Style.SMALL: TextStyle(Face.BODY, 12, SMALL_PITCH),
    Style.BRIEF: TextStyle(Face.BODY, 10.5, BRIEF_PITCH),
    Style.NOTE: TextStyle(Face.SECOND, 12, SMALL_PITCH, ruled=True),
    Style.CELL: TextStyle(Face.BODY, 12, SMALL_PITCH, indent=0, align="left"),
}
_HEADINGS = (Style.HEADING_1, Style.HEADING_2, Style.HEADING_3, Style.HEADING_4)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. ``label`` stands before the text in 黑体. ``from_right``: set to the right, so many
    characters from the edge. ``kept``: on one page, with the beginning of what follows."""

    style: Style
    text: str
    label: str = ""
    from_right: float | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table. ``widths`` are shares of the width of the page. The header is repeated on every page,
    no row is broken."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The widths as parts of 1."""
        return tuple(width / sum(self.widths) for width in self.widths)


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows starts on a new page."""


Block: TypeAlias = Paragraph | Table | NewPage


class GovernmentPage:
    """A document under construction. Text is cleaned as it comes in; blank text adds nothing.

    ``header`` stands above every page, in small type.
    """

    def __init__(self, title: str, header: str = "") -> None:
        self.header = one_line(header)
        self.blocks: list[Block] = []
        self._numbers = [0] * len(_HEADINGS)
        self._add(Style.TITLE, one_line(title))

    @property
    def title(self) -> str:
        first = self.blocks[0] if self.blocks else None
        return first.text if isinstance(first, Paragraph) else ""

    def heading(self, text: str, level: int = 1) -> None:
        """A heading with its number: 一、 （一） 1. （1） (§7.3.3). ``level`` is 1 to 4."""
        self._numbers[level - 1] += 1
        self._numbers[level:] = [0] * (len(_HEADINGS) - level)
        self._add(_HEADINGS[level - 1], number_text(self._numbers[level - 1], level) + one_line(text))

    def paragraph(self, text: str, label: str = "", style: Style = Style.BODY, *, kept: bool = False) -> None:
        """A paragraph for every line of ``text``; the label stands before the first. ``kept``: on one page,
        with the beginning of what follows."""
        for line in clean(text).split("\n"):
            if line.strip():
                self._add(style, one_line(line), one_line(label), kept=kept)
                label = ""

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table; ``widths`` are shares."""
        cleaned = tuple(tuple(one_line(cell) for cell in row) for row in rows)
        self.blocks.append(Table(tuple(one_line(cell) for cell in header), cleaned, tuple(widths)))

    def signature(self, signer: str, day: date) -> None:
        """Who signs and when, for a paper without a seal (§7.3.5.2): the date starts two characters right
        of the name; whichever is longer ends two characters from the edge."""
        name, written = one_line(signer), in_words(day)
        spare = width(name) - width(written) - 2
        self._add(Style.BODY, name, from_right=2 + max(0.0, -spare))
        self._add(Style.BODY, written, from_right=2 + max(0.0, spare))

    def new_page(self) -> None:
        """Start a new page."""
        self.blocks.append(NewPage())

    def add(self, blocks: Sequence[Block]) -> None:
        """Blocks of another page that was built before."""
        self.blocks.extend(blocks)

    def _add(
        self,
        style: Style,
        text: str,
        label: str = "",
        from_right: float | None = None,
        kept: bool = False,
    ) -> None:
        if text or label:
            self.blocks.append(Paragraph(style, text, label, from_right, kept))


def number_text(number: int, level: int) -> str:
    """The number of a heading of that level."""
    return (f"{_han(number)}、", f"（{_han(number)}）", f"{number}. ", f"（{number}）")[level - 1]


def width(text: str) -> float:
    """Rough width in characters: what is not Chinese takes half of one."""
    return sum(1.0 if char > "\u2e7f" or char in "—“”‘’…·" else 0.5 for char in text)


def _han(number: int) -> str:
    """一 to 九十九; beyond that no heading is numbered in words."""
    digits = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + digits[ones].strip()
