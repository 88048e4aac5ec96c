"""Whether an answer was given at the event or only promised."""

from __future__ import annotations

import pytest

from bot.followup.deferring import Given, given

ANSWERED = Given(True, False)
PUT_OFF = Given(False, True)
BOTH = Given(True, True)
NOTHING = Given(False, False)


@pytest.mark.parametrize(
    "answer", ["可以。", "不收。", "本科生每年最高两万元。", "谢谢您的提问。作业由学校公示。"]
)
def test_what_says_something_is_an_answer(answer: str) -> None:
    assert given(answer) == ANSWERED


@pytest.mark.parametrize("answer", ["", " ", "无", "（未答复）", "暂无", "好的，谢谢。"])
def test_nothing_is_no_answer(answer: str) -> None:
    assert given(answer) == NOTHING


@pytest.mark.parametrize(
    "answer",
    [
        "会后答复",
        "稍后回复您。",
        "转相关科室",
        "您好，您的问题我们记下了，转基础教育科办理。",
        "这个问题我们需要核实一下，会后给您答复。",
        "请您留下联系方式，工作人员会尽快与您联系。",
        "我们将在五个工作日内书面回复您，谢谢关注。",
    ],
)
def test_a_promise_is_no_answer(answer: str) -> None:
    assert given(answer) == PUT_OFF


def test_an_answer_with_a_promise_is_both() -> None:
    assert given("本科每年最高2万元，您孩子的具体情况核实后再答复您。") == BOTH


@pytest.mark.parametrize(
    "answer",
    [
        "请先和学校联系，学校会尽快答复您。",
        "报名时间由县教体局另行通知。",
        "具体以学校通知为准，请及时关注。",
    ],
)
def test_what_others_will_do_is_no_promise_of_ours(answer: str) -> None:
    assert given(answer) == ANSWERED
