"""From rows of a file, or of the chat log, to stored messages: masked first, then classed, then kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.errors import UsageError
from bot.masking import Kind, mask
from bot.models import Outcome
from bot.signals.classification.classifier import Classifier
from bot.signals.importing.cells import text
from bot.signals.importing.models import RawMessage
from bot.signals.models import Message
from bot.signals.preparing import Named, prepared
from bot.store_messages import BOT_LOG, MessageStore
from bot.store_values import LoggedQuestion

_BATCH = 2_000
Item = TypeVar("Item")


@dataclass(slots=True)
class Intake:
    """What became of messages. ``known`` were stored before, ``repeated`` stood twice in this run;
    ``renewed`` of both gained a reply or votes.

    ``masked`` counts the places that were hidden in new messages.
    """

    new: int = 0
    known: int = 0
    repeated: int = 0
    renewed: int = 0
    masked: Counter[Kind] = field(default_factory=Counter)


def take_in(messages: Iterable[RawMessage], classifier: Classifier, store: MessageStore) -> Intake:
    """Mask, class and keep messages. What came before a row or file that cannot be read stays kept."""
    intake = Intake()
    repeats: list[Message] = []
    for batch in prepared(_unknown(messages, store, intake, repeats), classifier):
        new = store.add([(message, classified) for message, classified, _ in batch])
        intake.new += new
        intake.known += len(batch) - new
        for _, _, hidden in batch:
            intake.masked.update(hidden)
    intake.renewed += store.renew(repeats)
    return intake


def _unknown(
    messages: Iterable[RawMessage], store: MessageStore, intake: Intake, again: list[Message]
) -> Iterator[list[Named]]:
    """Batches of messages that are not stored yet; those that are gain their reply and votes.

    ``again`` collects what repeats in this run bring: the messages may not be stored yet.
    """
    seen: set[str] = set()
    for batch in _batches(messages):
        ids = [store.keyed_hash(raw.identity()) for raw in batch]
        known = store.known(ids)
        new: dict[str, RawMessage] = {}
        old: list[Message] = []
        for id_, raw in zip(ids, batch, strict=True):
            if id_ in seen:
                again.append(_reply_only(raw, id_))
            elif id_ in known:
                old.append(_reply_only(raw, id_))
            else:
                new[id_] = raw
            seen.add(id_)
        intake.known += len(old)
        intake.repeated += len(batch) - len(old) - len(new)
        intake.renewed += store.renew(old)
        yield [
            (id_, store.keyed_hash(f"user\x1f{raw.user}") if raw.user else "", raw)
            for id_, raw in new.items()
        ]


def take_in_log(log: Iterable[LoggedQuestion], classifier: Classifier, store: MessageStore) -> int:
    """Questions of the chat log as messages, so that they count in the topics; how many were new."""
    wanted = [one for one in log if one.outcome != Outcome.REDIRECT]
    ids = {one.id: store.keyed_hash(f"{BOT_LOG}\x1f{one.id}\x1f{one.at.isoformat()}") for one in wanted}
    known = store.known(ids.values())
    messages = (
        Message(
            id=ids[one.id],
            title="",
            text=mask(text(one.question)),  # masked once, but a control character may have split a number
            at=one.at.astimezone().replace(tzinfo=None),
            user=one.user[:32],
            channel=one.channel,
            file=BOT_LOG,
            row=one.id,
        )
        for one in wanted
        if ids[one.id] not in known and len(text(one.question)) > 1
    )
    return sum(_keep(batch, classifier, store) for batch in _batches(messages))


def _keep(messages: Sequence[Message], classifier: Classifier, store: MessageStore) -> int:
    classes = classifier.classify_all([(one.title, one.text) for one in messages], reasons=False)
    return store.add(list(zip(messages, classes, strict=True)))


def _reply_only(raw: RawMessage, id_: str) -> Message:
    """What may have changed of a known message."""
    return Message(id_, "", "", up=raw.up, down=raw.down, reply=mask(raw.reply), replied_at=raw.replied_at)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """A few thousand at once; where reading breaks off, first those that came before."""
    batch: list[Item] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except UsageError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
