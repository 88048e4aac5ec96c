"""``brief``: a briefing for an event, on paper, as JSON, or kept for review."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from bot.briefing.event_options import event_from
from bot.briefing.export import markdown, write, write_card
from bot.briefing.gathering import gather
from bot.briefing.making import Maker
from bot.briefing.models import Briefing, Event, Severity
from bot.briefing.serial import to_json
from bot.commands.context import Context
from bot.commands.output import print_json, say
from bot.commands.progress import progress_bar
from bot.errors import UsageError
from bot.signals.classification.classifier import Classifier
from bot.signals.importing.reading import read
from bot.signals.importing.reporting import lines
from bot.signals.intake import take_in, take_in_log
from bot.staff import Role
from bot.store import kept_questions
from bot.store_events import EventStore
from bot.store_messages import MessageStore
from bot.workdays import read_work_calendar
from knowledge.library import Library

_TABLES = (".xlsx", ".xls", ".xlsb", ".ods", ".csv", ".jsonl", ".jsonl.gz")


def brief(arguments: argparse.Namespace, context: Context) -> int:
    """Make a briefing; 0, or with ``--check`` 1 where a line has an error."""
    member = context.settings.staff.on_this_machine(Role.EDITOR, arguments.by)
    library = context.library()
    event = _event(arguments, context, library)
    if arguments.messages:
        take_in_messages(arguments.messages, context, library)
    briefing = make_briefing(event, context, library, arguments.most)
    if arguments.keep:
        briefing = _kept(briefing, context, member.name)
    for path, written in ((arguments.out, write), (arguments.card, write_card)):
        if path:
            for notice in written(briefing, path):
                say(f"注意：{notice}")
            say(f"已写到 {path}")
    if arguments.json:
        print_json(to_json(briefing))
    elif not arguments.out:
        sys.stdout.write(markdown(briefing))
    _tell(briefing)
    errors = any(finding.severity is Severity.ERROR for finding in briefing.findings)
    return 1 if arguments.check and errors else 0


def make_briefing(event: Event, context: Context, library: Library, most: int) -> Briefing:
    """A briefing from everything that the data directory holds, valid on the day of the event."""
    engine, _ = context.refreshed(library)
    assistant = replace(context, as_of=event.date).assistant_on(library, engine)
    maker = Maker(
        library,
        lambda question: assistant.reply(question).answer,
        context.today(),
        read_work_calendar(context.settings.work_calendar),
    )
    settings = context.settings
    with progress_bar("看诉求里的缺口", 1) as progress:
        gathered = gather(settings.data_dir, settings.retention_days, event, maker.answer, progress)
    return maker.make(event, gathered, most)


def _event(arguments: argparse.Namespace, context: Context, library: Library) -> Event:
    if arguments.event:
        with EventStore(context.settings.data_dir) as store:
            return store.event(arguments.event)
    if not (arguments.kind and arguments.date):
        raise UsageError("要写 --event 编号，或者写 --kind 和 --date。用 --help 看用法")
    return event_from(arguments, library)


def _kept(briefing: Briefing, context: Context, by: str) -> Briefing:
    """The same briefing, kept under its event, which is registered where it is not yet."""
    with EventStore(context.settings.data_dir) as store:
        event = briefing.event if briefing.event.id else store.add_event(briefing.event, by)
        kept = replace(briefing, event=event)
        review = store.keep(kept, event.id, by)
    say(f"已存为待审稿 {review.briefing}，下一步：run_bot.py review {review.briefing} --pass --by 初审人")
    return replace(kept, review=review)


def take_in_messages(paths: Iterable[Path], context: Context, library: Library) -> None:
    """Import messages as ``messages`` does; of a directory every table that holds messages.

    Raises:
        UsageError: a file that was named cannot be read.
    """
    if find_spec("scipy") is None:
        raise UsageError("归类和找热点需要 scipy，请先安装：pip install 'scipy>=1.13,<2'")
    settings = context.settings
    classifier = Classifier.bundled(library)
    with MessageStore(settings.data_dir) as store:
        store.expire(settings.messages_retention_days, settings.retention_days)
        for path, named in _files(paths):
            try:
                with progress_bar(f"导入 {path.name}", 1) as progress:
                    reading = read([path], {}, progress)
                    intake = take_in(reading, classifier, store)
            except UsageError as error:
                if named:
                    raise
                say(f"跳过：{error}")
                continue
            for line in lines(reading.report):
                say(line)
            say(f"  新增 {intake.new} 件，已有 {intake.known} 件")
        take_in_log(kept_questions(settings.data_dir, settings.retention_days), classifier, store)


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Files, each with whether it was named itself, not only its directory."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        found = [file for file in sorted(path.iterdir()) if file.name.lower().endswith(_TABLES)]
        if not found:
            raise UsageError(f"{path} 里没有可导入的表格（{'、'.join(_TABLES)}）")
        yield from ((file, False) for file in found)


def _tell(briefing: Briefing) -> None:
    for notice in briefing.notices:
        say(f"注意：{notice}")
    counts = [
        f"{len(briefing.questions)} 个问题有口径",
        f"{len(briefing.gaps)} 个缺口",
        f"{len(briefing.conflicts)} 处不一致",
        f"核对提示 {len(briefing.findings)} 条",
    ]
    say("，".join(counts))
