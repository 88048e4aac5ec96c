"""The Bot API emulator on 127.0.0.1, and the users who write to the bot through it.

Set up once: ``npm ci`` in ``tests/e2e/telegram_emulator``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import SECONDS, fetch, until

EMULATOR = Path(__file__).parent / "telegram_emulator"
TOKEN = "4242:E2E_" + "x9-Z" * 9
NEEDED = (
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (EMULATOR / "node_modules/telegram-test-api").is_dir(),
        reason="the emulator is not installed: run npm ci in tests/e2e/telegram_emulator",
    ),
)


class BotApi:
    """The Bot API server. A context manager: it ends with the block."""

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

    def __enter__(self) -> BotApi:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def write(self, user: int, text: str) -> None:
        """A message or command of a user."""
        if text.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
            self._call("/sendCommand", {**_sender(user), "text": text, "entities": entities})
        else:
            self.send(user, {"text": text})

    def send(self, user: int, content: dict[str, Any]) -> None:
        """A message of any kind: a sticker, a photo."""
        self._call("/sendMessage", {**_sender(user), **content})

    def press(self, user: int, message: dict[str, Any], label: str) -> None:
        """Press the button with this label, as shown below a message of the bot."""
        shown = message["message"]["reply_markup"]["inline_keyboard"]
        self.forge(
            user, message, next(b["callback_data"] for row in shown for b in row if b["text"] == label)
        )

    def forge(self, user: int, message: dict[str, Any], callback_data: str) -> None:
        """What a client sends that makes up what a button says."""
        below = {
            "message_id": message["messageId"],
            "date": int(time.time()),
            "chat": {"id": user, "type": "private"},
            "text": message["message"]["text"],
            "reply_markup": message["message"].get("reply_markup"),
        }
        self._call("/sendCallback", {**_sender(user), "message": below, "data": callback_data})

    def deliver_again(self) -> int:
        """Put everything that the bot has fetched back into the queue, under the same update ids."""
        return int(self._call("/deliverAgain", {})["count"])

    def replies(self, user: int) -> list[dict[str, Any]]:
        """What the bot has said to this user, as it stands now."""
        return self.all_replies().get(user, [])

    def all_replies(self) -> dict[int, list[dict[str, Any]]]:
        """What the bot has said to everyone."""
        found: dict[int, list[dict[str, Any]]] = {}
        for each in self._call("/getUpdatesHistory", {"token": TOKEN})["result"]:
            if "chat_id" in each.get("message", {}):
                found.setdefault(int(each["message"]["chat_id"]), []).append(each)
        return found

    def texts(self, user: int) -> list[str]:
        return [each["message"]["text"] for each in self.replies(user)]

    def wait_for(self, user: int, count: int) -> list[str]:
        """The texts for this user once there are ``count``."""
        until(lambda: len(self.replies(user)) >= count, f"{count} replies to user {user}")
        return self.texts(user)

    def asked(self, user: int, question: str) -> dict[str, Any]:
        """Write a question and wait for the reply."""
        before = len(self.replies(user))
        self.write(user, question)
        self.wait_for(user, before + 1)
        return self.replies(user)[before]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Bot API calls of one method so far, with their parameters."""
        return [call["parameters"] for call in self._call("/calls") if call["method"] == method]

    def toasts(self) -> list[str | None]:
        """What the presses of buttons were answered with."""
        return [call.get("text") for call in self.calls("answerCallbackQuery")]

    def _call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return fetch(self.url + path, body)


def labels(message: dict[str, Any]) -> list[str]:
    """The buttons below a message of the bot."""
    keyboard = message["message"].get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in keyboard for button in row]


def _sender(user: int) -> dict[str, Any]:
    return {
        "botToken": TOKEN,
        "from": {"id": user, "first_name": "市民", "is_bot": False},
        "chat": {"id": user, "type": "private"},
        "date": int(time.time()),
    }
