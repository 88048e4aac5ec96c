"""A language model may word questions; one that changes what is asked is not used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.phrasing.endpoint import ChatEndpoint
from bot.rehearsal.personas import cast
from bot.rehearsal.rewording import Rewording
from tests.bot.chat_server import ChatServer, completion
from tests.conftest import Hotline

QUESTION = "初中生每天书面作业不超过多少分钟？"
BY_RULE = f"领导您好。{QUESTION}"
SOUND = "领导您好，我心里没底，请您说说，初中生每天书面作业不超过多少分钟？"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    opened = ChatServer()
    yield opened
    opened.stop()


@pytest.fixture
def reword(server: ChatServer, hotline: Hotline) -> Iterator[Rewording]:
    endpoint = ChatEndpoint(server.url, "model", timeout_seconds=5)
    yield Rewording(endpoint, hotline.ask)
    endpoint.close()


def worded(reword: Rewording, server: ChatServer, reply: str) -> str:
    server.body = completion(reply)
    return reword(cast().personas["parent"], QUESTION, BY_RULE)


def test_a_wording_that_asks_the_same_is_used(reword: Rewording, server: ChatServer) -> None:
    assert worded(reword, server, f"  {SOUND}\n") == SOUND
    (request,) = server.requests
    assert request.data == {"persona": "焦急的家长", "question": QUESTION, "example": BY_RULE}


@pytest.mark.parametrize(
    "reply",
    [
        "",
        SOUND.replace("领导", "领导，我家孩子写了180分钟"),
        SOUND.replace("领导您好", "我是宁国市的家长"),
        SOUND.replace("请您说说", "按《作业管理通知》"),
        SOUND.replace("领导您好", "我叫王小明，电话13812345678"),
        SOUND + "好" * 200,
        "领导您好，初中晚上几点睡觉合适？",
        "今天天气怎么样？",
    ],
)
def test_a_wording_that_adds_or_changes_something_is_not_used(
    reword: Rewording, server: ChatServer, reply: str
) -> None:
    assert worded(reword, server, reply) == BY_RULE


def test_without_the_endpoint_the_persona_speaks(reword: Rewording, server: ChatServer) -> None:
    server.status = 500
    assert worded(reword, server, SOUND) == BY_RULE
