"""``/event``: events and what is due for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.briefing.clock import KIND_NAMES, STATE_NAMES, Progress, make_clock, require_countable
from bot.briefing.event_options import split_topics
from bot.briefing.models import Event, EventKind, Review
from bot.briefing.reviewing import state_text
from bot.errors import UsageError
from bot.models import StaffReply
from bot.staff import Role, StaffMember, require
from bot.staff_desk.bench import Bench
from bot.store_events import EventStore
from bot.store_followups import FollowUpStore
from bot.workdays import read_work_calendar
from knowledge.yaml_reader import iso_day

_REGISTERING = "登记写成：/event 2026-12-10 热线 义务教育入学 学生资助（类型：热线、访谈或发布会）"
_SHORTEST_KIND = 2
_LIKE_A_DAY = re.compile(r"\d{1,4}\D")


def event(bench: Bench, member: StaffMember, words: Sequence[str]) -> StaffReply:
    """List events; show one with its clock; register one.

    Raises:
        UsageError: there is no such event, the date or kind is none, or the role is not enough.
    """
    with EventStore(bench.data_dir) as store:
        if not words:
            return StaffReply("\n".join(_listed(store)))
        day = _day(words[0])
        if day is None:
            return StaffReply("\n".join(_shown(bench, store, store.event(words[0]))))
        require(member, Role.EDITOR)
        return StaffReply("\n".join(_registered(bench, store, member, day, words[1:])))


def next_event(store: EventStore, today: date) -> Event:
    """The event that comes next.

    Raises:
        UsageError: none is to come.
    """
    coming = [found for found in store.events() if found.date >= today]
    if not coming:
        raise UsageError(f"没有将要举行的活动。{_REGISTERING}")
    return min(coming, key=lambda found: found.date)


def heading(found: Event) -> str:
    """What an event is, on one line."""
    return f"{found.title or KIND_NAMES[found.kind]}，{found.date}，{'、'.join(found.topics) or '未定主题'}"


def _day(word: str) -> date | None:
    """The day that a word names; ``None``: it does not begin like one, so it is an id.

    Raises:
        UsageError: there is no such day, or it is written in another way.
    """
    if not _LIKE_A_DAY.match(word):
        return None
    try:
        return iso_day(word)
    except ValueError:
        raise UsageError(f"日期“{word}”不对，要写成 2026-12-10") from None


def _kind(word: str) -> EventKind | None:
    """热线, 领导接听, 访谈, 发布会, or the identifier."""
    for kind, name in KIND_NAMES.items():
        if word == kind or (len(word) >= _SHORTEST_KIND and word in name):
            return kind
    return None


def _listed(store: EventStore) -> Iterator[str]:
    events = store.events()
    if not events:
        yield "还没有登记活动。"
        yield _REGISTERING
    for found in events:
        states = "".join(f"；{_review(review)}" for review in store.briefings(found.id))
        yield f"{found.id}  {heading(found)}{states}"


def _shown(bench: Bench, store: EventStore, found: Event) -> Iterator[str]:
    yield f"{found.id}  {heading(found)}"
    if store.is_cancelled(found.id):
        yield "已取消。"
        return
    if found.leader:
        yield f"领导：{found.leader}"
    reviews = store.briefings(found.id)
    with FollowUpStore(bench.data_dir) as followups:
        unanswered = followups.unanswered(found.id)
    progress = Progress(any(review.waiting is None for review in reviews), unanswered)
    calendar = read_work_calendar(bench.settings.work_calendar)
    clock = make_clock(found, bench.settings, calendar, bench.today(), progress)
    yield "时间节点："
    yield from (f"{step.due}  {step.name}（{STATE_NAMES[step.state]}）：{step.task}" for step in clock.steps)
    yield from (f"注意：{notice}" for notice in clock.notices)
    yield from (f"简报 {_review(review)}" for review in reviews)
    if not reviews:
        yield f"还没有简报。写一份：/brief {found.id}"


def _review(review: Review) -> str:
    return f"{review.briefing} 第 {review.version} 版，{state_text(review)}"


def _registered(
    bench: Bench, store: EventStore, member: StaffMember, day: date, words: Sequence[str]
) -> Iterator[str]:
    kind = _kind(words[0]) if words else None
    if kind is None:
        raise UsageError(f"没有看懂是哪一类活动。{_REGISTERING}")
    require_countable(day)
    before = {kept.id for kept in store.events()}
    added = store.add_event(Event(kind, day, split_topics(words[1:])), member.name)
    yield f"这个活动已登记过，编号 {added.id}。" if added.id in before else f"已登记，编号 {added.id}。"
    yield from _shown(bench, store, added)
