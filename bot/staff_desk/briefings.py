"""``/brief``: the newest kept briefing of an event, or a new one: ten lines in the chat, all as documents."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.briefing.models import Briefing, Event, Review
from bot.briefing.reviewing import errors, state_text
from bot.errors import UsageError
from bot.models import StaffFile, StaffReply
from bot.staff import Role, StaffMember, require
from bot.staff_desk.bench import Bench
from bot.staff_desk.events import heading, next_event
from bot.store_events import EventStore

_MOST_QUESTIONS = 40
_SHOWN = 10
_ANEW = "重写"
_BRIEFING_ID = re.compile(r"B\d{8}-", re.IGNORECASE)

_making = threading.Lock()
"""A briefing keeps a processor busy for many seconds; citizens wait for their answers meanwhile."""


def brief(bench: Bench, member: StaffMember, words: Sequence[str]) -> StaffReply:
    """Fetch or make a briefing. A new one is kept for 三审; drafts are for those who may write them.

    Raises:
        UsageError: there is no such event or briefing, or the role is not enough.
    """
    anew = _ANEW in words
    wanted = [word for word in words if word != _ANEW]
    if len(wanted) > 1:
        raise UsageError(f"写成：/brief 活动编号；要另写一份：/brief 活动编号 {_ANEW}")
    with EventStore(bench.data_dir) as store:
        if wanted and _BRIEFING_ID.match(wanted[0]):
            return _reply(store, _readable(store, member, (store.review(wanted[0]),)))
        event = store.event(wanted[0]) if wanted else next_event(store, bench.today())
        kept = store.briefings(event.id)
        if kept and not anew:
            return _reply(store, _readable(store, member, kept))
        return _reply(store, _made(bench, store, member, event, len(kept)))


def _readable(store: EventStore, member: StaffMember, kept: Sequence[Review]) -> Briefing:
    """The newest that this member may read."""
    readable = [review for review in kept if review.waiting is None or member.role.may(Role.EDITOR)]
    if not readable:
        raise UsageError(f"{kept[-1].briefing} 还没有定稿；定稿以前，只有能编辑的人可以看")
    newest = readable[-1]
    if newest.waiting is None and (changes := store.verify(newest.briefing)):
        raise UsageError(f"{newest.briefing} 封存后被改动，不能使用：{'；'.join(changes)}")
    return store.briefing(newest.briefing)


def _made(bench: Bench, store: EventStore, member: StaffMember, event: Event, before: int) -> Briefing:
    """A new one. ``before``: how many there were when it was asked for."""
    require(member, Role.EDITOR)
    if store.is_cancelled(event.id):
        raise UsageError(f"活动 {event.id} 已取消，不能写简报")
    with _making:
        kept = store.briefings(event.id)
        if len(kept) > before:  # somebody else made one while this one waited
            return store.briefing(kept[-1].briefing)
        made = bench.brief(event, _MOST_QUESTIONS)
        return store.briefing(store.keep(made, event.id, member.name).briefing)


def _reply(store: EventStore, briefing: Briefing) -> StaffReply:
    lines = (*_head(briefing, store.event_of(briefing.review.briefing)), *_questions(briefing))
    return StaffReply("\n".join(lines), tuple(_files(briefing)))


def _head(briefing: Briefing, event: Event) -> Iterator[str]:
    """Where it stands, and what must be known before it is used. ``event``: as it is registered now."""
    review = briefing.review
    yield f"{review.briefing} 第 {review.version} 版，{state_text(review)}，起草人 {review.drafted_by}"
    yield heading(briefing.event)
    yield f"有口径的问题 {len(briefing.questions)} 个，缺口 {len(briefing.gaps)} 个；全文和一页纸要点见附件。"
    if (event.kind, event.date) != (briefing.event.kind, briefing.event.date):
        yield f"注意：活动已改为{heading(event)}，这份简报不能再用，请重写：/brief {event.id} {_ANEW}"
    wrong = errors(briefing.findings)
    if wrong:
        yield f"注意：检查出 {len(wrong)} 处错误，定稿前必须改好，详见附件"
    yield from (f"注意：{notice}" for notice in briefing.notices)


def _questions(briefing: Briefing) -> Iterator[str]:
    for number, card in enumerate(briefing.questions[:_SHOWN], start=1):
        yield ""
        yield f"{number}. {card.forecast.question}（{card.forecast.likelihood:.0%}）"
        yield f"{card.line.text}（{card.line.speak_seconds} 秒）"
    if briefing.gaps:
        yield ""
        yield "会前要问清楚的："
        yield from (f"· {gap.question}（{gap.office}）" for gap in briefing.gaps[:_SHOWN])


def _files(briefing: Briefing) -> Iterator[StaffFile]:
    from bot.briefing.export import write, write_card  # writing documents takes a while to load

    stem = f"{briefing.review.briefing}-第{briefing.review.version}版"
    with tempfile.TemporaryDirectory() as directory:
        for name, written in ((f"简报-{stem}.docx", write), (f"要点-{stem}.docx", write_card)):
            path = Path(directory) / name
            written(briefing, path)
            yield StaffFile(name, path.read_bytes())
