"""Masking and classing rows: the costly part of an import, on every core where there are many rows."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from operator import attrgetter

from bot.errors import UsageError
from bot.masking import Kind, mask
from bot.signals.classification.classifier import Classifier
from bot.signals.importing.models import RawMessage
from bot.signals.models import Classified, Message

Named = tuple[str, str, RawMessage]
"""Id of the message, keyed hash of its writer, and the row."""
Prepared = list[tuple[Message, Classified, tuple[Kind, ...]]]
"""The last are the places that were hidden."""

_MASKED_FIELDS = attrgetter("title", "text", "reply", "area", "channel", "number")

_FEW = 4
"""Batches up to which starting processes would take longer than the work."""
_MOST_PROCESSES = 4
_AHEAD = 2
"""Batches waiting for each process: they bound the memory."""


def prepared(batches: Iterable[Sequence[Named]], classifier: Classifier) -> Iterator[Prepared]:
    """Each batch masked and classed, in order.

    Raises:
        UsageError: what reading ``batches`` raised, after everything before it was given out.
    """
    failed: list[UsageError] = []
    readable = _until_failure(batches, failed)
    first = list(islice(readable, _FEW))
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1)
    if len(first) < _FEW or processes == 1:
        for batch in chain(first, readable):
            yield _prepare(batch, classifier)
    else:
        yield from _in_processes(chain(first, readable), classifier, processes)
    if failed:
        raise failed[0]


def _until_failure(batches: Iterable[Sequence[Named]], failed: list[UsageError]) -> Iterator[Sequence[Named]]:
    try:
        yield from batches
    except UsageError as error:
        failed.append(error)


def _in_processes(
    batches: Iterable[Sequence[Named]], classifier: Classifier, processes: int
) -> Iterator[Prepared]:
    # Started afresh rather than forked: this process may hold threads and an open database.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (classifier,)) as pool:
        waiting: deque[Future[Prepared]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_prepare_here, batch))
            if len(waiting) > processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_classifier: Classifier
"""Of a worker process; set once by :func:`_begin`."""


def _begin(classifier: Classifier) -> None:
    global _classifier
    _classifier = classifier


def _prepare_here(batch: Sequence[Named]) -> Prepared:
    return _prepare(batch, _classifier)


def _prepare(batch: Sequence[Named], classifier: Classifier) -> Prepared:
    messages = [_masked(*named) for named in batch]
    classes = classifier.classify_all([(message.title, message.text) for message in messages])
    hidden = [tuple(_hidden(raw, message)) for (_, _, raw), message in zip(batch, messages, strict=True)]
    return list(zip(messages, classes, hidden, strict=True))


def _masked(id_: str, user: str, raw: RawMessage) -> Message:
    return Message(
        id=id_,
        title=mask(raw.title),
        text=mask(raw.text),
        at=raw.at,
        user=user,
        number=mask(raw.number),
        channel=mask(raw.channel),
        area=mask(raw.area),
        up=raw.up,
        down=raw.down,
        reply=mask(raw.reply),
        replied_at=raw.replied_at,
        file=raw.file,
        sheet=raw.sheet,
        row=raw.row,
    )


def _hidden(raw: RawMessage, message: Message) -> Iterator[Kind]:
    """Each place that masking hid. A file may hold masks already; these are not ours."""
    before, after = ("\n".join(_MASKED_FIELDS(one)) for one in (raw, message))
    if before != after:
        for kind in Kind:
            yield from [kind] * (after.count(f"[{kind}]") - before.count(f"[{kind}]"))
