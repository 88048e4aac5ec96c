"""Tables of questions: XLSX, XLS, ODS and CSV, their columns told by the header."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import islice
from pathlib import Path

from bot.errors import UsageError
from bot.followup.models import AskedFile, AskedRow, Rejected
from bot.followup.words import words
from bot.signals.importing import cells, tables
from bot.signals.importing.models import CellValue, Column
from bot.signals.importing.rows import Row, Sheet

FIELD_NAMES: Mapping[str, str] = {
    "question": "问题",
    "answer": "答复",
    "at": "时间",
    "caller": "提问人（只存加密后的代号）",
    "office": "科室",
    "asker": "提问身份",
    "event": "活动",
}
NO_QUESTION = "没有问题"
REPEATED_HEADER = "与表头相同"
_SEARCHED = 30
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：时点]([0-5]\d)")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Field → columns, in the order of the table; of several the first that is filled counts. ``header``:
    index of the header among the rows that were looked at, ``None`` without one."""

    header: int | None
    names: tuple[str, ...]
    at: Mapping[str, tuple[int, ...]]


def read_table(path: Path) -> AskedFile:
    """The questions of all sheets that have a column of questions.

    Raises:
        UsageError: the file cannot be read, or no sheet has such a column; says which columns there are.
    """
    parts: list[AskedFile] = []
    seen: list[str] = []
    for sheet in tables.sheets(path):
        if sheet.left_out:
            seen.append(f"工作表「{sheet.name}」{sheet.left_out}")
            continue
        ahead = list(islice(sheet.rows, _SEARCHED))
        layout = _layout(ahead)
        if layout is None:
            named = f"工作表「{sheet.name}」" if sheet.name else ""
            seen.append(f"{named}表头：{'、'.join(_widest(ahead)) or '没有内容'}")
            continue
        parts.append(_sheet(path, sheet, ahead, layout))
    if not parts:
        raise UsageError(
            f"{path} 找不到问题列（{'；'.join(seen) or '没有工作表'}），请把问题一列的表头写成“问题”"
        )
    return AskedFile(
        path.name,
        parts[0].form,
        tuple(row for part in parts for row in part.rows),
        tuple(row for part in parts for row in part.rejected),
        tuple(dict.fromkeys(text for part in parts for text in part.columns)),
        tuple(dict.fromkeys(text for part in parts for text in part.unused)),
        sum(part.blank for part in parts),
    )


def has_header(names: Sequence[str]) -> bool:
    """Whether these are names of columns, that of the questions among them."""
    fields = [words().field_of(name) for name in names]
    return "question" in fields and sum(field is not None for field in fields) > 1


def _widest(ahead: Sequence[Row]) -> list[str]:
    rows = [[cells.line(value)[:12] for value in row.cells if cells.line(value)] for row in ahead]
    return max(rows, key=len, default=[])[:8]


def _layout(ahead: Sequence[Row]) -> _Layout | None:
    """The row with most known names, a question column among them; a table of one column needs no header."""
    best: _Layout | None = None
    for number, row in enumerate(ahead):
        names = tuple(cells.line(value) for value in row.cells)
        at: dict[str, tuple[int, ...]] = {}
        for place, name in enumerate(names):
            field = words().field_of(name) if name else None
            if field:
                at[field] = (*at.get(field, ()), place)
        if "question" in at and (best is None or len(at) > len(best.at)):
            best = _Layout(number, names, at)
    filled = {place for row in ahead for place, value in enumerate(row.cells) if cells.text(value)}
    if best is None and len(filled) == 1:
        return _Layout(None, (), {"question": (filled.pop(),)})
    return best


def _sheet(path: Path, sheet: Sheet, ahead: Sequence[Row], layout: _Layout) -> AskedFile:
    taken: list[AskedRow] = []
    rejected: list[Rejected] = []
    blank = 0
    first = 0 if layout.header is None else layout.header + 1
    for row in (*ahead[first:], *sheet.rows):
        place = f"{f'工作表「{sheet.name}」' if sheet.name else ''}第 {row.number} 行"
        if not any(cells.text(value) for value in row.cells):
            blank += 1
            continue
        found = _row(row, layout, place)
        if layout.names and tuple(cells.line(value) for value in row.cells) == layout.names:
            rejected.append(Rejected(place, REPEATED_HEADER))
        elif found.question:
            taken.append(found)
        else:
            rejected.append(Rejected(place, NO_QUESTION))
    columns, unused = _told(layout)
    return AskedFile(path.name, sheet.form, tuple(taken), tuple(rejected), columns, unused, blank)


def _row(row: Row, layout: _Layout, place: str) -> AskedRow:
    def cell(field: str) -> CellValue:
        for at in layout.at.get(field, ()):
            if at < len(row.cells) and cells.text(row.cells[at]):
                return row.cells[at]
        return ""

    return AskedRow(
        question=cells.text(cell("question")),
        place=place,
        answer=cells.text(cell("answer")),
        at=time_of_day(cell("at")),
        caller=cells.line(cell("caller")),
        asker=cells.line(cell("asker")),
        office=cells.line(cell("office")),
        event=cells.line(cell("event")),
    )


def time_of_day(value: CellValue) -> str:
    """``09:12``; empty where there is none, as in a date alone."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if clock := _CLOCK.search(cells.line(value)):
        return f"{int(clock[1]):02}:{clock[2]}"
    moment, _ = cells.moment(value)
    return f"{moment:%H:%M}" if moment and moment.time() != time() else ""


def _told(layout: _Layout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which column was taken for what, and which for nothing."""
    if layout.header is None:
        return ("问题 ← 唯一的一列（没有表头）",), ()
    at = {place: field for field, places in layout.at.items() for place in places}
    columns = tuple(
        f"{FIELD_NAMES[field]} ← {Column(place, layout.names[place])}"
        for place, field in sorted(at.items())
        if field in FIELD_NAMES
    )
    unused = tuple(
        str(Column(place, name)) for place, name in enumerate(layout.names) if name and place not in at
    )
    return columns, unused
