"""What is kept of a rehearsal: how it was asked for, its questions with the turns, where it stands."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.rehearsal.choosing import PracticeQuestion
from bot.rehearsal.models import Session, Turn
from bot.rehearsal.personas import cast
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class Setup:
    """How a rehearsal was asked for. ``persona``: id, empty for all in turn."""

    event: str = ""
    topics: tuple[str, ...] = ()
    persona: str = ""
    questions: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked last and how the reply will be graded.

    ``question``: the plain one; ``facts``: refs to grade with; ``heard``: what was said before
    and still counts.
    """

    asked: str
    question: str
    facts: tuple[str, ...]
    follows: str = ""
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """One question with its follow-ups. ``hinted_at``: turns before the line was shown; ``deeper``: the
    second question of a persona that digs."""

    question: PracticeQuestion
    persona: str
    turns: tuple[Turn, ...] = ()
    finished: bool = False
    hinted_at: int | None = None
    deeper: PracticeQuestion | None = None

    @property
    def skipped(self) -> bool:
        return self.finished and not self.turns

    @property
    def unaided(self) -> tuple[Turn, ...]:
        """The turns before the hint."""
        return self.turns[: self.hinted_at]

    @property
    def matter(self) -> PracticeQuestion:
        """The question that is talked about at the moment."""
        return self.deeper or self.question


@dataclass(frozen=True, slots=True)
class Record:
    """Everything about a rehearsal that is kept, masked. ``on``: the day of the event, for which facts count;
    ``id`` and ``revision`` are the store's."""

    by: str
    started: datetime
    on: date
    setup: Setup
    rounds: tuple[Round, ...]
    pending: Asked | None = None
    ended: bool = False
    id: str = ""
    revision: int = 0

    @property
    def session(self) -> Session:
        turns = tuple(turn for one in self.rounds for turn in one.turns)
        return Session(self.id, self.setup.event, self.by, self.started, turns)

    @property
    def place(self) -> int:
        """Index of the round under way; the number of rounds where all are finished."""
        return next((n for n, one in enumerate(self.rounds) if not one.finished), len(self.rounds))


def begin(
    questions: Sequence[PracticeQuestion], setup: Setup, by: str, started: datetime, on: date
) -> Record:
    """A rehearsal of these questions, asked by the persona of the setup or by all in turn."""
    dice = random.Random(f"{setup.seed}/personas")  # noqa: S311 - who asks, not a secret
    asking = [setup.persona] if setup.persona else dice.sample(list(cast().personas), len(cast().personas))
    rounds = tuple(Round(question, asking[n % len(asking)]) for n, question in enumerate(questions))
    return Record(by, started, on, setup, rounds, ended=not rounds)


def goes_on(record: Record, library: Library) -> bool:
    """Whether a rehearsal that was broken off can go on: its personas and facts are still there."""
    facts = {ref for one in record.rounds for ref in one.matter.facts}
    return (
        facts <= library.citable_facts.keys()
        and {one.persona for one in record.rounds} <= cast().personas.keys()
    )
