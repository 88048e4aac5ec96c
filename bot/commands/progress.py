"""Progress bars: on stderr, on a terminal only, and only for work that lasts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from index.engines.base import Progress

_SHOW_AFTER_SECONDS = 0.5


@contextmanager
def progress_bar(name: str, total: int) -> Iterator[Progress | None]:
    """A callback ``(done, total)`` that draws; ``None`` where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm  # only where a bar is drawn

    with tqdm(total=total, desc=name, delay=_SHOW_AFTER_SECONDS, leave=False, file=sys.stderr) as bar:

        def show(done: int, whole: int) -> None:
            bar.total = whole
            bar.update(done - bar.n)

        yield show
