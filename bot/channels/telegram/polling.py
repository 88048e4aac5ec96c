"""Runs the channel next to whatever else the event loop does, until told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from telegram import Update
from telegram.error import TelegramError

from bot.channels.secrets import frames_only
from bot.channels.telegram import wording
from bot.channels.telegram.application import TelegramApplication
from bot.channels.telegram.staff import publish_menus
from bot.models import StaffDesk

log = logging.getLogger(__name__)

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_CLOSE_SECONDS = 3.0
_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]


async def serve(
    application: TelegramApplication,
    stop: asyncio.Event,
    staff: StaffDesk | None = None,
    *,
    stop_seconds: float = 20.0,
) -> None:
    """Poll for updates until ``stop`` is set, then finish what is being answered and close.

    Never raises for a network failure or a refused token, at the start or later: it tries again, after
    at most half a minute. Answers still unfinished after ``stop_seconds`` are given up.
    """
    try:
        if await _connect(application, stop):
            log.info("Telegram is on, as @%s", application.bot.username)
            await application.start()
            await _until(stop, _publish_commands(application, staff))
            await stop.wait()
    finally:
        await _close(application, stop_seconds)


async def _connect(application: TelegramApplication, stop: asyncio.Event) -> bool:
    """Try until the Bot API answers. False where ``stop`` came first."""
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            return await _until(stop, _start_polling(application))
        except TelegramError as error:  # its text may quote the token
            log.warning("Telegram does not answer (%s), next try in %.0f s", type(error).__name__, pause)
            await _until(stop, asyncio.sleep(pause))
            pause = min(2 * pause, _LONGEST_PAUSE)
    return False


async def _start_polling(application: TelegramApplication) -> None:
    await application.initialize()
    if application.updater is not None:
        await application.updater.start_polling(
            bootstrap_retries=-1, allowed_updates=_UPDATES, error_callback=_polling_failed
        )


def _polling_failed(error: TelegramError) -> None:
    """Only says so: python-telegram-bot tries again by itself, more and more slowly."""
    log.warning("Telegram updates cannot be fetched: %s: %s", type(error).__name__, error)


async def _publish_commands(application: TelegramApplication, staff: StaffDesk | None) -> None:
    try:
        await application.bot.set_my_commands(wording.COMMANDS)
    except TelegramError as error:
        log.warning("the command menu could not be published: %s", type(error).__name__)
    if staff is not None:
        await publish_menus(application.bot, staff)


async def _close(application: TelegramApplication, stop_seconds: float) -> None:
    """Fetch nothing more, let running handlers finish, close the connections."""
    if application.updater is not None and application.updater.running:
        await _finish("fetching updates", application.updater.stop(), _CLOSE_SECONDS)
    if application.running:
        await _finish("answering", application.stop(), stop_seconds)
    await _finish("the application", application.shutdown(), _CLOSE_SECONDS)
    # shutdown() leaves the connections open where initialize() had never come to its end.
    await _finish("the connections", application.bot.shutdown(), _CLOSE_SECONDS)


async def _finish(what: str, ending: Coroutine[Any, Any, None], seconds: float) -> None:
    """Wait for ``ending``, but not for ever, and go on whatever becomes of it."""
    task = asyncio.create_task(ending)
    # While polling pauses after a failure it takes no notice of being stopped: the first cancel() ends the
    # pause, a second one the last request.
    for _ in range(3):
        if (await asyncio.wait({task}, timeout=seconds))[0]:
            break
        log.warning("Telegram: %s did not end in %.0f s", what, seconds)
        task.cancel()
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        log.warning("Telegram: %s ended with %s", what, frames_only(error))


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Run ``work`` unless ``stop`` comes first: then it is cancelled, and the answer is False."""
    task = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            return False
        task.result()
        return True
    finally:
        for each in (task, stopped):
            each.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)
