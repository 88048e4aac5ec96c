"""Running the web page inside a running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Generator, Sequence
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot.channels.errors import ChannelError

_SECONDS_TO_FINISH = 5
_AddressInfo = tuple[int, int, int, str, Any]
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 compared with, not bound to


async def serve(
    app: ASGIApp, host: str, port: int, stop: asyncio.Event, ready: Callable[[str], None]
) -> None:
    """Serve until ``stop`` is set, then let running requests finish (five seconds at most).

    Port 0 takes any free port; ``ready`` is called once with the address that a browser can open.
    Installs no signal handlers.

    Raises:
        ChannelError: the address cannot be used.
    """
    listening = await _listen(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        http="h11",
        ws="none",
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    server = _Server(config, lambda: ready(_address(listening)))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        server.should_exit = True
        try:
            await serving
        finally:
            listening.close()


def require_free(host: str, port: int) -> None:
    """Find out at once, before anything is prepared, whether the page can be served there.

    Raises:
        ChannelError: the address cannot be used.
    """
    with _refusals(host, port):
        _bound(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)).close()


class _Server(uvicorn.Server):
    """Leaves signals to whoever owns the event loop, and tells when it listens."""

    def __init__(self, config: uvicorn.Config, listens: Callable[[], None]) -> None:
        super().__init__(config)
        self._listens = listens

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listens()


async def _listen(host: str, port: int) -> socket.socket:
    with _refusals(host, port):
        loop = asyncio.get_running_loop()
        return _bound(await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE))


def _bound(found: Sequence[_AddressInfo]) -> socket.socket:
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening


@contextlib.contextmanager
def _refusals(host: str, port: int) -> Generator[None, None, None]:
    """Turn refusals of the operating system into ours."""
    if not 0 <= port <= 65535:  # getaddrinfo would wrap it around
        raise ChannelError(f"网页服务无法启动：端口 {port} 不在 0 到 65535 之间。请用 --port 换一个。")
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise ChannelError(_refusal(host, port, error)) from error


def _refusal(host: str, port: int, error: Exception) -> str:
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"网页服务无法启动：认不出主机名 {host}。请用 --host 换一个，例如 --host 127.0.0.1。"
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            another = port + 1 if port < 65535 else 8080
            why = f"端口 {port} 已被占用。请关掉占用它的程序，或换一个端口，例如 --port {another}。"
        case errno.EACCES:
            why = f"没有使用端口 {port} 的权限。请用 --port 换一个大于1023的端口，例如 --port 8080。"
        case errno.EADDRNOTAVAIL:
            why = f"本机没有 {host} 这个地址。请用 --host 换一个，例如 --host 127.0.0.1。"
        case _:
            why = f"无法使用 {host} 端口 {port}（{error}）。请用 --host 或 --port 换一个。"
    return f"网页服务无法启动：{why}"


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    host = _WILDCARDS.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
