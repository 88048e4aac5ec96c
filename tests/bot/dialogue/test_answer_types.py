"""What sort of thing is asked for, and whether a text holds one."""

from __future__ import annotations

import pytest

from bot.dialogue.answer_types import HARD, AnswerType, asked_types, held_types, lacking


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("要交多少钱", AnswerType.MONEY),
        ("罚几万", AnswerType.MONEY),
        ("这笔钱谁出钱", AnswerType.MONEY),
        ("答复要多久", AnswerType.DURATION),
        ("几个工作日", AnswerType.DURATION),
        ("几点放学", AnswerType.CLOCK),
        ("几号报名", AnswerType.DATE),
        ("什么时候施行", AnswerType.DATE),
        ("比例是多少", AnswerType.SHARE),
        ("罚几倍", AnswerType.SHARE),
        ("有多少所学校", AnswerType.COUNT),
        ("主任是谁", AnswerType.PERSON),
        ("联系电话", AnswerType.PHONE),
        ("申请表在哪下载", AnswerType.TEMPLATE),
    ],
)
def test_the_sort_that_is_asked_for(asked: str, kind: AnswerType) -> None:
    assert kind in asked_types(asked)


def test_a_bare_how_much_counts_only_alone() -> None:
    assert asked_types("面积多少") == {AnswerType.NUMBER}
    assert asked_types("多少钱") == {AnswerType.MONEY}


@pytest.mark.parametrize(
    "asked", ["可以补课吗", "为什么不让带手机", "几年级可以住校", "提前几天通知家长好吗"]
)
def test_a_question_for_no_amount_asks_for_no_money(asked: str) -> None:
    assert AnswerType.MONEY not in asked_types(asked)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("每人每年20000元", AnswerType.MONEY),
        ("公办园免收保教费", AnswerType.MONEY),
        ("20个工作日内", AnswerType.DURATION),
        ("不超过60分钟", AnswerType.DURATION),
        ("不早于8:20", AnswerType.CLOCK),
        ("晚上9点前", AnswerType.CLOCK),
        ("2021年9月1日起", AnswerType.DATE),
        ("达到97%以上", AnswerType.SHARE),
        ("1倍以上5倍以下", AnswerType.SHARE),
        ("共18所学校", AnswerType.COUNT),
        ("0563-3033013", AnswerType.PHONE),
        ("填写申请表", AnswerType.TEMPLATE),
    ],
)
def test_the_sort_that_a_text_holds(text: str, kind: AnswerType) -> None:
    assert kind in held_types(text)


@pytest.mark.parametrize("text", ["2024年9月1日起", "一二年级不布置作业", "6周岁入学", "第二十九条"])
def test_years_classes_and_ages_are_no_duration(text: str) -> None:
    assert AnswerType.DURATION not in held_types(text)


def test_no_text_holds_the_name_of_a_person() -> None:
    """The library names offices, never persons; so who it is, is never answered."""
    assert AnswerType.PERSON not in held_types("资助中心主任张三，电话0563-3033013")
    assert {AnswerType.PERSON, AnswerType.PHONE, AnswerType.TEMPLATE} == HARD


def test_the_share_that_is_lacking() -> None:
    asked = frozenset({AnswerType.MONEY, AnswerType.DATE})
    assert lacking(frozenset(), frozenset()) == 0.0
    assert lacking(asked, frozenset()) == 1.0
    assert lacking(asked, frozenset({AnswerType.DATE})) == 0.5
    assert lacking(asked, frozenset({AnswerType.DATE, AnswerType.MONEY, AnswerType.COUNT})) == 0.0
