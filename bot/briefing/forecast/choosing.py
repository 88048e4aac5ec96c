"""Which questions are put on the list: those that together cover most of what will be asked.

Every source expects each matter so many times at the event (a rate, as of a Poisson process), so that the
probability of hearing it at least once is ``1 − exp(−rate)``, and rates of several sources add up to the
noisy-or of their probabilities. A card also answers, in part, other questions on the same facts; the cards
are chosen greedily by the rate that each newly covers (maximum coverage: Nemhauser, Wolsey and Fisher 1978),
which keeps several entries of one fact from crowding out the others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.briefing.forecast.models import Matter, Rated, Signal
from bot.briefing.forecast.weights import weights
from bot.briefing.models import Event, Why, WhySource

_ALIKE = 0.5
"""Share of common facts from which two questions rest on the same."""
_HOUR = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """A matter on the list with its reasons, strongest first."""

    rated: Rated
    why: tuple[Why, ...]
    likelihood: float


def rates(
    event: Event, signals: Iterable[Signal]
) -> dict[str, tuple[dict[WhySource, float], dict[WhySource, str]]]:
    """For each matter the number of times that each source expects it, and what the source says.

    The expected number of questions of the event is shared among the sources: each gets its share as far as
    it has counted enough; what is left over is for the standing questions.
    """
    by_source: defaultdict[WhySource, list[Signal]] = defaultdict(list)
    for signal in signals:
        by_source[signal.source].append(signal)
    left = weights().questions_per_hour * event.minutes / _HOUR
    expected = left
    found: dict[str, tuple[dict[WhySource, float], dict[WhySource, str]]] = {}
    for source in sorted(by_source, key=lambda one: one is WhySource.STANDING):
        said = by_source[source]
        mass = left if source is WhySource.STANDING else expected * _share(source, said)
        left -= mass
        total = sum(signal.strength for signal in said)
        for signal in sorted(said, key=lambda one: -one.strength):
            per_source, texts = found.setdefault(signal.key, ({}, {}))
            per_source[source] = per_source.get(source, 0.0) + mass * signal.strength / total
            texts.setdefault(source, signal.text)
    return found


def _share(source: WhySource, said: Sequence[Signal]) -> float:
    count = sum(signal.count for signal in said)
    half = weights().half_known[source]
    return weights().shares[source] * count / (count + half) if count else 0.0


def choose(rated: Sequence[Rated], most: int, has_topics: bool) -> list[Chosen]:
    """The questions of the list, most likely first.

    Places are given to the topics in proportion to what is expected of each (Sainte-Laguë), those outside all
    topics get ``most_outside`` at most.
    """
    greedy = _Coverage(rated)
    votes: defaultdict[str, float] = defaultdict(float)
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(rated):
        votes[one.topic] += one.rate
        waiting[one.topic].append(number)
    seats = dict.fromkeys(votes, 0)
    chosen: list[Chosen] = []
    while len(chosen) < most:
        open_topics = [
            topic
            for topic in votes
            if waiting[topic] and not (has_topics and not topic and seats[topic] >= weights().most_outside)
        ]
        if not open_topics:
            break
        topic = max(open_topics, key=lambda name: votes[name] / (2 * seats[name] + 1))
        best = max(waiting[topic], key=greedy.gain)
        waiting[topic].remove(best)
        seats[topic] += 1
        chosen.append(greedy.take(best))
    return sorted(chosen, key=lambda one: -one.likelihood)


class _Coverage:
    """How much of what is expected the cards chosen so far cover."""

    def __init__(self, rated: Sequence[Rated]) -> None:
        self._rated = rated
        self._covered = [0.0] * len(rated)
        of_fact: defaultdict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(rated):
            for ref in one.matter.resting.facts:
                of_fact[ref].append(number)
        self._near = [
            sorted({other for ref in one.matter.resting.facts for other in of_fact[ref] if other != number})
            for number, one in enumerate(rated)
        ]

    def gain(self, number: int) -> float:
        """The rate that a card would newly cover."""
        return sum(part * self._rated[other].rate for other, part in self._new(number))

    def take(self, number: int) -> Chosen:
        """Choose a card: its reasons are those of all that it newly covers, its own words first."""
        by_source: defaultdict[WhySource, float] = defaultdict(float)
        texts: dict[WhySource, str] = {}
        for other, part in self._new(number):
            for source, rate in self._rated[other].rates.items():
                by_source[source] += part * rate
                texts.setdefault(source, self._rated[other].texts[source])
            self._covered[other] += part
        why = _reasons(by_source, texts)
        likelihood = 1 - math.prod(1 - reason.weight for reason in why)
        return Chosen(self._rated[number], why, round(likelihood, 4))

    def _new(self, number: int) -> list[tuple[int, float]]:
        own = [(number, 1 - self._covered[number])]
        matter = self._rated[number].matter
        for other in self._near[number]:
            part = shared(matter, self._rated[other].matter) * weights().shared_basis - self._covered[other]
            if part > 0:
                own.append((other, part))
        return own


def _reasons(by_source: Mapping[WhySource, float], texts: Mapping[WhySource, str]) -> tuple[Why, ...]:
    found = [
        Why(source, texts[source], round(1 - math.exp(-rate), 4))
        for source, rate in by_source.items()
        if rate > 0
    ]
    return tuple(sorted(found, key=lambda why: (-why.weight, why.source)))


def shared(one: Matter, other: Matter) -> bool:
    """Whether an answer to one question goes far towards the other: both answered by the published text, on
    mostly the same facts, about the same aspect."""
    if one.open or other.open or not same_facts(one.resting.facts, other.resting.facts):
        return False
    return same_aspect(one.aspects, other.aspects)


def same_facts(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether at least half of all facts of both are common, or one rests on part of the other's."""
    first, second = set(one), set(other)
    common = first & second
    if not common:
        return False
    return common in (first, second) or len(common) >= _ALIKE * len(first | second)


def same_aspect(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both ask for one thing (how much, when, where); where that is not known they may."""
    return not one or not other or bool(one & other)
