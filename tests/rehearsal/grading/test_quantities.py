"""Spoken Chinese and written figures in one form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.rehearsal.grading.quantities import Bound, Kind, quantities
from index.analysis import normalise


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("两万块", "20000元"),
        ("两万五千块钱", "2.5万元"),
        ("一个钟头", "60分钟"),
        ("一个半小时", "90分钟"),
        ("半小时", "30分钟"),
        ("俩小时", "120分钟"),
        ("半年", "六个月"),
        ("一个季度以内", "三个月以内"),
        ("七成", "70%"),
        ("减半", "百分之五十"),
        ("晚上九点", "21:00"),
        ("八点二十", "8:20"),
        ("二十五个工作日", "25个工作日"),
        ("六十来天", "60天"),
        ("不超过一个礼拜", "不超过7天"),
        ("2024年9月1号", "2024年9月1日"),
        ("国办发2021年60号", "国办发〔2021〕60号"),
    ],
)
def test_the_same_amount_is_the_same_however_it_is_said(spoken: str, written: str) -> None:
    (one,) = quantities(normalise(spoken))
    (other,) = quantities(normalise(written))
    assert one.equals(other)


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("不超过60分钟", 60, Bound.MOST),
        ("60分钟以内", 60, Bound.MOST),
        ("不得少于10分钟", 10, Bound.LEAST),
        ("超过60分钟", 60, Bound.LEAST),
        ("平均60分钟", 60, None),
    ],
)
def test_a_limit_goes_the_way_it_is_said(text: str, value: int, bound: Bound | None) -> None:
    (found,) = quantities(normalise(text))
    assert (found.kind, found.value, found.bound) == (Kind.MINUTES, Decimal(value), bound)


def test_both_ends_of_a_range_count() -> None:
    assert [found.value for found in quantities(normalise("一倍到五倍"))] == [1, 5]


def test_a_date_that_says_less_agrees_with_one_that_says_more_of_the_same_day() -> None:
    (term,) = quantities(normalise("2025年秋季学期"))
    (year,) = quantities(normalise("2025年"))
    (spring,) = quantities(normalise("2025年春季学期"))
    assert term.equals(year)
    assert not term.equals(spring)


@pytest.mark.parametrize("text", ["每年一次", "一节课四十五元", "第十二条", "十四五规划", "三年级"])
def test_rates_and_names_are_no_periods(text: str) -> None:
    kinds = {found.kind for found in quantities(normalise(text))}
    assert not kinds & {Kind.PERIOD, Kind.LESSONS}


def test_working_days_agree_with_days_but_not_with_calendar_days() -> None:
    (working,) = quantities(normalise("20个工作日"))
    (days,) = quantities(normalise("二十天"))
    (calendar,) = quantities(normalise("二十个自然日"))
    assert working.equals(days)
    assert not working.equals(calendar)
