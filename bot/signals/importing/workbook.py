"""Workbooks (XLSX, XLSB, XLS, ODS) through python-calamine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.errors import UsageError
from bot.signals.importing.models import CellValue
from bot.signals.importing.rows import Row, Sheet

_UNPACKED_LIMIT = 1 << 30
"""Bytes that an archive may unpack to: 100,000 messages of 400 characters take about 150 million.

The archive's own sizes are believed: calamine stops where an entry turns out larger than it says.
"""


def sheets(path: Path) -> Iterator[Sheet]:
    """See :func:`bot.signals.importing.tables.sheets`."""
    try:
        form = _form(path)
        with CalamineWorkbook.from_path(path) as book:
            listed = book.sheets_metadata
            for place, sheet in enumerate(listed):
                yield replace(_sheet(book, sheet, form), place=place, of=len(listed))
    except PasswordError:
        raise UsageError(f"{path} 有打开密码，请去掉密码后再导入") from None
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise UsageError(
            f"{path} 已损坏或不是表格文件，请用 Excel 或 WPS 打开后另存为 .xlsx：{error}"
        ) from None


def _form(path: Path) -> str:
    """Also looks whether the archive is whole and of a size that can be read."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            if file.read(2) == b"PK":
                raise UsageError(f"{path} 不完整（可能没有下载完），请重新下载或另存后再导入")
        return "XLS"
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
        raise UsageError(f"{path} 解压后超过 {_UNPACKED_LIMIT >> 20} MB，请拆成几个文件再导入")
    names = {entry.filename for entry in entries}
    if "content.xml" in names:
        return "ODS"
    return "XLSB" if "xl/workbook.bin" in names else "XLSX"


def _sheet(book: CalamineWorkbook, listed: SheetMetadata, form: str) -> Sheet:
    if listed.typ != SheetTypeEnum.WorkSheet:
        return Sheet(listed.name, form, iter(()), 0, "不是数据表（图表或宏）")
    if listed.visible != SheetVisibleEnum.Visible:
        return Sheet(listed.name, form, iter(()), 0, "隐藏的工作表；要导入请先取消隐藏")
    loaded = book.get_sheet_by_name(listed.name)
    return Sheet(listed.name, form, _rows(loaded), loaded.total_height + 1)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """All rows; the empty columns at the left that calamine leaves out are put back."""
    if sheet.start is None:
        return
    lead: list[CellValue] = [""] * sheet.start[1]
    merged = _Merged(sheet)
    for number, cells in zip(count(1), sheet.iter_rows(), strict=False):
        yield Row(number, tuple(merged.filled(number - 1, [*lead, *cells])))


class _Merged:
    """Cells merged over several rows: the value stands in the first, and holds for all of them."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._starting: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self._starting.setdefault(top, []).append((left, bottom))
        self._open: dict[int, tuple[int, CellValue]] = {}

    def filled(self, row: int, cells: list[CellValue]) -> list[CellValue]:
        if self._open:
            self._open = {column: held for column, held in self._open.items() if held[0] >= row}
            for column, (_bottom, value) in self._open.items():
                cells[column] = value
        for column, bottom in self._starting.get(row, ()):
            if column < len(cells):
                self._open[column] = (bottom, cells[column])
        return cells
