"""The template of the registers, and reading it back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import UsageError
from bot.signals.importing import cells, tables
from bot.signals.importing.rows import Row as SheetRow
from bot.signals.importing.rows import Sheet
from bot.signals.statistics.models import SourceRow
from bot.signals.statistics.registers import REGISTERS, Register, Row, parse

_EXPLANATION = "说明："
_HEADER_WITHIN = 5
"""The header is looked for in so many first rows: titles may stand above it."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and why."""

    source: SourceRow
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file gave. ``notices`` are about columns and sheets that were left out."""

    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...]
    notices: tuple[str, ...]


def write_template(path: Path) -> None:
    """Write a workbook with one sheet a register: titles, and a row that explains each column.

    Raises:
        UsageError: the file cannot be written.
    """
    from bot.signals.statistics.workbook import new_workbook

    with new_workbook(path) as book:
        bold, grey = (
            book.add_format({"bold": True}),
            book.add_format({"font_color": "#666666", "text_wrap": True}),
        )
        for register in REGISTERS:
            sheet = book.add_worksheet(register.title)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(register.columns) - 1, 18)
            for position, column in enumerate(register.columns):
                sheet.write_string(0, position, column.title, bold)
                needed = "必填" if column.required else "可不填"
                note = f"{needed}。{column.note}" if column.note else needed
                sheet.write_string(1, position, _EXPLANATION + note, grey)


def read_registers(path: Path) -> Imported:
    """The rows of a filled-in template, or of any table whose column titles are those of a register.

    Raises:
        UsageError: the file is no table, or holds no register.
    """
    collected = _Collected(path.name)
    registers = 0
    for sheet in tables.sheets(path):
        head: tuple[Register, list[str]] | None = None
        for row in sheet.rows:
            if head is None:
                head = _header(row, sheet, collected.notices)
                if head is None and row.number >= _HEADER_WITHIN:
                    break
            elif _holds_something(row):
                collected.take(head, row, sheet.name)
        registers += head is not None
        if head is None:
            collected.notices.append(f"“{sheet.name or path.name}”没有台账的列名，没有导入")
    if not registers:
        raise UsageError(f"{path} 里没有台账，请用 stats --template 文件.xlsx 得到模板，填写后再导入")
    return Imported(tuple(collected.rows.values()), tuple(collected.rejected), tuple(collected.notices))


def _header(row: SheetRow, sheet: Sheet, notices: list[str]) -> tuple[Register, list[str]] | None:
    """The register whose needed columns all stand in this row, with the titles."""
    titles = ["".join(cells.line(cell).split()) for cell in row.cells]
    fitting = [
        register
        for register in REGISTERS
        if all(column.title in titles for column in register.columns if column.required)
    ]
    register = next((found for found in fitting if found.title == sheet.name), None)
    register = register or (fitting[0] if fitting else None)
    if register is None:
        return None
    known = {column.title for column in register.columns}
    unknown = [title for title in titles if title and title not in known]
    if unknown:
        where = sheet.name or register.title
        notices.append(f"“{where}”的列 {'、'.join(unknown)} 不认识，没有导入")
    return register, titles


def _holds_something(row: SheetRow) -> bool:
    filled = [cells.line(cell) for cell in row.cells]
    return any(filled) and not any(text.startswith(_EXPLANATION) for text in filled)


class _Collected:
    """The rows of a file so far, by what they are about."""

    def __init__(self, file: str) -> None:
        self.rows: dict[tuple[str, ...], Row] = {}
        self.rejected: list[Rejected] = []
        self.notices: list[str] = []
        self._file = file

    def take(self, head: tuple[Register, list[str]], row: SheetRow, sheet: str) -> None:
        register, titles = head
        source = SourceRow(self._file, row.number, sheet)
        by_title = dict(zip(titles, row.cells, strict=False))
        try:
            values = {column.id: parse(column, by_title.get(column.title, "")) for column in register.columns}
            _check(register, values)
        except ValueError as error:
            self.rejected.append(Rejected(source, str(error)))
            return
        made = Row(register.id, int(values[register.dated_by][:4]), values, source)
        held = self.rows.setdefault((register.id, *(values[name] for name in register.identity)), made)
        if held.values != made.values:
            reason = f"与{held.source.place}说的是同一件事，内容却不同，请留下对的一行"
            self.rejected.append(Rejected(source, reason))


def _check(register: Register, values: dict[str, str]) -> None:
    """What one row alone can get wrong."""
    if register.id == "channels" and not (values["posts"] or values["followers"]):
        raise ValueError("“本期发布条数”和“关注人数”都没有填")
    if register.id == "requests":
        if values["answered"] and values["answered"] < values["received"]:
            raise ValueError("“答复日期”早于“收到日期”")
        if values["outcome"] and not values["answered"]:
            raise ValueError("填了“办理结果”，没有填“答复日期”")
