"""Which messages are about the same matter, also when they come bit by bit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import comb

import pytest

from benchmarks.generated_messages import generated_messages
from bot.signals.topics.features import TopicInput, features_of
from bot.signals.topics.grouping import SETTLED, group

CANTEEN = (
    "宁国市梅岭小学食堂饭菜变质，孩子吃了肚子疼",
    "梅岭小学食堂的饭菜有异味，学生肚子疼",
    "请查宁国市梅岭小学食堂，饭菜变质",
)
BUS = (
    "泾县桃溪镇校车停运，孩子没法上学",
    "桃溪镇校车为什么停运？孩子上学怎么办",
    "恢复泾县桃溪镇校车，停运多日孩子上学难",
)
OTHERS = (
    "旌德县体育馆几点开门，打羽毛球要预约吗",
    "高考报名材料丢失，准考证怎样补办",
    "教师资格认定体检去哪家医院",
    "广德市游泳馆溺水救生员不在岗",
)


def inputs(*texts: str, start: int = 0) -> list[TopicInput]:
    return [TopicInput(f"m{start + place}", text, text) for place, text in enumerate(texts)]


def groups(topics: Mapping[str, str]) -> set[frozenset[str]]:
    return {frozenset(one for one in topics if topics[one] == topic) for topic in topics.values()}


def pair_f1(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    both = sum(comb(count, 2) for count in Counter((one[key], other[key]) for key in one).values())
    pairs = [sum(comb(count, 2) for count in Counter(found.values()).values()) for found in (one, other)]
    return 2 * both / sum(pairs)


def test_messages_of_one_matter_share_the_id_of_the_first() -> None:
    topics = group(features_of(inputs(*CANTEEN, *BUS, *OTHERS)))
    assert [topics[f"m{number}"] for number in range(10)] == [
        *["m0"] * 3,
        *["m3"] * 3,
        "m6",
        "m7",
        "m8",
        "m9",
    ]


def test_nothing_to_group() -> None:
    assert group(features_of([])) == {}
    assert group(features_of(inputs("", "", "好"))) == {"m0": "m0", "m1": "m1", "m2": "m2"}


def test_a_new_message_joins_a_known_topic() -> None:
    earlier = inputs(*CANTEEN[:2], *OTHERS)
    known = group(features_of(earlier))
    later = group(features_of([*earlier, *inputs(CANTEEN[2], start=20)]), known)
    assert later["m20"] == "m0"
    assert {one: later[one] for one in known} == known


def test_a_lone_message_founds_the_topic_of_those_that_follow() -> None:
    earlier = inputs(CANTEEN[0], *OTHERS)
    known = group(features_of(earlier))
    later = group(features_of([*earlier, *inputs(*CANTEEN[1:], start=20)]), known)
    assert {later["m0"], later["m20"], later["m21"]} == {"m0"}


def test_known_topics_stay_apart_and_keep_their_names() -> None:
    """Even if words say otherwise, and if the message that gave the name is gone."""
    messages = inputs(*CANTEEN, *CANTEEN, *OTHERS)
    known = {"m0": "gone", "m1": "gone", "m2": "gone", "m3": "m3", "m4": "m3", "m5": "m3"}
    topics = group(features_of(messages), known)
    assert {one: topics[one] for one in known} == known


def test_a_small_topic_joins_a_large_one_and_takes_its_name() -> None:
    earlier = inputs(*CANTEEN, *CANTEEN[:2], *OTHERS)
    known = {"m0": "m0", "m1": "m0", "m2": "m2", "m3": "m2", "m4": "m2"}
    known |= {f"m{number}": f"m{number}" for number in range(5, 9)}
    topics = group(features_of([*earlier, *inputs(CANTEEN[0], start=20)]), known)
    assert {topics[f"m{number}"] for number in (0, 1, 2, 3, 4, 20)} == {"m2"}


def test_topics_of_messages_that_are_gone_do_not_matter() -> None:
    assert group(features_of(inputs(*OTHERS)), {"deleted": "m0"}) == group(features_of(inputs(*OTHERS)))


@pytest.fixture(scope="module")
def generated() -> tuple[list[TopicInput], dict[str, str], dict[str, str]]:
    messages, truth = generated_messages(2_000, seed=7)
    return messages, truth, group(features_of(messages))


def test_generated_topics_are_found(
    generated: tuple[list[TopicInput], dict[str, str], dict[str, str]],
) -> None:
    """Background counts: a message that is alone with its matter is its own topic."""
    messages, truth, topics = generated
    assert pair_f1(topics, {one.id: truth.get(one.id, one.id) for one in messages}) > 0.95


def test_the_order_of_import_hardly_matters(
    generated: tuple[list[TopicInput], dict[str, str], dict[str, str]],
) -> None:
    """In ten pieces as they come, against all at once."""
    messages, _, at_once = generated
    known: dict[str, str] = {}
    for end in range(200, 2_001, 200):
        topics = group(features_of(messages[:end]), known)
        shared = [one for one in known if Counter(known.values())[known[one]] >= SETTLED]
        assert {one: topics[one] for one in shared} == {one: known[one] for one in shared}
        known = topics
    assert pair_f1(known, at_once) > 0.95


def test_doing_it_again_changes_nothing(
    generated: tuple[list[TopicInput], dict[str, str], dict[str, str]],
) -> None:
    messages, _, topics = generated
    assert group(features_of(messages), topics) == topics
    assert groups(group(features_of(messages))) == groups(topics)


def test_a_matter_is_found_in_a_handful_of_messages() -> None:
    """Its words are common among so few, and still say what it is about."""
    texts = (
        "云岭小学要求统一购买校服，一套六百元",
        "云岭小学的校服太贵了，能不能不买",
        "我家孩子在云岭小学，校服质量差还要六百元",
        "路灯坏了半个月没有人修",
    )
    found = group(features_of([TopicInput(str(n), "", text) for n, text in enumerate(texts)]))
    assert found["0"] == found["1"] == found["2"] != found["3"]
