"""The quantities of a reply held against those of a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.rehearsal.grading.asked import Asked
from bot.rehearsal.grading.clauses import Clause
from bot.rehearsal.grading.points import FactPoints, Points
from bot.rehearsal.grading.quantities import Bound, Kind, Quantity
from bot.rehearsal.grading.subjects import Said, forks

_SAME_MATTER = 6.0
"""Weight of shared words, about two telling ones, from which a sentence is about a fact."""


_MISPLACED = 2.0
"""By how much more another value of the fact must fit the subject for a right value to be out of place."""


@dataclass(slots=True)
class Values:
    """``stated``: values of the fact's direct answer that the reply gives; the others are clauses of the
    reply: with a value of the fact, with another one, with one that no longer holds."""

    stated: list[Said] = field(default_factory=list)
    told: list[Clause] = field(default_factory=list)
    wrong: list[Clause] = field(default_factory=list)
    stale: list[Clause] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ValueReader:
    """Places the quantities of one reply. ``others``: values of the document's other facts, which explain
    a quantity that this fact does not hold."""

    clauses: Sequence[Clause]
    points: FactPoints
    others: Sequence[Said]
    asked: Asked
    reading: Points

    def read(self, said: Sequence[Said]) -> Values:
        """What each quantity is: a value of the fact, a former one, another one, or beside the matter."""
        found = Values()
        for one in said:
            self._place(one, found)
        return found

    def _place(self, said: Said, found: Values) -> None:
        if not said.labels and not said.size:
            said = replace(said, labels=self.asked.labels, size=self.asked.size)
        rivals = [one for one in self.points.current if one.quantity.comparable(said.quantity)]
        equal = [one for one in rivals if one.quantity.equals(said.quantity) and said.likeness(one) >= 0]
        best = max((said.likeness(one) for one in rivals), default=0.0)
        closest = max((said.likeness(one) for one in equal), default=-1.0)
        if equal and best - closest < _MISPLACED:
            turned = said.clause.denied and not any(one.clause.denied for one in equal)
            denied = turned and said.quantity.kind is not Kind.DATE  # «2023年的通知不…» denies no date
            if denied or all(_opposed(said.quantity, one.quantity) for one in equal):
                found.wrong.append(said.clause)
                return
            fitting = [one for one in self.points.brief if one in equal and one not in found.stated]
            found.stated += sorted(fitting, key=said.likeness, reverse=True)[:1]
            found.told.append(said.clause)
        elif self._is_former(said):
            if said.clause.current or not (said.clause.past or said.clause.dated):
                found.stale.append(said.clause)
        elif rivals and not said.clause.past and not self._explained(said, best):
            found.wrong.append(said.clause)

    def _is_former(self, said: Said) -> bool:
        former = (one for one in self.points.former if one.quantity.equals(said.quantity))
        return any(said.likeness(one) >= 0 for one in former)

    def _explained(self, said: Said, best: float) -> bool:
        """Whether another value than the fact's does not contradict it: half of its amount, a figure of the
        question, a value of a neighbouring fact, or a quantity of another matter."""
        asked = any(q.equals(said.quantity) for clause in self.asked.clauses for q in clause.quantities)
        taken_up = asked and (said.clause.denied or said.quantity.kind is Kind.DATE)
        if taken_up or self._derived(said.quantity):
            return True
        stages = forks(said.labels) - self.asked.labels
        known = [
            one
            for one in self.others
            if one.quantity.equals(said.quantity) and (not stages or stages & forks(one.labels))
        ]
        if any(said.likeness(one) > max(best, 0.0) for one in known):
            return True
        return not (best > 0 or said.quantity.kind in self.asked.kinds or self._same_matter(said))

    def _same_matter(self, said: Said) -> bool:
        """Whether the sentence of a quantity shares enough telling words with the fact to be about it."""
        words = {w for c in self.clauses if c.sentence == said.clause.sentence for w in c.words}
        return self.reading.total(words & self.points.words) >= _SAME_MATTER

    def _derived(self, quantity: Quantity) -> bool:
        """An amount that the fact's share makes of its amount: half of 1500元."""
        values = [one.quantity for one in self.points.current if not isinstance(one.quantity.value, tuple)]
        shares = [q.value for q in values if q.kind is Kind.SHARE and not isinstance(q.value, tuple)]
        amounts = [q.value for q in values if q.kind is Kind.MONEY and not isinstance(q.value, tuple)]
        return any(share * amount / 100 == quantity.value for share in shares for amount in amounts)


def _opposed(one: Quantity, other: Quantity) -> bool:
    return {one.bound, other.bound} == {Bound.MOST, Bound.LEAST}
