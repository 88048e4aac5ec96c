"""Topics as a reader sees them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.signals.models import Urgency
from bot.signals.topics.features import TopicInput, features_of
from bot.signals.topics.grouping import group
from bot.signals.topics.hot import hot_topics
from bot.signals.topics.wording import clean_title

TODAY = date(2026, 11, 23)
CANTEEN = (
    (
        "投诉宁国市梅岭小学食堂饭菜变质的问题",
        "孩子在梅岭小学食堂吃了变质饭菜，几个同学肚子疼，请查一查食堂。" * 2,
    ),
    (
        "宁国市梅岭小学食堂饭菜变质",
        "梅岭小学食堂的饭菜已经不是第一次变质，学生肚子疼，要求公布检查结果。" * 2,
    ),
    ("求助", "梅岭小学食堂饭菜变质，孩子吃了肚子疼，请查一查。" * 3),
    ("关于梅岭小学食堂的投诉", "梅岭小学食堂饭菜变质，孩子吃了肚子疼，家长要求换掉承包食堂的公司。" * 2),
)
BUS = (
    ("泾县桃溪镇校车停运", "桃溪镇的校车停运三天，孩子上学要走五公里，请尽快恢复校车。"),
    ("桃溪镇校车何时恢复", "泾县桃溪镇校车停运，孩子上学没有车坐，校车何时恢复？"),
    ("泾县桃溪镇校车停运孩子上学难", "校车停运，桃溪镇孩子上学难，司机说没有发工资。"),
)
OTHER = ("广德市游泳馆", "游泳馆的救生员不在岗，昨天有人溺水。")


@pytest.fixture(scope="module")
def messages() -> list[TopicInput]:
    at = datetime(2026, 11, 20, 8)
    found = [
        TopicInput(f"c{place}", title, text, at - timedelta(days=place), f"u{place}", Urgency.RAISED)
        for place, (title, text) in enumerate(CANTEEN)
    ]
    found.append(TopicInput("c4", CANTEEN[0][0], CANTEEN[0][1] + "！", at, "u0"))
    for place, (title, text) in enumerate(BUS):
        found.append(TopicInput(f"b{place}", title, text, at - timedelta(days=200 + place), "bus"))
    return [*found, TopicInput("o", *OTHER, at, "other")]


def test_what_is_said_of_a_topic(messages: list[TopicInput]) -> None:
    features = features_of(messages)
    canteen, bus = hot_topics(messages, group(features), features, TODAY)
    assert sorted(canteen.members) == ["c0", "c1", "c2", "c3", "c4"]
    assert (canteen.messages, canteen.people, canteen.near_duplicates) == (5, 4, 1)
    assert (canteen.first, canteen.last) == (date(2026, 11, 17), date(2026, 11, 20))
    assert canteen.title == "宁国市梅岭小学食堂饭菜变质"
    assert canteen.representative in set(canteen.members)
    assert {"变质", "梅岭"} <= set(canteen.keywords)
    assert "投诉" not in canteen.keywords
    assert canteen.urgency is Urgency.RAISED
    assert canteen.heat == sum(canteen.parts.values())
    assert bus.heat < canteen.heat
    assert bus.people == 1
    assert sum(week.messages for week in bus.weeks) == 3


def test_few_messages_are_no_topic_and_only_the_hottest_are_given(messages: list[TopicInput]) -> None:
    features = features_of(messages)
    topics = group(features)
    assert [one.messages for one in hot_topics(messages, topics, features, TODAY, least=4)] == [5]
    assert [one.messages for one in hot_topics(messages, topics, features, TODAY, most=1)] == [5]


def test_what_was_not_written_yet_is_not_told(messages: list[TopicInput]) -> None:
    features = features_of(messages)
    then = hot_topics(messages, group(features), features, date(2026, 6, 1))
    assert [one.messages for one in then] == [3]


def test_without_titles_the_text_speaks() -> None:
    untitled = [TopicInput(f"m{place}", "", text) for place, (_, text) in enumerate(BUS)]
    features = features_of(untitled)
    (topic,) = hot_topics(untitled, dict.fromkeys(features.ids, "m0"), features, TODAY)
    assert "校车" in topic.title
    assert (topic.first, topic.weeks, topic.growth) == (None, (), 1.0)


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("关于梅岭小学食堂饭菜变质的投诉", "梅岭小学食堂饭菜变质"),
        ("【求助】请问桃溪镇校车什么时候恢复？？", "桃溪镇校车什么时候恢复"),
        ("投诉的问题", "投诉的问题"),
        ("  云栖小区 停水\n三天 ", "云栖小区 停水 三天"),
    ],
)
def test_titles_lose_what_every_title_says(title: str, cleaned: str) -> None:
    assert clean_title(title) == cleaned


def test_long_titles_are_cut() -> None:
    assert clean_title("校车停运" * 20) == ("校车停运" * 20)[:29] + "…"


def test_a_title_made_of_texts_holds_no_mask_and_no_greeting() -> None:
    texts = (
        "我叫[姓名]，尊敬的局长您好，云岭小学强制买校服，电话[电话]",
        "来电人反映云岭小学强制买校服。要求核实",
        "云岭小学强制买校服太贵",
    )
    members = [TopicInput(str(n), "", text, datetime(2026, 3, n + 1)) for n, text in enumerate(texts)]
    features = features_of(members)
    (topic,) = hot_topics(members, dict.fromkeys("012", "0"), features, date(2026, 3, 9))
    assert topic.title in {"云岭小学强制买校服", "云岭小学强制买校服太贵"}
