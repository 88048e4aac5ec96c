"""What the Telegram channel is given from outside."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How to reach the Bot API and how much to take on. The token does not show in ``repr``.

    ``base_url`` is the root of another Bot API server, such as ``http://127.0.0.1:9001``; ``None`` is
    Telegram's own. ``proxy`` is for networks that do not reach Telegram directly.
    """

    token: str = field(repr=False)
    base_url: str | None = None
    proxy: str | None = field(default=None, repr=False)
    messages_per_minute: int = 20
    concurrent_updates: int = 32
    connection_pool_size: int = 32
    requests_per_second: int = 30

    @property
    def bot_url(self) -> str | None:
        """The address that the token and a method name are appended to."""
        return None if self.base_url is None else f"{self.base_url.rstrip('/')}/bot"

    @property
    def file_url(self) -> str | None:
        """The same for file downloads."""
        return None if self.base_url is None else f"{self.base_url.rstrip('/')}/file/bot"


class SeenUpdates(Protocol):
    """Remembers which updates were taken on. Called from a worker thread."""

    def first_time(self, update_id: int) -> bool:
        """True the first time, False for an update that was delivered again."""
        ...


class RecentUpdates:
    """Remembers the newest updates in memory; forgets them with the process."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._ids: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()

    def first_time(self, update_id: int) -> bool:
        with self._lock:
            if update_id in self._ids:
                return False
            self._ids[update_id] = None
            if len(self._ids) > self._capacity:
                self._ids.popitem(last=False)
            return True
