"""The back office: staff functions as channels see them. Implements :class:`bot.models.StaffDesk`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import UsageError
from bot.models import StaffReply
from bot.staff import StaffMember
from bot.staff_desk.bench import Bench
from bot.staff_desk.briefings import brief
from bot.staff_desk.events import event
from bot.staff_desk.followups import followup
from bot.staff_desk.messages import gaps, hot
from bot.staff_desk.sittings import LiveLookup, Practice, Sitting, practice
from bot.store_file import StoreError
from bot.store_staff import Key, StaffStore
from index.errors import SearchError
from knowledge.errors import KnowledgeError

log = logging.getLogger(__name__)

_ACTIONS: Mapping[str, Callable[[Bench, StaffMember, Sequence[str]], StaffReply]] = {
    "event": event,
    "brief": brief,
    "hot": hot,
    "gaps": gaps,
    "followup": followup,
}
"""Commands that are done with one reply."""
_LOOKUP, _REHEARSE, _END = "lookup", "rehearse", "end"
_DESCRIPTIONS: Mapping[str, str] = {
    "event": "活动：列出，看一个，或登记",
    "brief": "简报：问题、口径和附件",
    "hot": "诉求热点",
    "gaps": "公开缺口：问了但没有公布的",
    _LOOKUP: "接听速查：发关键词，回条款和口径",
    _REHEARSE: "演练：模拟来电，逐题打分",
    "followup": "会后待办和超期",
    _END: "结束速查或演练",
}
_MOST_LIVE = 8
"""Sittings in memory; a rehearsal takes some 55 MB. The others are opened again when they go on."""
_LIVE = "速查已打开：直接发关键词，回条款和口径；用完发 /end。"
_NOTHING_ON = "现在没有进行中的速查或演练。"


@dataclass(frozen=True, slots=True)
class _Live:
    """A sitting with the command that began it, for the log and to begin it again."""

    command: str
    words: tuple[str, ...]
    sitting: Sitting


class BackOffice:
    """Staff functions for the members of a list.

    What a person is in the middle of goes on after a restart, so that a reply in a rehearsal never becomes a
    question to the citizens' assistant.

    Args:
        members: who is who on which channel; nobody else gets anything.
    """

    def __init__(self, bench: Bench, members: Mapping[Key, StaffMember], store: StaffStore) -> None:
        self._bench = bench
        self._members = dict(members)
        self._store = store
        self._former = store.remember(members) - members.keys()
        self._broken_off = {key: kept for key, kept in store.sittings().items() if key in members}
        self._live: dict[Key, _Live] = {}
        self._holding = threading.Lock()

    def is_staff(self, channel: str, user: str) -> bool:
        return (channel, user) in self._members

    def users(self, channel: str) -> tuple[str, ...]:
        return tuple(user for on, user in self._members if on == channel)

    def former(self, channel: str) -> tuple[str, ...]:
        return tuple(sorted(user for on, user in self._former if on == channel))

    def commands(self, channel: str, user: str) -> tuple[tuple[str, str], ...]:
        return tuple(_DESCRIPTIONS.items()) if self.is_staff(channel, user) else ()

    def run(self, channel: str, user: str, command: str, words: Sequence[str]) -> StaffReply:
        key = (channel, user)
        member = self._member(key)
        if command not in _DESCRIPTIONS:
            raise PermissionError(command)
        return self._done(key, member, command, lambda: self._run(key, member, command, words))

    def is_listening(self, channel: str, user: str) -> bool:
        key = (channel, user)
        return key in self._members and (key in self._live or key in self._broken_off)

    def continue_(self, channel: str, user: str, text: str) -> StaffReply:
        key = (channel, user)
        member = self._member(key)
        if not self.is_listening(channel, user):
            raise PermissionError("nothing is on")
        live = self._live.get(key)
        command = live.command if live else self._broken_off[key][0]
        return self._done(key, member, command, lambda: self._take(key, member, text))

    def _member(self, key: Key) -> StaffMember:
        if key not in self._members:
            raise PermissionError("not a member of the staff")
        return self._members[key]

    def _done(self, key: Key, member: StaffMember, command: str, act: Callable[[], StaffReply]) -> StaffReply:
        """Do it, and log who did what, never with which words."""
        outcome = "failed"
        try:
            reply = act()
            outcome = "done"
            return reply
        except (UsageError, KnowledgeError, SearchError, StoreError) as error:
            outcome = "refused"
            return StaffReply(f"错误：{error}")
        finally:
            log.info("staff: %s on %s: /%s %s", member.name, key[0], command, outcome)

    def _run(self, key: Key, member: StaffMember, command: str, words: Sequence[str]) -> StaffReply:
        if command in _ACTIONS:
            return _ACTIONS[command](self._bench, member, words)
        if command == _END:
            return StaffReply(self._ended(key, member))
        if command == _REHEARSE:
            rehearsal = practice(self._bench, member, words)
            opening = rehearsal.opening()
            if not rehearsal.is_over:
                self._begin(key, _Live(command, tuple(words), rehearsal))
            return StaffReply(opening)
        live = LiveLookup(self._bench.lookup)
        if words:
            return StaffReply(live.take(" ".join(words)))
        self._bench.lookup()  # opened now, so that the first keyword does not wait for it
        self._begin(key, _Live(command, (), live))
        return StaffReply(_LIVE)

    def _take(self, key: Key, member: StaffMember, text: str) -> StaffReply:
        was_broken_off = key not in self._live
        sitting = self._sitting(key, member)
        if was_broken_off and isinstance(sitting, Practice) and sitting.is_new:
            return StaffReply(sitting.opening())  # the message replied to a question that is no more
        said = sitting.take(text)
        if sitting.is_over:
            self._forget(key)
        return StaffReply(said)

    def _ended(self, key: Key, member: StaffMember) -> str:
        if not self.is_listening(*key):
            return _NOTHING_ON
        said = self._sitting(key, member).close()
        self._forget(key)
        return said

    def _sitting(self, key: Key, member: StaffMember) -> Sitting:
        """What is on, taken up again where it was broken off."""
        live = self._live.get(key)
        if live is None:
            command, words = self._broken_off[key]
            try:
                live = _Live(command, words, self._opened(command, member, words))
            except UsageError:  # its event or topic is gone
                self._forget(key)
                raise
        self._hold(key, live)
        return live.sitting

    def _opened(self, command: str, member: StaffMember, words: Sequence[str]) -> Sitting:
        if command == _REHEARSE:
            return practice(self._bench, member, words)
        return LiveLookup(self._bench.lookup)

    def _begin(self, key: Key, live: _Live) -> None:
        self._store.sit(key, live.command, live.words)
        self._hold(key, live)

    def _hold(self, key: Key, live: _Live) -> None:
        """In memory, as the one that was used last; the one used longest ago may have to go."""
        with self._holding:
            self._live.pop(key, None)
            self._live[key] = live
            self._broken_off.pop(key, None)
            if len(self._live) > _MOST_LIVE:
                oldest, gone = next(iter(self._live.items()))
                self._broken_off[oldest] = gone.command, gone.words
                del self._live[oldest]

    def _forget(self, key: Key) -> None:
        with self._holding:
            self._live.pop(key, None)
            self._broken_off.pop(key, None)
        self._store.rise(key)
