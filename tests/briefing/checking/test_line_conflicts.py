"""Texts that a caller may hold against a line."""

from __future__ import annotations

from datetime import date

from bot.briefing.checking.conflicting import conflicts
from bot.briefing.models import ConflictKind, EarlierAnswer, ForecastQuestion, LineToTake, QuestionCard
from bot.models import Citation
from knowledge.library import Library

DAY = date(2026, 12, 10)


def card(text: str, document: str, key: str) -> QuestionCard:
    citation = Citation(document, "", None, "", "", "", (key,), "in_force", None, None)
    return QuestionCard(ForecastQuestion("怎么规定的", 0.5, ()), LineToTake(text, 30, (citation,)))


def test_the_former_amount_stands_against_the_current_one(library: Library) -> None:
    loan = card("本专科生每人每年最高20000元。", "03-zhuxue-daikuan-2023", "quota_2024")
    found = conflicts([loan], library, DAY)
    assert {one.kind for one in found} == {ConflictKind.OLD_NEW}
    assert any("16000元" in one.second and "2024年8月31日" in one.advice for one in found)
    assert all("25000元" in one.first for one in found)


def test_a_figure_of_the_province_stands_against_that_of_the_district(library: Library) -> None:
    area = card("宣州区人均3.28平方米。", "11-anhui-quanmin-jianshen", "xz_actual_2024")
    found = conflicts([area], library, DAY)
    assert any(one.kind is ConflictKind.CITY_COUNTY and "3.03平方米" in one.second for one in found)


def test_an_earlier_answer_stands_against_the_line(library: Library) -> None:
    earlier = EarlierAnswer("手机能带吗", "课堂上可以带入个人手机。", date(2026, 3, 1), "2026年3月热线")
    phones = card("手机在课堂上禁止带入。", "12-shuimian-shouji", "phone_rule")
    (found,) = conflicts([phones], library, DAY, [earlier])
    assert found.kind is ConflictKind.EARLIER_ANSWER
    assert found.second.startswith("2026年3月热线")


def test_a_matter_with_one_text_has_no_conflict(library: Library) -> None:
    grades = card("不得公开成绩和排名。", "09-xuexiao-baohu", "grades_privacy")
    assert conflicts([grades], library, DAY) == ()
