"""Values of the import: a message as the file has it, and the account of what became of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

CellValue = str | int | float | bool | datetime | date | time | timedelta
"""What a cell holds; an empty cell is the empty text."""

ROWS_SHOWN = 5
"""Row numbers that a tally keeps, so that somebody can look them up."""


class Field(StrEnum):
    """What a column can be taken for."""

    NUMBER = "number"
    USER = "user"
    TITLE = "title"
    TEXT = "text"
    AT = "at"
    CHANNEL = "channel"
    AREA = "area"
    UP = "up"
    DOWN = "down"
    REPLY = "reply"
    REPLIED_AT = "replied_at"
    LABEL = "label"


FIELD_NAMES: Mapping[Field, str] = {
    Field.NUMBER: "编号",
    Field.USER: "留言人",
    Field.TITLE: "标题",
    Field.TEXT: "内容",
    Field.AT: "时间",
    Field.CHANNEL: "渠道",
    Field.AREA: "区县",
    Field.UP: "点赞数",
    Field.DOWN: "反对数",
    Field.REPLY: "答复",
    Field.REPLIED_AT: "答复时间",
    Field.LABEL: "原分类",
}
"""The fields as a user reads them."""


class Why(StrEnum):
    """What spoke for a column."""

    NAME = "按表头"
    CONTENT = "按内容"
    GIVEN = "按指定"


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One row, cleaned up but **not masked**: never to be stored or shown like this.

    The fields mean what they mean in :class:`bot.signals.models.Message`; ``user`` is the writer's name as
    in the file, ``label`` the class that the file gives.
    """

    title: str
    text: str
    at: datetime | None = None
    user: str = ""
    number: str = ""
    channel: str = ""
    area: str = ""
    up: int = 0
    down: int = 0
    reply: str = ""
    replied_at: datetime | None = None
    label: str = ""
    file: str = ""
    sheet: str = ""
    row: int = 0

    def identity(self) -> str:
        """Number, title, text and time, separated by U+001F, which the clean-up leaves in no field.

        The same for the same row in whatever format of file it comes.
        """
        at = self.at.isoformat(timespec="seconds") if self.at else ""
        return "\x1f".join((self.number, self.title, self.text, at))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``index`` counts from 0, ``header`` is empty where the table has none."""

    index: int
    header: str = ""

    @property
    def letter(self) -> str:
        """As a spreadsheet names it: A, B … Z, AA."""
        letters, rest = "", self.index + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return letters

    def __str__(self) -> str:
        return f"{self.letter} 列「{self.header}」" if self.header else f"{self.letter} 列"


@dataclass(frozen=True, slots=True)
class Choice:
    """The column of a field, and why."""

    column: Column
    why: Why


@dataclass(slots=True)
class Tally:
    """How often something happened; ``rows`` are the first row numbers."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        self.count += 1
        if len(self.rows) < ROWS_SHOWN:
            self.rows.append(row)


@dataclass(slots=True)
class SheetReport:
    """What became of a sheet, or of a CSV file (``sheet`` empty).

    ``rows`` counts the rows below the header: ``taken + rejected_rows + duplicates.count + blank == rows``.
    ``repaired`` counts rows that were taken all the same, once for each reason.
    """

    file: str
    sheet: str
    form: str
    """How it was read: ``XLSX``, ``CSV，编码 GB18030，逗号分隔``."""
    left_out: str = ""
    """Why the sheet was not read at all; empty where it was."""
    header_row: int = 0
    """0 where the table has no header."""
    above: int = 0
    """Rows above the header: titles and notes."""
    columns: Mapping[Field, Choice] = field(default_factory=dict)
    personal: tuple[Column, ...] = ()
    """Columns of telephone or identity numbers and addresses: never imported."""
    unused: tuple[Column, ...] = ()
    rows: int = 0
    taken: int = 0
    blank: int = 0
    repaired: dict[str, Tally] = field(default_factory=dict)
    rejected: dict[str, Tally] = field(default_factory=dict)
    duplicates: Tally = field(default_factory=Tally)

    @property
    def rejected_rows(self) -> int:
        return sum(tally.count for tally in self.rejected.values())


@dataclass(slots=True)
class ImportReport:
    """What became of every sheet of a run, in the order of reading."""

    sheets: list[SheetReport] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(sheet.taken for sheet in self.sheets)

    @property
    def rows(self) -> int:
        return sum(sheet.rows for sheet in self.sheets)
