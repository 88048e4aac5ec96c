"""A message as a row of :mod:`bot.store_messages`, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.signals.models import Alarm, Answerer, Classified, Message, Stage, Urgency
from bot.store_file import storable

MESSAGE_COLUMNS = (
    "id, title, text, at, user, number, channel, area, up, down, reply, replied_at, file, sheet, row"
)
CLASS_COLUMNS = "matter, answerer, office, urgency, alarms, stages, confidence"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message with its class and its topic, if it was given one."""

    message: Message
    classified: Classified
    topic: str | None


def to_row(message: Message, classified: Classified, stamp: str) -> tuple[object, ...]:
    """The columns in their order, and the moment of the import."""
    return (
        message.id,
        storable(message.title),
        storable(message.text),
        iso(message.at),
        message.user,
        storable(message.number),
        storable(message.channel),
        storable(message.area),
        message.up,
        message.down,
        storable(message.reply),
        iso(message.replied_at),
        storable(message.file),
        storable(message.sheet),
        message.row,
        classified.matter,
        str(classified.answerer),
        classified.office,
        str(classified.urgency),
        json.dumps(classified.alarms),
        json.dumps(classified.stages, ensure_ascii=False),
        classified.confidence,
        stamp,
    )


def from_row(row: tuple[str, ...]) -> StoredMessage:
    """The columns in their order, then the topic."""
    fields = dict(zip(MESSAGE_COLUMNS.split(", "), row[:15], strict=True))
    message = Message(**{**fields, "at": moment(row[3]), "replied_at": moment(row[11])})  # type: ignore[arg-type]
    matter, answerer, office, urgency, alarms, stages, confidence = row[15:22]
    classified = Classified(
        matter,
        Answerer(answerer),
        office,
        Urgency(urgency),
        tuple(Alarm(alarm) for alarm in json.loads(alarms)),
        tuple(Stage(stage) for stage in json.loads(stages)),
        float(confidence),
    )
    return StoredMessage(message, classified, row[22])


def iso(at: datetime | None) -> str:
    """Text whose order is the order of time; empty for none."""
    return "" if at is None else at.isoformat(timespec="seconds")


def moment(text: str) -> datetime | None:
    """The moment that :func:`iso` wrote."""
    return datetime.fromisoformat(text) if text else None
