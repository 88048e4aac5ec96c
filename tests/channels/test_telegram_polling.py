"""Starting, polling through failures, stopping: ``serve`` on a Bot API without a network."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from telegram.error import NetworkError

from bot.channels.telegram import RecentUpdates, TelegramSettings, build_application, polling, serve
from bot.channels.telegram.transport import readable_updates
from tests.channels.fake_assistant import FakeAssistant
from tests.channels.offline_request import OfflineRequest
from tests.channels.telegram_updates import message

TOKEN = "4242:" + "B" * 35
REFUSED = (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(polling, "_CLOSE_SECONDS", 0.5)


@asynccontextmanager
async def running(assistant: FakeAssistant, request: OfflineRequest) -> AsyncIterator[asyncio.Event]:
    """A served application; leaving stops it, and it has to end by itself within ten seconds."""
    settings = TelegramSettings(TOKEN, requests_per_second=0)
    application = build_application(assistant, settings, RecentUpdates(), request=request)
    stop = asyncio.Event()
    task = asyncio.create_task(serve(application, stop))
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await task
        assert not request.is_open


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("did not come about in ten seconds")


async def test_updates_are_answered_and_the_command_menu_is_published() -> None:
    request = OfflineRequest()
    async with running(FakeAssistant(), request):
        request.deliver(message("问一"), message("问二"))
        await until(lambda: len(request.texts) == 2)
    assert request.texts == ["答：问一", "答：问二"]
    (menu,) = request.sent("setMyCommands")
    assert [command["command"] for command in menu.parameters["commands"]] == [
        "start",
        "topics",
        "sources",
        "help",
    ]


async def test_a_network_that_is_down_at_the_start_is_waited_for() -> None:
    request = OfflineRequest()
    request.enqueue("getMe", NetworkError("down"), REFUSED, NetworkError("down"))
    request.enqueue("deleteWebhook", REFUSED)
    async with running(FakeAssistant(), request):
        request.deliver(message("问"))
        await until(lambda: request.texts == ["答：问"])
    assert len(request.sent("getMe")) == 4


async def test_polling_goes_on_after_failures_and_refusals(caplog: pytest.LogCaptureFixture) -> None:
    request = OfflineRequest()
    request.enqueue("getUpdates", NetworkError("down"), REFUSED)
    async with running(FakeAssistant(), request):
        request.deliver(message("问"))
        await until(lambda: request.texts == ["答：问"])
    assert "refuses the token or the address (HTTP 401)" in caplog.text


async def test_an_unreadable_update_does_not_stop_the_ones_beside_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    request = OfflineRequest()
    poison = {"update_id": 900_001, "message": {"text": "张小明"}}
    async with running(FakeAssistant(), request):
        request.deliver(message("前"), poison, message("后", update_id=900_002))
        await until(lambda: request.texts == ["答：前", "答：后"])
        await until(lambda: request.sent("getUpdates")[-1].parameters.get("offset") == 900_003)
    assert "[900001]" in caplog.text
    assert "张小明" not in caplog.text


async def test_what_is_being_answered_is_finished_before_the_end() -> None:
    request = OfflineRequest()
    assistant = FakeAssistant(seconds=0.3)
    async with running(assistant, request):
        request.deliver(message("慢", user=1), message("慢", user=2))
        await until(lambda: assistant.running > 0)
    assert request.texts == ["答：慢"] * 2


async def test_stopping_does_not_wait_for_a_pause_after_failures() -> None:
    """python-telegram-bot pauses up to 30 s between failed polls and does not watch its stop signal then."""
    request = OfflineRequest()
    request.enqueue("getUpdates", *(NetworkError("down") for _ in range(100)))
    loop = asyncio.get_running_loop()
    async with running(FakeAssistant(), request):
        await until(lambda: len(request.sent("getUpdates")) >= 3)
        started = loop.time()
    assert loop.time() - started < 2


async def test_stopping_while_the_network_is_down_ends_at_once() -> None:
    request = OfflineRequest()
    request.enqueue("getMe", *(NetworkError("down") for _ in range(1000)))
    async with running(FakeAssistant(), request):
        await until(lambda: len(request.sent("getMe")) > 1)
    assert request.sent("getUpdates") == []


async def test_the_token_is_in_no_record(caplog: pytest.LogCaptureFixture) -> None:
    request = OfflineRequest()
    with caplog.at_level(logging.DEBUG):
        request.enqueue("getMe", REFUSED, NetworkError(f"no route to http://host/bot{TOKEN}/getMe"))
        request.enqueue("getUpdates", NetworkError(f"no route to http://host/bot{TOKEN}/getUpdates"))
        async with running(FakeAssistant(), request):
            request.deliver(message("我家孩子张小明"))
            await until(lambda: len(request.texts) == 1)
    assert len(caplog.records) > 2
    assert (TOKEN in caplog.text, "B" * 35 in caplog.text, "张小明" in caplog.text) == (False, False, False)


def test_readable_updates_leave_other_answers_alone() -> None:
    payload = b'{"ok": false, "error_code": 409, "description": "Conflict"}'
    assert readable_updates(payload) is payload
    with pytest.raises(NetworkError, match="not JSON"):
        readable_updates(b"<html>")


def test_an_update_without_an_id_is_left_out() -> None:
    assert readable_updates(b'{"ok": true, "result": [7, {"message": 1}, {"update_id": 5}]}') == (
        b'{"ok": true, "result": [{"update_id": 5}]}'
    )
