"""What was really asked, from a file: a question a line, a table, JSON or JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.errors import UsageError
from bot.masking import mask
from bot.signals.importing import cells, tables
from bot.signals.importing.rows import Sheet
from knowledge.errors import LibraryInvalid, Problem
from knowledge.yaml_reader import read_entry

_COLUMNS_FILE = Path(__file__).with_name("asked.yaml")
_TABLES = frozenset({".xlsx", ".xls", ".xlsb", ".ods", ".csv", ".tsv"})
_NUMBERING = re.compile(r"^\s*(?:[（(]?\d{1,3}[)）.、．：:]|[-*•])\s*")


def read_asked(path: Path) -> tuple[str, ...]:
    """The questions in the order of the file, masked; a question that was asked twice stands there twice.

    Raises:
        UsageError: there is no such file, or no question in it; says where to look.
    """
    tables.check(path)
    suffix = path.suffix.lower()
    found = _from_table(path) if suffix in _TABLES else _from_text(path, suffix)
    questions = tuple(mask(text) for question in found if (text := " ".join(question.split())))
    if not questions:
        raise UsageError(f"{path} 里没有问题：请每行写一问，或用表头为“问题”的表格")
    return questions


def _from_text(path: Path, suffix: str) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} 不是 UTF-8 编码的文本，请另存为 UTF-8，或用 .csv、.xlsx 表格") from None
    except OSError as error:
        raise UsageError(f"无法读取 {path}：{error.strerror or error}") from None
    if suffix == ".json":
        yield from _strings(_parsed(text, path, 0), path, 1)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if suffix == ".jsonl" and line.strip():
            yield from _strings(_parsed(line, path, number), path, number)
        elif suffix != ".jsonl":
            yield _NUMBERING.sub("", line)


def _parsed(text: str, path: Path, before: int) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = max(before, 1) + error.lineno - 1
        raise UsageError(f"{path} 第 {line} 行不是 JSON：{error.msg}（第 {error.colno} 个字）") from None


def _strings(parsed: object, path: Path, number: int) -> Iterator[str]:
    """Questions in a text, a list, or an object with one of the columns as a field."""
    if isinstance(parsed, str):
        yield parsed
    elif isinstance(parsed, list):
        for one in parsed:
            yield from _strings(one, path, number)
    elif isinstance(parsed, dict):
        field = next((name for name in _columns() if name in parsed), None)
        if field is None:
            raise UsageError(f"{path} 第 {number} 行没有问题字段，字段名可以是：{'、'.join(_columns())}")
        yield from _strings(parsed[field], path, number)
    else:
        raise UsageError(f"{path} 第 {number} 行应是一句话、一个列表或“字段: 值”，现在是 {parsed}")


def _from_table(path: Path) -> Iterator[str]:
    for sheet in tables.sheets(path):
        if not sheet.left_out:
            yield from _of_sheet(sheet, path)


def _of_sheet(sheet: Sheet, path: Path) -> Iterator[str]:
    """The column whose header is known; rows above the header are left out."""
    column: int | None = None
    widest = 0
    for row in sheet.rows:
        written = [cells.line(cell) for cell in row.cells]
        if column is None:
            names = ["".join(text.split()).lower() for text in written]
            column = next((place for place, name in enumerate(names) if name in _columns()), None)
            widest = max(widest, sum(bool(name) for name in names))
        elif column < len(written):
            yield written[column]
    if column is None and widest:
        where = f"的工作表“{sheet.name}”" if sheet.name else ""
        raise UsageError(f"{path}{where}没有问题一列，表头可以是：{'、'.join(_columns())}")


@cache
def _columns() -> tuple[str, ...]:
    """Names of the column or field that holds the question.

    Raises:
        LibraryInvalid: ``asked.yaml`` is wrong.
    """
    problems: list[Problem] = []
    top = read_entry(_COLUMNS_FILE, _COLUMNS_FILE.name, problems)
    found = top.texts("columns") if top else ()
    if problems:
        raise LibraryInvalid(tuple(problems))
    return found
