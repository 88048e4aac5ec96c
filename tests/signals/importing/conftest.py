"""Tables that the tests write, and what reading them gives. All texts are made up here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.signals.importing.models import ImportReport, RawMessage
from bot.signals.importing.reading import read

HEADER = ["工单编号", "诉求人", "诉求标题", "诉求内容", "登记时间", "区县"]
COUNTIES = ("宣州区", "郎溪县", "泾县", "绩溪县", "旌德县", "宁国市", "广德市")


def order(at: int) -> list[str]:
    """A work order like no other."""
    county = COUNTIES[at % len(COUNTIES)]
    return [
        f"XC2026{at:06d}",
        f"{'王李张刘陈'[at % 5]}某某",
        f"咨询{county}第{at}小学报名的材料",
        f"您好，孩子今年满六周岁，户口在{county}，请问第{at}小学报名需要带哪些材料，什么时候截止？",
        f"2026-{at % 9 + 1:02d}-{at % 20 + 1:02d} {at % 24:02d}:30",
        county,
    ]


def orders(many: int) -> list[list[str]]:
    return [order(at) for at in range(many)]


def csv_text(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


Sheets = Mapping[str, Sequence[Sequence[Any]]]


def write_workbook(path: Path, sheets: Sheets, more: Callable[[Any], None] | None = None) -> Path:
    """A workbook with these cells; ``more`` may do further things with it before it is closed."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if hasattr(value, "isoformat"):
                        sheet.write_datetime(at, column, value, stamp)
                    elif value != "":
                        sheet.write(at, column, value)
        if more:
            more(book)
    return path


class Read:
    """All messages of some files with the report."""

    def __init__(self, *paths: Path, **overrides: str | int) -> None:
        reading = read(paths, overrides)
        self.messages: list[RawMessage] = list(reading)
        self.report: ImportReport = reading.report

    @property
    def sheet(self) -> Any:
        """The report of the only sheet."""
        assert len(self.report.sheets) == 1
        return self.report.sheets[0]

    def column(self, field: str) -> str:
        """The letter of the column of a field; empty where none was found."""
        found = {str(known): choice.column.letter for known, choice in self.sheet.columns.items()}
        return found.get(field, "")


class Desk:
    """Writes tables into a directory and reads them."""

    header = HEADER
    order = staticmethod(order)
    orders = staticmethod(orders)
    csv_text = staticmethod(csv_text)
    write_workbook = staticmethod(write_workbook)
    read = Read

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def file(self, content: str | bytes, name: str = "messages.csv", encoding: str = "utf-8") -> Path:
        path = self.directory / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def table(self, rows: Sequence[Sequence[object]], **overrides: str | int) -> Read:
        return Read(self.file(csv_text(rows)), **overrides)

    def workbook(self, sheets: Sheets, more: Callable[[Any], None] | None = None) -> Read:
        return Read(write_workbook(self.directory / "messages.xlsx", sheets, more))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
