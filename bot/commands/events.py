"""``event``: events with their clock and briefings."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.briefing.clock import (
    KIND_NAMES,
    STATE_NAMES,
    Clock,
    Progress,
    make_clock,
    require_countable,
)
from bot.briefing.event_options import event_from, office_names, split_topics
from bot.briefing.models import Event, EventKind, Review
from bot.briefing.reviewing import STEP_NAMES, state_text
from bot.commands.context import Context
from bot.commands.output import jsonable, print_json, say
from bot.errors import UsageError
from bot.staff import Role
from bot.store_events import EventStore, TrailEntry
from bot.store_followups import FollowUpStore
from bot.workdays import read_work_calendar

_OPTIONS = ("kind", "date", "leader", "topic", "title", "minutes", "place", "office")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
ACT_NAMES = {
    "registered": "登记活动",
    "changed": "修改活动",
    "cancelled": "取消活动",
    "kept": "存为待审稿",
    "edited": "改稿",
    "passed": "通过",
    "returned": "退回",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """An event with all that is told about it."""

    event: Event
    cancelled: bool
    clock: Clock
    briefings: tuple[Review, ...]
    trail: tuple[TrailEntry, ...]


def event(arguments: argparse.Namespace, context: Context) -> int:
    """List, register, show, change or cancel events; 0."""
    writing = arguments.cancel or any(vars(arguments)[name] for name in _OPTIONS)
    member = context.settings.staff.on_this_machine(Role.EDITOR if writing else Role.VIEWER, arguments.by)
    _require_sensible(arguments)
    with EventStore(context.settings.data_dir) as store:
        for path in store.damaged:
            say(f"活动数据文件损坏，已移到 {path} 保存，并新建了一个；请从备份恢复。")
        if not writing and not arguments.event:
            _list(store, arguments.json)
            return 0
        if arguments.cancel:
            found = _cancelled(arguments.event, store, member.name)
        elif arguments.event:
            found = _changed(arguments, context, store, member.name) if writing else arguments.event
        else:
            found = _registered(arguments, context, store, member.name)
        shown = _look(store, context, found)
    if arguments.json:
        print_json(_json(shown))
    else:
        sys.stdout.write("\n".join(_text(shown, context)) + "\n")
    return 0


def _require_sensible(arguments: argparse.Namespace) -> None:
    given = [name for name in _OPTIONS if vars(arguments)[name]]
    if arguments.cancel and (given or not arguments.event):
        raise UsageError("取消活动写成：event 编号 --cancel，不带别的选项")
    if given and not arguments.event and not (arguments.kind and arguments.date):
        raise UsageError("登记活动要写 --kind 和 --date；修改已登记的活动要写编号：event 编号 --选项 值")
    if arguments.date:
        require_countable(arguments.date)


def _registered(arguments: argparse.Namespace, context: Context, store: EventStore, by: str) -> str:
    wanted = _tidy(event_from(arguments, context.library()))
    before = {kept.id for kept in store.events()}
    added = store.add_event(wanted, by)
    if added.id in before:
        say(f"这个活动已登记过，编号 {added.id}，没有改动。")
        return added.id
    say(f"已登记，编号 {added.id}。下一步：run_bot.py brief --event {added.id} --keep")
    others = [
        kept.id
        for kept in store.events()
        if kept.id != added.id and (kept.kind, kept.date) == (added.kind, added.date)
    ]
    if others:
        say(
            f"注意：同一天同一类已有 {'、'.join(others)}，这次登记为另一场。"
            f"如果是要改原来的，请取消这一场（event {added.id} --cancel），再用 event {others[0]} --选项 值"
        )
    return added.id


def _changed(arguments: argparse.Namespace, context: Context, store: EventStore, by: str) -> str:
    kept = store.event(arguments.event)
    wanted = replace(
        kept,
        kind=EventKind(arguments.kind or kept.kind),
        date=arguments.date or kept.date,
        topics=split_topics(arguments.topic) or kept.topics,
        leader=arguments.leader or kept.leader,
        minutes=arguments.minutes or kept.minutes,
        title=arguments.title or kept.title,
        channel=arguments.place or kept.channel,
        offices=office_names(arguments.office, context.library()) if arguments.office else kept.offices,
    )
    wanted = _tidy(wanted)
    store.change_event(wanted, by)
    say(f"{kept.id} 和原来一样，没有改动。" if wanted == kept else f"已修改 {kept.id}。")
    if (wanted.kind, wanted.date) != (kept.kind, kept.date):
        say(f"编号仍是 {kept.id}。")
        if store.briefings(kept.id):
            say(f"注意：已存的简报是按原来的日期和类型写的，不能再审，请重写：brief --event {kept.id} --keep")
    return kept.id


def _cancelled(event_id: str, store: EventStore, by: str) -> str:
    done = store.cancel_event(event_id, by)
    say(f"已取消 {event_id}，记录保留。" if done else f"{event_id} 早已取消，没有改动。")
    return event_id


def _tidy(given: Event) -> Event:
    return replace(
        given, leader=_one_line(given.leader), title=_one_line(given.title), channel=_one_line(given.channel)
    )


def _one_line(text: str) -> str:
    """Without line breaks and characters that only steer a terminal; rare characters stay."""
    seen = "".join(
        letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _UNSEEN
    )
    return " ".join(seen.split())


def _look(store: EventStore, context: Context, event_id: str) -> _Shown:
    found, briefings = store.event(event_id), store.briefings(event_id)
    with FollowUpStore(context.settings.data_dir) as followups:
        waiting = followups.unanswered(event_id)
    progress = Progress(any(review.waiting is None for review in briefings), waiting)
    calendar = read_work_calendar(context.settings.work_calendar)
    clock = make_clock(found, context.settings, calendar, context.today(), progress)
    return _Shown(found, store.is_cancelled(event_id), clock, briefings, store.trail(event_id))


def _list(store: EventStore, as_json: bool) -> None:
    standing, cancelled = store.events(), store.events(cancelled=True)
    if as_json:
        print_json(
            {"events": [_event_json(e, False) for e in standing] + [_event_json(e, True) for e in cancelled]}
        )
        return
    lines = [
        *(_line(found, store.briefings(found.id)) for found in standing),
        *(f"{_line(found, ())}（已取消）" for found in cancelled),
    ]
    empty = ["还没有登记活动。登记：event --kind 热线 --date 2026-12-10 --topic 义务教育入学"]
    sys.stdout.write("\n".join(lines or empty) + "\n")


def _line(found: Event, briefings: Sequence[Review]) -> str:
    topics = "、".join(found.topics) or "未定主题"
    states = "".join(f"；{review.briefing} {state_text(review)}" for review in briefings)
    return f"{found.id}  {found.date}  {KIND_NAMES[found.kind]}  {topics}{states}"


def _event_json(found: Event, cancelled: bool) -> dict[str, Any]:
    return {**jsonable(found), "cancelled": cancelled}


def _json(shown: _Shown) -> dict[str, Any]:
    return {
        "event": _event_json(shown.event, shown.cancelled),
        "clock": jsonable(shown.clock),
        "briefings": [{**jsonable(review), "state": state_text(review)} for review in shown.briefings],
        "trail": jsonable(shown.trail),
    }


def _text(shown: _Shown, context: Context) -> Iterator[str]:
    found = shown.event
    yield f"{found.id}  {found.title or KIND_NAMES[found.kind]}" + ("（已取消）" if shown.cancelled else "")
    yield f"  {KIND_NAMES[found.kind]}，{found.date}，{found.minutes} 分钟"
    for name, value in (
        ("领导", found.leader),
        ("渠道", found.channel),
        ("主题", "、".join(found.topics)),
        ("陪同科室", "、".join(found.offices)),
    ):
        if value:
            yield f"  {name}：{value}"
    if not shown.cancelled:
        yield "时间节点："
        for step in shown.clock.steps:
            yield f"  {step.due}  {step.name}（{STATE_NAMES[step.state]}）：{step.task}"
        yield from (f"  注意：{notice}" for notice in shown.clock.notices)
    yield "简报：" if shown.briefings else f"还没有简报。写一份：brief --event {found.id} --keep"
    for review in shown.briefings:
        yield f"  {review.briefing}  第 {review.version} 版，{state_text(review)}，起草人 {review.drafted_by}"
    yield "经过："
    yield from (f"  {trail_line(entry)}" for entry in shown.trail)


def trail_line(entry: TrailEntry) -> str:
    """Who did what, as one line."""
    what = (STEP_NAMES[entry.step] if entry.step else "") + ACT_NAMES[entry.what]
    on = f" {entry.briefing} 第 {entry.version} 版" if entry.briefing else ""
    comment = f"：{entry.comment}" if entry.comment else ""
    account = "" if entry.account == entry.by else f"（本机账号 {entry.account}）"
    return f"{entry.at:%Y-%m-%d %H:%M} {entry.by}{account} {what}{on}{comment}"
