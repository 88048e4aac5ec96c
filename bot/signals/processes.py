"""The same work on many batches, on every core, in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, TypeVar

Batch = TypeVar("Batch")
Done = TypeVar("Done")
Shared = TypeVar("Shared")

_FEW = 4
"""Batches up to which starting processes would take longer than the work."""
_MOST_PROCESSES = 4
_AHEAD = 2
"""Batches waiting for each process: they bound the memory."""


def in_order(
    work: Callable[[Shared, Batch], Done], shared: Shared, batches: Iterable[Batch]
) -> Iterator[Done]:
    """``work(shared, batch)`` of each batch. ``work`` is a function of a module; ``shared`` is sent once.

    Where there are few batches, or one core, everything is done in this process.
    """
    rest = iter(batches)
    first = list(islice(rest, _FEW))
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1)
    if len(first) < _FEW or processes == 1:
        for batch in chain(first, rest):
            yield work(shared, batch)
        return
    # Started afresh rather than forked: this process may hold threads and an open database.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (work, shared)) as pool:
        waiting: deque[Future[Done]] = deque()
        for batch in chain(first, rest):
            waiting.append(pool.submit(_work_here, batch))
            if len(waiting) > processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_here: tuple[Callable[..., Any], Any]
"""Of a worker process: what it does and with what; set once by :func:`_begin`."""


def _begin(work: Callable[..., Any], shared: Any) -> None:
    global _here
    _here = (work, shared)


def _work_here(batch: Any) -> Any:
    work, shared = _here
    return work(shared, batch)
