"""Files of questions: every form, every row accounted for, columns told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from bot.errors import UsageError
from bot.followup.asked_files import NOT_JSON, read_asked
from bot.followup.asked_tables import NO_QUESTION
from bot.followup.models import AskedRow, Rejected

TABLE = (
    "领导接听登记表,,,,,\n"
    "时间,来电人,问题（必填）,当场答复,承办科室,备注\n"
    "2026-12-10 09:12,张三,助学贷款能贷多少？,最高两万元,,常问\n"
    ",,,,,\n"
    ",李四,,没有记下,,\n"
    "10:05,13812345678,课后服务收费吗,会后答复,基础教育科,\n"
)
QUESTIONS = [
    AskedRow("助学贷款能贷多少？", "第 3 行", "最高两万元", "09:12", "张三"),
    AskedRow("课后服务收费吗", "第 6 行", "会后答复", "10:05", "13812345678", office="基础教育科"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_by_its_header_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "登记.csv"
    path.write_bytes(TABLE.encode(encoding))
    found = read_asked(path)
    assert list(found.rows) == QUESTIONS
    assert found.rejected == (Rejected("第 5 行", NO_QUESTION),)
    assert found.blank == 1
    assert found.unused == ("F 列「备注」",)
    assert "问题 ← C 列「问题（必填）」" in found.columns


def test_a_workbook_gives_the_questions_of_its_sheets(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write_row(0, 0, ["填表说明", "请逐行填写"])
        sheet = book.add_worksheet("问答")
        sheet.write_row(0, 0, ["序号", "提问", "回答"])
        sheet.write_row(1, 0, [1, "幼儿园免保教费吗", "大班免。"])
    found = read_asked(path)
    assert found.rows == (AskedRow("幼儿园免保教费吗", "工作表「问答」第 2 行", "大班免。"),)
    assert found.unused == ()


def test_json_of_every_shape_is_read(tmp_path: Path) -> None:
    path = tmp_path / "问答.json"
    path.write_text(
        json.dumps(["怎么转学", {"问题": "怎么还款", "答复": "毕业后", "时间": "9:30"}, 3]), "utf-8"
    )
    found = read_asked(path)
    assert found.rows == (
        AskedRow("怎么转学", "第 1 项"),
        AskedRow("怎么还款", "第 2 项", "毕业后", "09:30"),
    )
    assert [row.place for row in found.rejected] == ["第 3 项"]


def test_records_of_events_carry_the_event(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    first = json.dumps({"id": "20261210-hotline", "asked": ["怎么转学", "怎么还款"]}, ensure_ascii=False)
    path.write_text(f'{first}\n{{"question": "几点放学"}}\n{{坏行\n', "utf-8")
    found = read_asked(path)
    assert [(row.question, row.event) for row in found.rows] == [
        ("怎么转学", "20261210-hotline"),
        ("怎么还款", "20261210-hotline"),
        ("几点放学", ""),
    ]
    assert found.rejected == (Rejected("第 3 行", NOT_JSON),)


def test_a_table_without_questions_says_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("学校,人数\n一中,20\n二中,30\n", "utf-8")
    with pytest.raises(UsageError, match=r"找不到问题列（表头：学校、人数）.*“问题”"):
        read_asked(path)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("空.txt", b"", "空文件"),
        ("图.txt", b"\x89PNG\0\0", "不是文本或表格"),
        ("实录.docx", b"PK\x03\x04", "另存为纯文本"),
        ("空白.txt", b"\n \n", "没有问题"),
    ],
)
def test_another_file_is_refused_with_advice(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=complaint):
        read_asked(tmp_path / name)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到文件"):
        read_asked(tmp_path / "没有.csv")
