"""How hot a topic is on a day: five shares that add up to 0..100.

Every share is ``weight · x / (x + half)``: it rises with x, reaches half its weight at ``half`` and its
weight never. x counts people, not postings, so that nobody makes a topic hot alone, and fades: what is
:data:`HALF_LIFE` days old counts half.

========  ======  ====  ==============================================================================
share     weight  half  x
========  ======  ====  ==============================================================================
number        25    20  messages, at most the newest three of a person, faded
people        30    10  people, faded by their newest message
growth        20     5  people of the newest four weeks minus those of the four weeks before, not below 0
duration      10     4  weeks in which somebody wrote for the first time, faded
urgency       15     3  people with an urgent message, those with a raised one counted half, faded
========  ======  ====  ==============================================================================
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from bot.signals.models import Urgency, WeekCount
from bot.signals.topics.features import TopicInput

HALF_LIFE: Final = 90
"""Days. A message without a time counts as one of this age."""

_SHARES: Final = {
    "number": (25.0, 20.0),
    "people": (30.0, 10.0),
    "growth": (20.0, 5.0),
    "duration": (10.0, 4.0),
    "urgency": (15.0, 3.0),
}
"""Weight and half of each share."""
_OF_ONE_PERSON: Final = 3
_FOUR_WEEKS: Final = 28
_URGENCY: Final = {Urgency.URGENT: 1.0, Urgency.RAISED: 0.5, Urgency.NORMAL: 0.0}


def heat_parts(messages: Sequence[TopicInput], as_of: date) -> dict[str, float]:
    """The shares of a topic's heat on the day ``as_of``; their sum is the heat."""
    people = _people(messages)
    faded = {person: [_faded(message, as_of) for message in theirs] for person, theirs in people.items()}
    counts = {
        "number": sum(sum(sorted(theirs)[-_OF_ONE_PERSON:]) for theirs in faded.values()),
        "people": sum(max(theirs) for theirs in faded.values()),
        "growth": max(0, _writers(people, as_of, 0) - _writers(people, as_of, 1)),
        "duration": _weeks_with_newcomers(people, as_of),
        "urgency": sum(
            max(_URGENCY[message.urgency] * _faded(message, as_of) for message in theirs)
            for theirs in people.values()
        ),
    }
    return {name: weight * counts[name] / (counts[name] + half) for name, (weight, half) in _SHARES.items()}


def growth(messages: Iterable[TopicInput], as_of: date) -> float:
    """Messages of the newest four weeks divided by those of the four weeks before, +1 in both."""
    ages = [(as_of - message.at.date()).days for message in messages if message.at]
    newest = sum(0 <= age < _FOUR_WEEKS for age in ages)
    before = sum(_FOUR_WEEKS <= age < 2 * _FOUR_WEEKS for age in ages)
    return (newest + 1) / (before + 1)


def week_counts(messages: Iterable[TopicInput]) -> tuple[WeekCount, ...]:
    """Messages by week from the first to the last, empty weeks too."""
    counts = Counter(_monday(message.at.date()) for message in messages if message.at)
    if not counts:
        return ()
    first, weeks = min(counts), (max(counts) - min(counts)).days // 7 + 1
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    return tuple(WeekCount(monday, counts[monday]) for monday in mondays)


def people_of(messages: Iterable[TopicInput]) -> int:
    """Different writers. An unknown writer counts as one for each different text."""
    return len(_people(messages))


def _people(messages: Iterable[TopicInput]) -> Mapping[tuple[str, str], list[TopicInput]]:
    found: dict[tuple[str, str], list[TopicInput]] = defaultdict(list)
    for message in messages:
        found[message.user, "" if message.user else message.text].append(message)
    return found


def _faded(message: TopicInput, as_of: date) -> float:
    age = (as_of - message.at.date()).days if message.at else HALF_LIFE
    return float(0.5 ** (max(age, 0) / HALF_LIFE))


def _writers(people: Mapping[tuple[str, str], list[TopicInput]], as_of: date, back: int) -> int:
    """People who wrote in the four weeks that ended ``back`` times four weeks ago."""
    return sum(
        any(message.at and (as_of - message.at.date()).days // _FOUR_WEEKS == back for message in theirs)
        for theirs in people.values()
    )


def _weeks_with_newcomers(people: Mapping[tuple[str, str], list[TopicInput]], as_of: date) -> float:
    firsts = (
        min((message for message in theirs if message.at), key=lambda one: str(one.at), default=None)
        for theirs in people.values()
    )
    weeks = {_monday(first.at.date()): _faded(first, as_of) for first in firsts if first and first.at}
    return sum(weeks.values())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
