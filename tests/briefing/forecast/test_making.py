"""What is forecast, and why: with the real library and assistant."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

import pytest

from bot.briefing.forecast.making import forecast
from bot.briefing.forecast.models import BotQuestion, EarlierQuestion, ForecastInputs, HotQuestion
from bot.briefing.forecast.weights import weights
from bot.briefing.models import Difficulty, ForecastQuestion, Risk, WhySource
from bot.signals.gaps import Gap
from knowledge.library import Library
from knowledge.models import Status
from knowledge.validity import fact_status

Foresee = Callable[..., tuple[ForecastQuestion, ...]]
ON = date(2026, 12, 10)
TOPICS = ("义务教育入学", "学生资助", "校外培训")


def hot(question: str, **changes: object) -> HotQuestion:
    values: dict[str, object] = {
        "title": question,
        "messages": 30,
        "recent": 12,
        "growth": 3.0,
        "heat": 60.0,
        "matter": "c08",
        "office": "jichu",
        "ours": True,
    }
    return HotQuestion(question, **(values | changes))  # type: ignore[arg-type]


def from_source(questions: tuple[ForecastQuestion, ...], source: WhySource) -> list[ForecastQuestion]:
    return [one for one in questions if any(why.source is source for why in one.why)]


@pytest.mark.parametrize(
    "topics",
    [TOPICS, ("双减",), ("体育",), ("助学贷款",), ("秋季开学",), ("校园欺凌",), ("中考",), ("信息公开",), ()],
    ids=lambda topics: "、".join(topics) or "none",
)
def test_any_sensible_topic_gives_twenty_to_forty_questions(
    foresee: Foresee, topics: tuple[str, ...]
) -> None:
    questions = foresee(*topics)
    assert 20 <= len(questions) <= 40
    assert len({one.question for one in questions}) == len(questions)


def test_the_likeliest_stand_first_and_reasons_make_the_likelihood(foresee: Foresee) -> None:
    questions = foresee(*TOPICS)
    chances = [one.likelihood for one in questions]
    assert chances == sorted(chances, reverse=True)
    for one in questions:
        assert one.why
        assert 0 < one.likelihood <= 1
        noisy_or = 1 - math.prod(1 - why.weight for why in one.why)
        assert one.likelihood == pytest.approx(noisy_or, abs=1e-3)


@pytest.mark.parametrize("on", [ON, date(2024, 8, 1), date(2026, 1, 5)])
def test_facts_are_in_force_on_the_day_of_the_event(foresee: Foresee, library: Library, on: date) -> None:
    facts = {ref for one in foresee(on=on) for ref in one.facts}
    assert facts
    for ref in facts:
        fact = library.facts[ref]
        assert fact_status(fact, library.document_of(fact), on) is Status.IN_FORCE, ref


def test_the_loan_ceiling_follows_the_day(foresee: Foresee) -> None:
    def ceilings(on: date) -> set[str]:
        facts = {ref for one in foresee("助学贷款", on=on) for ref in one.facts}
        return {ref.partition("#")[2] for ref in facts if "quota" in ref}

    assert ceilings(date(2024, 8, 1)) == {"quota_2023"}
    assert ceilings(ON) == {"quota_2024"}


def test_what_rested_on_an_ended_plan_is_a_gap_with_its_office(foresee: Foresee) -> None:
    ended = [one for one in foresee("特殊教育") if one.document == "L02-teshu-jiaoyu" and not one.facts]
    assert ended
    assert all(one.office for one in ended)
    assert all(Risk.OPEN in one.risks for one in ended)
    assert any(Risk.STALE in one.risks for one in ended)


def test_every_topic_gets_its_share(foresee: Foresee) -> None:
    for most in (10, 40):
        questions = foresee(*TOPICS, most=most)
        shares = {topic: sum(one.topic == topic for one in questions) for topic in TOPICS}
        assert min(shares.values()) >= most // 5, shares


def test_one_fact_does_not_crowd_out_the_others(foresee: Foresee) -> None:
    first = foresee(*TOPICS)[:10]
    assert len({one.facts for one in first if one.facts}) >= 8


def test_the_calendar_speaks_in_its_month_only(foresee: Foresee) -> None:
    december = from_source(foresee("学生资助", on=date(2026, 12, 10)), WhySource.CALENDAR)
    october = from_source(foresee("学生资助", on=date(2026, 10, 10)), WhySource.CALENDAR)
    assert not any("困难学生认定" in why.text for one in december for why in one.why)
    assert any(why.text == "10月：秋季学期困难学生认定" for one in october for why in one.why)


def test_a_change_of_the_last_year_is_a_reason(foresee: Foresee) -> None:
    questions = from_source(foresee("助学贷款", on=date(2025, 3, 1)), WhySource.POLICY)
    texts = [why.text for one in questions for why in one.why if why.source is WhySource.POLICY]
    assert any("20000元" in text and "16000元" in text for text in texts)


def test_a_hot_matter_of_ours_rises_and_shows_its_numbers(foresee: Foresee) -> None:
    asked = "机构倒闭了，预付的课时费还能退回来吗"
    plain = {one.question: one.likelihood for one in foresee(*TOPICS)}
    heard = from_source(foresee(*TOPICS, hot=(hot(asked),)), WhySource.HOT)
    assert len(heard) >= 1
    best = heard[0]
    assert best.likelihood > plain.get(best.question, 0.0)
    text = next(why.text for why in best.why if why.source is WhySource.HOT)
    assert "近四周12件诉求" in text
    assert "3.0倍" in text


def test_another_bureaus_matter_is_left_out_however_hot(foresee: Foresee) -> None:
    loud = hot("小区电梯坏了物业不修怎么办", ours=False, heat=100.0, messages=900)
    bus = hot("公交车几点发车", heat=100.0, messages=900)
    assert foresee(*TOPICS, hot=(loud, bus)) == foresee(*TOPICS)


def test_a_complaint_in_its_own_words_is_no_question(foresee: Foresee) -> None:
    title = "反映郎溪县某小学操场扬尘很大"
    questions = foresee(*TOPICS, hot=(hot("", title=title),))
    assert not any(title in (one.question, *one.variants) for one in questions)


def test_citizens_wordings_become_masked_variants(foresee: Foresee) -> None:
    asked = "我叫王小明，电话13912345678，请问研究生助学贷款一年最多能贷多少钱？"
    questions = foresee("助学贷款", hot=(hot(asked),))
    variants = [text for one in questions for text in one.variants]
    assert any("研究生助学贷款一年最多能贷多少钱" in text for text in variants)
    assert not any("13912345678" in text or "王小明" in text for text in variants)


def test_a_gap_keeps_the_office_that_the_message_went_to(foresee: Foresee) -> None:
    question = "泾县的小学校车什么时候能开通到村里"
    gap = Gap(question, (), "c23", "anquan", 9, 8, 2, (), "")
    found = from_source(foresee("校车", gaps=(gap,)), WhySource.GAP)
    assert found
    assert all(not one.facts for one in found)
    assert any("市民问过9次" in why.text for one in found for why in one.why)


def test_the_log_and_earlier_events_are_reasons_with_their_numbers(foresee: Foresee) -> None:
    asked = BotQuestion("初中住校的困难学生，一年生活补助是多少？", 7)
    earlier = EarlierQuestion("孩子考去职高，学费免不免？", "2026年5月领导接听", 210)
    questions = foresee("学生资助", bot=(asked,), earlier=(earlier,))
    texts = [why.text for one in questions for why in one.why]
    assert "机器人被问过7次" in texts
    assert "往期活动“2026年5月领导接听”问过（210天前）" in texts


def test_few_questions_from_outside_the_topics(foresee: Foresee) -> None:
    outside = tuple(
        hot(question)
        for question in (
            "学校操场周末对外开放吗",
            "幼儿园能不能教拼音",
            "老师体罚学生怎么处理",
            "依申请公开多久答复",
            "小学生能带手机进学校吗",
        )
    )
    questions = foresee("助学贷款", hot=outside)
    assert sum(not one.topic for one in questions) <= weights().most_outside


def test_the_same_inputs_give_the_same_list(inputs: Callable[..., ForecastInputs]) -> None:
    heard = {"hot": (hot("外地户口的孩子怎么报名上小学"),), "bot": (BotQuestion("作业最多写多久", 3),)}
    assert forecast(inputs(*TOPICS, **heard)) == forecast(inputs(*TOPICS, **heard))


def test_money_and_two_versions_make_a_question_hard(foresee: Foresee) -> None:
    loans = [one for one in foresee("助学贷款") if "03-zhuxue-daikuan-2023#quota_2024" in one.facts]
    assert loans
    for one in loans:
        assert {Risk.MONEY, Risk.STALE} <= set(one.risks)
        assert one.difficulty is Difficulty.HARD


def test_questions_read_as_questions(foresee: Foresee) -> None:
    for one in foresee():
        assert not one.question.startswith(("反映", "投诉", "关于", "举报"))
        assert len(one.question) <= 60
