"""Records, one JSON object a line (JSONL), also packed with gzip: the names of the fields are the columns."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO

from bot.errors import UsageError
from bot.signals.importing.models import CellValue
from bot.signals.importing.rows import Row, Sheet

GZIP = b"\x1f\x8b"
RECORDS = "JSONL"
"""How the format is called in reports."""
NOT_JSON = "这一行不是 JSON 对象"
_LOOKED_AT = 300
"""Records whose fields make the columns; a field that first comes later is not imported."""
_UNPACKED_LIMIT = 1 << 30
"""Bytes that are read of a packed file."""


def starts_like_records(start: bytes) -> bool:
    """Whether a file that begins so is for this module."""
    return start.startswith(GZIP) or start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def sheet(path: Path) -> Sheet:
    """The one table of a file of records, its header as row 0.

    Raises:
        UsageError: it is packed and cannot be unpacked, or holds no record (then also while running).
    """
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    lines = sum(1 for _ in _lines(path, packed))
    return Sheet("", f"{RECORDS}，gzip" if packed else RECORDS, _rows(path, packed), lines)


def _rows(path: Path, packed: bool) -> Iterator[Row]:
    read = ((number, line, _record(line)) for number, line in enumerate(_lines(path, packed), start=1))
    ahead = list(islice(read, _LOOKED_AT))
    names = list(dict.fromkeys(name for _, _, record in ahead for name in record or ()))
    if not names:
        raise UsageError(f"{path} 里没有 JSON 记录（每行一个 {{…}}），请检查是否选错了文件")
    yield Row(0, tuple(names))
    for number, line, record in chain(ahead, read):
        if record is None:
            yield Row(number, (line,) if line.strip() else (), NOT_JSON)
        else:
            yield Row(number, tuple(_cell(record.get(name)) for name in names))


def _record(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _cell(value: object) -> CellValue:
    if value is None or isinstance(value, dict | list):
        return ""
    return value if isinstance(value, str | float | int) else str(value)


def _lines(path: Path, packed: bool) -> Iterator[str]:
    try:
        with _opened(path, packed) as file:
            left = _UNPACKED_LIMIT
            while line := file.readline(left):
                left -= len(line)
                if left <= 0:
                    raise UsageError(f"{path} 超过 {_UNPACKED_LIMIT >> 20} MB，请拆成几个文件再导入")
                yield line.decode("utf-8-sig", "replace").replace("\0", "")
    except (OSError, EOFError) as error:
        raise UsageError(f"{path} 无法读取或解压，请检查文件是否完整：{error}") from None


def _opened(path: Path, packed: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]
