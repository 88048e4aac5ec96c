"""A briefing survives JSON, and what is sealed does not depend on spelling or review."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.briefing.models import (
    Briefing,
    Difficulty,
    Event,
    EventKind,
    ForecastQuestion,
    LineFigure,
    LineToTake,
    QuestionCard,
    Review,
    ReviewAct,
    ReviewStep,
    Risk,
    Why,
    WhySource,
)
from bot.briefing.serial import canonical, from_json, to_json
from bot.errors import UsageError
from bot.models import Citation, OfficeCard

DAY = date(2026, 12, 10)
CITATION = Citation(
    "03", "通知", "财教〔2024〕188号", "财政部", "一", "原话", ("quota",), "in_force", date(2024, 9, 1), None
)
FORECAST = ForecastQuestion(
    "最多贷多少？",
    0.62,
    (Why(WhySource.CALENDAR, "12月", 0.3),),
    ("能贷几多",),
    ("03#quota",),
    "03!faq-1",
    "03",
    "zizhu",
    "学生资助",
    Difficulty.MEDIUM,
    (Risk.MONEY,),
)
LINE = LineToTake(
    "本专科生每年最多20000元。",
    4,
    (CITATION,),
    (LineFigure("20000元", "本专科生上限", "03#quota", date(2024, 9, 1), None),),
    OfficeCard("zizhu", "市学生资助管理中心", None, ""),
    ("各县（市、区）教育体育局",),
    ("不承诺一定获批",),
    "由银行审批。",
    "12345 转市学生资助管理中心",
)
ACT = ReviewAct(ReviewStep.FIRST, "张三", True, "同意", datetime(2026, 12, 1, 9, 30), 1)
BRIEFING = Briefing(
    Event(EventKind.HOTLINE, DAY, ("学生资助",)),
    date(2026, 11, 24),
    (QuestionCard(FORECAST, LINE),),
    documents=(CITATION,),
    review=Review("B1", 1, "李四", (ACT,), ReviewStep.SECOND),
)


def test_a_briefing_comes_back_from_json_as_it_was() -> None:
    assert from_json(json.loads(json.dumps(to_json(BRIEFING)))) == BRIEFING


def test_a_card_is_flat_as_the_contract_says() -> None:
    (card,) = to_json(BRIEFING)["questions"]
    assert {
        "question",
        "why",
        "likelihood",
        "line",
        "speak_seconds",
        "basis",
        "figures",
        "office",
        "co_offices",
        "do_not_promise",
        "if_pressed",
        "open",
    } <= set(card)
    assert card["line"] == "本专科生每年最多20000元。"
    assert card["basis"][0]["valid_from"] == "2024-09-01"


def test_what_is_sealed_does_not_change_with_the_review() -> None:
    assert canonical(replace(BRIEFING, review=Review())) == canonical(BRIEFING)
    assert canonical(replace(BRIEFING, as_of=DAY)) != canonical(BRIEFING)


@pytest.mark.parametrize("wrong", [[], {}, {"questions": [{}]}, {"questions": 3}, {"questions": ["a"]}, None])
def test_other_json_is_refused_in_chinese(wrong: object) -> None:
    with pytest.raises(UsageError, match="brief --json"):
        from_json(wrong)


def test_a_field_of_the_wrong_kind_is_named() -> None:
    plain = to_json(BRIEFING)
    plain["event"]["date"] = "明天"
    with pytest.raises(UsageError, match=r"event\.date"):
        from_json(plain)
