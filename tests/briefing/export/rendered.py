"""Looking at a PDF with poppler's programs: where its letters stand, what it looks like."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.briefing.export.fonts import choose
from bot.errors import UsageError

POINTS = 72 / 25.4
_LINE = re.compile(
    r'<line xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</line>', re.DOTALL
)
_WORD = re.compile(r"<word [^>]*>(.*?)</word>", re.DOTALL)
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)

POPPLER = shutil.which("pdftotext") is not None and shutil.which("pdftoppm") is not None
needs_poppler = pytest.mark.skipif(not POPPLER, reason="poppler-utils is not installed")
needs_libreoffice = pytest.mark.skipif(
    not (POPPLER and shutil.which("soffice")), reason="LibreOffice or poppler-utils is not installed"
)


def typst_with_chinese() -> None:
    """Skip the test where typst or a Chinese font is not installed."""
    typst = pytest.importorskip("typst")
    try:
        choose(typst.Fonts().families())
    except UsageError:
        pytest.skip("no Chinese font is installed")


@dataclass(frozen=True)
class Line:
    """A line of a page; edges in points from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class RenderedPage:
    """A page of a PDF, with what stands in the 版心 apart from header and page number."""

    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def body(self) -> tuple[Line, ...]:
        middle = 37 * POINTS, (297 - 35) * POINTS
        return tuple(line for line in self.lines if middle[0] <= (line.top + line.bottom) / 2 <= middle[1])

    @property
    def number(self) -> Line:
        return max(self.lines, key=lambda line: line.top)

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.body)


def pages(pdf: Path) -> list[RenderedPage]:
    """All pages."""
    command = ["pdftotext", "-bbox-layout", str(pdf), "-"]
    found = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    return [
        RenderedPage(float(width), float(height), tuple(map(_line, _LINE.findall(content))))
        for width, height, content in _PAGE.findall(found)
    ]


def plain(pdf: Path) -> str:
    """All text without blanks, table cells one after the other."""
    text = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, check=True).stdout
    return squeezed(text.decode("utf-8"))


def squeezed(text: str) -> str:
    """Without blanks, zero-width ones included."""
    return re.sub(r"[\s\u200b]+", "", text)


def ink(pdf: Path, page: int, resolution: int = 100) -> NDArray[np.uint8]:
    """How dark each pixel of a page is, 0 to 255."""
    command = ["pdftoppm", "-gray", "-r", str(resolution), "-f", str(page), "-l", str(page), str(pdf)]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", made)
    assert header
    shape = int(header[2]), int(header[1])
    return 255 - np.frombuffer(made[header.end() :], np.uint8).reshape(shape)


def _line(found: tuple[str, ...]) -> Line:
    left, top, right, bottom = map(float, found[:4])
    return Line(left, top, right, bottom, "".join(unescape(word) for word in _WORD.findall(found[4])))
