"""What makes a topic hot, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.signals.models import Urgency
from bot.signals.topics.features import TopicInput
from bot.signals.topics.heat import HALF_LIFE, growth, heat_parts, people_of, week_counts

TODAY = date(2026, 11, 23)


def written(days_ago: int, user: str = "", urgency: Urgency = Urgency.NORMAL, text: str = "") -> TopicInput:
    at = datetime(2026, 11, 23, 9) - timedelta(days=days_ago)
    return TopicInput(f"{user}{days_ago}", "", text, at, user, urgency)


def crowd(people: int, days_ago: int = 3) -> list[TopicInput]:
    return [written(days_ago, f"u{number}") for number in range(people)]


def heat(messages: list[TopicInput]) -> float:
    return sum(heat_parts(messages, TODAY).values())


def test_every_share_by_hand() -> None:
    """Two people today, one of them urgent, one with two messages; nobody before."""
    messages = [written(0, "a", Urgency.URGENT), written(0, "b"), written(0, "b")]
    assert heat_parts(messages, TODAY) == pytest.approx(
        {
            "number": 25 * 3 / 23,
            "people": 30 * 2 / 12,
            "growth": 20 * 2 / 7,
            "duration": 10 * 1 / 5,
            "urgency": 15 * 1 / 4,
        }
    )


def test_one_person_posting_thirty_times_is_not_hot() -> None:
    alone = [written(day, "a") for day in range(30)]
    assert heat(alone) < heat(crowd(3))


def test_heat_stays_below_a_hundred() -> None:
    many = [replace(one, urgency=Urgency.URGENT) for day in range(0, 28, 7) for one in crowd(900, day)]
    assert 80 < heat(many) < 100


def test_heat_fades_with_age() -> None:
    newest, older = heat_parts(crowd(10, 0), TODAY), heat_parts(crowd(10, HALF_LIFE), TODAY)
    assert older["people"] == pytest.approx(30 * 5 / 15)
    assert newest["people"] == pytest.approx(30 * 10 / 20)
    assert older["growth"] == 0


def test_more_urgent_is_hotter() -> None:
    by_urgency = {urgency: heat([replace(one, urgency=urgency) for one in crowd(5)]) for urgency in Urgency}
    assert by_urgency[Urgency.URGENT] > by_urgency[Urgency.RAISED] > by_urgency[Urgency.NORMAL]


def test_unknown_writers_count_once_for_each_text() -> None:
    assert people_of([written(0, text="食堂"), written(1, text="食堂"), written(2, text="校车")]) == 2


def test_messages_without_time_count_as_old() -> None:
    timeless = [replace(one, at=None) for one in crowd(4)]
    assert heat_parts(timeless, TODAY)["people"] == pytest.approx(30 * 2 / 12)
    assert growth(timeless, TODAY) == 1
    assert week_counts(timeless) == ()


def test_growth_compares_four_weeks_with_the_four_before() -> None:
    messages = [*crowd(5, 0), *crowd(2, 27), *crowd(3, 28), *crowd(1, 55), *crowd(9, 56)]
    assert growth(messages, TODAY) == (7 + 1) / (4 + 1)


def test_weeks_without_messages_are_counted_as_empty() -> None:
    weeks = week_counts([written(0), written(14), written(15)])
    assert [week.messages for week in weeks] == [1, 1, 0, 1]
    assert [week.monday for week in weeks] == [TODAY - timedelta(weeks=back) for back in (3, 2, 1, 0)]
