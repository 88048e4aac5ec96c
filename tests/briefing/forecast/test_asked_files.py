"""What was asked, from files as people have them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from bot.briefing.forecast.asked_files import read_asked
from bot.errors import UsageError

QUESTIONS = ("孩子能不能晚一年上学？", "补助什么时候发？", "补助什么时候发？")


def test_a_question_a_line_with_or_without_numbers(tmp_path: Path) -> None:
    path = tmp_path / "asked.txt"
    path.write_text(
        "1. 孩子能不能晚一年上学？\n\n2、补助什么时候发？\n补助什么时候发？\n", encoding="utf-8-sig"
    )
    assert read_asked(path) == QUESTIONS


def test_json_and_json_lines(tmp_path: Path) -> None:
    listed, lines, whole = tmp_path / "a.json", tmp_path / "b.jsonl", tmp_path / "c.json"
    listed.write_text(json.dumps(QUESTIONS, ensure_ascii=False), encoding="utf-8")
    lines.write_text("\n".join(json.dumps({"question": one}) for one in QUESTIONS), encoding="utf-8")
    whole.write_text(json.dumps({"event": "x", "asked": QUESTIONS}), encoding="utf-8")
    assert read_asked(listed) == read_asked(lines) == read_asked(whole) == QUESTIONS


def test_a_workbook_with_a_title_above_its_header(tmp_path: Path) -> None:
    path = tmp_path / "asked.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("现场")
    for row, values in enumerate(
        (["接听记录"], ["序号", "问题", "答复"], *([n, q, "答"] for n, q in enumerate(QUESTIONS)))
    ):
        sheet.write_row(row, 0, values)
    book.close()
    assert read_asked(path) == QUESTIONS


def test_personal_data_is_masked(tmp_path: Path) -> None:
    path = tmp_path / "asked.txt"
    path.write_text("我电话13912345678，孩子怎么转学？\n", encoding="utf-8")
    assert read_asked(path) == ("我电话[电话]，孩子怎么转学？",)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.jsonl", '"问题一"\n{"question": \n', "第 2 行不是 JSON"),
        ("a.jsonl", '{"title": "无"}\n', "没有问题字段"),
        ("a.json", "[1]", "应是一句话"),
        ("a.csv", "序号,答复\n1,好\n", "没有问题一列"),
        ("a.txt", "\n \n", "没有问题"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, name: str, content: str, complaint: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=complaint) as raised:
        read_asked(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_and_other_encodings(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到文件"):
        read_asked(tmp_path / "none.txt")
    path = tmp_path / "gb.txt"
    path.write_bytes("补助什么时候发？".encode("gb18030"))
    with pytest.raises(UsageError, match="UTF-8"):
        read_asked(path)
