"""The store of messages: kept once, masked writers, topics, retention, damage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.signals.models import Alarm, Answerer, Classified, Message, Stage, Urgency
from bot.store_messages import BOT_LOG, FILE_NAME, MessageStore, purge_messages

NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
CLASS = Classified(
    "c11", Answerer.SCHOOL, "jichu", Urgency.RAISED, (Alarm.MINORS,), (Stage.PRIMARY, Stage.JUNIOR), 0.75
)


def message(number: int, **changes: object) -> Message:
    made = Message(
        id=f"m{number}",
        title=f"第{number}条",
        text=f"内容{number}",
        at=datetime(2026, 3, 1) + timedelta(hours=number),
        user="u",
        number=str(number),
        channel="12345",
        file="三月.xlsx",
        sheet="Sheet1",
        row=number + 1,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> MessageStore:
    return MessageStore(tmp_path, now=lambda: NOW)


def test_a_message_comes_back_as_it_went_in(store: MessageStore) -> None:
    kept = message(1, reply="已转学校", replied_at=datetime(2026, 3, 2, 9, 30), up=3, area="泾县")
    assert store.add([(kept, CLASS)]) == 1
    found = store.get(["m1", "unknown"])
    assert found["m1"].message == kept
    assert found["m1"].classified == CLASS
    assert set(found) == {"m1"}
    assert store.known(["m1", "m2"]) == {"m1"}


def test_the_same_rows_again_change_nothing(store: MessageStore) -> None:
    rows = [(message(n), CLASS) for n in range(10)]
    assert store.add(rows) == 10
    before = store.get([f"m{n}" for n in range(10)])
    assert store.add(rows) == 0
    assert store.get([f"m{n}" for n in range(10)]) == before
    assert len(list(store.everything())) == 10


def test_a_later_export_brings_the_reply(store: MessageStore) -> None:
    store.add([(message(1), CLASS)])
    store.set_topics({"m1": "t"})
    answered = message(1, reply="已办结", replied_at=datetime(2026, 3, 5), up=2)
    assert store.renew([answered, message(7, reply="没有这一条")]) == 1
    kept = store.get(["m1"])["m1"]
    assert (kept.message.reply, kept.message.up, kept.topic) == ("已办结", 2, "t")
    assert store.renew([answered, message(1)]) == 0, "an older export takes nothing away"
    assert store.get(["m1"])["m1"].message.reply == "已办结"
    assert len(list(store.everything())) == 1


def test_all_or_none(store: MessageStore) -> None:
    broken = message(2, text=None)
    with pytest.raises(Exception, match="encode"):
        store.add([(message(1), CLASS), (broken, CLASS)])
    assert len(list(store.everything())) == 0


def test_rows_come_in_order_of_time_page_by_page(store: MessageStore) -> None:
    total = 5_003  # more than one page
    rows = [
        (message(n, at=datetime(2026, 1, 1) + timedelta(minutes=(n * 7919) % total)), CLASS)
        for n in range(total)
    ]
    rows.append((message(total, at=None), CLASS))
    store.add(rows)
    found = list(store.topic_rows())
    assert len(found) == total + 1
    assert found[0].at is None
    times = [row.at for row in found[1:]]
    assert all(a <= b for a, b in pairwise(times) if a and b)
    assert {row.id for row in found} == {f"m{n}" for n in range(total + 1)}


def test_bounds_are_included_and_leave_out_the_undated(store: MessageStore) -> None:
    days = [datetime(2026, 3, day, 23, 59, 59) for day in (1, 2, 3)]
    store.add([(message(n, at=at), CLASS) for n, at in enumerate(days)] + [(message(9, at=None), CLASS)])
    assert [row.id for row in store.topic_rows(since=date(2026, 3, 2))] == ["m1", "m2"]
    assert [row.id for row in store.topic_rows(until=date(2026, 3, 2))] == ["m0", "m1"]


def test_topics_are_given_and_taken(store: MessageStore) -> None:
    store.add([(message(1), CLASS), (message(2), CLASS), (message(3), CLASS)])
    store.set_topics({"m1": "t", "m3": "t"})
    assert [row.message.id for row in store.of_topic("t")] == ["m1", "m3"]
    store.set_topics({"m1": None})
    assert [row.message.id for row in store.of_topic("t")] == ["m3"]


def test_an_import_by_mistake_can_be_taken_back(store: MessageStore) -> None:
    store.add([(message(1), CLASS), (message(2, file="别的.csv"), CLASS)])
    assert store.forget_file("三月.xlsx") == 1
    assert store.forget_file("三月.xlsx") == 0
    assert len(list(store.everything())) == 1


def test_what_was_imported_long_ago_goes_and_leaves_nothing_on_disk(tmp_path: Path) -> None:
    with MessageStore(tmp_path, now=lambda: NOW - timedelta(days=40)) as store:
        store.add([(message(1, text="独一无二的旧内容"), CLASS)])
    store = MessageStore(tmp_path, now=lambda: NOW)
    store.add([(message(2, at=datetime(2012, 1, 1)), CLASS), (message(3, at=None), CLASS)])
    assert store.purge(30) == 1
    assert len(list(store.everything())) == 2, "old messages that were imported today stay"
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith(FILE_NAME))
    assert "独一无二的旧内容".encode() not in content


def test_messages_of_a_file_go_by_their_own_time(store: MessageStore) -> None:
    old = NOW.replace(tzinfo=None) - timedelta(days=40)
    store.add(
        [
            (message(1, at=old, file="对话"), CLASS),
            (message(2, at=old), CLASS),
            (message(3, file="对话"), CLASS),
        ]
    )
    assert store.purge_file("对话", 30) == 1
    assert set(store.get(["m1", "m2", "m3"])) == {"m2", "m3"}


def test_the_daily_purge_reaches_messages_where_there_are_any(tmp_path: Path) -> None:
    assert purge_messages(tmp_path, 30, 30) == 0
    assert list(tmp_path.iterdir()) == [], "looking for messages makes no file"
    old = datetime.now() - timedelta(days=40)
    with MessageStore(tmp_path) as store:
        store.add([(message(1, at=old, file=BOT_LOG), CLASS), (message(2, at=old), CLASS)])
    assert purge_messages(tmp_path, 30, 30) == 1
    with MessageStore(tmp_path) as store:
        assert set(store.get(["m1", "m2"])) == {"m2"}


def test_the_hash_belongs_to_the_data_directory(tmp_path: Path) -> None:
    here, there = MessageStore(tmp_path / "a"), MessageStore(tmp_path / "b")
    assert here.keyed_hash("王某") == MessageStore(tmp_path / "a").keyed_hash("王某")
    assert here.keyed_hash("王某") != there.keyed_hash("王某")
    assert "王某" not in here.keyed_hash("王某")


def test_damage_is_set_aside(tmp_path: Path) -> None:
    with MessageStore(tmp_path) as store:
        store.add([(message(1), CLASS)])
    (tmp_path / FILE_NAME).write_bytes(b"not a database, but long enough to be read as one" * 100)
    for suffix in ("-wal", "-shm"):
        (tmp_path / (FILE_NAME + suffix)).unlink(missing_ok=True)
    with MessageStore(tmp_path) as store:
        assert len(store.damaged) == 1
        assert store.add([(message(1), CLASS)]) == 1
