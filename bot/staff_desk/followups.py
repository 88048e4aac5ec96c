"""``/followup``: what stays to be done after an event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import UsageError
from bot.followup.models import FollowUp, FollowUpStatus
from bot.followup.showing import followup_line
from bot.models import StaffReply
from bot.staff import Role, StaffMember, require
from bot.staff_desk.bench import Bench
from bot.store_followups import FollowUpStore
from bot.workdays import read_work_calendar

_SHOWN = 20
_ENDINGS = {"done": FollowUpStatus.DONE, "drop": FollowUpStatus.DROPPED}
_USAGE = "办结写成：/followup done 3 办理结果；不再办理写成：/followup drop 3 原因"


def followup(bench: Bench, member: StaffMember, words: Sequence[str]) -> StaffReply:
    """List what is open, the nearest limit first; or end one.

    Raises:
        UsageError: there is no such follow-up, it has ended, nothing is noted, or the role is not enough.
    """
    with FollowUpStore(bench.data_dir) as store:
        if not words:
            return StaffReply("\n".join(_listed(bench, store)))
        status = _ENDINGS.get(words[0].lower())
        if status is None or len(words) < 3 or not words[1].isdecimal():
            raise UsageError(_USAGE)
        require(member, Role.EDITOR)
        note = " ".join(words[2:])
        ended = store.close_followup(int(words[1]), status, note, member.name, bench.today())
    done = "已办结，答复已记入问答" if status is FollowUpStatus.DONE else "不再办理，原因已记下"
    return StaffReply(f"第 {ended.id} 件{done}。")


def _listed(bench: Bench, store: FollowUpStore) -> Iterator[str]:
    today = bench.today()
    calendar = read_work_calendar(bench.settings.work_calendar)
    waiting = [each for each in store.followups() if each.status is FollowUpStatus.OPEN]
    overdue, reminded = store.overdue(today), store.reminders(today)
    if not waiting:
        yield "没有待办的承办事项。"
        return
    yield f"待办 {len(waiting)} 件：超期 {len(overdue)} 件，今天要提醒 {len(reminded)} 件"
    shown: Sequence[FollowUp] = waiting[:_SHOWN]
    yield from (followup_line(each, today, calendar) for each in shown)
    if len(waiting) > len(shown):
        yield f"另有 {len(waiting) - len(shown)} 件，期限较晚。"
    yield _USAGE
