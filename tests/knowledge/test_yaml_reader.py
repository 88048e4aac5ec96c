"""Strict reading: every wrong value is reported with its file, line and field, all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from knowledge.errors import Problem
from knowledge.yaml_reader import Entry, iso_day, read_entry


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def read(path: Path, content: str | bytes) -> tuple[Entry | None, list[Problem]]:
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(raw)
    problems: list[Problem] = []
    return read_entry(path, "documents/a.yaml", problems), problems


@pytest.fixture
def entry(tmp_path: Path) -> Callable[[str], tuple[Entry, list[Problem]]]:
    """Reads a text that is known to be a mapping."""

    def opened(content: str) -> tuple[Entry, list[Problem]]:
        found, problems = read(tmp_path / "a.yaml", content)
        assert found is not None
        return found, problems

    return opened


def test_every_kind_of_value_is_read(entry: Callable[[str], tuple[Entry, list[Problem]]]) -> None:
    """Text is stripped, dates are dates, what is missing or null is empty."""
    found, problems = entry(
        "text: ' 甲 '\nnothing: null\nflag: yes\nnumber: 12\ndecimal: 1.5\nday: 2024-09-01\n"
        "quoted_day: '2024-09-02'\nchoice: blue\ntexts: [甲, 乙]\nentries: [{a: b}]\nentry: {a: c}\n"
    )
    assert found.text("text") == "甲"
    assert found.optional_text("nothing") is None
    assert found.text("missing", "缺省") == "缺省"
    assert (found.flag("flag"), found.flag("missing", True)) == (True, True)
    assert (found.number("number"), found.decimal("decimal")) == (12, 1.5)
    assert (found.day("day"), found.day("quoted_day"), found.day("missing")) == (
        date(2024, 9, 1),
        date(2024, 9, 2),
        None,
    )
    assert found.choice("choice", Colour) is Colour.BLUE
    assert found.choice("missing", Colour, Colour.RED) is Colour.RED
    assert (found.texts("texts"), found.texts("missing")) == (("甲", "乙"), ())
    assert [child.text("a") for child in found.entries("entries")] == ["b"]
    child = found.entry("entry")
    assert child is not None
    assert child.text("a") == "c"
    assert found.entry("missing") is None
    found.finish()
    assert problems == []


READERS: dict[str, Callable[[Entry], object]] = {
    "text": lambda e: e.text("field"),
    "flag": lambda e: e.flag("field"),
    "number": lambda e: e.number("field"),
    "decimal": lambda e: e.decimal("field"),
    "day": lambda e: e.day("field"),
    "choice": lambda e: e.choice("field", Colour),
    "texts": lambda e: e.texts("field"),
    "entries": lambda e: e.entries("field"),
    "entry": lambda e: e.entry("field"),
}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("text", "2024", "应为文字"),
        ("text", "2024-09-01", "应为文字"),
        ("text", "no", "应为文字"),
        ("text", "[甲]", "应为文字"),
        ("text", "''", "不能为空"),
        ("text", "' '", "不能为空"),
        ("text", "null", "缺少必填字段"),
        ("flag", "'true'", "true 或 false"),
        ("flag", "1", "true 或 false"),
        ("number", "1.5", "应为整数"),
        ("number", "'12'", "应为整数"),
        ("number", "0x1F", "应为整数"),
        ("number", "1:30", "应为整数"),
        ("number", "null", "缺少必填字段"),
        ("decimal", "甲", "应为数字"),
        ("decimal", "1:30.5", "应为数字"),
        ("decimal", ".inf", "应为数字"),
        ("day", "2024-13-01", "2024-09-01"),
        ("day", "2023-02-29", "2024-09-01"),
        ("day", "20240901", "2024-09-01"),
        ("day", "2024-W36-7", "2024-09-01"),
        ("day", "2024-9-1", "2024-09-01"),
        ("day", "2024-09-01 08:00:00", "2024-09-01"),
        ("day", "2024年9月", "2024-09-01"),
        ("day", "[2024-09-01]", "2024-09-01"),
        ("choice", "green", "red、blue"),
        ("choice", "{a: b}", "red、blue"),
        ("choice", "null", "缺少必填字段"),
        ("texts", "甲", "应为列表"),
        ("texts", "[[甲]]", "只能是文字"),
        ("texts", "[甲, null]", "只能是文字"),
        ("texts", "[甲, '']", "不能为空"),
        ("entries", "甲", "应为列表"),
        ("entries", "[甲]", "字段: 值"),
        ("entry", "甲", "字段: 值"),
    ],
)
def test_a_wrong_value_names_file_line_and_field(
    entry: Callable[[str], tuple[Entry, list[Problem]]], kind: str, value: str, said: str
) -> None:
    """The line is that of the value, or of the mapping where the field is missing."""
    found, problems = entry(f"first: 甲\nfield: {value}\n")
    READERS[kind](found)
    assert [(p.file, p.field, p.severity) for p in problems] == [("documents/a.yaml", "field", "error")]
    assert problems[0].line == (1 if "必填" in said else 2)
    assert said in problems[0].message
    assert str(problems[0]) == f"documents/a.yaml:{problems[0].line} [field] {problems[0].message}"


def test_a_list_names_the_line_of_its_wrong_member(
    entry: Callable[[str], tuple[Entry, list[Problem]]],
) -> None:
    found, problems = entry("field:\n- 甲\n- {a: b}\n- 乙\n")
    assert found.texts("field") == ("甲", "乙")
    assert [p.line for p in problems] == [3]


def test_nested_fields_are_named_by_their_path(entry: Callable[[str], tuple[Entry, list[Problem]]]) -> None:
    found, problems = entry("facts:\n- key: a\n- key: b\n  typo: c\n")
    for child in found.entries("facts"):
        child.text("key")
        child.finish()
    assert [(p.line, p.field) for p in problems] == [(4, "facts[2].typo")]


def test_unknown_and_repeated_keys_are_not_lost(
    entry: Callable[[str], tuple[Entry, list[Problem]]],
) -> None:
    """A misspelt key and a second value are both told, in one go."""
    found, problems = entry("title: 甲\ntitel: 乙\ntitle: 丙\n")
    found.text("title")
    found.finish()
    assert [(p.line, p.field) for p in problems] == [(3, "title"), (2, "titel")]
    assert "两次" in problems[0].message
    assert "拼写" in problems[1].message


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("a: [1\nb: 2\n", 2, "YAML 格式错误"),
        ("a: 甲\n\tb: 乙\n", 2, "YAML 格式错误"),
        ("a: '甲\n", 2, "YAML 格式错误"),
        ("a: *nowhere\n", 1, "YAML 格式错误"),
        ("a: 甲\n---\nb: 乙\n", 2, "YAML 格式错误"),
        ("a: \x00\n", 0, "YAML 格式错误"),
        ("题目".encode("gb18030"), 0, "UTF-8"),
        (b"\xff\xfea\x00:\x00", 0, "UTF-8"),
        ("", 1, "不能为空"),
        ("# 只有注释\n", 1, "不能为空"),
        ("- a: b\n", 1, "字段: 值"),
        ("一段话\n", 1, "字段: 值"),
        ("null\n", 1, "字段: 值"),
    ],
)
def test_a_file_that_is_no_mapping_is_one_problem_on_one_line(
    tmp_path: Path, content: str | bytes, line: int, said: str
) -> None:
    found, problems = read(tmp_path / "a.yaml", content)
    assert found is None
    assert [(p.file, p.line) for p in problems] == [("documents/a.yaml", line)]
    assert said in problems[0].message
    assert "\n" not in str(problems[0])


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    """Windows editors write one."""
    found, problems = read(tmp_path / "a.yaml", b"\xef\xbb\xbfa: b\r\nc: d\r\n")
    assert found is not None
    assert (found.names, problems) == (("a", "c"), [])


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_cannot_be_read_is_a_problem(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A directory with the name of a file, and a link to nothing."""
    make(tmp_path / "a.yaml")
    problems: list[Problem] = []
    assert read_entry(tmp_path / "a.yaml", "documents/a.yaml", problems) is None
    assert ["读不了" in p.message for p in problems] == [True]


def test_one_spelling_of_a_day() -> None:
    assert iso_day("2024-02-29") == date(2024, 2, 29)
    with pytest.raises(ValueError, match="20240229"):
        iso_day("20240229")
