"""What a message asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signals.questions import question_of


@pytest.mark.parametrize(
    ("title", "text", "question"),
    [
        ("泾县幼儿园大班什么时候免保教费？", "想了解一下。", "泾县幼儿园大班什么时候免保教费？"),
        (
            "课后服务收费",
            "尊敬的局长：您好！我家孩子上三年级。请问课后服务收费可以不交吗？谢谢。",
            "课后服务收费可以不交吗？",
        ),
        (
            "",
            "来电人咨询：宁国市随迁子女报名要带哪些材料？希望尽快回复。",
            "宁国市随迁子女报名要带哪些材料？",
        ),
        (
            "关于云岭小学校服的反映",
            "学校收了六百元。能不能不买呢？",
            "云岭小学校服的反映：能不能不买呢？",
        ),
        ("校服", "1、校服是学校统一买的。2、请问校服可以自己买吗？", "校服可以自己买吗？"),
        (
            "办证咨询",
            "家里情况比较复杂，说来话长，孩子的户口在外地，我们一直在这里打工，请问教师资格证在哪里认定？",
            "教师资格证在哪里认定？",
        ),
    ],
)
def test_the_question_is_found(title: str, text: str, question: str) -> None:
    found = question_of(title, text)
    assert found is not None
    assert found.endswith(question)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("投诉学校门口堵车", "每天早上都堵得水泄不通，严重影响出行。"),
        ("老师打人", "凭什么打我孩子？天理何在？"),
        ("", ""),
        ("反映", "已经询问一下其他家长，情况属实，要求处理。"),
    ],
)
def test_a_complaint_asks_nothing(title: str, text: str) -> None:
    assert question_of(title, text) is None


@given(st.text(max_size=40), st.text(max_size=200))
def test_any_text_is_read(title: str, text: str) -> None:
    found = question_of(title, text)
    assert found is None or found.strip()
