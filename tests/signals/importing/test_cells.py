"""What a cell says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signals.importing import cells
from bot.signals.importing.models import CellValue


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (
            "\n\t\t\t\n\t\t\t　　尊敬的领导：\r\n　　孩子  明年\u00a0上学。\n\n\n谢谢\t",
            "尊敬的领导：\n孩子 明年 上学。\n谢谢",
        ),
        ("甲_x000D_\n乙", "甲\n乙"),
        ("看\u200b不\ufeff见\x00的\x07字", "看不见的字"),
        ("一\x0b二\u2028三", "一\n二\n三"),
        (3700.0, "3700"),
        (2.5, "2.5"),
        (True, "TRUE"),
        ("#N/A", ""),
        (" - ", ""),
        ("无", ""),
        ("无人回复", "无人回复"),
    ],
)
def test_text(raw: CellValue, clean: str) -> None:
    assert cells.text(raw) == clean


@given(st.text())
def test_clean_text_has_no_separator_of_fields_and_stays_clean(raw: str) -> None:
    clean = cells.text(raw)
    assert "\x1f" not in clean
    assert all(line == line.strip() and line for line in clean.split("\n")) or not clean
    assert cells.text(clean) == clean or "_x00" in clean


DAY = datetime(2018, 12, 9)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2018/12/9 1:55:21", datetime(2018, 12, 9, 1, 55, 21)),
        ("2018/12/2 11:55", datetime(2018, 12, 2, 11, 55)),
        ("2018-12-09T01:55", datetime(2018, 12, 9, 1, 55)),
        ("2018-12-09T01:55:21.500Z", datetime(2018, 12, 9, 9, 55, 21)),
        ("2018-12-09 01:55:21+08:00", datetime(2018, 12, 9, 1, 55, 21)),
        ("2018.12.9", DAY),
        ("2018年12月9日", DAY),
        ("2018年12月9日 上午11时55分", datetime(2018, 12, 9, 11, 55)),
        ("2018年12月9日下午3点", datetime(2018, 12, 9, 15)),
        ("2018 年 12 月 9 日 星期日 晚上 8:05", datetime(2018, 12, 9, 20, 5)),
        ("2018-12-9 12:05 AM", datetime(2018, 12, 9, 0, 5)),
        ("2018-12-9 12:05:06 PM", datetime(2018, 12, 9, 12, 5, 6)),
        ("２０１８－１２－０９　０１：５５", datetime(2018, 12, 9, 1, 55)),
        ("20181209", DAY),
        (20181209.0, DAY),
        ("20181209015521", datetime(2018, 12, 9, 1, 55, 21)),
        ("12/29/2018 7:00", datetime(2018, 12, 29, 7)),
        ("29.12.2018", datetime(2018, 12, 29)),
        ("5/5/2018", datetime(2018, 5, 5)),
        ("2018-12-08 24:00", DAY),
        (date(2018, 12, 9), DAY),
        (datetime(2018, 12, 9, 1, 55, 20, 999_700), datetime(2018, 12, 9, 1, 55, 21)),
        (43443.5, datetime(2018, 12, 9, 12)),
        ("43443.0798726852", datetime(2018, 12, 9, 1, 55, 1)),
    ],
)
def test_times(raw: CellValue, at: datetime) -> None:
    assert cells.moment(raw) == (at, "")


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        ("2018-02-30", "不存在"),
        ("0000-00-00 00:00:00", "不存在"),
        ("2018-12-09 25:00", "不存在"),
        ("1018-12-09", "不存在"),
        (date(1900, 1, 5), "不存在"),
        ("2018-12-09 10:61", "不存在"),
        ("1/2/2018", "顺序"),
        ("18/12/29", "顺序"),
        ("昨天下午", "无法识别"),
        (timedelta(hours=3), "无法识别"),
        (12.0, "无法识别"),
    ],
)
def test_what_is_no_time_says_why(raw: CellValue, part: str) -> None:
    at, reason = cells.moment(raw)
    assert at is None
    assert part in reason


def test_an_empty_cell_is_no_complaint() -> None:
    assert cells.moment("") == (None, "")
    assert cells.moment("-") == (None, "")


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 12, 30)))
def test_every_form_of_a_time_reads_the_same(at: datetime) -> None:
    at = at.replace(microsecond=0)
    forms = (
        at.isoformat(),
        f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02d}:{at.second:02d}",
        f"{at.year}年{at.month}月{at.day}日 {at.hour}时{at.minute}分{at.second}秒",
        at.strftime("%Y%m%d%H%M%S"),
        (at - datetime(1899, 12, 30)) / timedelta(days=1),
    )
    assert [cells.moment(form)[0] for form in forms] == [at] * len(forms)


@given(
    st.one_of(
        st.text(max_size=30), st.floats(), st.integers(), st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
    )
)
def test_no_cell_breaks_the_reading(raw: str | float | int) -> None:
    at, reason = cells.moment(raw)
    assert at is None or 1990 <= at.year <= 2101
    assert not (at and reason)
    assert isinstance(cells.count(raw)[0], int)
    assert isinstance(cells.number(raw)[0], str)


@pytest.mark.parametrize(
    ("raw", "number", "lost"),
    [
        (3700.0, "3700", False),
        ("3700.0", "3700", False),
        ("\tXC 20260001", "XC20260001", False),
        ("'00123", "00123", False),
        (1.2e17, "120000000000000000", True),
        ("1.23457E+17", "1.23457E+17", True),
        ("120000000000000001", "120000000000000001", False),
    ],
)
def test_numbers_of_work_orders(raw: CellValue, number: str, lost: bool) -> None:
    found, reason = cells.number(raw)
    assert (found, bool(reason)) == (number, lost)


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ("12", 12),
        (12.0, 12),
        ("1,234", 1234),
        ("1.2万", 12000),
        ("３", 3),
        ("100+", 100),
        ("", 0),
        ("5 赞", 5),
    ],
)
def test_counts(raw: CellValue, count: int) -> None:
    assert cells.count(raw) == (count, "")


@pytest.mark.parametrize("raw", ["很多", "-3", "9" * 30])
def test_what_is_no_count_is_nothing_and_said(raw: str) -> None:
    count, reason = cells.count(raw)
    assert count == 0
    assert reason
