"""A Bot API without a network: remembers every call and answers as Telegram would."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from telegram.request import BaseRequest, RequestData

BOT = {"id": 4242, "is_bot": True, "first_name": "政策通", "username": "policy_test_bot"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Bot API."""

    method: str
    parameters: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    """Documents that were sent along, by name."""

    @property
    def text(self) -> str:
        return str(self.parameters.get("text", ""))

    @property
    def keyboard(self) -> list[list[dict[str, str]]]:
        return self.parameters.get("reply_markup", {}).get("inline_keyboard", [])

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]

    def button(self, label: str) -> str:
        """The callback data behind a label."""
        return next(b["callback_data"] for row in self.keyboard for b in row if b["text"] == label)


class OfflineRequest(BaseRequest):
    """Give it to ``build_application``. ``enqueue`` makes the next calls of a method fail or differ."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.batches: asyncio.Queue[bytes] = asyncio.Queue()
        self.is_open = False
        self._planned: dict[str, deque[BaseException | tuple[int, dict[str, Any]]]] = {}
        self._message_id = 1000

    def enqueue(self, method: str, *outcomes: BaseException | tuple[int, dict[str, Any]]) -> None:
        self._planned.setdefault(method, deque()).extend(outcomes)

    def deliver(self, *updates: dict[str, Any]) -> None:
        """Let the next ``getUpdates`` return these."""
        self.batches.put_nowait(json.dumps({"ok": True, "result": updates}).encode())

    def sent(self, method: str = "sendMessage") -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.sent()]

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        self.is_open = True

    async def shutdown(self) -> None:
        self.is_open = False

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        parameters = {
            key: value if key in ("text", "data") else _decoded(value)
            for key, value in (request_data.json_parameters if request_data else {}).items()
        }
        call = Call(name, parameters, _files(request_data))
        self.calls.append(call)
        planned = self._planned.get(name)
        if planned:
            outcome = planned.popleft()
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome[0], json.dumps(outcome[1]).encode()
        if name == "getUpdates":
            return 200, await self._next_batch(wait=bool(parameters.get("timeout")))
        await asyncio.sleep(0)
        return 200, json.dumps({"ok": True, "result": self._result(call)}).encode()

    async def _next_batch(self, *, wait: bool) -> bytes:
        if wait:
            return await self.batches.get()
        return b'{"ok": true, "result": []}'

    def _result(self, call: Call) -> Any:
        if call.method == "getMe":
            return BOT
        if call.method in ("sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup"):
            self._message_id += 1
            return {
                "message_id": call.parameters.get("message_id", self._message_id),
                "date": 1_760_000_000,
                "chat": {"id": call.parameters["chat_id"], "type": "private"},
                "from": BOT,
                "text": call.text,
            }
        return True


def _files(request_data: RequestData | None) -> dict[str, bytes]:
    parts = (request_data.multipart_data if request_data else None) or {}
    return {name: content for name, content, _ in parts.values()}


def _decoded(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
