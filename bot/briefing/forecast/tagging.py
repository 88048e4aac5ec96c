"""How hard a question is to answer aloud, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from bot.briefing.forecast.models import Matter
from bot.briefing.models import Difficulty, Risk
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Fact
from knowledge.validity import last_day, successor_ref
from knowledge.yaml_reader import strict_entry

_FILE = Path(__file__).with_name("tags.yaml")
_WORDED = (Risk.MONEY, Risk.ENROLMENT, Risk.PENALTY, Risk.MINORS, Risk.DEADLINE, Risk.REGION)
"""Risks that words tell."""
_FEW_FIGURES = 2


@dataclass(frozen=True, slots=True)
class _Cues:
    words: Mapping[Risk, tuple[str, ...]]
    conditions: tuple[str, ...]
    region_offices: tuple[str, ...]
    stale: timedelta


@cache
def _cues() -> _Cues:
    """The words of ``tags.yaml``.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    with strict_entry(_FILE) as top:
        return _Cues(
            {risk: top.texts(risk.value) for risk in _WORDED},
            top.texts("conditions"),
            top.texts("region_offices"),
            timedelta(days=top.number("stale_days")),
        )


class Tagger:
    """Tags questions from the facts that answer them on the day of the event."""

    def __init__(self, library: Library, on: date) -> None:
        self._library = library
        self._on = on
        self._replacing = {
            successor_ref(fact) for fact in library.citable_facts.values() if fact.superseded_by
        }

    def risks(self, matter: Matter, office: str) -> tuple[Risk, ...]:
        """What can go wrong, in the order of :class:`Risk`."""
        facts = self._facts(matter)
        text = " ".join((matter.question, *(fact.statement for fact in facts)))
        found = {risk for risk, words in _cues().words.items() if any(word in text for word in words)}
        if office in _cues().region_offices or any(fact.region for fact in facts):
            found.add(Risk.REGION)
        if matter.ended or any(self._two_versions(fact) or self._ends_soon(fact) for fact in facts):
            found.add(Risk.STALE)
        if matter.open or not facts:
            found.add(Risk.OPEN)
        return tuple(risk for risk in Risk if risk in found)

    def difficulty(self, matter: Matter, risks: tuple[Risk, ...]) -> Difficulty:
        """Hard where a point is open, or old and new texts stand side by side; medium for several facts,
        several figures or conditions."""
        facts = self._facts(matter)
        if Risk.OPEN in risks or Risk.STALE in risks:
            return Difficulty.HARD
        told = " ".join(fact.statement for fact in facts)
        conditions = any(word in told for word in _cues().conditions)
        if len(facts) > 1 or conditions or len(figures(told)) > _FEW_FIGURES:
            return Difficulty.MEDIUM
        return Difficulty.EASY

    def _facts(self, matter: Matter) -> list[Fact]:
        return [self._library.facts[ref] for ref in matter.resting.facts]

    def _two_versions(self, fact: Fact) -> bool:
        return fact.ref in self._replacing

    def _ends_soon(self, fact: Fact) -> bool:
        end = fact.valid_to or (None if fact.own_basis else last_day(self._library.document_of(fact)))
        return end is not None and end - self._on <= _cues().stale
