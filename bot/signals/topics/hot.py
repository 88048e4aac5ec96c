"""Topics by heat, each with what a reader wants to know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from bot.signals.models import HotTopic, Urgency
from bot.signals.topics.features import Features, TopicInput
from bot.signals.topics.heat import growth, heat_parts, people_of, week_counts
from bot.signals.topics.near_duplicates import repeats
from bot.signals.topics.wording import wording_of

_MOST_URGENT_FIRST = (Urgency.URGENT, Urgency.RAISED, Urgency.NORMAL)


def hot_topics(
    messages: Sequence[TopicInput],
    topics: Mapping[str, str],
    features: Features,
    as_of: date,
    *,
    least: int = 3,
    most: int = 50,
) -> tuple[HotTopic, ...]:
    """The hottest topics on a day, hottest first. Matter and office are left to whoever knows the classes.

    Args:
        messages: all messages; those after ``as_of`` are left out.
        topics: the topic of each message (:func:`bot.signals.topics.grouping.group`).
        features: of all messages; says which words are rare.
        as_of: growth and recency are relative to this day.
        least: messages that a topic must have.
        most: topics wanted.
    """
    members: dict[str, list[TopicInput]] = defaultdict(list)
    for message in messages:
        if message.id in topics and (message.at is None or message.at.date() <= as_of):
            members[topics[message.id]].append(message)
    parts = {topic: heat_parts(inside, as_of) for topic, inside in members.items() if len(inside) >= least}
    hottest = sorted(parts, key=lambda topic: (-sum(parts[topic].values()), topic))[:most]
    frequencies = features.frequencies() if hottest else {}
    return tuple(
        _described(topic, members[topic], parts[topic], frequencies, len(features.ids), as_of)
        for topic in hottest
    )


def _described(
    topic: str,
    members: list[TopicInput],
    parts: Mapping[str, float],
    frequencies: Mapping[int, int],
    of: int,
    as_of: date,
) -> HotTopic:
    members = sorted(members, key=lambda one: (one.at is None, str(one.at), one.id))
    days = [one.at.date() for one in members if one.at]
    wording = wording_of(members, frequencies, of)
    return HotTopic(
        id=topic,
        title=wording.title,
        representative=wording.representative,
        members=tuple(one.id for one in members),
        messages=len(members),
        people=people_of(members),
        near_duplicates=sum(repeats([one.text for one in members])),
        first=min(days, default=None),
        last=max(days, default=None),
        weeks=week_counts(members),
        growth=growth(members, as_of),
        heat=sum(parts.values()),
        parts=parts,
        keywords=wording.keywords,
        urgency=min((one.urgency for one in members), key=_MOST_URGENT_FIRST.index),
    )
