"""What the stored messages say on a day: counts, topics that stay, gaps in what is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.models import Answer, Outcome
from bot.signals.classification.classifier import Classifier
from bot.signals.importing.models import RawMessage
from bot.signals.intake import take_in, take_in_log
from bot.signals.models import Answerer
from bot.signals.overview import FEATURES_NAME, Overview, gap_report, overview
from bot.store import Store
from bot.store_messages import MessageStore
from knowledge.library import Library

NEWEST = date(2026, 9, 30)
BUSES = tuple(
    f"家长反映泾县云岭小学校车{line}号线停运，学生上学没有校车，请学校恢复校车" for line in "一二三四"
)
LUNCHES = tuple(
    f"宁国市河沥小学食堂{day}的午饭是冷的，学生吃了肚子疼，请检查学校食堂" for day in ("周一", "周三", "周五")
)
LAMPS = tuple(f"郎溪县建平路第{number}个路口路灯不亮，晚上漆黑，请城管维修路灯" for number in "357")
OTHERS = (
    "绩溪县华阳初中招聘代课老师需要教师资格证吗",
    "宣州区敬亭高中转学手续在哪个窗口办理",
    "广德市桃州幼儿园保教费涨了一倍",
    "旌德县体育馆羽毛球场周末能预约吗",
)
"""Matters of one message each: what all messages say tells no matter from another."""


@pytest.fixture(scope="module")
def classifier(library: Library) -> Classifier:
    return Classifier.bundled(library)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MessageStore]:
    with MessageStore(tmp_path) as opened:
        yield opened


def raws(
    texts: tuple[str, ...], last: date | None = NEWEST, every: int = 1, name: str = "a"
) -> list[RawMessage]:
    """One message a text, the last one on ``last``, the others ``every`` days apart before it."""
    noon = last and datetime(last.year, last.month, last.day, 12)
    return [
        RawMessage(
            title="",
            text=text,
            at=noon and noon - timedelta(days=every * (len(texts) - 1 - n)),
            user=f"{name}{n}",
            number=f"{name}{n}",
            file="来件.csv",
            row=n + 2,
        )
        for n, text in enumerate(texts)
    ]


def topics_of(store: MessageStore) -> dict[str, str | None]:
    """The topic of each message by its text."""
    return {one.message.text: one.topic for one in store.everything()}


def test_the_same_matter_is_a_topic_and_counts_are_of_all(
    tmp_path: Path, store: MessageStore, classifier: Classifier
) -> None:
    take_in(
        [*raws(BUSES), *raws(LUNCHES, name="b"), *raws(LAMPS, name="c"), *raws(OTHERS, name="d")],
        classifier,
        store,
    )
    found = overview(store, tmp_path, None)
    assert {topic.messages for topic in found.topics} == {4, 3}
    assert len(found.topics) == 3
    assert (found.messages, found.ours, found.first, found.last) == (14, 11, date(2026, 9, 27), NEWEST)
    for counts in (found.by_answerer, found.by_matter, found.by_urgency):
        assert sum(counts.values()) == 14
    lamps = next(topic for topic in found.topics if topic.answerer is Answerer.OTHER)
    assert (lamps.matter, lamps.office, lamps.messages) == ("b-city", "", 3)
    assert {topic.office for topic in found.topics if topic is not lamps} == {"anquan"}
    heats = [topic.heat for topic in found.topics]
    assert heats == sorted(heats, reverse=True)


def test_topics_keep_their_ids_when_more_comes(
    tmp_path: Path, store: MessageStore, classifier: Classifier
) -> None:
    take_in([*raws(BUSES), *raws(LUNCHES, name="b"), *raws(OTHERS, name="d")], classifier, store)
    before = overview(store, tmp_path, None)
    earlier = topics_of(store)
    more = (
        "家长反映泾县云岭小学校车五号线停运，学生上学没有校车，请学校恢复校车",
        *LAMPS,
        "郎溪县新发幼儿园几点放学",
    )
    take_in(raws(more, NEWEST + timedelta(days=20), name="z"), classifier, store)
    after = overview(store, tmp_path, None)
    kept = topics_of(store)
    assert {text: kept[text] for text in earlier} == earlier
    assert kept[more[0]] == earlier[BUSES[0]]
    assert {topic.id for topic in before.topics} < {topic.id for topic in after.topics}


def _nothing(file: Path) -> None:
    assert file.is_file()


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _noise(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\x5a" * (len(content) // 2 - len(content) // 3)
    file.write_bytes(content)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("damage", [_nothing, Path.unlink, _half, _noise, _empty])
def test_the_file_of_words_may_be_lost(
    tmp_path: Path, store: MessageStore, classifier: Classifier, damage: Callable[[Path], None]
) -> None:
    take_in([*raws(BUSES), *raws(LUNCHES, name="b"), *raws(OTHERS, name="d")], classifier, store)
    before = overview(store, tmp_path, None)
    damage(tmp_path / FEATURES_NAME)
    assert overview(store, tmp_path, None) == before
    assert (tmp_path / FEATURES_NAME).is_file()


def test_days_bound_counts_and_topics(tmp_path: Path, store: MessageStore, classifier: Classifier) -> None:
    """Four bus messages ten days apart; the lunches are all a month older than the newest of them."""
    take_in(
        [*raws(BUSES, every=10), *raws(LUNCHES, NEWEST - timedelta(days=40), name="b")], classifier, store
    )
    take_in(raws(OTHERS, NEWEST - timedelta(days=300), name="d"), classifier, store)

    def shown(found: Overview) -> tuple[int, list[int]]:
        return found.messages, sorted(topic.messages for topic in found.topics)

    assert shown(overview(store, tmp_path, None)) == (11, [3, 4])
    assert shown(overview(store, tmp_path, None, since=NEWEST - timedelta(days=35))) == (4, [4])
    assert shown(overview(store, tmp_path, NEWEST - timedelta(days=1))) == (10, [3, 3])
    assert shown(overview(store, tmp_path, NEWEST - timedelta(days=40))) == (7, [3])
    both = overview(store, tmp_path, NEWEST - timedelta(days=1), since=NEWEST - timedelta(days=10))
    assert shown(both) == (1, [])
    assert shown(overview(store, tmp_path, NEWEST, since=NEWEST + timedelta(days=1))) == (0, [])
    assert shown(overview(store, tmp_path, None, most=1))[1] in ([3], [4])


def test_the_day_is_that_of_the_newest_message_unless_it_is_to_come(
    tmp_path: Path, store: MessageStore, classifier: Classifier
) -> None:
    take_in(raws(BUSES), classifier, store)
    assert overview(store, tmp_path, None).as_of == NEWEST
    wrong = date.today() + timedelta(days=400)
    take_in(raws(LUNCHES, wrong, name="b"), classifier, store)
    found = overview(store, tmp_path, None)
    assert date.today() - timedelta(days=1) <= found.as_of <= date.today()
    assert found.messages == 4, "what is dated in the future waits"


def test_messages_without_a_time_count_where_no_first_day_is_asked_for(
    tmp_path: Path, store: MessageStore, classifier: Classifier
) -> None:
    take_in([*raws(BUSES, None), *raws(LUNCHES, name="b"), *raws(OTHERS, name="d")], classifier, store)
    found = overview(store, tmp_path, None)
    assert (found.messages, found.first, len(found.topics)) == (11, NEWEST - timedelta(days=3), 2)
    (buses,) = [topic for topic in found.topics if topic.messages == 4]
    assert (buses.first, buses.last, buses.weeks) == (None, None, ())
    assert overview(store, tmp_path, None, since=date(2000, 1, 1)).messages == 7


def test_only_messages_without_a_time(tmp_path: Path, store: MessageStore, classifier: Classifier) -> None:
    take_in(raws((*BUSES, *OTHERS), None), classifier, store)
    found = overview(store, tmp_path, None)
    assert (found.messages, found.first, found.last, len(found.topics)) == (8, None, None, 1)


def test_an_empty_store_has_nothing_to_say(tmp_path: Path, store: MessageStore) -> None:
    found = overview(store, tmp_path, None)
    assert (found.messages, found.ours, found.topics, found.first) == (0, 0, (), None)


def test_the_trend_covers_every_week_and_both_sides(
    tmp_path: Path, store: MessageStore, classifier: Classifier
) -> None:
    take_in([*raws(BUSES, every=14), *raws(LAMPS, name="c")], classifier, store)
    trend = overview(store, tmp_path, None).trend
    assert sum(week.messages for week in trend.ours) == len(BUSES)
    assert sum(week.messages for week in trend.others) == len(LAMPS)
    mondays = [week.monday for week in trend.ours]
    assert mondays == [week.monday for week in trend.others]
    assert mondays == [mondays[0] + timedelta(weeks=n) for n in range(7)]


def test_gaps_are_our_questions_that_the_library_leaves_open(
    tmp_path: Path, store: MessageStore, classifier: Classifier, ask: Callable[[str], Answer]
) -> None:
    """Answered, of another bureau, no question at all: none of these is a gap."""
    texts = (
        "请问本专科生助学贷款一年最多能贷多少？",
        "请问旌德县梅林小学的操场什么时候翻新完工？",
        "请问社保断缴两年怎么补缴养老保险？",
        "表扬旌德县梅林小学门卫，下雨天帮孩子打伞。",
    )
    take_in(raws(texts), classifier, store)
    with Store(tmp_path) as log:
        for user in ("甲", "乙"):
            asked = datetime(2026, 9, 30, 4).astimezone()
            question = "旌德县梅林小学操场什么时候翻新完工"
            log.add_exchange("web", user, question, Answer(Outcome.ABSTAINED, "没有"), asked)
        take_in_log(log.questions(), classifier, store)
    report = gap_report(store, ask, None, NEWEST)
    (gap,) = report.gaps
    assert gap.question == "旌德县梅林小学操场什么时候翻新完工"
    assert gap.wordings == ("旌德县梅林小学的操场什么时候翻新完工？",)
    assert (gap.matter, gap.office) == ("c27", "qunti")
    assert (gap.times, gap.people, gap.from_bot) == (3, 3, 2)
    assert (report.looked_at, report.answered, report.redirected) == (3, 1, 0)
    assert gap_report(store, ask, NEWEST + timedelta(days=1), NEWEST + timedelta(days=2)).looked_at == 0
