"""Who calls in a rehearsal: how each kind of person words a question and insists (``personas.yaml``)."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from knowledge.yaml_reader import Entry, strict_entry

NAME = "personas.yaml"
MOST_FOLLOW_UPS = 2
_FILE = Path(__file__).with_name(NAME)
_BLANK = re.compile(r"\{(\w+)\}")
_ENDS = "？?。！!…"
_ALLOWED = frozenset({"question", "said", "ask"})
_TELLING = frozenset({"source", "should"})
"""Blanks that give the answer away."""


class Reason(StrEnum):
    """Why a persona insists. The value stands in :attr:`bot.rehearsal.models.Turn.follows`."""

    EMPTY = "empty"
    OFF_TOPIC = "off_topic"
    WRONG = "wrong"
    STALE = "stale"
    OVER_PROMISE = "over_promise"
    TOO_LONG = "too_long"
    MISSED = "missed"
    OFFICE_DEADLINE = "office_deadline"
    OFFICE = "office"
    DEADLINE = "deadline"
    DEEPER = "deeper"
    """The reply was good; another fact of the same document is asked for."""


REASON_NAMES = {
    Reason.EMPTY: "没有内容",
    Reason.OFF_TOPIC: "答非所问",
    Reason.WRONG: "说错了",
    Reason.STALE: "说法过时",
    Reason.OVER_PROMISE: "过度承诺",
    Reason.TOO_LONG: "太长",
    Reason.MISSED: "漏了关键一点",
    Reason.OFFICE_DEADLINE: "没说找谁、什么时候",
    Reason.OFFICE: "没说找谁",
    Reason.DEADLINE: "没说期限",
    Reason.DEEPER: "深一层",
}


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of caller.

    ``patience``: most follow-ups to one question, 0..2. ``digs``: asks one deeper question after a good
    reply. ``quotes``: may quote the clause that contradicts a reply, and so names the answer.
    """

    id: str
    name: str
    patience: int
    digs: bool
    quotes: bool
    frames: tuple[str, ...]
    follow_ups: Mapping[Reason, tuple[str, ...]]
    thanks: tuple[str, ...]
    gives_up: tuple[str, ...]

    def words(self, question: str, dice: random.Random) -> str:
        """The question as this person asks it: the plain question within an opening and an ending."""
        return fill(dice.choice(self.frames), question=closed(question))

    def insists(self, reason: Reason, dice: random.Random, used: Collection[str] = (), **values: str) -> str:
        """A follow-up, rather one that is not among ``used``. Values are text, never templates."""
        said = [fill(wording, **values) for wording in self.follow_ups[reason]]
        return dice.choice([text for text in said if text not in used] or said)


@dataclass(frozen=True, slots=True)
class Cast:
    """All personas by id, in file order, and how to ask for a fact by its aspect."""

    personas: Mapping[str, Persona]
    asks: Mapping[str, tuple[str, ...]]
    ask_any: tuple[str, ...]

    def ask_for(self, aspects: Sequence[str], dice: random.Random) -> str:
        """Asks for a fact without naming it, by the first of its aspects for which there is a wording."""
        wordings = next((self.asks[aspect] for aspect in aspects if aspect in self.asks), self.ask_any)
        return dice.choice(wordings)


def closed(question: str) -> str:
    """The question with a mark at its end, so that what follows does not run into it."""
    question = question.strip()
    return question if question.endswith(tuple(_ENDS)) else f"{question}？"


def fill(wording: str, **values: str) -> str:
    """A wording with its blanks filled, once: a value that holds braces stays as it is."""
    return _BLANK.sub(lambda blank: values[blank.group(1)], wording)


@cache
def cast() -> Cast:
    """The personas of ``personas.yaml``.

    Raises:
        LibraryInvalid: names file, line and field of what is wrong.
    """
    return read_cast(_FILE)


def read_cast(path: Path) -> Cast:
    """The personas of a file; see :func:`cast`."""
    with strict_entry(path) as entry:
        personas = [_read_persona(child) for child in entry.entries("personas", required=True)]
        asks = entry.entry("asks")
        by_aspect = {name: _wordings(asks, name, frozenset()) for name in asks.names} if asks else {}
        ask_any = _wordings(entry, "ask_any", frozenset())
    return Cast({persona.id: persona for persona in personas}, by_aspect, ask_any)


def _read_persona(entry: Entry) -> Persona:
    quotes, digs = entry.flag("quotes"), entry.flag("digs")
    allowed = _ALLOWED | (_TELLING if quotes else frozenset())
    patience = entry.number("patience")
    if not 0 <= patience <= MOST_FOLLOW_UPS:
        entry.problem("patience", f"应在 0 到 {MOST_FOLLOW_UPS} 之间")
    follow_ups: dict[Reason, tuple[str, ...]] = {}
    insisting = entry.entry("follow_ups")
    if insisting:
        wanted = [reason for reason in Reason if digs or reason is not Reason.DEEPER]
        follow_ups = {reason: _wordings(insisting, reason, allowed) for reason in wanted}
        insisting.finish()
    else:
        entry.problem("follow_ups", "缺少必填字段")
    persona = Persona(
        id=entry.text("id"),
        name=entry.text("name"),
        patience=patience,
        digs=digs,
        quotes=quotes,
        frames=_frames(entry),
        follow_ups=follow_ups,
        thanks=_wordings(entry, "thanks", frozenset()),
        gives_up=_wordings(entry, "gives_up", frozenset()),
    )
    entry.finish()
    return persona


def _frames(entry: Entry) -> tuple[str, ...]:
    frames = _wordings(entry, "frames", frozenset({"question"}))
    for frame in frames:
        if frame.count("{question}") != 1:
            entry.problem("frames", f"“{frame}”里应有一处 {{question}}")
    return frames


def _wordings(entry: Entry, key: str, blanks: frozenset[str]) -> tuple[str, ...]:
    """At least one wording that has no other blanks than these."""
    found = entry.texts(key)
    if not found:
        entry.problem(key, "至少要写一句")
    for wording in found:
        unknown = set(_BLANK.findall(wording)) - blanks
        if unknown:
            entry.problem(key, f"“{wording}”里不能用 {{{'}、{'.join(sorted(unknown))}}}")
    return found
