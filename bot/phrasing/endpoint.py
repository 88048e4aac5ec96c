"""One chat completion from an OpenAI-compatible endpoint, in bounded time and with bounded memory.

httpx bounds single reads, not the whole call: a server that sends a byte a second would hold an answer for
minutes. So calls run on an event loop of their own, where the whole of one can be cancelled.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import ssl
import threading
from dataclasses import dataclass, field

import httpx

_LARGEST_REPLY = 65_536
"""Bytes; an answer has some hundred characters."""
_GRACE_SECONDS = 0.5


class EndpointFailed(Exception):
    """No usable reply. ``reason`` is a fixed word, fit for the log: no text, address or key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class ChatEndpoint:
    """``POST {url}/chat/completions``. Thread-safe. Redirects are not followed: they would take the key.

    Args:
        url: up to and without ``/chat/completions``.
        model: its name at the endpoint.
        key: sent as bearer token; empty: none.
        timeout_seconds: bounds one call as a whole.

    Raises:
        ValueError: the key fits into no HTTP header. Sent, it would stand in the client's debug log.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_seconds: float = 4.0
    _tls: ssl.SSLContext = field(default_factory=httpx.create_ssl_context, init=False, repr=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False, repr=False)
    _starting: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        if not (self.key.isascii() and self.key.isprintable()):
            raise ValueError("the key holds characters that fit into no HTTP header")

    def complete(self, system: str, user: str, longest: int) -> str:
        """The reply's text, as it came.

        Args:
            system: the instruction.
            user: the data.
            longest: tokens the model may write.

        Raises:
            EndpointFailed: not reached, too slow, too large, not HTTP 200 or not a complete reply.
        """
        body = {
            "model": self.model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "temperature": 0,
            "max_tokens": longest,
            "stream": False,
        }
        content, failed = self._called(body)
        if failed:  # raised here, so that no exception of the HTTP client hangs on ours
            raise EndpointFailed(failed)
        return _text_of(content)

    def close(self) -> None:
        """Stop the loop; the next call starts another."""
        with self._starting:
            if self._loop:
                self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    def _called(self, body: dict[str, object]) -> tuple[bytes, str]:
        """The reply's bytes, or why there are none."""
        call = asyncio.run_coroutine_threadsafe(self._post(body), self._running_loop())
        try:
            return call.result(self.timeout_seconds + _GRACE_SECONDS), ""
        except (TimeoutError, concurrent.futures.TimeoutError, httpx.TimeoutException):
            call.cancel()
            return b"", "timeout"
        except EndpointFailed as exc:
            return b"", exc.reason
        except (httpx.TransportError, OSError):
            return b"", "unreachable"
        except Exception:  # whatever else a library may raise on hostile bytes: its text may hold the request
            return b"", "fault"

    async def _post(self, body: dict[str, object]) -> bytes:
        # Reading what was not asked to be compressed raw keeps a small reply from unfolding into a large one.
        headers = {b"Accept-Encoding": b"identity"}
        if self.key:
            headers[b"Authorization"] = b"Bearer " + self.key.encode()
        address = self.url.rstrip("/") + "/chat/completions"
        async with (
            asyncio.timeout(self.timeout_seconds),
            httpx.AsyncClient(timeout=self.timeout_seconds, verify=self._tls) as client,
            client.stream("POST", address, json=body, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise EndpointFailed(f"http_{response.status_code}")
            content = bytearray()
            async for chunk in response.aiter_raw():
                content += chunk
                if len(content) > _LARGEST_REPLY:
                    raise EndpointFailed("too_large")
            return bytes(content)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="phrasing", daemon=True).start()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


def _text_of(content: bytes) -> str:
    try:
        reply = json.loads(content.decode("utf-8"))
        choice = reply["choices"][0]
        message = choice["message"]
        text, refusal, finished = message["content"], message.get("refusal"), choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise EndpointFailed("garbage") from None
    if refusal:
        raise EndpointFailed("refused")
    if finished not in (None, "stop"):
        raise EndpointFailed("unfinished")
    if not isinstance(text, str):
        raise EndpointFailed("garbage")
    return text
