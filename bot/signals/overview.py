"""What the stored messages say: counts, trend, hot topics, gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from bot.models import Answer
from bot.signals.charts import Trend, weekly
from bot.signals.gaps import Asked, GapReport, find_gaps
from bot.signals.models import Answerer, HotTopic, Urgency
from bot.signals.questions import question_of
from bot.signals.topics.features import TopicInput, remembered_features
from bot.signals.topics.grouping import group
from bot.signals.topics.hot import hot_topics
from bot.store_messages import BOT_LOG, MessageStore, TopicRow

FEATURES_NAME = "topics.npz"
"""Derived from the messages; made again where it is missing."""
_TREND_WEEKS = 52
QUESTIONS_ASKED = 2_000
"""Questions put to the assistant for one gap report: some ten seconds."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts and topics of the messages of a time; ``as_of`` is the day for which heat was computed."""

    as_of: date
    messages: int
    ours: int
    first: date | None
    last: date | None
    by_answerer: Mapping[str, int]
    by_matter: Mapping[str, int]
    by_urgency: Mapping[str, int]
    topics: tuple[HotTopic, ...]
    trend: Trend


def overview(
    store: MessageStore, data_dir: Path, as_of: date | None, since: date | None = None, most: int = 50
) -> Overview:
    """Group what is stored, keep the topics, and say what is hot.

    Args:
        since: only messages from this day on make the counts and the heat; all are grouped.
        as_of: messages after it are left out; growth is relative to it. ``None``: today, or the day of the
            newest message where that is earlier, so that a file of last year shows what was hot then.
        most: topics wanted.
    """
    rows = list(store.topic_rows())
    inputs = [_input(row) for row in rows]
    features = remembered_features(inputs, data_dir / FEATURES_NAME)
    topics = group(features, {row.id: row.topic for row in rows if row.topic})
    store.set_topics({row.id: topics[row.id] for row in rows if topics[row.id] != row.topic})
    as_of = as_of or min(date.today(), max((row.at.date() for row in rows if row.at), default=date.today()))
    inside = [_in_time(row, since, as_of) for row in rows]
    chosen = [message for message, kept in zip(inputs, inside, strict=True) if kept]
    classes = {row.id: row for row, kept in zip(rows, inside, strict=True) if kept}
    hot = hot_topics(chosen, topics, features, as_of, most=most)
    return _summed(list(classes.values()), tuple(_with_class(topic, classes) for topic in hot), as_of)


def _summed(rows: Sequence[TopicRow], topics: tuple[HotTopic, ...], as_of: date) -> Overview:
    days = [row.at.date() for row in rows if row.at]
    return Overview(
        as_of=as_of,
        messages=len(rows),
        ours=sum(row.answerer != Answerer.OTHER for row in rows),
        first=min(days, default=None),
        last=max(days, default=None),
        by_answerer=_counted(row.answerer for row in rows),
        by_matter=_counted(row.matter for row in rows),
        by_urgency=_counted(row.urgency for row in rows),
        topics=topics,
        trend=_trend(rows, max(days, default=as_of)),
    )


def _counted(values: object) -> dict[str, int]:
    return dict(Counter(values).most_common())  # type: ignore[call-overload]


def _trend(rows: Sequence[TopicRow], last: date) -> Trend:
    """The last year with messages, a week at a time."""
    first = max(
        last - timedelta(weeks=_TREND_WEEKS - 1), min((row.at.date() for row in rows if row.at), default=last)
    )
    ours, others = (
        [row.at.date() for row in rows if row.at and (row.answerer == Answerer.OTHER) is other]
        for other in (False, True)
    )
    return Trend(weekly(ours, first, last), weekly(others, first, last))


def _in_time(row: TopicRow, since: date | None, until: date) -> bool:
    if row.at is None:
        return since is None
    return (since is None or row.at.date() >= since) and row.at.date() <= until


def _input(row: TopicRow) -> TopicInput:
    return TopicInput(row.id, row.title, row.text, row.at, row.user, Urgency(row.urgency))


def _with_class(topic: HotTopic, classes: Mapping[str, TopicRow]) -> HotTopic:
    """The class that most of its messages have."""
    inside = [classes[member] for member in topic.members]
    matter = Counter(row.matter for row in inside).most_common(1)[0][0]
    of_matter = [row for row in inside if row.matter == matter]
    return replace(
        topic,
        matter=matter,
        office=Counter(row.office for row in of_matter).most_common(1)[0][0],
        answerer=Answerer(Counter(row.answerer for row in of_matter).most_common(1)[0][0]),
    )


def gap_report(
    store: MessageStore,
    answer: Callable[[str], Answer],
    since: date | None,
    until: date,
    progress: Callable[[int, int], None] | None = None,
    limit: int = QUESTIONS_ASKED,
) -> GapReport:
    """Questions to us that the published library does not answer, the newest ``limit`` of them looked at."""
    asked = [found for row in store.topic_rows(since, until) if (found := _asked(row))]
    asked.reverse()
    return find_gaps(asked, answer, limit, progress)


def _asked(row: TopicRow) -> Asked | None:
    if row.answerer == Answerer.OTHER:
        return None
    from_bot = row.file == BOT_LOG
    question = row.text if from_bot else question_of(row.title, row.text)
    if not question:
        return None
    source = "bot" if from_bot else "message"
    return Asked(question, row.matter, row.office, source, row.id, row.user, row.topic)
