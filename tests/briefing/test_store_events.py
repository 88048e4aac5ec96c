"""What the store of events keeps, in which order 三审 goes, and what it survives."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.briefing.models import (
    Briefing,
    Event,
    EventKind,
    Finding,
    FindingKind,
    ForecastQuestion,
    LineToTake,
    QuestionCard,
    Review,
    ReviewStep,
    Severity,
)
from bot.briefing.serial import canonical
from bot.errors import UsageError
from bot.staff import login_name
from bot.store_events import FILE_NAME, EventStore

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EVENT = Event(EventKind.HOTLINE, date(2026, 12, 10), ("义务教育入学",), "周文", title="12月接听")
LINE = "户籍在宣州区的孩子七月登记。"
BRIEFING = Briefing(
    EVENT,
    date(2026, 11, 24),
    (QuestionCard(ForecastQuestion("怎么报名？", 0.6, ()), LineToTake(LINE, 4, ())),),
)
WRONG = Finding(FindingKind.FIGURE, Severity.ERROR, "“七月”不在依据里", question="怎么报名？")
DRAFTER, REVIEWERS = "周文", ("李静", "王芳", "赵敏")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path, now=lambda: NOW) as opened:
        yield opened


def kept(store: EventStore, briefing: Briefing = BRIEFING) -> Review:
    event = store.add_event(EVENT, DRAFTER)
    return store.keep(briefing, event.id, DRAFTER)


def passed(store: EventStore, review: Review, *names: str) -> Review:
    for name in names:
        review = store.act(review, name, True)
    return review


def with_text(store: EventStore, briefing_id: str, text: str) -> Briefing:
    held = store.briefing(briefing_id)
    (card,) = held.questions
    return replace(held, questions=(replace(card, line=replace(card.line, text=text)),))


def raw(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path / FILE_NAME)
    try:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    finally:
        connection.close()


# Events


def test_an_event_gets_the_id_of_its_day_and_kind_and_comes_back(store: EventStore) -> None:
    added = store.add_event(EVENT, DRAFTER)
    assert added == replace(EVENT, id="20261210-hotline")
    assert store.event(added.id) == added
    assert store.events() == (added,)


def test_the_same_event_again_changes_nothing_and_another_one_gets_a_number(store: EventStore) -> None:
    first = store.add_event(EVENT, DRAFTER)
    assert store.add_event(EVENT, "李静") == first
    second = store.add_event(replace(EVENT, leader="陈明"), DRAFTER)
    assert second.id == "20261210-hotline-2"
    assert store.add_event(replace(EVENT, kind=EventKind.PRESS), DRAFTER).id == "20261210-press"
    assert [entry.what for entry in store.trail(first.id)] == ["registered"]


def test_events_stand_in_the_order_of_their_days(store: EventStore) -> None:
    for day in (20, 5, 12):
        store.add_event(replace(EVENT, date=date(2026, 12, day)), DRAFTER)
    assert [event.date.day for event in store.events()] == [5, 12, 20]


def test_a_change_keeps_the_id_and_says_who(store: EventStore) -> None:
    added = store.add_event(EVENT, DRAFTER)
    store.change_event(replace(added, date=date(2026, 12, 11)), "李静")
    store.change_event(replace(added, date=date(2026, 12, 11)), "王芳")  # nothing new
    assert store.event(added.id).date == date(2026, 12, 11)
    assert [(entry.what, entry.by) for entry in store.trail(added.id)] == [
        ("registered", DRAFTER),
        ("changed", "李静"),
    ]


def test_a_cancelled_event_stays_on_record_and_takes_no_briefing(store: EventStore) -> None:
    added = store.add_event(EVENT, DRAFTER)
    assert store.cancel_event(added.id, DRAFTER)
    assert not store.cancel_event(added.id, DRAFTER)
    assert (store.events(), store.events(cancelled=True)) == ((), (added,))
    with pytest.raises(UsageError, match="已取消"):
        store.keep(BRIEFING, added.id, DRAFTER)
    with pytest.raises(UsageError, match="已取消"):
        store.change_event(replace(added, leader="陈明"), DRAFTER)
    assert store.add_event(EVENT, DRAFTER).id == "20261210-hotline-2"


def test_an_unknown_id_names_the_nearest(store: EventStore) -> None:
    with pytest.raises(UsageError, match="一个也没有"):
        store.event("20261210-hotline")
    review = kept(store)
    with pytest.raises(UsageError, match="相近的有：20261210-hotline"):
        store.event("20261210-hotlin")
    with pytest.raises(UsageError, match=f"相近的有：{review.briefing}"):
        store.briefing("B20261210")
    with pytest.raises(UsageError, match="没有第 3 版"):
        store.briefing(review.briefing, 3)


# Briefings


def test_a_kept_briefing_comes_back_with_its_review(store: EventStore) -> None:
    review = kept(store)
    assert review == Review("B20261210-hotline-1", 1, DRAFTER, (), ReviewStep.FIRST)
    named = replace(EVENT, id="20261210-hotline")
    assert store.briefing(review.briefing) == replace(BRIEFING, event=named, review=review)
    assert store.event_of(review.briefing) == named


def test_briefings_of_one_event_and_of_all(store: EventStore) -> None:
    first = kept(store)
    other = store.add_event(replace(EVENT, kind=EventKind.PRESS), DRAFTER)
    press = replace(BRIEFING, event=other)
    second = store.keep(press, other.id, DRAFTER)
    third = store.keep(BRIEFING, first.briefing[1:-2], "李静")
    assert third.briefing == "B20261210-hotline-2"
    assert store.briefings() == (first, second, third)
    assert store.briefings(other.id) == (second,)


def test_a_briefing_for_another_day_is_not_kept(store: EventStore) -> None:
    added = store.add_event(EVENT, DRAFTER)
    moved = replace(BRIEFING, event=replace(EVENT, date=date(2026, 12, 11)))
    with pytest.raises(UsageError, match="2026-12-11"):
        store.keep(moved, added.id, DRAFTER)
    assert store.briefings() == ()


def test_three_different_people_in_order_seal_it(store: EventStore) -> None:
    review = kept(store)
    for name, after in zip(REVIEWERS, (ReviewStep.SECOND, ReviewStep.FINAL, None), strict=True):
        review = store.act(review, name, True, f"{name}同意")
        assert review.waiting is after
    sealed = store.briefing(review.briefing)
    assert review.sha256 == hashlib.sha256(canonical(sealed).encode()).hexdigest()
    assert [(act.step, act.by, act.version) for act in review.acts] == [
        (step, name, 1) for step, name in zip(ReviewStep, REVIEWERS, strict=True)
    ]
    assert review.acts[0].at == NOW
    assert store.verify(review.briefing) == ()


@pytest.mark.parametrize("by", [DRAFTER, f" {DRAFTER} ", "周　文", "周\u200b文"])
def test_the_drafter_does_not_review(store: EventStore, by: str) -> None:
    with pytest.raises(UsageError, match="起草人"):
        store.act(kept(store), by, True)


@pytest.mark.parametrize("by", ["李静", "李 静", "李静\u3000"])
def test_nobody_passes_two_steps(store: EventStore, by: str) -> None:
    review = passed(store, kept(store), "李静")
    with pytest.raises(UsageError, match="已经做过初审"):
        store.act(review, by, True)
    assert store.review(review.briefing) == review


def test_an_edit_is_a_new_version_and_review_starts_again(store: EventStore) -> None:
    review = store.act(kept(store), "李静", True, "第一题可以再短")
    edited = store.edit(with_text(store, review.briefing, "七月登记。"), review, "王芳")
    assert (edited.version, edited.waiting) == (2, ReviewStep.FIRST)
    assert [act.comment for act in edited.acts] == ["第一题可以再短"]
    with pytest.raises(UsageError, match="改出了"):
        store.act(edited, "王芳", True)
    assert passed(store, edited, "李静").waiting is ReviewStep.SECOND
    older = store.briefing(review.briefing, 1)
    assert older.questions[0].line.text == LINE
    assert (older.review.version, older.review.waiting) == (1, ReviewStep.SECOND)
    assert store.briefing(review.briefing).questions[0].line.text == "七月登记。"


def test_a_return_needs_a_comment_and_then_a_new_version(store: EventStore) -> None:
    review = kept(store)
    with pytest.raises(UsageError, match="--comment"):
        store.act(review, "李静", False, "  ")
    back = store.act(review, "李静", False, "请写明依据")
    with pytest.raises(UsageError, match="已退回"):
        store.act(back, "王芳", True)
    edited = store.edit(with_text(store, back.briefing, "七月登记。"), back, DRAFTER)
    assert passed(store, edited, *REVIEWERS).waiting is None


def test_an_error_is_passed_by_the_first_two_and_stops_the_third(store: EventStore) -> None:
    review = passed(store, kept(store, replace(BRIEFING, findings=(WRONG,))), "李静", "王芳")
    with pytest.raises(UsageError, match="第 1 题：“七月”不在依据里"):
        store.act(review, "赵敏", True)
    assert store.act(review, "赵敏", False, "改第一题").waiting is ReviewStep.FIRST


def test_a_briefing_is_not_passed_once_the_event_moved_or_was_cancelled(store: EventStore) -> None:
    review = kept(store)
    event = store.event_of(review.briefing)
    store.change_event(replace(event, date=date(2026, 12, 11)), DRAFTER)
    with pytest.raises(UsageError, match="只在活动当天有效"):
        store.act(review, "李静", True)
    store.change_event(event, DRAFTER)
    store.cancel_event(event.id, DRAFTER)
    with pytest.raises(UsageError, match="已取消"):
        store.act(review, "李静", True)


def test_comments_are_masked_before_they_are_stored(store: EventStore, tmp_path: Path) -> None:
    review = store.act(kept(store), "李静", True, "来电人13812345678请回复")
    assert review.acts[0].comment == "来电人[电话]请回复"
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert not any(b"13812345678" in content for content in files)


def test_the_trail_says_who_did_what_on_which_version(store: EventStore) -> None:
    review = passed(store, kept(store), "李静")
    edited = store.edit(with_text(store, review.briefing, "七月登记。"), review, "王芳")
    store.act(edited, "赵敏", False, "再短些")
    trail = store.trail("20261210-hotline")
    assert [(entry.by, entry.what, entry.version, entry.step) for entry in trail] == [
        (DRAFTER, "registered", 0, None),
        (DRAFTER, "kept", 1, None),
        ("李静", "passed", 1, ReviewStep.FIRST),
        ("王芳", "edited", 2, None),
        ("赵敏", "returned", 2, ReviewStep.FIRST),
    ]
    assert {(entry.at, entry.account) for entry in trail} == {(NOW, login_name())}


# Sealed


@pytest.fixture
def sealed(store: EventStore) -> Review:
    return passed(store, kept(store), *REVIEWERS)


def test_what_is_sealed_is_neither_edited_nor_reviewed(store: EventStore, sealed: Review) -> None:
    with pytest.raises(UsageError, match="已定稿封存"):
        store.edit(with_text(store, sealed.briefing, "改"), sealed, "陈明")
    for passing in (True, False):
        with pytest.raises(UsageError, match="已定稿封存"):
            store.act(sealed, "陈明", passing, "意见")
    assert store.review(sealed.briefing) == sealed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET text = '{}'",
        "DELETE FROM versions",
        "INSERT INTO versions VALUES ('B20261210-hotline-1', 2, '{}', 'x')",
        "INSERT OR REPLACE INTO versions VALUES ('B20261210-hotline-1', 1, '{}', 'x')",
        "UPDATE seals SET sha256 = ''",
        "DELETE FROM seals",
        "INSERT OR REPLACE INTO seals VALUES ('B20261210-hotline-1', 1, '', '{}')",
        "UPDATE trail SET by = 'x'",
        "DELETE FROM trail",
        "INSERT INTO trail SELECT NULL, at, 'x', account, event, briefing, version, what, step, comment"
        " FROM trail WHERE what = 'passed'",
        "INSERT OR REPLACE INTO trail SELECT id, at, 'x', account, event, '', version, what, step, comment"
        " FROM trail",
        "UPDATE briefings SET drafted_by = 'x'",
        "DELETE FROM briefings",
        "INSERT OR REPLACE INTO briefings VALUES ('B20261210-hotline-1', '20261210-hotline', 'x')",
    ],
)
def test_the_database_itself_refuses_to_rewrite_it(
    store: EventStore, sealed: Review, tmp_path: Path, statement: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="read-only"):
        raw(tmp_path, statement)
    assert store.review(sealed.briefing) == sealed
    assert store.verify(sealed.briefing) == ()


@pytest.mark.parametrize(
    ("trigger", "statement", "said"),
    [
        (
            "versions_no_update",
            "UPDATE versions SET text = replace(text, '七月', '九月')",
            "问题与口径第 1 项被改动",
        ),
        ("versions_no_update", "UPDATE versions SET text = replace(text, '60', '90')", "活动被改动"),
        ("versions_no_update", "UPDATE versions SET text = 'x'", "读不出来"),
        ("versions_no_update", "UPDATE versions SET text = text || ' '", "SHA-256 对不上"),
        ("versions_no_delete", "DELETE FROM versions", "第 1 版不见了"),
        (
            "versions_no_insert",
            "INSERT INTO versions SELECT briefing, 2, text, by FROM versions",
            "多出了第 2 版",
        ),
        (
            "trail_no_update",
            "UPDATE trail SET by = '陈明' WHERE step = 'final_review'",
            "审核记录第 3 项被改动",
        ),
        ("trail_no_delete", "DELETE FROM trail WHERE step = 'second_review'", "审核记录第 3 项不见了"),
        ("seals_no_update", "UPDATE seals SET sha256 = 'ff'", "SHA-256 对不上"),
        ("seals_no_delete", "DELETE FROM seals", "封存记录不见了"),
    ],
)
def test_tampering_behind_the_triggers_is_found_and_named(
    store: EventStore, sealed: Review, tmp_path: Path, trigger: str, statement: str, said: str
) -> None:
    raw(tmp_path, f"DROP TRIGGER {trigger}", statement)
    assert said in "；".join(store.verify(sealed.briefing))


def test_dropped_triggers_are_back_with_the_next_write(
    store: EventStore, sealed: Review, tmp_path: Path
) -> None:
    raw(tmp_path, "DROP TRIGGER versions_no_update")
    store.add_event(replace(EVENT, leader="陈明"), DRAFTER)
    with pytest.raises(sqlite3.IntegrityError, match="read-only"):
        raw(tmp_path, "UPDATE versions SET text = '{}'")
    assert store.review(sealed.briefing) == sealed


def test_only_what_is_sealed_can_be_verified(store: EventStore) -> None:
    with pytest.raises(UsageError, match="还没有定稿封存"):
        store.verify(kept(store).briefing)


# Two at a time


def test_of_two_reviewers_at_the_same_moment_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    with EventStore(tmp_path) as one, EventStore(tmp_path) as other:
        seen = kept(one)
        start = threading.Barrier(2)
        told: list[str] = []

        def act(store: EventStore, by: str) -> None:
            start.wait()
            try:
                store.act(seen, by, True)
            except UsageError as error:
                told.append(str(error))

        threads = [threading.Thread(target=act, args=pair) for pair in ((one, "李静"), (other, "王芳"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        review = one.review(seen.briefing)
        assert (len(review.acts), review.waiting) == (1, ReviewStep.SECOND)
        (complaint,) = told
        assert f"{review.acts[0].by}刚才通过了初审" in complaint
        assert "请重新看过再办" in complaint


def test_a_pass_of_a_version_that_was_edited_in_between_is_refused(tmp_path: Path) -> None:
    with EventStore(tmp_path) as one, EventStore(tmp_path) as other:
        seen = kept(one)
        other.edit(with_text(other, seen.briefing, "七月登记。"), seen, "王芳")
        with pytest.raises(UsageError, match="已经有了第 2 版"):
            one.act(seen, "李静", True)
        with pytest.raises(UsageError, match="已经有了第 2 版"):
            one.edit(with_text(one, seen.briefing, "八月登记。"), seen, "赵敏")


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    with EventStore(tmp_path) as first:
        review = passed(first, kept(first), *REVIEWERS)
        held = first.briefing(review.briefing)
    with EventStore(tmp_path) as second:
        assert second.briefing(review.briefing) == held
        assert second.briefings() == (review,)


def test_a_text_with_a_lone_surrogate_is_kept_and_verified(store: EventStore) -> None:
    event = store.add_event(replace(EVENT, title="热\ud800线"), DRAFTER)
    (card,) = BRIEFING.questions
    odd = replace(card, line=replace(card.line, text="七月\udfff登记"))
    review = store.keep(replace(BRIEFING, event=event, questions=(odd,)), event.id, DRAFTER)
    assert passed(store, review, *REVIEWERS).sha256
    assert store.verify(review.briefing) == ()
