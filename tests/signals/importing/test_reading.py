"""Every row is accounted for, whatever the file."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.signals.importing import cells
from bot.signals.importing.models import RawMessage
from bot.signals.importing.reading import (
    NO_CONTENT,
    REPEATED_HEADER,
    TITLE_AS_TEXT,
    read,
)
from bot.signals.importing.reporting import lines

FIXTURES = Path(__file__).parents[4] / "shared" / "data" / "citizen_messages"

NAMES = ["编号", "标题", "内容", "时间"]


def test_every_row_is_counted_once(desk: Any) -> None:
    rows = [
        desk.header,
        *desk.orders(4),
        desk.order(1),
        ["XC9", "某某", "只有标题", "", "2026-01-02", ""],
        ["XC10", "某某", "", " - ", "2026-01-02", ""],
        ["", "", "", "　", "", ""],
        desk.header,
        ["XC11", "某某", "时间不对", "请问什么时候放假", "2026-02-30", ""],
    ]
    found = desk.table(rows)
    sheet = found.sheet
    assert sheet.rows == 10
    assert (sheet.taken, sheet.duplicates.count, sheet.rejected_rows, sheet.blank) == (6, 1, 2, 1)
    assert sheet.duplicates.rows == [6]
    assert {reason: tally.rows for reason, tally in sheet.rejected.items()} == {
        NO_CONTENT: [8],
        REPEATED_HEADER: [10],
    }
    assert sheet.repaired[TITLE_AS_TEXT].rows == [7]
    assert found.messages[4].text == "只有标题"
    assert found.messages[5].at is None
    assert len(found.messages) == sheet.taken == found.report.taken


def test_the_same_row_in_another_file_is_a_duplicate(desk: Any) -> None:
    rows = [desk.header, *desk.orders(5)]
    text = desk.file(desk.csv_text(rows))
    book = desk.write_workbook(desk.directory / "again.xlsx", {"表": rows})
    found = desk.read(text, book)
    assert len(found.messages) == 5
    assert found.report.sheets[1].duplicates.count == 5


def test_reading_again_gives_the_same(desk: Any) -> None:
    reading = read([desk.file(desk.csv_text([desk.header, *desk.orders(5)]))])
    first, second = list(reading), list(reading)
    assert first == second
    assert len(first) == 5
    assert len(reading.report.sheets) == 1


def test_a_message_says_where_it_stands(desk: Any) -> None:
    message = desk.workbook({"一月": [["通报"], desk.header, desk.order(0)]}).messages[0]
    assert (message.file, message.sheet, message.row) == ("messages.xlsx", "一月", 3)


def test_progress_never_goes_back_and_ends_at_the_total(desk: Any) -> None:
    rows = [desk.header, *desk.orders(2500)]
    paths = [
        desk.file(desk.csv_text(rows)),
        desk.write_workbook(desk.directory / "b.xlsx", {"一": rows[:1200], "二": [rows[0], *rows[1200:]]}),
    ]
    told: list[tuple[int, int]] = []
    list(read(paths, progress=lambda done, total: told.append((done, total))))
    total = sum(path.stat().st_size for path in paths)
    assert told == sorted(told)
    assert told[-1] == (total, total)
    assert len(told) > 4


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("empty.csv", b"", "空文件"),
        ("mark.csv", b"\xef\xbb\xbf", "没有数据"),
        ("lines.csv", b"\n\n\n", "没有数据"),
        ("header.csv", "编号,标题,内容\n".encode(), "只有表头"),
        ("page.xls", "<html><table><tr><td>标题</td></tr></table>".encode(), "另存为 .xlsx"),
        ("figures.csv", b"1,2,3\n4,5,6\n", "内容列"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(3000), "不是 CSV 或 Excel"),
        ("noise.csv", bytes(random.Random(2).choices((0x80, 0xFF, 0xC3), k=3000)), "编码无法识别"),
    ],
)
def test_what_is_no_table_of_messages_gives_one_line(desk: Any, name: str, content: bytes, part: str) -> None:
    with pytest.raises(UsageError, match=part) as refused:
        desk.read(desk.file(content, name))
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_directory_or_nothing_is_refused_before_anything_is_read(desk: Any) -> None:
    good = desk.file(desk.csv_text([desk.header, *desk.orders(2)]))
    for bad, part in ((desk.directory, "文件夹"), (desk.directory / "gone.csv", "找不到文件")):
        with pytest.raises(UsageError, match=part):
            read([good, bad])


def test_the_report_in_words(desk: Any) -> None:
    rows = [["序号", *desk.header, "手机"], *[[at + 1, *desk.order(at % 7), "0563"] for at in range(8)]]
    rows[3][5] = "某天"
    shown = "\n".join(lines(desk.table(rows).report))
    assert "表头在第 1 行" in shown
    assert "内容 ← E 列「诉求内容」（按表头）" in shown
    assert "未导入的个人信息列：H 列「手机」" in shown
    assert "未使用的列：A 列「序号」" in shown
    assert "共 8 行：导入 7，重复 1，拒绝 0，空行 0" in shown
    assert "时间无法识别，留空，1 行（第 4 行）" in shown


# What every format can hold: no surrogates, no control characters, nothing that XML forbids.
WRITTEN = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd\ufffe\uffff")
    | st.sampled_from('\n\t ,";|'),
    max_size=40,
)
TABLES = st.builds(
    lambda first, rest: [["1", "甲", "请问" + first, "2026-01-02"], *rest],
    WRITTEN,
    st.lists(st.lists(WRITTEN, min_size=4, max_size=4), max_size=12),
)


def identities(messages: Sequence[RawMessage]) -> list[str]:
    return [message.identity() for message in messages]


def read_table(path: Path) -> list[str]:
    reading = read([path])
    found = identities(list(reading))
    sheet = reading.report.sheets[0]
    assert sheet.taken + sheet.rejected_rows + sheet.duplicates.count + sheet.blank == sheet.rows
    assert sheet.taken == len(found)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=TABLES)
@example(table=[["1", "甲", "请问", "2026-01-02"], ["²", "", "", ""]])  # a digit that is no number
def test_any_table_is_the_same_in_every_format(desk: Any, table: list[list[str]]) -> None:
    expected = []
    for number, title, text, at in table:
        shown = cells.text(text) or cells.line(title)
        if shown:
            message = RawMessage(
                cells.line(title), shown, cells.moment(at)[0], number=cells.number(number)[0]
            )
            expected.append(message.identity())
    expected = list(dict.fromkeys(expected))
    rows = [NAMES, *table]
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        for delimiter in (",", ";", "\t", "|"):
            path = desk.file(desk.csv_text(rows, delimiter), encoding=encoding)
            assert read_table(path) == expected, (encoding, delimiter)
    assert read_table(desk.write_workbook(desk.directory / "table.xlsx", {"表": rows})) == expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('问答,"\n\r\t;| \0甲1'), max_size=120))
def test_no_csv_breaks_the_accounting(desk: Any, body: str) -> None:
    """Quotation marks, ends of lines and delimiters anywhere."""
    path = desk.file("编号,标题,内容\n1,甲,请问\n" + body)
    reading = read([path])
    list(reading)
    sheet = reading.report.sheets[0]
    assert sheet.taken + sheet.rejected_rows + sheet.duplicates.count + sheet.blank == sheet.rows
    assert sheet.taken >= 1


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="needs ../shared/data/citizen_messages")
def test_the_real_files() -> None:
    """400 rows each, the same ones: the same messages must come out of both."""
    by_file = []
    for name in ("import_fixture.xlsx", "import_fixture_gb18030.csv"):
        reading = read([FIXTURES / name])
        messages = list(reading)
        sheet = reading.report.sheets[0]
        assert (sheet.rows, sheet.taken, sheet.rejected_rows, sheet.blank) == (400, 400, 0, 0)
        assert not sheet.repaired
        assert [choice.column.letter for choice in sheet.columns.values()] == list("ABCEDFG")
        assert all(message.at and message.replied_at and message.number.isdigit() for message in messages)
        assert not any("\t" in message.text or message.text != message.text.strip() for message in messages)
        by_file.append(identities(messages))
    assert by_file[0] == by_file[1]


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="needs ../shared/data/citizen_messages")
def test_the_real_rows_without_their_names_and_in_any_order(desk: Any) -> None:
    """What the columns hold tells them apart, but for names that are neither names nor numbers."""
    path = FIXTURES / "import_fixture_gb18030.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("gb18030"), newline="")))
    expected = identities(list(read([path])))
    for seed in range(4):
        places = random.Random(seed).sample(range(7), 7)
        shuffled = [[row[at] for at in places] for row in rows[1:]]
        assert identities(desk.table(shuffled).messages) == expected
