"""Requests to the Bot API: which answers may be believed, which calls may be repeated, and how fast."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import AIORateLimiter
from telegram.request import BaseRequest, RequestData

log = logging.getLogger(__name__)

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_SEND_AGAIN_AFTER = (0.5, 2.0, 5.0)
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND})
_Timeout = Any  # a number, or python-telegram-bot's private mark for "not given"


class PollingRequest(BaseRequest):
    """Fetches updates so that neither a strange update nor a refusal can end the polling.

    python-telegram-bot fetches a batch with an unreadable update again and again without a pause, and ends
    polling for good when the server answers 401 or 404. Here the unreadable update is passed on empty,
    which confirms it, and a refusal counts as a network failure, to be tried again later.
    """

    def __init__(self, inner: BaseRequest) -> None:
        self._inner = inner

    @property
    def read_timeout(self) -> float | None:
        return self._inner.read_timeout

    async def initialize(self) -> None:
        await self._inner.initialize()

    async def shutdown(self) -> None:
        await self._inner.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: _Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: _Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: _Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        status, payload = await self._inner.do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if status in _REFUSED:
            raise NetworkError(f"the Bot API refuses the token or the address (HTTP {int(status)})")
        return status, readable_updates(payload)


def readable_updates(payload: bytes) -> bytes:
    """The answer of ``getUpdates`` with every update that cannot be parsed reduced to its id."""
    try:
        answer = json.loads(payload)
    except ValueError:
        # Raised here, since python-telegram-bot would log the whole payload, citizens' words included.
        raise NetworkError("the Bot API sent something that is not JSON") from None
    updates = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(updates, list):
        return payload
    with_id = [update for update in updates if _has_id(update)]
    unreadable = [update["update_id"] for update in with_id if not _is_readable(update)]
    if not unreadable and len(with_id) == len(updates):
        return payload
    log.error(
        "unreadable Telegram updates passed over: %s, and %d without an id",
        unreadable,
        len(updates) - len(with_id),
    )
    kept = [{"update_id": u["update_id"]} if u["update_id"] in unreadable else u for u in with_id]
    return json.dumps({**answer, "result": kept}).encode()


def _has_id(update: object) -> bool:
    return isinstance(update, dict) and type(update.get("update_id")) is int


def _is_readable(update: dict[str, Any]) -> bool:
    try:
        Update.de_json(update, None)
    except Exception:
        return False
    return True


class Pacing(AIORateLimiter):
    """Keeps to Telegram's limits, waits when told to, and repeats a call that never left this machine.

    A call that may have arrived is not repeated: the citizen would read the answer twice. "Typing" does not
    wait its turn, it would halve the number of answers a second.
    """

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        for pause in _SEND_AGAIN_AFTER:
            try:
                return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
            except NetworkError as error:
                if endpoint == "getMe" or not isinstance(error.__cause__, _NOT_SENT):
                    raise
            await asyncio.sleep(pause)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
