"""A real bot process polls a real HTTP server: the Bot API emulator on 127.0.0.1.

Set up once: ``npm ci`` in ``tests/e2e/telegram_emulator``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from bot.channels.telegram import wording

# What is tested. To test the whole product: [sys.executable, "run_bot.py", "serve", "--port", "0",
# "--data-dir", "{data_dir}"], and questions and answers that its library holds.
BOT_COMMAND = [sys.executable, "-m", "tests.e2e.telegram_bot"]
GREETING = "政策通"
QUESTION, EXPECTED = "补助多少？", "答：补助多少？"
ORDERED = [(f"第{n}个问题？", f"第{n}个问题？") for n in (1, 2, 3)]

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / "tests/e2e/telegram_emulator"
TOKEN = "4242:E2E_" + "x9-Z" * 9
SECONDS = 30

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (EMULATOR / "node_modules/telegram-test-api").is_dir(),
        reason="the emulator is not installed: run npm ci in tests/e2e/telegram_emulator",
    ),
]

_http = build_opener(ProxyHandler({}))


def until(found: Callable[[], Any], what: str) -> Any:
    """Ask again until the answer is true."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.02)
    pytest.fail(f"not within {SECONDS} s: {what}")


class Emulator:
    """The Bot API server, and the users who write to the bot through it."""

    def __init__(self, port: int = 0, first_update_id: int = 1) -> None:
        self._process = subprocess.Popen(
            ["node", "shim.cjs", str(port), str(first_update_id)],
            cwd=EMULATOR,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(json.loads(self._process.stdout.readline())["port"])
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def write(self, user: int, text: str) -> None:
        """A message or command of a user."""
        body = {**_sender(user), "text": text}
        if text.startswith("/"):
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        self._call("/sendCommand" if text.startswith("/") else "/sendMessage", body)

    def press(self, user: int, message: dict[str, Any], label: str) -> None:
        """Press the button with this label, as shown below a message of the bot."""
        shown = message["message"]["reply_markup"]
        data = next(b["callback_data"] for row in shown["inline_keyboard"] for b in row if b["text"] == label)
        below = {
            "message_id": message["messageId"],
            "date": int(time.time()),
            "chat": {"id": user, "type": "private"},
            "text": message["message"]["text"],
            "reply_markup": shown,
        }
        self._call("/sendCallback", {**_sender(user), "message": below, "data": data})

    def replies(self, user: int) -> list[dict[str, Any]]:
        """What the bot has said to this user, as it stands now."""
        history = self._call("/getUpdatesHistory", {"token": TOKEN})["result"]
        return [each for each in history if str(each.get("message", {}).get("chat_id")) == str(user)]

    def texts(self, user: int) -> list[str]:
        return [each["message"]["text"] for each in self.replies(user)]

    def wait_for(self, user: int, count: int) -> list[str]:
        """The texts for this user once there are ``count``."""
        until(lambda: len(self.replies(user)) >= count, f"{count} replies to user {user}")
        return self.texts(user)

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [call["parameters"] for call in self._call("/calls") if call["method"] == method]

    def _call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, content, {"Content-Type": "application/json"})
        with _http.open(request, timeout=SECONDS) as response:
            return json.load(response)


class Bot:
    """The bot's process and all that it prints."""

    def __init__(self, base_url: str, directory: Path) -> None:
        self._log = directory / "bot.log"
        command = [part.replace("{data_dir}", str(directory / "data")) for part in BOT_COMMAND]
        environment = {**os.environ, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": base_url}
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    @property
    def output(self) -> str:
        return self._log.read_text()

    def stop(self) -> int:
        """Ask it to end, as a service supervisor does."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(SECONDS)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(SECONDS)


def _sender(user: int) -> dict[str, Any]:
    return {
        "botToken": TOKEN,
        "from": {"id": user, "first_name": "市民", "is_bot": False},
        "chat": {"id": user, "type": "private"},
        "date": int(time.time()),
    }


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.close()


@pytest.fixture
def bot(emulator: Emulator, tmp_path: Path) -> Iterator[Bot]:
    bot = Bot(emulator.url, tmp_path)
    yield bot
    bot.kill()


def test_a_conversation_from_start_to_end(emulator: Emulator, bot: Bot) -> None:
    emulator.write(1, "/start")
    assert GREETING in emulator.wait_for(1, 1)[0]
    emulator.write(1, QUESTION)
    assert EXPECTED in emulator.wait_for(1, 2)[1]
    first = emulator.replies(1)[1]
    related = first["message"]["reply_markup"]["inline_keyboard"][0][0]["text"]
    emulator.press(1, first, related)
    assert related in emulator.wait_for(1, 3)[2]
    emulator.press(1, first, wording.HELPFUL)
    until(lambda: wording.RATED_HELPFUL in str(emulator.replies(1)[1]), "the rating row replaced")
    assert emulator.calls("answerCallbackQuery")[-1]["text"] == wording.THANKS
    emulator.write(1, "/nothing")
    assert emulator.wait_for(1, 4)[3] == wording.UNKNOWN_COMMAND
    assert len(emulator.calls("setMyCommands")) == 1
    assert len(emulator.calls("sendChatAction")) == 2
    assert bot.stop() == 0
    assert "Traceback" not in bot.output
    assert (TOKEN in bot.output, TOKEN.split(":")[1] in bot.output, QUESTION in bot.output) == (False,) * 3


def test_thirty_users_at_once_lose_nothing_and_keep_their_order(emulator: Emulator, bot: Bot) -> None:
    users = range(100, 130)
    for question, _ in ORDERED:
        for user in users:
            emulator.write(user, question)
    for user in users:
        emulator.wait_for(user, len(ORDERED))
    assert bot.stop() == 0
    for user in users:
        texts = emulator.texts(user)
        assert len(texts) == len(ORDERED)
        assert all(expected in text for text, (_, expected) in zip(texts, ORDERED, strict=True))


def test_a_failure_is_told_with_a_reference(emulator: Emulator, bot: Bot) -> None:
    emulator.write(1, "请出错")
    (text,) = emulator.wait_for(1, 1)
    reference = text.partition("编号 ")[2][:8]
    emulator.write(1, QUESTION)
    assert EXPECTED in emulator.wait_for(1, 2)[1]
    assert bot.stop() == 0
    assert f"reference {reference}" in bot.output
    assert "请出错" not in bot.output


def test_the_bot_waits_for_a_server_that_is_down_and_outlives_its_restart(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bot = Bot(f"http://127.0.0.1:{port}", tmp_path)
    try:
        until(lambda: "Telegram does not answer" in bot.output, "a first failed try")
        for first_update_id in (1, 1000):
            emulator = Emulator(port, first_update_id)
            try:
                emulator.write(1, QUESTION)
                assert EXPECTED in emulator.wait_for(1, 1)[0]
            finally:
                emulator.close()
        assert bot.stop() == 0
        assert TOKEN.split(":")[1] not in bot.output
    finally:
        bot.kill()


def test_stopping_while_the_server_is_down_is_quick_and_clean(tmp_path: Path) -> None:
    bot = Bot("http://127.0.0.1:9", tmp_path)
    try:
        until(lambda: "Telegram does not answer" in bot.output, "a first failed try")
        started = time.monotonic()
        assert bot.stop() == 0
        assert time.monotonic() - started < 5
    finally:
        bot.kill()
