"""The rules of 三审: who may review, what an edit changes, what differs between versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.briefing.models import (
    Briefing,
    Event,
    EventKind,
    Finding,
    FindingKind,
    ForecastQuestion,
    LineFigure,
    LineToTake,
    OpenQuestion,
    QuestionCard,
    Review,
    ReviewAct,
    ReviewStep,
    Severity,
)
from bot.briefing.reviewing import (
    altered,
    differences,
    kept_text,
    part_hashes,
    require_reviewer,
    require_sound,
    state_text,
    waiting_step,
    with_line,
)
from bot.errors import UsageError

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
FIRST, SECOND, FINAL = ReviewStep


def act(step: ReviewStep, by: str, passed: bool = True, version: int = 1) -> ReviewAct:
    return ReviewAct(step, by, passed, "", AT, version)


def card(question: str, text: str, *figures: str) -> QuestionCard:
    held = tuple(LineFigure(figure, "金额", "x#y") for figure in figures)
    return QuestionCard(ForecastQuestion(question, 0.5, ()), LineToTake(text, 9, (), held))


BRIEFING = Briefing(
    Event(EventKind.HOTLINE, date(2026, 12, 10)),
    date(2026, 11, 24),
    (
        card("泾县的孩子怎么报名？", "七月登记，八月公布。"),
        card("补助有多少？", "每学期500元，全年1000元。", "500元", "1000元"),
    ),
)


def finding(question: str, message: str, kind: FindingKind = FindingKind.FIGURE) -> Finding:
    return Finding(kind, Severity.ERROR, message, clause="《通知》第二条", question=question)


def unchecked(briefing: Briefing) -> tuple[Finding, ...]:
    return ()


def test_the_steps_come_in_order_and_after_the_third_nothing_waits() -> None:
    acts = [act(FIRST, "甲"), act(SECOND, "乙"), act(FINAL, "丙")]
    assert [waiting_step(acts[:done], 1) for done in range(4)] == [FIRST, SECOND, FINAL, None]
    assert waiting_step(acts, 2) is FIRST


def test_the_state_in_words() -> None:
    back = (act(FIRST, "甲"), act(SECOND, "乙", passed=False))
    assert state_text(Review("B", 1, "丁")) == "待初审"
    assert state_text(Review("B", 1, "丁", back, FIRST)) == "已退回"
    assert state_text(Review("B", 2, "丁", back, FIRST)) == "待初审"
    assert state_text(Review("B", 1, "丁", (), None, "00")) == "已定稿"


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("周文", "起草人"),
        ("周　文", "起草人"),
        (" 周\u200b文", "起草人"),
        ("李静", "改出了"),
        ("李 静", "改出了"),
        ("王芳", "已经做过初审"),
        ("王芳 ", "已经做过初审"),
        ("·", "没有写明办理人"),
    ],
)
def test_nobody_reviews_their_own_text_or_twice_under_any_spelling(by: str, said: str) -> None:
    review = Review("B", 2, "周文", (act(FIRST, "王芳", version=2),), SECOND)
    with pytest.raises(UsageError, match=said):
        require_reviewer(review, "李静", by)


def test_who_reviewed_an_earlier_version_may_review_the_next() -> None:
    review = Review("B", 2, "周文", (act(FIRST, "王芳"), act(SECOND, "赵敏", passed=False)), FIRST)
    require_reviewer(review, "李静", "王芳")
    require_reviewer(review, "李静", "赵敏")


def test_a_version_that_was_sent_back_and_a_sealed_one_are_not_reviewed() -> None:
    back = Review("B", 1, "周文", (act(FIRST, "王芳", passed=False),), FIRST)
    with pytest.raises(UsageError, match="已退回"):
        require_reviewer(back, "周文", "赵敏")
    with pytest.raises(UsageError, match="已定稿封存"):
        require_reviewer(Review("B", 1, "周文", (), None, "00"), "周文", "赵敏")


def test_an_error_names_its_line_and_clause() -> None:
    wrong = replace(BRIEFING, findings=(finding("补助有多少？", "“500元”不在依据里"),))
    with pytest.raises(UsageError, match="第 2 题：“500元”不在依据里（依据：《通知》第二条）"):
        require_sound(wrong)
    warned = replace(wrong.findings[0], severity=Severity.WARNING)
    require_sound(replace(wrong, findings=(warned,)))


def test_an_edit_changes_the_line_its_seconds_and_the_figures_it_still_says() -> None:
    changed = with_line(BRIEFING, 2, " 每学期500元。 ", unchecked)
    line = changed.questions[1].line
    assert (line.text, line.speak_seconds) == ("每学期500元。", 2)
    assert [figure.text for figure in line.figures] == ["500元"]
    assert changed.questions[0] == BRIEFING.questions[0]


def test_an_edit_is_checked_anew_and_keeps_what_earlier_answers_said_of_other_lines() -> None:
    first, second = (each.forecast.question for each in BRIEFING.questions)
    before = (
        finding(first, "金额不对"),
        finding(first, "和2025年的答复不同", FindingKind.EARLIER_ANSWER),
        finding(second, "和2024年的答复不同", FindingKind.EARLIER_ANSWER),
    )
    new = finding(second, "日期不对")
    changed = with_line(replace(BRIEFING, findings=before), 2, "每学期600元。", lambda briefing: (new,))
    assert changed.findings == (new, before[1])


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [(3, "新", "没有第 3 题"), (1, "  ", "空"), (1, "七月登记，八月公布。", "没有改动")],
)
def test_an_edit_that_changes_nothing_is_refused(number: int, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        with_line(BRIEFING, number, text, unchecked)


def test_differences_stand_by_question_old_and_new() -> None:
    changed = with_line(BRIEFING, 1, "八月登记。", lambda briefing: (finding("补助有多少？", "金额不对"),))
    line, found = differences(BRIEFING, changed)
    assert (line.question, line.what, line.old, line.new) == (
        "泾县的孩子怎么报名？",
        "口径",
        "七月登记，八月公布。",
        "八月登记。",
    )
    assert (found.what, found.old) == ("检查结果", "")
    assert "第 2 题" in found.new
    assert differences(BRIEFING, BRIEFING) == ()


def test_questions_and_gaps_that_come_and_go_are_differences() -> None:
    gap = OpenQuestion("旌德县校车几点？", 0.3, (), "基础教育科", "问时刻", "记下来")
    changed = replace(BRIEFING, questions=BRIEFING.questions[1:], gaps=(gap,))
    gone, come = differences(BRIEFING, changed)
    assert (gone.what, gone.old, gone.new) == ("题目", "七月登记，八月公布。", "")
    assert (come.what, come.old, come.new) == ("缺口", "", "旌德县校车几点？")


def test_hashes_of_the_parts_tell_what_was_changed() -> None:
    acts = (act(FIRST, "甲"), act(SECOND, "乙"), act(FINAL, "丙"))
    sealed = part_hashes(kept_text(BRIEFING), acts)
    assert altered(sealed, part_hashes(kept_text(BRIEFING), acts)) == ()
    other = with_line(BRIEFING, 2, "每学期600元。", unchecked)
    assert altered(sealed, part_hashes(kept_text(other), acts)) == ("问题与口径第 2 项被改动",)
    forged = (*acts[:2], act(FINAL, "丁"))
    assert altered(sealed, part_hashes(kept_text(BRIEFING), forged)) == ("审核记录第 3 项被改动",)
    shorter = replace(BRIEFING, questions=BRIEFING.questions[:1], notices=("补",))
    assert altered(sealed, part_hashes(kept_text(shorter), acts)) == (
        "问题与口径第 2 项不见了",
        "提示第 1 项是封存后加上的",
    )
