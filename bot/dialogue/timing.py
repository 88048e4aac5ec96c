"""How long each step of an answer took."""

from __future__ import annotations

import time


class Stopwatch:
    """Laps by name, in milliseconds. One for each message; not shared between threads."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """The time since the lap before belongs to ``step``."""
        now = time.perf_counter()
        self.laps[step] = self.laps.get(step, 0.0) + (now - self._last) * 1000
        self._last = now

    @property
    def total_ms(self) -> float:
        return (time.perf_counter() - self._started) * 1000
