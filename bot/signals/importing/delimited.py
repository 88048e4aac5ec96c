"""CSV and its kin: which encoding, which delimiter, where a row starts; broken quotes mended line by line."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.errors import UsageError
from bot.signals.importing import headers
from bot.signals.importing.rows import Row, Sheet

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8（带 BOM）"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CHUNK = 1 << 20
_ASCII = bytes(range(128))
_NEVER_IN_TEXT = bytes(code for code in range(32) if code not in b"\0\t\n\v\f\r\x1a\x1b")
_EASTERN = re.compile("[\u2e80-\ufffc]")
_MOSTLY = 10
"""One byte in so many may be wrong before the file is taken for something else."""

DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
_UNUSED = "\x1f"
"""Stands for no delimiter: a list of texts, one a line."""
_SAMPLE_RECORDS = 200
_LONGEST_RECORD = 1000
"""Lines after which a quotation mark that is still open counts as broken."""

REPAIRED_QUOTES = "引号不成对，按单行读取"
REPAIRED_BYTES = "有无法识别的字节，以 � 代替"


@dataclass(frozen=True, slots=True)
class _Encoding:
    codec: str
    name: str


def sheet(path: Path) -> Sheet:
    """The table of a text file.

    Raises:
        UsageError: it holds no text.
    """
    encoding, lines = _decoded(path)
    delimiter, width = _shape(path, encoding)
    parts = [
        "CSV",
        f"编码 {encoding.name}",
        f"{DELIMITERS[delimiter]}分隔" if delimiter != _UNUSED else "只有一列",
    ]
    return Sheet("", "，".join(parts), _records(_lines(path, encoding), delimiter, width), lines)


def _decoded(path: Path) -> tuple[_Encoding, int]:
    """The encoding and the number of lines.

    The mark at the start decides; then UTF-8 where nearly all of the file is UTF-8 and gives Chinese, since
    other text almost never does; then GB18030, the superset of GBK and GB2312.
    """
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    for mark, codec, name in _MARKS:
        if start.startswith(mark):
            return _Encoding(codec, name), _decode(path, codec).lines
    if len(start) - len(start.translate(None, _NEVER_IN_TEXT)) > len(start) // 100:
        raise UsageError(f"{path} 不是 CSV 或 Excel 文件，请检查是否选错了文件")
    for codec, name in (("utf-8", "UTF-8"), ("gb18030", "GB18030")):
        tried = _decode(path, codec)
        if tried.fits and (tried.eastern or not tried.high):
            return _Encoding(codec, name), tried.lines
    raise UsageError(f"{path} 的文字编码无法识别，请另存为 UTF-8 编码的 CSV 或 .xlsx 后再导入")


@dataclass(slots=True)
class _Tried:
    """A file in some encoding: bytes that fit it not, bytes beyond ASCII, lines."""

    wrong: int = 0
    high: int = 0
    lines: int = 1
    eastern: bool = False
    """Whether there is Chinese: GB18030 bytes that happen to be UTF-8 give Latin, Greek and Hebrew."""

    @property
    def fits(self) -> bool:
        return self.wrong * _MOSTLY <= self.high


def _decode(path: Path, codec: str) -> _Tried:
    """Goes through the file, or as far as it takes to see that the encoding is another."""
    tried = _Tried()
    decoder = codecs.getincrementaldecoder(codec)("replace")
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            decoded = decoder.decode(block)
            tried.wrong += decoded.count("\ufffd")
            tried.high += len(block.translate(None, _ASCII))
            tried.lines += decoded.count("\n")
            tried.eastern = tried.eastern or bool(_EASTERN.search(decoded))
            if not tried.fits:
                break
    tried.wrong += decoder.decode(b"", True).count("\ufffd")
    return tried


def _lines(path: Path, encoding: _Encoding) -> Iterator[str]:
    """Lines with their ends, as :mod:`csv` wants them, without null characters."""
    with path.open(encoding=encoding.codec, errors="replace", newline="") as file:
        for line in file:
            yield line.replace("\0", "") if "\0" in line else line


def _shape(path: Path, encoding: _Encoding) -> tuple[str, int]:
    """The delimiter and the cells of a usual row.

    The delimiter that shows a header; else that which cuts most rows into the same number of cells, if these
    are more than half.
    """
    best, width = (False, 0), 1
    found = _UNUSED
    for delimiter in DELIMITERS:
        sample = islice(_records(_lines(path, encoding), delimiter, 0), _SAMPLE_RECORDS)
        rows = [[str(cell) for cell in row.cells] for row in sample if any(row.cells)]
        if not rows:
            break
        header = next((row for row in rows if headers.is_header(row)), None)
        common, fitting = Counter(map(len, rows)).most_common(1)[0]
        fits = header is not None or (common > 1 and fitting * 2 > len(rows))
        if fits and (score := (header is not None, fitting)) > best:
            best, found, width = score, delimiter, len(header or []) or common
    return found, width


def _records(lines: Iterable[str], delimiter: str, width: int) -> Iterator[Row]:
    """Rows of cells. Where the quotation marks do not close as they should, one line is one row.

    Args:
        width: cells of a usual row, to choose between two readings of such a line; 0 where not known.
    """
    source = _Lines(lines)
    while (first := source.take()) is not None:
        number, repaired = source.number, ""
        bare = first.rstrip("\r\n")
        if '"' not in bare:
            cells = bare.split(delimiter)
        else:
            source.give_back([first])
            cells, closed = _quoted(source, delimiter)
            if not closed:
                cells, repaired = _single(bare, delimiter, width), REPAIRED_QUOTES
        if any("\ufffd" in cell for cell in cells):
            repaired = repaired or REPAIRED_BYTES
        yield Row(number, tuple(cells), repaired)


class _Lines:
    """Lines of the file that can be given back; ``number`` is that of the line taken last, from 1."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        line = self._returned.popleft() if self._returned else next(self._lines, None)
        self.number += line is not None
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)


def _quoted(source: _Lines, delimiter: str) -> tuple[list[str], bool]:
    """The cells of a row with quotation marks and true; false, one line taken, where they are broken."""
    taken: list[str] = []

    def some() -> Iterator[str]:
        while len(taken) < _LONGEST_RECORD and (line := source.take()) is not None:
            taken.append(line)
            yield line

    try:
        return next(csv.reader(some(), delimiter=delimiter, strict=True)), True
    except csv.Error:
        source.give_back(taken[1:])
        return [], False


def _single(line: str, delimiter: str, width: int) -> list[str]:
    """A line whose quotation marks are broken: cut at every delimiter, unless that gives too many cells."""
    plain = line.split(delimiter)
    if len(plain) > width > 0:
        loose = next(csv.reader([line], delimiter=delimiter))
        if len(loose) <= width:
            return loose
    return [cell[1:] if cell.count('"') == 1 and cell.startswith('"') else cell for cell in plain]
