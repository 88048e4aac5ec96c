"""CSV: encodings, delimiters, quotation marks, line numbers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.signals.importing.delimited import REPAIRED_BYTES, REPAIRED_QUOTES, sheet
from bot.signals.importing.reading import LONGER, SHORTER

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8（带 BOM）",
    "gb18030": "GB18030",
    "utf-16": "UTF-16",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(desk: Any, encoding: str, delimiter: str) -> None:
    rows = [desk.header, *desk.orders(9)]
    rows[3][3] = '逗号,分号;竖线|制表符\t都有，还有“引号"\n和第二行'
    read = desk.read(desk.file(desk.csv_text(rows, delimiter), encoding=encoding))
    assert [message.number for message in read.messages] == [row[0] for row in rows[1:]]
    assert read.messages[2].text == '逗号,分号;竖线|制表符 都有，还有“引号"\n和第二行'
    assert f"编码 {ENCODINGS[encoding]}，" in read.sheet.form
    assert not read.sheet.repaired


def test_characters_beyond_gbk_survive(desk: Any) -> None:
    text = "学生姓𠮷，住镕堃路，名字里有䶮和😀"
    read = desk.read(desk.file(f"标题,内容\n甲,{text}\n", encoding="gb18030"))
    assert read.messages[0].text == text


def test_gb18030_that_happens_to_be_utf_8(desk: Any) -> None:
    """The GB18030 bytes of 一夜也 are three Cyrillic characters in UTF-8."""
    path = desk.file("一夜\n也\n", encoding="gb18030")
    assert len(path.read_bytes().decode("utf-8")) == 5
    assert "GB18030" in sheet(path).form


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_are_reported(desk: Any, encoding: str) -> None:
    rows = [desk.header, *desk.orders(20)]
    whole = desk.csv_text(rows).encode(encoding)
    at = whole.index("第5小学".encode(encoding)) + 1
    read = desk.read(desk.file(whole[:at] + b"\xff" + whole[at:]))
    assert len(read.messages) == 20
    assert read.sheet.repaired[REPAIRED_BYTES].rows == [7]
    assert ENCODINGS[encoding] in read.sheet.form


def test_null_characters_go(desk: Any) -> None:
    read = desk.read(desk.file('标题,内容\n甲,"乙\0丙"\n丁\0,戊\n'))
    assert [(message.title, message.text) for message in read.messages] == [("甲", "乙丙"), ("丁", "戊")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_has_the_number_of_its_first_line(desk: Any, end: str) -> None:
    lines = ["编号,标题,内容", '1,甲,"第一行', "第二行", '第三行"', "", "2,乙,丙"]
    read = desk.read(desk.file(end.join(lines) + end))
    assert [(message.number, message.row) for message in read.messages] == [("1", 2), ("2", 6)]
    assert read.messages[0].text == "第一行\n第二行\n第三行"
    assert read.sheet.blank == 1


def test_broken_quotation_marks_cost_no_other_row(desk: Any) -> None:
    lines = [
        "编号,标题,内容",
        '1,甲,"没有关上的引号',
        '2,乙,"正常，一行"',
        '3,丙,"他说"不行"，真的"',
        '4,丁,"两',
        '行"',
        '5,戊,屏幕5"的',
        '6,"己,庚',
        "7,辛,壬",
    ]
    read = desk.read(desk.file("\n".join(lines)))
    assert [message.number for message in read.messages] == list("1234567")
    assert [message.row for message in read.messages] == [2, 3, 4, 5, 7, 8, 9]
    assert read.messages[0].text == "没有关上的引号"
    assert read.messages[3].text == "两\n行"
    assert (read.messages[5].title, read.messages[5].text) == ("己", "庚")
    assert read.sheet.repaired[REPAIRED_QUOTES].rows == [2, 4, 8]


def test_a_mark_that_never_closes_swallows_nothing(desk: Any) -> None:
    rows = desk.csv_text(desk.orders(3000))
    read = desk.read(
        desk.file('编号,诉求人,标题,内容,时间,区县\nXC1,某某,"开头,没有结尾,2026-01-02,泾县\n' + rows)
    )
    assert len(read.messages) == 3001
    assert read.messages[0].title == "开头"


def test_ragged_rows_are_read_and_reported(desk: Any) -> None:
    read = desk.read(desk.file("编号,标题,内容\n1,甲\n2,乙,丙,多,出\n3,丁,戊,,\n"))
    assert [(message.title, message.text) for message in read.messages] == [
        ("甲", "甲"),
        ("乙", "丙"),
        ("丁", "戊"),
    ]
    assert read.sheet.repaired[SHORTER].rows == [2]
    assert read.sheet.repaired[LONGER].rows == [3]
