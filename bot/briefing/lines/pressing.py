"""What to say when a caller insists: what changed, what can be done next, who decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.briefing.lines.choosing import Choice, adds, fit_to_say, sayable, without_past
from bot.briefing.lines.speaking import characters, in_breaths, spoken
from bot.briefing.lines.wording import line_wording
from bot.briefing.models import Risk
from knowledge.models import Fact, Nature, Office

_LONGEST = 180
"""Characters of all that is said to who insists."""
_HOTLINE = "rexian"
_MOST_RISKS = 2
_SPOKEN_FIRST = (
    Risk.ENROLMENT,
    Risk.PENALTY,
    Risk.MONEY,
    Risk.DEADLINE,
    Risk.MINORS,
    Risk.REGION,
    Risk.STALE,
)
_MEASURED = re.compile(r"\d(?:元|个?工作日|%|平方米|个基点)")
_AMOUNTS = frozenset({"金额", "收费", "利率"})
_REMEDY = re.compile("申诉|复核|复议|诉讼|投诉|举报")
_KNOWN_WHOLE = frozenset({"依据", "施行", "含义", "目标", "数据", "电话", "地点", "措施"})
"""Aspects of facts that do not turn on the caller's own case."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The line that was said, and what is left. ``past``: what the reviewed wording says of former rules;
    ``source``: what the text is called, empty where it has no short name or leaves the question open."""

    facts: tuple[Fact, ...]
    risks: tuple[Risk, ...]
    said: str
    past: tuple[str, ...]
    source: str
    office: Office
    open: bool


class Presser:
    """Writes what follows a line."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._words = line_wording()

    def write(self, situation: Situation) -> tuple[str, tuple[Fact, ...]]:
        """Up to three statements for a caller who insists, and the facts in force that they add.

        Former figures are named only here, as past.
        """
        former = self._former(situation)
        remedy, facts = self._remedy(situation, _LONGEST - characters(former))
        said = former + remedy
        if not (former or remedy):
            said = self._firm(situation)
        return said + self._decides(situation), facts

    def _former(self, situation: Situation) -> str:
        say = self._words.sentences.say
        replaced = self._choice.replaced(situation.facts)
        if replaced and not situation.open:
            past = replaced[0].brief or replaced[0].statement
            kind = "former" if _MEASURED.search(past) else "former_way"
            return say(kind, brief=in_breaths(spoken(past)))
        notes = situation.past or tuple(_notes(situation.facts))
        told = "".join(in_breaths(spoken(note)) for note in notes)
        kind = "past" if situation.past else "raised"
        return say(kind, said=told) if told and not situation.open else ""

    def _remedy(self, situation: Situation, room: int) -> tuple[str, tuple[Fact, ...]]:
        for fact in self._choice.remedies(situation.facts):
            told = "".join(sayable(fact)) or in_breaths(spoken(fact.brief))
            if (
                _REMEDY.search(told)
                and adds(told, situation.said)
                and fit_to_say(told)
                and characters(told) <= room
            ):
                return self._words.sentences.say("remedy", said=told), (fact,)
        return "", ()

    def _firm(self, situation: Situation) -> str:
        """Why no other answer can be given."""
        if situation.open or not situation.source:
            return ""
        if situation.facts[0].nature is Nature.RECORD:
            return self._words.sentences.say("firm_record")
        return self._words.sentences.say("firm", source=situation.source)

    def _decides(self, situation: Situation) -> str:
        """What cannot be said on the telephone and who decides."""
        say = self._words.sentences.say
        office = self._words.office(situation.office)
        if situation.open:
            direct = situation.office.id == _HOTLINE
            return say("decides_open_direct") if direct else say("decides_open", office=office)
        risks = [risk for risk in _SPOKEN_FIRST if risk in situation.risks][:_MOST_RISKS]
        if risks:
            return "".join(self._words.pressed[risk] for risk in risks)
        if situation.office.id == _HOTLINE:
            return say("decides_direct")
        known = all(_KNOWN_WHOLE.issuperset(fact.aspects) for fact in situation.facts)
        return say("decides_known" if known else "decides", office=office)


def _notes(facts: Iterable[Fact]) -> Iterable[str]:
    """What statements of an amount or a rate in force say of the one before."""
    amounts = (fact for fact in facts if _AMOUNTS & set(fact.aspects))
    return (past for fact in amounts if (past := without_past(fact.statement)[1]))
