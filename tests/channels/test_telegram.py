"""The Telegram channel, driven through the real ``Application.process_update`` without a network."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.error import NetworkError, TimedOut

from bot.channels.telegram import RecentUpdates, TelegramSettings, build_application, wording
from bot.models import Answer, Outcome
from tests.channels.fake_assistant import FakeAssistant
from tests.channels.offline_request import Call, OfflineRequest
from tests.channels.telegram_updates import GROUP, mention, message, press

TOKEN = "4242:" + "A" * 35
ME = "@policy_test_bot"


class Chat:
    """A running application and what came of it."""

    def __init__(self, assistant: FakeAssistant, request: OfflineRequest, application: Any) -> None:
        self.assistant = assistant
        self.request = request
        self.application = application

    async def send(self, *updates: dict[str, Any]) -> list[str]:
        """Process updates one after another; the texts sent in reply."""
        before = len(self.request.texts)
        for update in updates:
            await self.application.process_update(Update.de_json(update, self.application.bot))
        return self.request.texts[before:]

    async def toast(self, update: dict[str, Any]) -> str | None:
        """Process a button press; what the press itself was answered with."""
        await self.send(update)
        return self.request.sent("answerCallbackQuery")[-1].parameters.get("text")

    @property
    def last(self) -> Call:
        return self.request.sent()[-1]

    @property
    def questions(self) -> list[str]:
        return [text for _, _, text in self.assistant.asked]


async def opened(
    assistant: FakeAssistant, seen: Any = None, request: OfflineRequest | None = None, **settings: Any
) -> Chat:
    request = request or OfflineRequest()
    application = build_application(
        assistant,
        TelegramSettings(TOKEN, requests_per_second=0, **settings),
        seen or RecentUpdates(),
        request=request,
    )
    await application.initialize()
    return Chat(assistant, request, application)


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    chat = await opened(FakeAssistant())
    yield chat
    await chat.application.shutdown()


def answering(**fields: Any) -> Callable[[str], Answer]:
    return lambda text: Answer(**{"outcome": Outcome.ANSWERED, "answer": f"答：{text}", **fields})


async def test_start_greets_and_drops_the_conversation(chat: Chat) -> None:
    assert await chat.send(message("/start")) == ["您好，我是政策通 &lt;测试&gt;。"]
    assert chat.assistant.forgotten == [("telegram", "1")]
    assert chat.last.labels == [wording.BROWSE]


async def test_help_is_escaped(chat: Chat) -> None:
    assert await chat.send(message("/help")) == ["直接输入问题即可 &amp; 可以追问。"]


async def test_a_question_is_answered_as_html_after_typing(chat: Chat) -> None:
    assert await chat.send(message("几岁能上小学<b>？")) == ["答：几岁能上小学&lt;b&gt;？"]
    assert chat.last.parameters["parse_mode"] == "HTML"
    assert [call.method for call in chat.request.calls] == ["getMe", "sendChatAction", "sendMessage"]
    assert chat.assistant.asked == [("telegram", "1", "几岁能上小学<b>？")]


async def test_changing_the_subject_is_not_a_question(chat: Chat) -> None:
    assert await chat.send(message("换个话题")) == [wording.SUBJECT_CHANGED]
    assert (chat.questions, chat.assistant.forgotten) == ([], [("telegram", "1")])


async def test_an_unknown_command_gets_a_hint(chat: Chat) -> None:
    assert await chat.send(message("/nothing")) == [wording.UNKNOWN_COMMAND]


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], "caption": "真的吗"},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
        {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"location": {"latitude": 30.9, "longitude": 118.7}},
    ],
)  # fmt: skip
async def test_what_is_not_text_gets_a_hint(chat: Chat, content: dict[str, Any]) -> None:
    assert await chat.send(message(**content)) == [wording.TEXT_ONLY]
    assert chat.questions == []


async def test_edits_channel_posts_and_service_messages_are_left_alone(chat: Chat) -> None:
    edited = message("改过的问题")
    edited["edited_message"] = edited.pop("message") | {"edit_date": 1_760_000_001}
    pinned = message(new_chat_title="新群名")
    from_a_bot = message("我也是机器人", **{"from": {"id": 9, "is_bot": True, "first_name": "b"}})
    assert await chat.send(edited, pinned, from_a_bot) == []


async def test_a_suggestion_is_asked_by_its_label_after_a_restart() -> None:
    first = await opened(FakeAssistant(answering(suggestions=("初中寄宿生多少钱？", "小学呢？"))))
    await first.send(message("补助多少"))
    assert first.last.labels == ["初中寄宿生多少钱？", "小学呢？", wording.HELPFUL, wording.NOT_HELPFUL]
    restarted = await opened(FakeAssistant())
    texts = await restarted.send(press(first.last.button("小学呢？"), first.last))
    assert texts == ["<i>问：小学呢？</i>\n\n答：小学呢？"]
    assert restarted.questions == ["小学呢？"]


async def test_choices_of_a_clarifying_question_are_not_rated() -> None:
    chat = await opened(FakeAssistant(answering(outcome=Outcome.CLARIFY, suggestions=("小学", "初中"))))
    await chat.send(message("补助多少"))
    assert [[b["text"] for b in row] for row in chat.last.keyboard] == [["小学", "初中"]]


async def test_a_rating_is_kept_and_replaces_its_row() -> None:
    chat = await opened(FakeAssistant(answering(suggestions=("还有呢？",))))
    await chat.send(message("补助多少"))
    assert await chat.toast(press("r:1:0", chat.last)) == wording.THANKS
    assert chat.assistant.ratings == {("1", 1): False}
    edited = chat.request.sent("editMessageReplyMarkup")[-1]
    assert edited.labels == ["还有呢？", wording.RATED_NOT_HELPFUL]
    assert await chat.toast(press("n", edited)) is None


async def test_a_second_press_of_a_rating_is_no_error(chat: Chat) -> None:
    await chat.send(message("补助多少"))
    same = {"ok": False, "error_code": 400, "description": "Bad Request: message is not modified"}
    chat.request.enqueue("editMessageReplyMarkup", (400, same))
    assert await chat.toast(press("r:1:1", chat.last)) == wording.THANKS
    assert len(chat.request.texts) == 1


@pytest.mark.parametrize(
    "data",
    ["", "x", "s", "s:1:7", "s:1:x", "q:0", "r:", "r:1", "r:99:1", "r:1:2", "r:９:1", "r:" + "9" * 40 + ":1",
     "t:99", "t:-1", "t:x", "c:", "c:nothing", "d:99", "d:x", "'; DROP TABLE", "\ud83d\ude00"],
)  # fmt: skip
async def test_forged_buttons_get_a_plain_answer(chat: Chat, data: str) -> None:
    await chat.send(message("补助多少"))
    assert await chat.toast(press(data, chat.last)) == wording.STALE_BUTTON
    assert len(chat.request.texts) == 1


async def test_a_button_below_a_message_too_old_to_be_had_says_so(chat: Chat) -> None:
    assert await chat.toast(press("s:1:0")) == wording.STALE_BUTTON


async def test_another_users_exchange_cannot_be_rated(chat: Chat) -> None:
    await chat.send(message("补助多少", user=1))
    assert await chat.toast(press("r:1:1", chat.last, user=2)) == wording.STALE_BUTTON
    assert chat.assistant.ratings == {}


async def test_topics_are_browsed_down_to_a_question_and_back(chat: Chat) -> None:
    await chat.send(message("/topics"))
    groups = chat.last
    assert groups.labels == ["招生", "资助"]
    await chat.send(press(groups.button("招生"), groups))
    topics = chat.request.sent("editMessageText")[-1]
    assert topics.labels == ["小学招生", wording.BACK]
    await chat.send(press(topics.button("小学招生"), topics))
    questions = chat.request.sent("editMessageText")[-1]
    assert questions.labels == ["几岁能上小学？", "报名要带什么？", wording.BACK]
    await chat.send(press(questions.button("报名要带什么？"), questions))
    assert chat.questions == ["报名要带什么？"]
    await chat.send(press(questions.button(wording.BACK), questions))
    assert chat.request.sent("editMessageText")[-1].labels == topics.labels


async def test_a_topic_with_a_long_id_has_a_short_button(chat: Chat) -> None:
    await chat.send(message("/topics"))
    await chat.send(press("t:1", chat.last))
    topics = chat.request.sent("editMessageText")[-1]
    assert len(topics.button("学生资助").encode()) <= 64
    await chat.send(press(topics.button("学生资助"), topics))
    assert "助学金多少？" in chat.request.sent("editMessageText")[-1].labels


async def test_sources_are_paged(chat: Chat) -> None:
    (text,) = await chat.send(message("/sources"))
    assert "共 23 份（第 1/3 页）" in text
    assert "1. 《文件&lt;1&gt;》 宣城市教育体育局 · 现行有效" in text
    await chat.send(press(chat.last.button(wording.NEXT), chat.last))
    second = chat.request.sent("editMessageText")[-1]
    assert "11. 《文件&lt;11&gt;》" in second.text
    assert second.labels == [wording.PREVIOUS, wording.NEXT]


async def test_a_long_answer_comes_in_parts_with_the_buttons_below_the_last() -> None:
    chat = await opened(FakeAssistant(answering(answer="长" * 5000)))
    texts = await chat.send(message("全文"))
    assert [len(text) for text in texts] == [4096, 904]
    assert [bool(call.keyboard) for call in chat.request.sent()] == [False, True]


async def test_too_many_messages_get_one_notice_then_silence() -> None:
    chat = await opened(FakeAssistant(), messages_per_minute=3)
    texts = await chat.send(*(message(f"问{n}") for n in range(8)))
    assert texts == ["答：问0", "答：问1", "答：问2", wording.TOO_FAST]
    assert await chat.send(message("另一人的问题", user=2)) == ["答：另一人的问题"]


async def test_an_update_delivered_twice_is_answered_once(chat: Chat) -> None:
    twice = message("补助多少")
    assert await chat.send(twice, twice) == ["答：补助多少"]


async def test_a_broken_memory_of_updates_does_not_silence_the_bot() -> None:
    class Broken:
        def first_time(self, update_id: int) -> bool:
            raise OSError("disk full")

    chat = await opened(FakeAssistant(), Broken())
    assert await chat.send(message("补助多少")) == ["答：补助多少"]


@pytest.mark.parametrize(
    ("text", "extra", "question"),
    [
        ("随便聊聊", {}, None),
        ("补助多少", {"reply_to_message": None}, "补助多少"),
        (f"😀{ME} 补助多少", {"mention": ME}, "😀  补助多少"),
        ("@someone 补助多少", {"mention": "@someone"}, None),
        ("/help@other_bot", {}, None),
        ("/weather", {}, None),
    ],
)
async def test_in_groups_only_what_is_said_to_us(
    chat: Chat, text: str, extra: dict[str, Any], question: str | None
) -> None:
    more: dict[str, Any] = {"chat": GROUP}
    if "mention" in extra:
        more["entities"] = [mention(text, extra["mention"])]
    if "reply_to_message" in extra:
        ours = {"id": 4242, "is_bot": True, "first_name": "政策通"}
        more["reply_to_message"] = {"message_id": 5, "date": 0, "chat": GROUP, "from": ours, "text": "答"}
    await chat.send(message(text, **more))
    assert chat.assistant.asked == ([("telegram", "-100:1", question)] if question else [])
    assert len(chat.request.texts) == (1 if question else 0)


async def test_commands_work_in_groups(chat: Chat) -> None:
    assert len(await chat.send(message("/help", chat=GROUP), message(f"/help{ME}", chat=GROUP))) == 2
    assert await chat.send(message(f"/nothing{ME}", chat=GROUP)) == [wording.UNKNOWN_COMMAND]


async def test_a_failure_is_told_and_logged_by_reference_only(caplog: pytest.LogCaptureFixture) -> None:
    def fail(text: str) -> Answer:
        raise KeyError(text)

    chat = await opened(FakeAssistant(fail))
    with caplog.at_level(logging.DEBUG):
        (text,) = await chat.send(message("我家孩子张小明的事"))
    reference = text.removeprefix("系统出了点问题，编号 ")[:8]
    assert text == wording.FAILURE.format(reference=reference)
    assert f"reference {reference}: KeyError at" in caplog.text
    assert "张小明" not in caplog.text


async def test_a_user_who_blocked_us_is_no_failure(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    blocked = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    chat.request.enqueue("sendMessage", (403, blocked))
    await chat.send(message("补助多少"))
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert len(chat.request.sent()) == 1


async def test_a_message_that_was_never_sent_is_sent_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.transport._SEND_AGAIN_AFTER", (0.0, 0.0))
    chat.request.enqueue("sendMessage", *(_network_error(httpx.ConnectError("no route")) for _ in range(2)))
    await chat.send(message("补助多少"))
    assert chat.request.texts == ["答：补助多少"] * 3


async def test_a_message_that_may_have_arrived_is_not_repeated(chat: Chat) -> None:
    chat.request.enqueue("sendMessage", _network_error(httpx.ReadTimeout("slow"), TimedOut))
    texts = await chat.send(message("补助多少"))
    assert texts.count("答：补助多少") == 1


# python-telegram-bot warns about its own attribute while it makes the error.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_flood_limit_of_telegram_is_waited_for(chat: Chat) -> None:
    slow_down = {"ok": False, "error_code": 429, "description": "Too Many Requests",
                 "parameters": {"retry_after": 1}}  # fmt: skip
    chat.request.enqueue("sendMessage", (429, slow_down))
    assert await chat.send(message("补助多少")) == ["答：补助多少"] * 2


async def test_typing_that_fails_does_not_cost_the_answer(chat: Chat) -> None:
    chat.request.enqueue("sendChatAction", NetworkError("down"))
    assert await chat.send(message("补助多少")) == ["答：补助多少"]


async def test_the_processor_keeps_each_users_order_and_lets_the_others_pass() -> None:
    """A slow first answer holds up its own user only, and never more than four run at once."""

    def reply(text: str) -> Answer:
        time.sleep(0.2 if text == "急0" else 0.01)
        return Answer(Outcome.ANSWERED, f"答：{text}")

    assistant = FakeAssistant(reply)
    chat = await opened(assistant, concurrent_updates=4)
    updates = [message(f"急{n}", user=1) for n in range(5)] + [message("我的", user=n) for n in range(2, 12)]
    processor = chat.application.update_processor
    ready = [Update.de_json(update, chat.application.bot) for update in updates]
    async with asyncio.timeout(10):
        await asyncio.gather(
            *(processor.process_update(each, chat.application.process_update(each)) for each in ready)
        )
    receivers = [call.parameters["chat_id"] for call in chat.request.sent()]
    assert [call.text for call in chat.request.sent() if call.parameters["chat_id"] == 1] == [
        f"答：急{n}" for n in range(5)
    ]
    assert sorted(receivers) == [1] * 5 + list(range(2, 12))
    assert receivers.index(1) >= 10
    assert 1 < assistant.most_running <= 4
    assert len(processor._locks) == 0


def test_the_token_is_not_in_the_settings_repr() -> None:
    assert TOKEN not in repr(TelegramSettings(TOKEN))


def test_addresses_of_another_server() -> None:
    settings = TelegramSettings(TOKEN, base_url="http://127.0.0.1:9001/")
    assert (settings.bot_url, settings.file_url) == (
        "http://127.0.0.1:9001/bot",
        "http://127.0.0.1:9001/file/bot",
    )


def test_recent_updates_forget_the_oldest() -> None:
    seen = RecentUpdates(capacity=2)
    assert [seen.first_time(n) for n in (1, 2, 2, 3, 1)] == [True, True, False, True, True]


def _network_error(cause: Exception, kind: type[NetworkError] = NetworkError) -> NetworkError:
    error = kind("network") if kind is NetworkError else kind()
    error.__cause__ = cause
    return error
