"""The store after an event: nothing twice, nothing lost, nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.briefing.models import Event, EventKind, ReviewStep
from bot.errors import UsageError
from bot.followup.deadlines import days_late, deadline, require_workday, unknown_years, until
from bot.followup.models import (
    AskedRow,
    ChangeWhat,
    DraftKind,
    FaqDraft,
    FollowUpStatus,
    Kept,
    NewQuestion,
)
from bot.store_events import EventStore
from bot.store_followups import FILE_NAME, FollowUpStore
from bot.workdays import BY_STATE, WorkCalendar

DAY = date(2026, 12, 10)
"""A Thursday."""
DUE = date(2026, 12, 17)
DRAFT = FaqDraft(
    DraftKind.ENTRY, "", 1, "03-zhuxue-daikuan-2023", "研究生能贷多少", "每年最高25000元。", ("x#y",)
)


@pytest.fixture
def event(tmp_path: Path) -> Event:
    with EventStore(tmp_path) as events:
        return events.add_event(Event(EventKind.HOTLINE, DAY, leader="丁一鸣"), "甲")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FollowUpStore]:
    with FollowUpStore(tmp_path) as opened:
        yield opened


def new(question: str, answer: str = "", **row: str) -> NewQuestion:
    limit = until(DUE, DAY, BY_STATE)
    asked = AskedRow(question, "第 1 行", answer, **row)
    if answer:
        return NewQuestion(asked, True)
    return NewQuestion(asked, False, "c12", "jichu", "基础教育科", limit.due, limit.remind_on)


def add(store: FollowUpStore, event: Event, *questions: NewQuestion) -> list[Kept]:
    return [kept.what for kept in store.add(event.id, questions, "甲", DAY)]


def test_what_is_kept_is_masked_and_callers_are_hashed(
    store: FollowUpStore, event: Event, tmp_path: Path
) -> None:
    add(
        store, event, new("我叫张三丰，电话13812345678，能转学吗", "请打13912345678找李老师", caller="张三丰")
    )
    (asked,) = store.asked(event.id)
    assert asked.question == "我叫[姓名]，电话[电话]，能转学吗"
    assert "[电话]" in asked.answer
    assert len(asked.caller) == 64
    for path in tmp_path.glob(f"{FILE_NAME}*"):
        content = path.read_bytes()
        assert "张三丰".encode() not in content
        assert b"13812345678" not in content


def test_the_same_again_changes_nothing(store: FollowUpStore, event: Event) -> None:
    questions = [new("怎么转学？", at="09:12", caller="甲"), new("怎么还款", "毕业后还。")]
    assert add(store, event, *questions) == [Kept.NEW, Kept.NEW]
    before = store.asked(), store.followups()
    assert add(store, event, *questions, new("怎么转学 ")) == [Kept.KNOWN, Kept.KNOWN, Kept.KNOWN]
    assert (store.asked(), store.followups()) == before


def test_the_same_question_of_another_caller_is_another(store: FollowUpStore, event: Event) -> None:
    assert add(store, event, new("怎么转学", caller="甲"), new("怎么转学", caller="乙")) == [
        Kept.NEW,
        Kept.NEW,
    ]


def test_an_answer_that_comes_later_ends_the_followup(store: FollowUpStore, event: Event) -> None:
    add(store, event, new("怎么转学"))
    assert add(store, event, new("怎么转学", "向转入学校申请。")) == [Kept.ANSWERED]
    assert store.followup(1).status is FollowUpStatus.DONE
    assert store.asked(event.id)[0].answer == "向转入学校申请。"


def test_another_answer_never_overwrites(store: FollowUpStore, event: Event) -> None:
    add(store, event, new("怎么转学", "向转入学校申请。"))
    assert add(store, event, new("怎么转学", "不办。")) == [Kept.DIFFERENT]
    assert store.asked(event.id)[0].answer == "向转入学校申请。"


def test_reminders_come_two_working_days_before_and_on_the_day(store: FollowUpStore, event: Event) -> None:
    add(store, event, new("怎么转学"))
    days = [date(2026, 12, day) for day in range(10, 23)]
    assert [day.day for day in days if store.reminders(day)] == [15, 17]
    assert [day.day for day in days if store.overdue(day)] == [18, 19, 20, 21, 22]
    (late,) = store.overdue(date(2026, 12, 21))
    assert days_late(late, date(2026, 12, 21), BY_STATE) == 2  # Friday and Monday


def test_a_followup_that_is_done_answers_its_question(store: FollowUpStore, event: Event) -> None:
    add(store, event, new("怎么转学"))
    done = store.close_followup(1, FollowUpStatus.DONE, "向转入学校申请，电话13812345678", "乙", DUE)
    assert done.note == "向转入学校申请，电话[电话]"
    assert store.asked(event.id)[0].answered
    assert store.overdue(date(2027, 1, 4)) == ()
    (answer,) = store.earlier_answers()
    assert (answer.question, answer.answer, answer.on) == ("怎么转学", done.note, DUE)
    assert store.unanswered(event.id) == 0


def test_a_later_answer_stands_after_what_was_said(store: FollowUpStore, event: Event) -> None:
    partly = replace(
        new("能贷多少"), row=AskedRow("能贷多少", "第 1 行", "最高2万元，其他会后答复。"), answered=True
    )
    add(store, event, partly)
    store.close_followup(1, FollowUpStatus.DONE, "研究生2.5万元。", "乙", DUE)
    assert store.asked(event.id)[0].answer == "最高2万元，其他会后答复。\n会后答复：研究生2.5万元。"
    assert add(store, event, partly) == [Kept.KNOWN]


def test_every_change_is_kept_with_who_and_why(store: FollowUpStore, event: Event) -> None:
    add(store, event, new("怎么转学"))
    held = store.followup(1)
    store.reassign(replace(held, owner="政策法规科", due=date(2026, 12, 21)), "会商后改", "乙")
    store.close_followup(1, FollowUpStatus.DROPPED, "来电人撤回", "丙", DUE)
    assert [(each.what, each.by, each.owner, each.due.day, each.note) for each in store.history(1)] == [
        (ChangeWhat.OPENED, "甲", "基础教育科", 17, ""),
        (ChangeWhat.REASSIGNED, "乙", "政策法规科", 21, "会商后改"),
        (ChangeWhat.DROPPED, "丙", "政策法规科", 21, "来电人撤回"),
    ]


def test_ending_needs_a_note_and_happens_once(store: FollowUpStore, event: Event) -> None:
    add(store, event, new("怎么转学"))
    with pytest.raises(UsageError, match="原因"):
        store.close_followup(1, FollowUpStatus.DROPPED, " ", "乙", DUE)
    store.close_followup(1, FollowUpStatus.DONE, "已答", "乙", DUE)
    with pytest.raises(UsageError, match="已办结"):
        store.close_followup(1, FollowUpStatus.DONE, "再答", "乙", DUE)
    with pytest.raises(UsageError, match="没有编号为 7 的承办事项"):
        store.close_followup(7, FollowUpStatus.DONE, "已答", "乙", DUE)


def test_earlier_questions_are_those_of_events_before(store: FollowUpStore, event: Event) -> None:
    add(store, event, new("怎么转学"))
    assert store.earlier_questions(DAY) == ()
    (earlier,) = store.earlier_questions(date(2026, 12, 11))
    assert (earlier.question, earlier.event, earlier.on) == ("怎么转学", "12345热线领导接听", DAY)


def test_the_limit_counts_working_days() -> None:
    limit = deadline(date(2026, 9, 29), date(2026, 9, 29), 5, BY_STATE)
    # 30 September; 8, 9 and Saturday 10 October, which is worked; Monday the 12th.
    assert limit.due == date(2026, 10, 12)
    short = until(date(2026, 12, 11), DAY, BY_STATE)
    assert short.remind_on == DAY
    assert until(date(2026, 12, 9), DAY, BY_STATE).remind_on is None


def test_a_limit_on_a_day_off_is_refused_with_the_days_beside_it() -> None:
    with pytest.raises(UsageError, match="2026-12-11 或 2026-12-14"):
        require_workday(date(2026, 12, 12), DAY, BY_STATE)
    with pytest.raises(UsageError, match="早于活动日期"):
        require_workday(date(2026, 12, 9), DAY, BY_STATE)


def test_unknown_holidays_are_told_until_they_are_entered() -> None:
    days = (date(2035, 1, 3),)
    assert "2035年" in unknown_years(days, BY_STATE)[0]
    assert unknown_years(days, WorkCalendar(holidays=frozenset({date(2035, 1, 1)}))) == ()


def test_a_draft_passes_by_three_persons_who_did_not_write_it(store: FollowUpStore) -> None:
    (draft,) = store.add_drafts([DRAFT], "甲")
    assert draft.id == "F1"
    with pytest.raises(UsageError, match="起草人"):
        store.act(draft.review, "甲", True)
    for by in ("乙", "丙"):
        draft = store.act(draft.review, by, True)
    with pytest.raises(UsageError, match="三个不同的人"):
        store.act(draft.review, "乙", True)
    assert draft.review.waiting is ReviewStep.FINAL
    draft = store.act(draft.review, "丁", True)
    assert draft.review.waiting is None
    assert not store.is_altered("F1")
    with pytest.raises(UsageError, match="已通过三审"):
        store.edit_draft(draft, "改一改", "甲")


def test_a_returned_draft_starts_again_with_its_next_version(store: FollowUpStore) -> None:
    (draft,) = store.add_drafts([DRAFT], "甲")
    with pytest.raises(UsageError, match="写明意见"):
        store.act(draft.review, "乙", False)
    returned = store.act(draft.review, "乙", False, "太长")
    with pytest.raises(UsageError, match="已退回"):
        store.act(returned.review, "丙", True)
    changed = store.edit_draft(returned, "最高25000元。", "戊")
    assert (changed.review.version, changed.answer) == (2, "最高25000元。")
    with pytest.raises(UsageError, match="戊 改出了"):
        store.act(changed.review, "戊", True)
    assert store.act(changed.review, "乙", True).review.waiting is ReviewStep.SECOND
    assert [entry.what for entry in store.draft_trail("F1")] == ["drafted", "returned", "edited", "passed"]


def test_of_two_who_act_on_the_same_draft_the_first_wins(store: FollowUpStore) -> None:
    (draft,) = store.add_drafts([DRAFT], "甲")
    store.act(draft.review, "乙", True)
    with pytest.raises(UsageError, match="乙刚才通过了初审"):
        store.act(draft.review, "丙", True)


def test_the_same_draft_is_kept_once(store: FollowUpStore) -> None:
    assert len(store.add_drafts([DRAFT, DRAFT], "甲")) == 1
    assert store.add_drafts([DRAFT], "甲") == ()
    with pytest.raises(UsageError, match="现有 F1 到 F1"):
        store.draft("F9")
