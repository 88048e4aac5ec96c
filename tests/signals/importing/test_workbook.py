"""Workbooks: sheets, merged cells, dates, numbers, damage."""

from __future__ import annotations

import random
import zipfile
from datetime import datetime
from typing import Any

import pytest

from bot.errors import UsageError
from bot.signals.importing import workbook


def test_every_sheet_with_messages_is_read(desk: Any) -> None:
    rows = desk.orders(30)

    def hide(book: Any) -> None:
        book.get_worksheet_by_name("旧数据").hide()
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=一月!$A$2:$A$3"})
        book.add_chartsheet("统计图").set_chart(chart)

    read = desk.workbook(
        {
            "说明": [["填写说明"], ["请逐条填写，一行一件工单，内容不要超过一千字。"]],
            "一月": [desk.header, *rows[:10]],
            "空表": [],
            "二月": [
                ["2026 年 2 月"],
                [],
                list(reversed(desk.header)),
                *[list(reversed(row)) for row in rows[10:20]],
            ],
            "旧数据": [desk.header, *rows[20:]],
        },
        hide,
    )
    assert [message.number for message in read.messages] == [row[0] for row in rows[:20]]
    assert {message.sheet for message in read.messages} == {"一月", "二月"}
    assert read.messages[10].row == 4
    left_out = {sheet.sheet: sheet.left_out for sheet in read.report.sheets if sheet.left_out}
    assert set(left_out) == {"说明", "空表", "旧数据", "统计图"}
    assert "隐藏" in left_out["旧数据"]


def test_unknown_names_among_several_sheets(desk: Any) -> None:
    """Old spreadsheets come with two empty sheets: they do not keep the first from being guessed."""
    rows = [["甲", "乙", "丙", "丁", "戊", "己"], *desk.orders(8)]
    read = desk.workbook({"Sheet1": rows, "Sheet2": [], "Sheet3": []})
    assert len(read.messages) == 8
    assert read.messages[0].title == rows[1][2]


def test_a_header_of_two_rows_and_cells_merged_downwards(desk: Any) -> None:
    rows = [[at + 1, *desk.order(at)] for at in range(6)]
    for row in rows:
        row[6] = ""

    def merge(book: Any) -> None:
        sheet = book.get_worksheet_by_name("工单")
        sheet.merge_range(0, 0, 0, 6, "宣城市 2026 年诉求汇总表")
        sheet.merge_range(1, 0, 2, 0, "序号")
        sheet.merge_range(1, 1, 1, 2, "基本信息")
        sheet.merge_range(1, 3, 1, 5, "诉求信息")
        sheet.merge_range(1, 6, 2, 6, "区县")
        sheet.merge_range(3, 6, 5, 6, "泾县")
        sheet.merge_range(6, 6, 8, 6, "宁国市")

    read = desk.workbook({"工单": [[], [], ["", *desk.header[:5]], *rows]}, merge)
    assert read.sheet.header_row == 3
    assert read.sheet.above == 2
    assert [message.area for message in read.messages] == ["泾县"] * 3 + ["宁国市"] * 3
    assert "序号" in [column.header for column in read.sheet.unused]


def test_a_table_that_does_not_begin_in_the_corner(desk: Any) -> None:
    rows = [[], [], *[["", "", *row] for row in [desk.header, *desk.orders(5)]]]
    read = desk.workbook({"表": rows})
    assert read.sheet.header_row == 3
    assert read.column("number") == "C"
    assert [message.row for message in read.messages] == [4, 5, 6, 7, 8]


def test_dates_numbers_and_truth_values(desk: Any) -> None:
    header = ["编号", "时间", "内容", "点赞数", "来源"]
    at = datetime(2026, 3, 4, 11, 55, 34)
    read = desk.workbook(
        {
            "表": [
                header,
                [3700, at, "第一件", 12, True],
                [120000000000000000, "2026/3/4 11:55:34", "第二件", 3.0, "12345"],
                [3702, 46085.5, "第三件", "", 12345],
                [3703, "某天", 2026, "", ""],
            ]
        }
    )
    first, second, third, fourth = read.messages
    assert (first.number, first.at, first.up) == ("3700", at, 12)
    assert (second.number, second.at) == ("120000000000000000", at)
    assert (third.at, third.channel) == (datetime(2026, 3, 4, 12), "12345")
    assert (fourth.at, fourth.text) == (None, "2026")
    repaired = {reason: tally.rows for reason, tally in read.sheet.repaired.items()}
    assert sorted(repaired.values()) == [[3], [5]]


def test_errors_of_formulas_are_nothing(desk: Any) -> None:
    def formula(book: Any) -> None:
        book.get_worksheet_by_name("表").write_formula(1, 0, "=NA()", None, "#N/A")

    read = desk.workbook({"表": [["标题", "内容"], ["", "请问几点放学"]]}, formula)
    assert read.messages[0].title == ""


def test_the_name_of_the_file_does_not_matter(desk: Any) -> None:
    path = desk.write_workbook(desk.directory / "messages.csv", {"表": [desk.header, *desk.orders(3)]})
    assert len(desk.read(path).messages) == 3
    named = desk.file(desk.csv_text([desk.header, *desk.orders(3)]), "messages.xls")
    assert len(desk.read(named).messages) == 3


def test_a_spreadsheet_of_open_document(desk: Any) -> None:
    path = desk.directory / "messages.ods"
    rows = [desk.header, *desk.orders(4)]
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    read = desk.read(path)
    assert [message.number for message in read.messages] == [row[0] for row in rows[1:]]
    assert read.sheet.form == "ODS"


def one_line(desk: Any, content: bytes, name: str = "messages.xlsx") -> str:
    with pytest.raises(UsageError) as refused:
        desk.read(desk.file(content, name))
    message = str(refused.value)
    assert "\n" not in message
    assert name in message
    return message


def test_broken_workbooks_give_one_line(desk: Any) -> None:
    path = desk.write_workbook(desk.directory / "whole.xlsx", {"表": [desk.header, *desk.orders(50)]})
    whole = path.read_bytes()
    assert "不完整" in one_line(desk, whole[: len(whole) // 2])
    assert "不完整" in one_line(desk, whole[:30])
    one_line(desk, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "messages.xls")


def test_no_damage_ends_in_a_traceback(desk: Any) -> None:
    whole = desk.write_workbook(
        desk.directory / "whole.xlsx", {"表": [desk.header, *desk.orders(5)]}
    ).read_bytes()
    chance = random.Random(4)
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        try:
            desk.read(desk.file(bytes(damaged)))
        except UsageError:
            refused += 1
    assert refused > 50


def test_an_archive_that_unpacks_to_too_much(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_UNPACKED_LIMIT", 1 << 20)
    path = desk.directory / "messages.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(2 << 20))
    assert path.stat().st_size < 10_000
    assert "拆成" in one_line(desk, path.read_bytes())
