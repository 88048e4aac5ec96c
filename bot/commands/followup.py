"""``followup``: what was asked at an event, what stays to be done, FAQ drafts, the record; ``review F1``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from bot.briefing.forecast.resting import Reader
from bot.briefing.models import Event
from bot.commands.context import Context
from bot.commands.faq_drafts import review_draft
from bot.commands.output import jsonable, print_json, say
from bot.commands.progress import progress_bar
from bot.errors import UsageError
from bot.followup.asked_files import read_asked
from bot.followup.deadlines import Deadline, days_late, deadline, require_workday, unknown_years, until
from bot.followup.drafting import Proposals, propose
from bot.followup.faq_file import faq_yaml
from bot.followup.intake import Terms, counted_days, prepared
from bot.followup.models import (
    AskedFile,
    AskedRow,
    FaqDraft,
    FollowUp,
    FollowUpStatus,
    Rejected,
)
from bot.followup.offices import OfficeFinder, office_id, office_name
from bot.followup.showing import account_lines, different, draft_line, followup_line, history_lines
from bot.models import Answer
from bot.staff import Role
from bot.store_events import EventStore
from bot.store_followups import FollowUpStore, KeptQuestion
from bot.workdays import WorkCalendar, read_work_calendar
from index.engines.base import Progress
from knowledge.library import Library

__all__ = ["followup", "review_draft"]

_WRITING = ("ask", "asked", "done", "drop", "change")
_READING = ("overdue", "remind", "history")
_ENTERED = "录入"


def followup(arguments: argparse.Namespace, context: Context) -> int:
    """Enter, follow up, draft; 0, or with ``--overdue`` 1 where something is late."""
    _require_sensible(arguments)
    writing = any(vars(arguments)[name] for name in (*_WRITING, "drafts", "record"))
    member = context.settings.staff.on_this_machine(Role.EDITOR if writing else Role.VIEWER, arguments.by)
    with FollowUpStore(context.settings.data_dir) as store:
        for path in store.damaged:
            say(f"会后数据文件损坏，已移到 {path} 保存，并新建了一个；请从备份恢复。")
        return _Desk(arguments, context, store, member.name).run()


def _require_sensible(arguments: argparse.Namespace) -> None:
    given = [name for name in (*_WRITING, *_READING) if vars(arguments)[name] not in (None, False)]
    if len(given) > 1:
        raise UsageError(f"一次只能办一件：{'、'.join(f'--{name}' for name in given)} 请分开写")
    entering = given in (["ask"], ["asked"])
    if not arguments.event and (entering or arguments.record):
        raise UsageError("要写是哪个活动：--event 编号；event 列出全部编号")
    if arguments.answer and given != ["ask"]:
        raise UsageError("--answer 要和 --ask 一起写；办结时的答复写在 --note 里")
    if (arguments.owner or arguments.due) and not (entering or given == ["change"]):
        raise UsageError("--owner 和 --due 要和 --ask、--asked 或 --change 一起写")
    if given == ["change"] and not (arguments.owner or arguments.due):
        raise UsageError("--change 要配合 --owner 新科室 或 --due 新期限")
    if arguments.note and given not in (["done"], ["drop"], ["change"]):
        raise UsageError("--note 要和 --done、--drop 或 --change 一起写")


@dataclass(frozen=True)
class _Desk:
    """One call of the command."""

    arguments: argparse.Namespace
    context: Context
    store: FollowUpStore
    by: str

    def run(self) -> int:
        arguments = self.arguments
        said: dict[str, Any] = {"as_of": self.today}
        if arguments.event:
            said["event"] = self.event
        if arguments.ask is not None or arguments.asked:
            said["files"] = self._enter()
        if arguments.done or arguments.drop:
            said["changed"] = self._close()
        if arguments.change:
            said["changed"] = self._change()
        if arguments.drafts:
            said["drafts"] = self._write_drafts(arguments.drafts)
        if arguments.record:
            self._write_record(arguments.record)
        return self._list(said)

    @property
    def today(self) -> date:
        return self.context.today()

    @cached_property
    def library(self) -> Library:
        return self.context.library()

    @cached_property
    def calendar(self) -> WorkCalendar:
        return read_work_calendar(self.context.settings.work_calendar)

    @cached_property
    def event(self) -> Event:
        with EventStore(self.context.settings.data_dir) as events:
            found = events.event(self.arguments.event)
            if events.is_cancelled(found.id) and (self.arguments.ask or self.arguments.asked):
                raise UsageError(f"活动 {found.id} 已取消，不能录入问答；要再办请重新登记")
        return found

    def _answer_on(self, day: date) -> Callable[[str], Answer]:
        engine, _ = self.context.refreshed(self.library)
        assistant = replace(self.context, as_of=day).assistant_on(self.library, engine)
        return cache(lambda question: assistant.reply(question).answer)

    # Entering

    def _enter(self) -> list[dict[str, Any]]:
        arguments, event = self.arguments, self.event
        limit = self._deadline(event)
        owner = arguments.owner.strip()
        owner = office_name(office_id(owner, self.library.offices), self.library.offices)
        terms = Terms(event, limit, owner)
        finder = OfficeFinder(self.library, self._answer_on(event.date))
        if self.today < event.date:
            say(f"注意：活动在 {event.date}，还没有举行")
        files = list(self._files())
        told = []
        for file in files:
            with progress_bar("判断承办科室", len(file.rows)) as progress:
                taken, rejected = prepared(_counted(file.rows, progress), terms, finder, self.library.offices)
            if arguments.ask and arguments.due and not any(new.due for new in taken):
                raise UsageError("当场已经答复，没有待办，不用写 --due")
            kept = self.store.add(event.id, taken, self.by, self.today)
            for line in account_lines(file, kept, rejected):
                say(line)
            told.append(_file_json(file, kept, rejected))
        if any(one["opened"] for one in told):
            for notice in unknown_years(counted_days(event.date, limit), self.calendar):
                say(f"注意：{notice}")
        return told

    def _files(self) -> Iterator[AskedFile]:
        arguments = self.arguments
        if arguments.ask is not None:
            row = AskedRow(arguments.ask.strip(), "--ask", arguments.answer.strip())
            if not row.question:
                raise UsageError("--ask 后面的问题是空的")
            yield AskedFile(_ENTERED, "命令行", (row,))
            return
        yield from [read_asked(path, self.event.leader) for path in arguments.asked]

    def _deadline(self, event: Event) -> Deadline:
        if self.arguments.due:
            require_workday(self.arguments.due, event.date, self.calendar)
            return until(self.arguments.due, self.today, self.calendar)
        return deadline(event.date, self.today, self.context.settings.answer_workdays, self.calendar)

    # Following up

    def _close(self) -> FollowUp:
        arguments = self.arguments
        status = FollowUpStatus.DONE if arguments.done else FollowUpStatus.DROPPED
        wanted = arguments.done or arguments.drop
        found = self.store.close_followup(wanted, status, arguments.note, self.by, self.today)
        say(f"第 {found.id} 件{'已办结，答复已记入问答' if arguments.done else '不再办理，原因已记下'}")
        return found

    def _change(self) -> FollowUp:
        arguments = self.arguments
        held = self.store.followup(arguments.change)
        changed = held
        if arguments.owner:
            owner = office_id(arguments.owner, self.library.offices)
            changed = replace(changed, owner=office_name(owner, self.library.offices))
        if arguments.due:
            with EventStore(self.context.settings.data_dir) as events:
                require_workday(arguments.due, events.event(held.event).date, self.calendar)
            limit = until(arguments.due, self.today, self.calendar)
            changed = replace(changed, due=limit.due, remind_on=limit.remind_on)
        found = self.store.reassign(changed, arguments.note, self.by)
        say(f"第 {found.id} 件已改为：{found.owner}，期限 {found.due}")
        return found

    # Drafts and record

    def _write_drafts(self, path: Path) -> dict[str, Any]:
        """Keep new drafts, then write all of the event, or all there are. Facts hold as of today, or of the
        event where that is still to come."""
        event_id = self.event.id if self.arguments.event else None
        day = max(self.today, self.event.date) if event_id else self.today
        reader = Reader(self.library, day, self._answer_on(day))
        found = propose(self.store.asked(event_id), reader, self.library, self.store.drafts())
        added = self.store.add_drafts(found.drafts, self.by)
        drafts = [draft for draft in self.store.drafts() if event_id in (None, draft.event)]
        altered = [draft.id for draft in drafts if draft.review.sha256 and self.store.is_altered(draft.id)]
        _write_text(path, faq_yaml(drafts, found, self.library, day, altered))
        for line in _proposal_lines(found, added):
            say(line)
        say(f"共 {len(drafts)} 份常见问题草稿，已写到 {path}；审核：run_bot.py review F编号 --pass --by 姓名")
        return {"added": added, "all": drafts, "unpublished": found.unpublished, "others": found.others}

    def _write_record(self, path: Path) -> None:
        from bot.briefing.export import write_page
        from bot.followup.record import record_page

        event = self.event
        reader = Reader(self.library, event.date, self._answer_on(event.date))
        asked, followups = self.store.asked(event.id), self.store.followups(event.id)
        for notice in write_page(record_page(event, asked, followups, reader, self.library), path):
            say(f"注意：{notice}")
        say(f"实录草稿（{len(asked)} 问）已写到 {path}")

    # Showing

    def _list(self, said: dict[str, Any]) -> int:
        arguments = self.arguments
        if arguments.history:
            shown = [self.store.followup(arguments.history)]
        else:
            shown = [each for each in self._wanted() if arguments.event in (None, each.event)]
        asked = self.store.asked(arguments.event) if arguments.event else ()
        if arguments.json:
            said |= {"asked": asked, "followups": [self._followup_json(each) for each in shown]}
            print_json(said)
        else:
            lines = [followup_line(each, self.today, self.calendar) for each in shown]
            if arguments.history:
                lines += [f"   {line}" for line in history_lines(self.store.history(arguments.history))]
            if arguments.event:
                lines.insert(0, f"{arguments.event}：已录入 {len(asked)} 问")
            sys.stdout.write("\n".join(lines or [self._nothing()]) + "\n")
        for notice in unknown_years({each.due for each in shown}, self.calendar):
            say(f"注意：{notice}")
        return 1 if arguments.overdue and shown else 0

    def _wanted(self) -> Sequence[FollowUp]:
        if self.arguments.overdue:
            return self.store.overdue(self.today)
        if self.arguments.remind:
            return self.store.reminders(self.today)
        return self.store.followups()

    def _nothing(self) -> str:
        if self.arguments.overdue:
            return "没有超期的承办事项。"
        return "今天没有要提醒的承办事项。" if self.arguments.remind else "没有承办事项。"

    def _followup_json(self, each: FollowUp) -> dict[str, Any]:
        return {
            **jsonable(each),
            "overdue": each.status is FollowUpStatus.OPEN and each.due < self.today,
            "days_late": days_late(each, self.today, self.calendar),
            "history": jsonable(self.store.history(each.id)),
        }


def _counted(rows: Sequence[AskedRow], progress: Progress | None) -> Iterator[AskedRow]:
    for done, row in enumerate(rows, start=1):
        yield row
        if progress:
            progress(done, len(rows))


def _file_json(file: AskedFile, kept: Sequence[KeptQuestion], rejected: Sequence[Rejected]) -> dict[str, Any]:
    counts = {
        what: sum(each.what == what for each in kept) for what in ("new", "known", "answered", "different")
    }
    return {
        "file": file.path,
        "form": file.form,
        "columns": file.columns,
        "unused": file.unused,
        **counts,
        "blank": file.blank,
        "opened": [each.followup for each in kept if each.followup],
        "rejected": jsonable([*file.rejected, *rejected, *different(kept)]),
    }


def _proposal_lines(found: Proposals, added: Sequence[FaqDraft]) -> Iterator[str]:
    yield (
        f"新草稿 {len(added)} 份，已有问法 {len(found.known)} 个，需先公布依据 {len(found.unpublished)} 个，"
        f"不归本局或没有问清 {len(found.others)} 个"
    )
    yield from (draft_line(draft) for draft in added)
    for each in found.unpublished:
        yield f"需先公布依据：{each.question}（{each.office}；{each.reason}）"


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"无法写入 {path}：{error.strerror or error}。请检查目录是否存在、有没有权限"
        ) from error
