"""``serve`` and ``chat``: the channels. Which ones there are is decided in ``run_bot.py``."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.commands.output import say

_THREADS = 32
"""Answers under way at once; a slow one (a language model) must not hold up the others."""

Serve = Callable[[asyncio.Event, Callable[[str], None]], Awaitable[None]]
"""Serves until the event is set; calls back with a line for people when it is ready."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach the assistant. Without ``serve`` it is off, and ``hint`` says how to turn it on."""

    name: str
    serve: Serve | None
    hint: str = ""


def announce(channels: tuple[Channel, ...]) -> None:
    """Say what is on, what is off and how to turn it on."""
    for channel in channels:
        if channel.serve is None:
            say(f"{channel.name}：未开启。{channel.hint}")


async def serve_all(channels: tuple[Channel, ...], upkeep: Callable[[], None]) -> None:
    """Serve every channel that is on until SIGTERM, Ctrl-C or the first failure.

    Args:
        channels: what to serve.
        upkeep: called once an hour (retention of the chat log).

    Raises:
        ChannelError: a channel could not start; the others are stopped first.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="answer"))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_keep(upkeep, stop))
            for channel in channels:
                if channel.serve:
                    tasks.create_task(_until_stopped(channel.serve, stop))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    say("已停止。")


async def _until_stopped(serve: Serve, stop: asyncio.Event) -> None:
    try:
        await serve(stop, say)
    finally:
        stop.set()


async def _keep(upkeep: Callable[[], None], stop: asyncio.Event) -> None:
    while not stop.is_set():
        await asyncio.to_thread(upkeep)
        try:
            await asyncio.wait_for(stop.wait(), timeout=3600)
        except TimeoutError:
            continue
