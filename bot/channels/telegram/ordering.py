"""Many updates at once, one at a time for each user."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Hashable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.channels.throttle import UserLocks

_WAITING_PER_SLOT = 64


class OneAtATimePerUser(BaseUpdateProcessor):
    """Runs up to ``concurrent_updates`` handlers at once and keeps each user's messages in order.

    Waiting for one's turn takes no slot, so a user who sends fifty messages does not hold up the others.
    """

    def __init__(self, concurrent_updates: int) -> None:
        super().__init__(max_concurrent_updates=concurrent_updates * _WAITING_PER_SLOT)
        self._slots = asyncio.Semaphore(concurrent_updates)
        self._locks = UserLocks()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        async with self._locks.hold(_whose(update)), self._slots:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def _whose(update: object) -> Hashable:
    if isinstance(update, Update) and update.effective_user is not None:
        return update.effective_user.id
    return id(update)
