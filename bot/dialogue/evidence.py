"""From a matched unit to the facts that may be said on a given day: current, former, ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.dialogue.understanding import Question
from bot.dialogue.units import Unit
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Fact, FaqEntry, Nature, Status
from knowledge.validity import current_successor, fact_status, is_past, successor_ref


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one unit contributes to an answer.

    ``current``: facts valid on the day. ``former``: replaced facts worth naming after the current ones.
    ``ended``: facts whose time is over with nothing newer in the library. ``faq``: the prepared answer,
    only where all of its facts are current.
    """

    document: str
    current: tuple[Fact, ...] = ()
    former: tuple[Fact, ...] = ()
    ended: tuple[Fact, ...] = ()
    faq: FaqEntry | None = None
    before_start: date | None = None
    """The question is about a time before this day, when the rule was not yet in force."""
    card: bool = False
    """The question is about the document itself."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (*self.current, *self.former, *self.ended)

    @property
    def empty(self) -> bool:
        return not (self.facts or self.faq or self.card)


class EvidenceReader:
    """Applies the rules of validity (DESIGN §5 rule 1) to matched units."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._predecessors: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in library.citable_facts.values():
            if fact.superseded_by:
                self._predecessors[successor_ref(fact)].append(fact)

    def status(self, fact: Fact, on: date) -> Status:
        return fact_status(fact, self._library.document_of(fact), on)

    def read(self, unit: Unit, question: Question, on: date) -> Evidence:
        """The facts of a unit as they stand on a day, with the past ones that the question asks for."""
        if unit.is_card:
            return Evidence(unit.document, card=True)
        library = self._library
        current: dict[str, Fact] = {}
        former: dict[str, Fact] = {}
        ended: dict[str, Fact] = {}
        as_written = True
        for ref in unit.facts:
            fact = library.facts[ref]
            valid = self._valid_on(fact, on)
            if valid is None:
                if is_past(self.status(fact, on)):
                    ended[fact.ref] = fact
                as_written = as_written and fact.ref in ended
                continue
            current[valid.ref] = valid
            if valid.ref != fact.ref:
                as_written = False
                if is_past(self.status(fact, on)):
                    former[fact.ref] = fact
        asked = [past for fact in current.values() for past in self._asked_past(fact, question, on)]
        if question.moments:
            former.clear()
        former |= {past.ref: past for past in asked}
        as_written = as_written and not (current and ended)
        faq = unit.faq if unit.faq and as_written else None
        return Evidence(
            document=unit.document,
            current=tuple(current.values()),
            former=tuple(sorted(former.values(), key=lambda f: f.valid_from or date.min, reverse=True)),
            ended=tuple(ended.values()),
            faq=faq,
            before_start=_start_after(current.values(), question) if not former else None,
        )

    def over(self, unit: Unit, on: date) -> bool:
        """Whether everything that a unit says has ended by a day: nothing to suggest asking."""
        facts = [self._library.facts[ref] for ref in unit.facts]
        return bool(facts) and all(is_past(self.status(fact, on)) for fact in facts)

    def not_yet(self, unit: Unit, on: date) -> bool:
        """Whether everything that a unit says only came into force after a day."""
        facts = [self._library.facts[ref] for ref in unit.facts]
        return bool(facts) and all(self.status(fact, on) is Status.NOT_YET for fact in facts)

    def _valid_on(self, fact: Fact, on: date) -> Fact | None:
        """The fact, its successor or its predecessor: whichever is in force on the day."""
        status = self.status(fact, on)
        if status is Status.IN_FORCE or (fact.nature is Nature.RECORD and not self._outdated(fact, on)):
            return fact if status is not Status.NOT_YET else None
        if status is Status.NOT_YET:
            earlier = (self._valid_on(past, on) for past in self._predecessors[fact.ref])
            return next((found for found in earlier if found), None)
        newer = current_successor(fact, self._library.facts, self._library.documents, on)
        return newer if self.status(newer, on) is Status.IN_FORCE else None

    def _outdated(self, record: Fact, on: date) -> bool:
        return record.valid_to is not None and on > record.valid_to

    def _asked_past(self, fact: Fact, question: Question, on: date) -> list[Fact]:
        """Former versions of a fact that the question names by year, by «以前» or by their figures."""
        chain = self._chain(fact, on)
        if not chain:
            return []
        if question.moments:
            return [past for past in chain if any(_valid_on(past, day) for day in question.moments)]
        if question.asks_past:
            return chain[:1]
        named = figures(question.text) - figures(fact.statement)
        return [past for past in chain if named & figures(past.statement)]

    def _chain(self, fact: Fact, on: date) -> list[Fact]:
        """Everything the fact replaced, newest first."""
        found: list[Fact] = []
        queue = list(self._predecessors[fact.ref])
        while queue:
            past = queue.pop(0)
            if past not in found and is_past(self.status(past, on)):
                found.append(past)
                queue += self._predecessors[past.ref]
        return found


def _start_after(facts: Iterable[Fact], question: Question) -> date | None:
    """The first day of the facts, where every day that is asked about lies before it."""
    starts = [fact.valid_from for fact in facts if fact.valid_from]
    if not starts or not question.moments:
        return None
    return min(starts) if all(day < min(starts) for day in question.moments) else None


def _valid_on(fact: Fact, day: date) -> bool:
    """Whether a former fact was the newest on a day."""
    return (fact.valid_from is None or fact.valid_from <= day) and (
        fact.valid_to is None or day <= fact.valid_to
    )
