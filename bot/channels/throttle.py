"""How much one user may send, and one message of a user at a time. Memory is bounded in both."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What to do with a message: answer it, say once that it is too fast, or say nothing."""

    ALLOWED = "allowed"
    NOTICE = "notice"
    SILENT = "silent"


@dataclass(slots=True)
class _Window:
    started: float
    count: int = 0


class Throttle:
    """Counts messages per user in windows that begin with the user's first message.

    At most ``capacity`` users are remembered; beyond that the one whose window is oldest is forgotten and
    starts afresh.
    """

    def __init__(
        self,
        limit: int,
        *,
        window_seconds: float = 60.0,
        capacity: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._window_seconds = window_seconds
        self._capacity = capacity
        self._clock = clock
        self._windows: OrderedDict[Hashable, _Window] = OrderedDict()

    def check(self, user: Hashable) -> Verdict:
        """Count one message of ``user``."""
        now = self._clock()
        self._drop_ended(now)
        window = self._windows.get(user)
        if window is None:
            if len(self._windows) >= self._capacity:
                self._windows.popitem(last=False)
            window = self._windows[user] = _Window(now)
        window.count += 1
        if window.count <= self._limit:
            return Verdict.ALLOWED
        return Verdict.NOTICE if window.count == self._limit + 1 else Verdict.SILENT

    def __len__(self) -> int:
        return len(self._windows)

    def _drop_ended(self, now: float) -> None:
        # The oldest window always stands first: a window never moves, and a new one goes to the end.
        while self._windows:
            user, window = next(iter(self._windows.items()))
            if now - window.started < self._window_seconds:
                return
            del self._windows[user]


@dataclass(slots=True)
class _CountedLock:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class UserLocks:
    """One lock per user, kept only while someone holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, _CountedLock] = {}

    @asynccontextmanager
    async def hold(self, user: Hashable) -> AsyncIterator[None]:
        """Wait for this user's turn; turns come in the order of asking."""
        counted = self._locks.setdefault(user, _CountedLock())
        counted.users += 1
        try:
            async with counted.lock:
                yield
        finally:
            counted.users -= 1
            if not counted.users:
                del self._locks[user]

    def __len__(self) -> int:
        return len(self._locks)
