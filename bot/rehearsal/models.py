"""Values of a rehearsal: a grade, a turn, a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What a reply is worth. There is no middle mark for «cannot tell»: that is its own verdict."""

    GOOD = "good"
    """Every decisive fact, nothing wrong."""
    PARTIAL = "partial"
    """Right as far as it goes; a decisive fact is missing."""
    WRONG = "wrong"
    """States something that the clause contradicts."""
    STALE = "stale"
    """States as current what has been replaced or has ended."""
    OVER_PROMISING = "over_promising"
    """Promises or claims more than the clause carries."""
    OFF_TOPIC = "off_topic"
    """Does not speak to the question."""
    EMPTY = "empty"
    """Nothing said, or phrases without content."""
    CANNOT_GRADE = "cannot_grade"
    """No published fact answers the question, or the reply cannot be compared with it."""


class Mark(StrEnum):
    """What a reply did with one fact."""

    STATED = "stated"
    MISSED = "missed"
    WRONG = "wrong"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class FactMark:
    """One fact and what the reply did with it. ``said`` is the piece of the reply, where there is one;
    ``should`` the statement of the fact; ``decisive``: the question cannot be answered without it."""

    fact: str
    mark: Mark
    decisive: bool
    should: str
    source: str
    """Title, number and clause."""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a reply that is no fact: a promise, tone. ``said`` quotes the reply."""

    kind: str
    """``over_promise``, ``tone``, ``office``, ``deadline``, ``length``, ``personal``."""
    message: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one reply. ``seconds`` at 4 characters a second; ``score`` is 0..100, ``None`` where
    it cannot be graded."""

    question: str
    reply: str
    verdict: Verdict
    score: int | None
    facts: tuple[FactMark, ...]
    remarks: tuple[Remark, ...]
    office_given: bool
    deadline_given: bool | None
    """``None``: the facts name no time limit."""
    seconds: int
    reason: str
    """In one Chinese sentence, why this verdict."""
    better: str = ""
    """What could have been said: the line to take, where there is one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a persona with the reply and its grade. ``follows``: a follow-up to the turn before,
    with the reason."""

    persona: str
    asked: str
    question: str
    """The plain question that the persona worded in its own way."""
    grade: Grade
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A rehearsal that has ended, or been broken off. Replies are masked before they are stored."""

    id: str
    event: str
    by: str
    started: datetime
    turns: tuple[Turn, ...]
