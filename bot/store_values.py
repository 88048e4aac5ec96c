"""What the chat log tells: questions and totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """Exchanges with the same masked question that got no answer. ``question`` is the newest wording."""

    question: str
    count: int
    last_asked: datetime
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A masked question of the chat log; ``user`` is a keyed hash, ``at`` has a zone."""

    id: int
    at: datetime
    channel: str
    user: str
    question: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Totals of a time."""

    exchanges: int
    users: int
    helpful: int
    unhelpful: int
    outcomes: Mapping[str, int]
    channels: Mapping[str, int]
