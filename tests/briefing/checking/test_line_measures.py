"""Figures, dates and numbers as they are said aloud and as they are written."""

from __future__ import annotations

import pytest

from bot.briefing.checking.measures import Bound, Measure, MeasureKind
from bot.briefing.checking.measuring import measures


def only(text: str) -> Measure:
    (found,) = measures(text)
    return found


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("两万元", "20000元"),
        ("一万二千块钱", "12000元"),
        ("一个半小时", "90分钟"),
        ("半年", "6个月"),
        ("百分之九十七", "97%"),
        ("二十个工作日", "20个工作日"),
        ("晚上九点半", "21:30"),
        ("六周岁", "6岁"),
        ("二〇二五年九月", "2025年9月"),
        ("5万亿元", "50000亿元"),
    ],
)
def test_what_is_spoken_equals_what_is_written(spoken: str, written: str) -> None:
    assert only(spoken).within(only(written))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15个工作日", "15天"),
        ("60课时", "60分钟"),
        ("3个月", "3元"),
        ("2025年秋季学期", "2025年春季学期"),
        ("国办发〔2025〕27号", "国办发〔2024〕27号"),
        ("第二十六条", "第三十六条"),
    ],
)
def test_another_unit_date_or_number_is_another_measure(one: str, other: str) -> None:
    assert not only(one).within(only(other))


def test_the_highest_amount_is_no_school_year() -> None:
    assert only("最高三万元").within(only("30000元"))
    assert measures("高三学生") == ()


def test_a_month_lies_within_its_day_but_not_the_day_within_its_month() -> None:
    month, day = only("2024年11月"), only("2024年11月29日")
    assert month.within(day)
    assert not day.within(month)


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert [(one.unit, one.value) for one in measures("10至35人")] == [("人", "10"), ("人", "35")]


def test_limits_are_told_apart() -> None:
    assert only("不超过3个月").bound is Bound.AT_MOST
    assert only("不少于10分钟").bound is Bound.AT_LEAST
    assert only("别超过五千元").bound is Bound.AT_MOST


def test_the_period_of_an_amount_is_read() -> None:
    assert only("每生每年1250元").rate == "年"
    assert only("每月300元").rate == "月"


@pytest.mark.parametrize(
    "text", ["一份材料", "这两年", "一对一", "第一次", "三至六年级", "“十四五”", "《计划（2021—2025年）》"]
)
def test_words_that_only_look_like_figures_are_passed_over(text: str) -> None:
    assert measures(text) == ()


def test_a_telephone_number_is_no_amount() -> None:
    assert only("12345").kind is MeasureKind.PHONE
