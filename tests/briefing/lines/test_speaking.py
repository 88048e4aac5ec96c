"""Written sentences as one says them."""

from __future__ import annotations

import pytest

from bot.briefing.lines.speaking import characters, in_breaths, speak_seconds, spoken, units, without_lead
from knowledge.figures import figures
from knowledge.library import Library


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("本专科生20000元，研究生25000元", "本专科生2万元，研究生2.5万元"),
        ("每生每年1250元", "每人每年1250元"),
        ("线上直播不晚于21:00，早上不早于8:20", "线上直播不晚于21点，早上不早于8点20分"),
        ("10—35人班型30元/人次", "10到35人班型每人次30元"),
        ("发文日期2016-07-05", "发文日期2016年7月5日"),
        ("向县（市、区）教育体育局反映", "向县市区教体局反映"),
        ("《某规则（试行）》自3月1日起施行", "《某规则》自3月1日起施行"),
        ("在教室内站立（一节课以内）、课后教导", "在教室内站立一节课以内、课后教导"),
        ("非寄宿生按50%（国家基础标准）。", "非寄宿生按50%，这是国家基础标准。"),
        ("举办学科类（含外语）培训班", "举办学科类、含外语的培训班"),
        ("都被惩戒规则第十二条禁止", "都被惩戒规则禁止"),
        ("按学前教育法，第三十四条不准转为民办", "按学前教育法，不准转为民办"),
    ],
)
def test_what_is_written_becomes_what_is_said(written: str, said: str) -> None:
    assert spoken(written) == said


def test_a_clause_number_that_limits_what_is_meant_stays() -> None:
    assert "第十条作出的" in spoken("对依惩戒规则第十条作出的惩戒不服的，可以申诉")


def test_words_of_obligation_and_negation_stay(library: Library) -> None:
    weighty = ("不得", "应当", "可以", "严禁", "鼓励", "原则上", "一般", "平均不超过")
    for fact in library.citable_facts.values():
        for word in weighty:
            assert spoken(fact.brief).count(word) == fact.brief.count(word), fact.ref


def test_no_new_figure_comes_in_by_speaking(library: Library) -> None:
    for fact in library.citable_facts.values():
        assert figures(spoken(fact.statement)) <= figures(fact.statement), fact.ref


def test_a_condition_is_not_parted_from_what_follows_it() -> None:
    text = "原则上不得带入；但确有需要的除外。各校另有细则。"
    assert units(text) == ("原则上不得带入；但确有需要的除外。", "各校另有细则。")
    assert units("先责令改正；逾期不改的，给予警告。")[0].endswith("给予警告。")


def test_a_list_stays_in_one_piece() -> None:
    assert len(units("三条同时具备：有场所；有人员；有分工。")) == 1


def test_semicolons_and_long_sentences_become_breaths() -> None:
    assert in_breaths("甲办理；乙答复") == "甲办理。乙答复。"
    long = "已经按规定免收保育教育费的公办幼儿园大班可以继续收取伙食费，但收取的标准要在园门口公示清楚"
    assert in_breaths(long).count("。") == 2


def test_the_name_of_the_text_is_taken_from_the_front() -> None:
    assert without_lead("按《某某条例》第三十条，应当告知。") == ("应当告知。", "某某条例")
    assert without_lead("双减意见规定，机构不得占用假期。") == ("机构不得占用假期。", "双减意见")
    assert without_lead("学校不得歧视学生。") == ("学校不得歧视学生。", "")


def test_four_characters_take_a_second() -> None:
    assert characters("可 以。\n") == 3
    assert speak_seconds("一二三四") == 1
    assert speak_seconds("一二三四五") == 2
