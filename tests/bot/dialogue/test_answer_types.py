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
        ("新增的是哪七所", AnswerType.NAMES),
        ("名单给我看看", AnswerType.NAMES),
        ("为啥偏偏定这个数", AnswerType.REASON),
        ("在全省排第几", AnswerType.RANK),
        ("这笔钱谁承担", AnswerType.PAYER),
        ("中央跟省里怎么分担", AnswerType.PAYER),
        ("跟隔壁县比怎么样", AnswerType.COMPARISON),
        ("验收通过了没有", AnswerType.STATE),
        ("决定挂到哪个网站", AnswerType.WEBSITE),
        ("一学期查几回", AnswerType.INTERVAL),
        ("到哪个窗口交", AnswerType.PLACE),
        ("普高职高各占多少", AnswerType.SPLIT),
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
        ("包括公安局、民政局、卫健委", AnswerType.NAMES),
        ("为了减轻负担", AnswerType.REASON),
        ("由各级财政分担", AnswerType.PAYER),
        ("比2015年提高7.8个百分点", AnswerType.COMPARISON),
        ("已全部建成", AnswerType.STATE),
        ("每学期一次", AnswerType.INTERVAL),
        ("向户籍地街道提出申请", AnswerType.PLACE),
        ("分别为45元和30元", AnswerType.SPLIT),
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
    assert AnswerType.PERSON in HARD


def test_the_share_that_is_lacking() -> None:
    asked = frozenset({AnswerType.MONEY, AnswerType.DATE})
    assert lacking(frozenset(), frozenset()) == 0.0
    assert lacking(asked, frozenset()) == 1.0
    assert lacking(asked, frozenset({AnswerType.DATE})) == 0.5
    assert lacking(asked, frozenset({AnswerType.DATE, AnswerType.MONEY, AnswerType.COUNT})) == 0.0
