"""A file as sheets of rows. The format is told by what the file holds, not by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.errors import UsageError
from bot.signals.importing import delimited, records, workbook
from bot.signals.importing.rows import Sheet

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""First bytes of a ZIP archive (XLSX, XLSB, ODS) and of an OLE file (XLS)."""
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")


def check(path: Path) -> None:
    """Whether there is a file with something in it.

    Raises:
        UsageError: there is none.
    """
    if path.is_dir():
        raise UsageError(f"{path} 是文件夹，不是表格文件：请写出其中的文件名")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError:
        raise UsageError(f"找不到文件 {path}，请检查路径") from None
    except OSError as error:
        raise UsageError(f"无法读取 {path}：{error.strerror or error}") from None
    if empty:
        raise UsageError(f"{path} 是空文件，没有可导入的内容")


def sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of an XLSX, XLSB, XLS or ODS workbook in its order, or the table of a CSV or JSONL file.

    A sheet is loaded when its turn comes and must be done with before the next.

    Raises:
        UsageError: the file cannot be read as a table.
    """
    check(path)
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(_WORKBOOKS):
        return workbook.sheets(path)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise UsageError(f"{path} 是网页或 XML 格式的表，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入")
    read = records.sheet if records.starts_like_records(start) else delimited.sheet
    return iter((read(path),))
