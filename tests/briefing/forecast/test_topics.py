"""Free words and the documents that they mean."""

from __future__ import annotations

from datetime import date

import pytest

from bot.briefing.forecast.topics import Topics, topics_of, unmatched_topics
from bot.briefing.models import Event, EventKind
from knowledge.library import Library

ON = date(2026, 12, 10)


@pytest.fixture(scope="module")
def topics(library: Library) -> Topics:
    return Topics(library)


def nearest(topics: Topics, library: Library, topic: str) -> set[str]:
    """The documents that are nearest by what they are called and filed under."""
    nothing: frozenset[str] = frozenset()
    near = {one: topics.near(topic, one, nothing) for one in library.published}
    return {one for one, value in near.items() if value == max(near.values())}


@pytest.mark.parametrize(
    ("topic", "document"),
    [
        ("义务教育入学", "04-zhaosheng-ruxue-2023"),
        ("学生资助", "10-xuesheng-zizhu"),
        ("助学贷款", "03-zhuxue-daikuan-2023"),
        ("双减", "05-shuangjian"),
        ("手机", "12-shuimian-shouji"),
        ("幼小衔接", "L03-youxiao-xianjie"),
        ("政府信息公开", "13-zhengfu-xinxi-gongkai"),
    ],
)
def test_a_topic_finds_its_document(topics: Topics, library: Library, topic: str, document: str) -> None:
    found = nearest(topics, library, topic)
    assert document in found
    assert len(found) <= 2


def test_a_season_brings_its_topics(topics: Topics, library: Library) -> None:
    homework = topics.tokens("一年级老师布置作业合规吗")
    assert topics.known("秋季开学")
    assert topics.near("秋季开学", "05-shuangjian", homework) > 0.5


def test_topics_given_as_one_text_are_taken_apart() -> None:
    event = Event(EventKind.HOTLINE, ON, ("义务教育入学、学生资助，校外培训", "学生资助"))
    assert topics_of(event) == ("义务教育入学", "学生资助", "校外培训")


def test_a_topic_of_which_nothing_is_held_is_named(library: Library) -> None:
    event = Event(EventKind.HOTLINE, ON, ("学生资助", "量子计算"))
    assert unmatched_topics(event, library) == ("量子计算",)


def test_what_is_known_not_to_be_published_is_no_unknown_topic(library: Library) -> None:
    assert unmatched_topics(Event(EventKind.HOTLINE, ON, ("转学",)), library) == ()
