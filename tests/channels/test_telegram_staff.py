"""Staff functions in Telegram: the staff get them in private, and for everybody else they are not there."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram import RecentUpdates, TelegramSettings, build_application, serve, wording
from bot.models import Answer, Outcome, StaffDesk, StaffReply
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from tests.bot.staff_office import EDITOR, EVENT_ID, VIEWER, keep_briefing, office
from tests.channels.fake_assistant import FakeAssistant
from tests.channels.offline_request import Call, OfflineRequest
from tests.channels.telegram_updates import GROUP, message, press

TOKEN = "4242:" + "A" * 35
ME = "@policy_test_bot"
CITIZEN = 77
COMMANDS = ("event", "brief", "hot", "gaps", "lookup", "rehearse", "followup", "end")
LINES = [
    *(f"/{command}" for command in COMMANDS),
    "/event 2026-12-10 热线 义务教育入学",
    f"/brief {EVENT_ID}",
    f"/brief{ME}",
    "/lookup 助学贷款",
    "/followup done 1 已答复",
]


class Chat:
    """A running application with the real staff desk, and what came of it."""

    def __init__(self, desk: StaffDesk | None, assistant: FakeAssistant | None = None) -> None:
        self.assistant = assistant or FakeAssistant()
        self.request = OfflineRequest()
        self.application: Any = build_application(
            self.assistant,
            TelegramSettings(TOKEN, requests_per_second=0, messages_per_minute=1000),
            RecentUpdates(),
            desk,
            request=self.request,
        )

    async def send(self, *updates: dict[str, Any]) -> list[Call]:
        """Process updates one after another; messages and documents sent in reply."""
        before = len(self.request.calls)
        for update in updates:
            await self.application.process_update(Update.de_json(update, self.application.bot))
        return [
            call for call in self.request.calls[before:] if call.method in ("sendMessage", "sendDocument")
        ]

    async def says(self, text: str, user: int, **more: Any) -> list[str]:
        return [call.text for call in await self.send(message(text, user=user, **more))]


@pytest.fixture
async def chat(tmp_path: Path, engine: WhooshEngine) -> AsyncIterator[Chat]:
    chat = Chat(office(tmp_path, engine))
    await chat.application.initialize()
    yield chat
    await chat.application.shutdown()


@pytest.mark.parametrize("line", LINES)
async def test_a_citizen_gets_what_any_unknown_command_gets(
    chat: Chat, line: str, tmp_path: Path, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """The same calls with the same parameters, the same log, whether there is a staff desk or not."""
    keep_briefing(tmp_path, library, sealed=True)
    without = Chat(None)
    await without.application.initialize()
    traces = []
    for each, text in ((chat, line), (chat, "/nothing"), (without, line)):
        caplog.clear()
        before = len(each.request.calls)
        with caplog.at_level(logging.INFO):
            await each.send(message(text, user=CITIZEN))
        calls = each.request.calls[before:]
        logged = [r.getMessage() for r in caplog.records if r.name.startswith("bot.")]
        traces.append(([(call.method, call.parameters, call.files) for call in calls], logged))
    assert traces[0] == traces[1] == traces[2]
    assert [method for method, _, _ in traces[0][0]] == ["sendMessage"]
    assert chat.request.texts[0] == wording.UNKNOWN_COMMAND
    await without.application.shutdown()


async def test_a_citizens_message_after_a_staff_command_is_a_question(chat: Chat) -> None:
    await chat.send(message("/lookup", user=CITIZEN))
    assert await chat.says("助学贷款", CITIZEN) == ["答：助学贷款"]


async def test_the_briefing_comes_as_documents(chat: Chat, tmp_path: Path, library: Library) -> None:
    kept = keep_briefing(tmp_path, library, sealed=True)
    text, whole, card = await chat.send(message("/brief", user=VIEWER.telegram or 0))
    assert text.text.startswith(f"{kept} 第 1 版，已定稿")
    assert "parse_mode" not in text.parameters
    assert list(whole.files) == [f"简报-{kept}-第1版.docx"]
    assert list(card.files) == [f"要点-{kept}-第1版.docx"]
    assert [content[:2] for call in (whole, card) for content in call.files.values()] == [b"PK", b"PK"]
    assert {call.parameters["chat_id"] for call in (text, whole, card)} == {VIEWER.telegram}


async def test_a_command_may_name_us(chat: Chat) -> None:
    (said,) = await chat.says(f"/event{ME} 2026-12-10 访谈 学生资助", EDITOR.telegram or 0)
    assert said.startswith("已登记，编号 20261210-interview")


async def test_a_role_that_is_too_low_is_told(chat: Chat) -> None:
    (said,) = await chat.says("/event 2026-12-10 热线 入学", VIEWER.telegram or 0)
    assert said == "错误：方晓 的权限是“查看”，这一步需要“编辑”"


async def test_ordinary_questions_of_the_staff_go_to_the_citizens_assistant(chat: Chat) -> None:
    assert await chat.says("助学贷款多少", 501) == ["答：助学贷款多少"]
    assert await chat.says("/nothing", 501) == [wording.UNKNOWN_COMMAND]
    assert len(await chat.says("/help", 501)) == 1


async def test_live_look_up_and_rehearsal_leave_nothing_with_the_assistant(chat: Chat) -> None:
    await chat.says("/lookup", 501)
    (found,) = await chat.says("助学贷款 额度", 501)
    assert "20000元" in found
    await chat.says("/end", 501)
    await chat.says("/rehearse", 501)
    (graded,) = await chat.says("您放心。", 501)
    assert "判定：没有内容" in graded
    assert (await chat.says("/end", 501))[0].startswith("演练已停在")
    assert chat.assistant.asked == []
    assert await chat.says("助学贷款多少", 501) == ["答：助学贷款多少"]


async def test_citizens_commands_still_work_during_a_look_up(chat: Chat) -> None:
    await chat.says("/lookup", 501)
    assert await chat.says("/start", 501) == ["您好，我是政策通 &lt;测试&gt;。"]
    assert await chat.says("/nothing", 501) == [wording.UNKNOWN_COMMAND]
    assert "20000元" in (await chat.says("助学贷款 额度", 501))[0]


async def test_two_people_at_once_each_get_their_own(chat: Chat) -> None:
    updates = [message("/lookup", user=501), message("/lookup", user=502), message("/lookup", user=CITIZEN)]
    updates += [message("助学贷款 额度", user=user) for user in (501, 502, CITIZEN)]
    processor = chat.application.update_processor
    ready = [Update.de_json(update, chat.application.bot) for update in updates]
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(processor.process_update(each, chat.application.process_update(each)) for each in ready)
        )
    said = {
        user: [call.text for call in chat.request.sent() if call.parameters["chat_id"] == user]
        for user in (501, 502, CITIZEN)
    }
    assert said[CITIZEN] == [wording.UNKNOWN_COMMAND, "答：助学贷款 额度"]
    for user in (501, 502):
        assert said[user][0].startswith("速查已打开")
        assert "20000元" in said[user][1]


async def test_in_a_group_nothing_internal_is_said(chat: Chat, tmp_path: Path, library: Library) -> None:
    keep_briefing(tmp_path, library, sealed=True)
    assert await chat.send(message("/brief", user=502, chat=GROUP)) == []
    in_group, in_private = await chat.send(message(f"/brief{ME}", user=502, chat=GROUP))
    assert (in_group.text, in_group.parameters["chat_id"]) == (wording.UNKNOWN_COMMAND, GROUP["id"])
    assert (in_private.text, in_private.parameters["chat_id"]) == (
        wording.STAFF_PRIVATE_ONLY.format(command="brief"),
        502,
    )
    (to_citizen,) = await chat.send(message(f"/brief{ME}", user=CITIZEN, chat=GROUP))
    assert to_citizen.text == wording.UNKNOWN_COMMAND


async def test_a_look_up_in_private_does_not_take_what_is_said_in_a_group(chat: Chat) -> None:
    await chat.says("/lookup", 501)
    ours = {"id": 4242, "is_bot": True, "first_name": "政策通"}
    replied = {"message_id": 5, "date": 0, "chat": GROUP, "from": ours, "text": "答"}
    (said,) = await chat.send(message("助学贷款多少", user=501, chat=GROUP, reply_to_message=replied))
    assert said.text == "答：助学贷款多少"


@pytest.mark.parametrize("data", ["brief", "staff:brief", "/brief", "lookup:1", f"event:{EVENT_ID}", "end"])
@pytest.mark.parametrize("user", [CITIZEN, 502])
async def test_no_button_leads_to_a_staff_function(chat: Chat, data: str, user: int) -> None:
    below = (await chat.send(message("补助多少", user=user)))[-1]
    assert await chat.send(press(data, below, user=user)) == []
    assert chat.request.sent("answerCallbackQuery")[-1].parameters["text"] == wording.STALE_BUTTON


async def test_only_the_staff_have_the_commands_in_their_menu(tmp_path: Path, engine: WhooshEngine) -> None:
    office(tmp_path, engine)  # at an earlier start both were members
    desk = office(tmp_path, engine, {("telegram", "502"): EDITOR})
    chat = Chat(desk)
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(chat.application, stop, desk))
    for _ in range(1000):
        if chat.request.sent("deleteMyCommands"):
            break
        await asyncio.sleep(0.01)
    stop.set()
    await serving
    for_all, for_editor = chat.request.sent("setMyCommands")
    assert "scope" not in for_all.parameters
    assert {each["command"] for each in for_all.parameters["commands"]} == {n for n, _ in wording.COMMANDS}
    assert for_editor.parameters["scope"] == {"type": "chat", "chat_id": 502}
    assert [each["command"] for each in for_editor.parameters["commands"]][-8:] == list(COMMANDS)
    (taken_away,) = chat.request.sent("deleteMyCommands")
    assert taken_away.parameters["scope"] == {"type": "chat", "chat_id": 501}


async def test_a_menu_that_could_not_be_shown_at_the_start_comes_with_the_first_command(chat: Chat) -> None:
    await chat.says("/event", 501)
    await chat.says("/event", 501)
    (menu,) = chat.request.sent("setMyCommands")
    assert menu.parameters["scope"] == {"type": "chat", "chat_id": 501}


class LongDesk:
    """A desk that says more than a message holds, or fails."""

    def __init__(self, text: str) -> None:
        self.text = text

    def is_staff(self, channel: str, user: str) -> bool:
        return user == "501"

    def users(self, channel: str) -> tuple[str, ...]:
        return ("501",)

    def former(self, channel: str) -> tuple[str, ...]:
        return ()

    def commands(self, channel: str, user: str) -> tuple[tuple[str, str], ...]:
        return (("hot", "热点"),)

    def run(self, channel: str, user: str, command: str, words: Sequence[str]) -> StaffReply:
        if not self.text:
            raise RuntimeError("张小明的诉求")
        return StaffReply(self.text)

    def is_listening(self, channel: str, user: str) -> bool:
        return False

    def continue_(self, channel: str, user: str, text: str) -> StaffReply:
        raise PermissionError


@pytest.mark.parametrize(("text", "methods"), [
    ("<b>" + "长" * 4093, ["sendMessage"]),
    ("<b>" + "长" * 4094, ["sendMessage", "sendDocument"]),
    ("𬭎" * 2049, ["sendMessage", "sendDocument"]),
])  # fmt: skip
async def test_what_no_message_holds_comes_as_a_document(text: str, methods: list[str]) -> None:
    chat = Chat(LongDesk(text))
    await chat.application.initialize()
    calls = await chat.send(message("/hot", user=501))
    assert [call.method for call in calls] == methods
    if "sendDocument" in methods:
        assert calls[1].files == {"hot.txt": text.encode()}
    else:
        assert calls[0].text == text
    await chat.application.shutdown()


async def test_a_failure_is_told_by_reference_only(caplog: pytest.LogCaptureFixture) -> None:
    chat = Chat(LongDesk(""))
    await chat.application.initialize()
    (said,) = await chat.says("/hot", 501)
    assert said.startswith("系统出了点问题，编号 ")
    assert "张小明" not in caplog.text
    await chat.application.shutdown()


async def test_a_slow_staff_command_does_not_hold_up_citizens() -> None:
    answered = threading.Event()

    class SlowDesk(LongDesk):
        def run(self, channel: str, user: str, command: str, words: Sequence[str]) -> StaffReply:
            return StaffReply("好" if answered.wait(10) else "没等到")

    def answer(text: str) -> Answer:
        answered.set()
        return Answer(Outcome.ANSWERED, text)

    chat = Chat(SlowDesk("好"), FakeAssistant(answer))
    await chat.application.initialize()
    processor = chat.application.update_processor
    ready = [
        Update.de_json(each, chat.application.bot)
        for each in (message("/hot", user=501), message("补助多少", user=CITIZEN))
    ]
    await asyncio.gather(
        *(processor.process_update(each, chat.application.process_update(each)) for each in ready)
    )
    assert sorted(chat.request.texts) == ["好", "补助多少"]
    await chat.application.shutdown()
