"""Masking and classing rows: the costly part of an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from bot.errors import UsageError
from bot.masking import Kind, mask
from bot.signals.classification.classifier import Classifier
from bot.signals.importing.models import RawMessage
from bot.signals.models import Classified, Message
from bot.signals.processes import in_order

Named = tuple[str, str, RawMessage]
"""Id of the message, keyed hash of its writer, and the row."""
Prepared = list[tuple[Message, Classified, tuple[Kind, ...]]]
"""The last are the places that were hidden."""

_MASKED_FIELDS = attrgetter("title", "text", "reply", "area", "channel", "number")


def prepared(batches: Iterable[Sequence[Named]], classifier: Classifier) -> Iterator[Prepared]:
    """Each batch masked and classed, in order.

    Raises:
        UsageError: what reading ``batches`` raised, after everything before it was given out.
    """
    failed: list[UsageError] = []
    yield from in_order(_prepare, classifier, _until_failure(batches, failed))
    if failed:
        raise failed[0]


def _until_failure(batches: Iterable[Sequence[Named]], failed: list[UsageError]) -> Iterator[Sequence[Named]]:
    try:
        yield from batches
    except UsageError as error:
        failed.append(error)


def _prepare(classifier: Classifier, batch: Sequence[Named]) -> Prepared:
    messages = [_masked(*named) for named in batch]
    classes = classifier.classify_all([(one.title, one.text) for one in messages], reasons=False)
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
