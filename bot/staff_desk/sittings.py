"""What goes on over several messages: a live look-up, a rehearsal."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.briefing.event_options import split_topics
from bot.briefing.lookup import Lookup
from bot.briefing.lookup_text import lookup_text
from bot.rehearsal.records import Setup
from bot.rehearsal.report import report, tally
from bot.rehearsal.session import Rehearsal
from bot.rehearsal.showing import INTRODUCTION, after_session, asking, respond
from bot.staff import StaffMember
from bot.staff_desk.bench import Bench
from bot.store_rehearsals import RehearsalStore

_ENTRIES = 3
_LONGEST_REPLY = 5_000
"""Characters; twenty minutes of speech."""
_EVENT_ID = re.compile(r"\d{8}-[a-z]+(-\d+)?")


class Sitting(Protocol):
    """Takes the plain messages of one person until it is over."""

    @property
    def is_over(self) -> bool:
        """Whether it has ended by itself."""
        ...

    def take(self, text: str) -> str:
        """The reply to one message."""
        ...

    def close(self) -> str:
        """What is said when the person ends it."""
        ...


class LiveLookup:
    """Every message is a keyword; every reply clauses and lines."""

    is_over = False

    def __init__(self, lookup: Callable[[], Lookup]) -> None:
        self._lookup = lookup

    def take(self, text: str) -> str:
        return lookup_text(self._lookup().find(text, _ENTRIES))

    def close(self) -> str:
        return "速查已结束。"


class Practice:
    """A rehearsal: every message is a reply to the caller. Replies and questions are kept as they come."""

    def __init__(self, rehearsal: Rehearsal, bench: Bench) -> None:
        self._rehearsal = rehearsal
        self._bench = bench

    @property
    def is_over(self) -> bool:
        return self._rehearsal.record.ended

    @property
    def is_new(self) -> bool:
        """Whether nothing of it is kept yet."""
        return not self._rehearsal.record.id

    def opening(self) -> str:
        """How it goes, and the first question, or the one at which it was broken off."""
        again = "" if self.is_new else f"接着上次的演练 {self._rehearsal.record.id}。"
        return f"{again}{INTRODUCTION}先停下用 /end。\n\n{self._asked()}"

    def take(self, text: str) -> str:
        if len(text) > _LONGEST_REPLY:
            return f"太长了（超过 {_LONGEST_REPLY} 字），请分开说。"
        said = respond(self._rehearsal, text)
        return f"{said}\n\n{self._asked()}"

    def close(self) -> str:
        record = self._rehearsal.record
        if record.ended or self.is_new:
            return "演练已结束。"
        saved = f"演练已停在第 {record.place + 1} 题，用同样的 /rehearse 接着练。"
        return f"{saved}\n\n{self._figures()}"

    def _asked(self) -> str:
        """The next question, kept with all before it, or what the rehearsal comes to."""
        question = asking(self._rehearsal)
        with RehearsalStore(self._bench.data_dir) as store:
            self._rehearsal.record = store.keep(self._rehearsal.record)
        return question or self._figures()

    def _figures(self) -> str:
        record = self._rehearsal.record
        with RehearsalStore(self._bench.data_dir) as store:
            practise = report(record.by, store.of(record.by), self._bench.library()).practise
        return after_session(record, tally([record]), practise)


def practice(bench: Bench, member: StaffMember, words: Sequence[str]) -> Practice:
    """The rehearsal for an event, for topics, or for everything.

    Raises:
        UsageError: there is no such event, or nothing to be practised.
    """
    events = [word for word in words if _EVENT_ID.fullmatch(word)]
    topics = split_topics(word for word in words if word not in events)
    setup = Setup("".join(events[:1]), topics)
    with RehearsalStore(bench.data_dir) as store:
        return Practice(bench.rehearse(setup, member.name, store), bench)
