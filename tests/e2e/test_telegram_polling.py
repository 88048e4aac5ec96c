"""The product polls a real HTTP server, the Bot API emulator, and answers citizens there from its library."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.telegram import wording
from tests.e2e.bot_api import NEEDED, TOKEN, BotApi, labels
from tests.e2e.product import LOAN, LOAN_LIMIT, NewDataDir, Product, serving, until

pytestmark = [*NEEDED]

QUESTIONS = (
    (LOAN, LOAN_LIMIT),
    ("小学生作业最多写多久？", "60分钟"),
    ("依申请公开多久答复？", "20个工作日"),
)
STOP_SECONDS = 10
"""Longest time from SIGTERM to the end, with the answers under way."""
MISSED = "Telegram updates cannot be fetched"
PERSONAL = ("张小明明", "13812345678")
NOT_TEXT: tuple[dict[str, Any], ...] = (
    {
        "sticker": {
            "file_id": "s",
            "file_unique_id": "s",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
    },
    {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}], "caption": "看图"},
    {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
)


@pytest.fixture(scope="module")
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture(scope="module")
def product(api: BotApi, new_data_dir: NewDataDir) -> Iterator[Product]:
    """One product for all tests with a server that stays up."""
    with serving(new_data_dir(), token=TOKEN, base_url=api.url) as product:
        yield product


@pytest.mark.usefixtures("product")
def test_a_conversation_remembers_what_was_asked(api: BotApi) -> None:
    api.write(1, "/start")
    assert "政策通" in api.wait_for(1, 1)[0]
    first = api.asked(1, LOAN)
    assert LOAN_LIMIT in first["message"]["text"]
    assert "25000元" in api.asked(1, "那研究生呢？")["message"]["text"]
    related = labels(first)[0]
    api.press(1, first, related)
    text = api.wait_for(1, 4)[3]
    assert text.startswith(f"<i>问：{related}</i>")
    assert "资助" in text
    assert len(api.calls("setMyCommands")) == 1
    assert api.calls("sendChatAction")


@pytest.mark.usefixtures("api")
def test_a_thumb_is_kept_and_nobody_else_can_give_it(api: BotApi, product: Product) -> None:
    answer = api.asked(2, LOAN)
    thumb = answer["message"]["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    api.forge(3, answer, thumb)
    until(lambda: wording.STALE_BUTTON in api.toasts(), "the stranger to be refused")
    assert _thumbs(product) == []
    api.press(2, answer, wording.HELPFUL)
    until(lambda: wording.RATED_HELPFUL in labels(api.replies(2)[0]), "the rating row replaced")
    assert wording.THANKS in api.toasts()
    assert _thumbs(product) == [1]


@pytest.mark.usefixtures("product")
def test_topics_lead_by_buttons_to_an_answer(api: BotApi) -> None:
    api.write(4, "/topics")
    api.wait_for(4, 1)
    for step in ("学生资助", None):  # a group, then its first column, in the same message
        label = step or labels(api.replies(4)[0])[0]
        api.press(4, api.replies(4)[0], label)
        until(lambda label=label: label in api.texts(4)[0], f"the page {label}")
    question = labels(api.replies(4)[0])[0]
    api.press(4, api.replies(4)[0], question)
    assert api.wait_for(4, 2)[1].startswith(f"<i>问：{question}</i>")


@pytest.mark.usefixtures("product")
def test_sources_are_listed_page_by_page(api: BotApi) -> None:
    api.write(5, "/sources")
    assert "财教〔2024〕188号" not in api.wait_for(5, 1)[0]
    assert "1. 《" in api.texts(5)[0]
    api.press(5, api.replies(5)[0], wording.NEXT)
    until(lambda: "11. 《" in api.texts(5)[0], "the second page")


@pytest.mark.usefixtures("product")
def test_help_unknown_commands_and_what_is_not_text_get_a_plain_reply(api: BotApi) -> None:
    api.write(6, "/help")
    assert "12345" in api.wait_for(6, 1)[0]
    api.write(6, "/nothing")
    assert api.wait_for(6, 2)[1] == wording.UNKNOWN_COMMAND
    for number, content in enumerate(NOT_TEXT, start=3):
        api.send(6, content)
        assert api.wait_for(6, number)[-1] == wording.TEXT_ONLY


@pytest.mark.usefixtures("product")
def test_forged_buttons_are_refused_and_do_nothing(api: BotApi) -> None:
    answer = api.asked(7, LOAN)
    forged = (
        "s:1:99",
        "r:999999999999999999:1",
        "r:1:2",
        "t:99",
        "c:../../etc/passwd",
        "d:-1",
        "?",
        "贷" * 21,
    )
    before = api.toasts().count(wording.STALE_BUTTON)
    for callback_data in forged:
        api.forge(7, answer, callback_data)
    until(lambda: api.toasts().count(wording.STALE_BUTTON) == before + len(forged), "a reply to each")
    assert len(api.replies(7)) == 1
    assert api.replies(7)[0]["message"] == answer["message"]


@pytest.mark.usefixtures("product")
def test_thirty_users_at_once_lose_nothing_and_keep_their_order(api: BotApi) -> None:
    users = range(100, 130)
    for question, _ in QUESTIONS:
        for user in users:
            api.write(user, question)
    until(lambda: _all_have(api, users, len(QUESTIONS)), "three replies to each")
    for user in users:
        replies = api.texts(user)
        assert [expected in text for text, (_, expected) in zip(replies, QUESTIONS, strict=True)] == [
            True
        ] * 3


def test_a_failing_disk_is_told_with_a_reference_and_passes(api: BotApi, product: Product) -> None:
    with sqlite3.connect(product.data_dir / "zhengcetong.db") as database:
        database.execute("ALTER TABLE exchanges RENAME TO gone")
        text = api.asked(8, LOAN)["message"]["text"]
        database.execute("ALTER TABLE gone RENAME TO exchanges")
    database.close()
    reference = text.partition("编号 ")[2][:8]
    assert text == wording.FAILURE.format(reference=reference)
    assert f"reference {reference}: " in product.log
    assert LOAN_LIMIT in api.asked(8, LOAN)["message"]["text"]


def test_what_is_printed_and_logged_holds_no_token_and_no_words_of_citizens(
    api: BotApi, product: Product
) -> None:
    question = f"我叫{PERSONAL[0]}，电话{PERSONAL[1]}，{LOAN}"
    assert LOAN_LIMIT in api.asked(9, question)["message"]["text"]
    assert product.stop() == 0
    printed = product.printed + product.log
    assert "Telegram is on" in printed
    secrets = (TOKEN, TOKEN.split(":")[1], *PERSONAL, *(question for question, _ in QUESTIONS), "研究生呢")
    assert [secret for secret in secrets if secret in printed] == []
    kept = b"".join(path.read_bytes() for path in product.data_dir.glob("zhengcetong.db*"))
    assert PERSONAL[1].encode() not in kept


def test_every_message_is_answered_once_across_a_stop_and_a_kill(new_data_dir: NewDataDir) -> None:
    """Stopped with answers under way; then killed, and everything delivered to it again."""
    users = range(200, 220)
    data_dir = new_data_dir()
    with BotApi() as api:
        with serving(data_dir, token=TOKEN, base_url=api.url) as product:
            for user in users:
                api.write(user, LOAN)
            until(api.all_replies, "a first reply")
            started = time.monotonic()
            assert product.stop() == 0
            assert time.monotonic() - started < STOP_SECONDS
        with serving(data_dir, token=TOKEN, base_url=api.url):  # killed at the end of the block
            until(lambda: _all_have(api, users, 1), "the rest to be answered")
        for user in users:
            api.write(user, "小学生作业最多写多久？")  # while it is down
        assert api.deliver_again() >= len(users)
        with serving(data_dir, token=TOKEN, base_url=api.url):
            until(lambda: _all_have(api, users, 2), "the new messages to be answered")
            for user in users:
                first, second = api.texts(user)
                assert (LOAN_LIMIT in first, "60分钟" in second) == (True, True)


def test_the_product_waits_for_a_server_that_is_down_and_outlives_its_restart(
    new_data_dir: NewDataDir,
) -> None:
    port = _free_port()
    with serving(new_data_dir(), token=TOKEN, base_url=f"http://127.0.0.1:{port}") as product:
        until(lambda: "Telegram does not answer" in product.log, "a first failed try")
        assert LOAN_LIMIT in product.ask(LOAN)
        for first_update_id in (1, 1000):
            with BotApi(port, first_update_id) as api:
                assert LOAN_LIMIT in api.asked(1, LOAN)["message"]["text"]
        missed = product.log.count(MISSED)
        until(lambda: product.log.count(MISSED) > missed, "the server to be missed")
        started = time.monotonic()
        assert product.stop() == 0
        assert time.monotonic() - started < STOP_SECONDS
        assert TOKEN.split(":")[1] not in product.printed + product.log


def test_stopping_before_the_server_was_ever_there_is_quick_and_clean(new_data_dir: NewDataDir) -> None:
    with serving(new_data_dir(), token=TOKEN, base_url=f"http://127.0.0.1:{_free_port()}") as product:
        until(lambda: "Telegram does not answer" in product.log, "a first failed try")
        started = time.monotonic()
        assert product.stop() == 0
        assert time.monotonic() - started < STOP_SECONDS


def _all_have(api: BotApi, users: range, count: int) -> bool:
    replies = api.all_replies()
    return all(len(replies.get(user, ())) >= count for user in users)


def _thumbs(product: Product) -> list[int]:
    database = sqlite3.connect(product.data_dir / "zhengcetong.db")
    try:
        rows = database.execute("SELECT helpful FROM exchanges WHERE helpful IS NOT NULL").fetchall()
    finally:
        database.close()
    return [helpful for (helpful,) in rows]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
