"""``stats``: the yearly figures, their registers, and whether they agree."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.commands.context import Context
from bot.commands.output import print_json, say
from bot.errors import UsageError
from bot.signals.statistics.checks import check_page
from bot.signals.statistics.computing import Log, from_library, from_log, from_register
from bot.signals.statistics.drafting import as_draft
from bot.signals.statistics.models import Figure, Finding, SourceRow, Unnamed, plain
from bot.signals.statistics.pages import read_page
from bot.signals.statistics.reading import read_figures
from bot.signals.statistics.registers import Row, named_key, number
from bot.signals.statistics.report import Report, make_report
from bot.signals.statistics.sheets import read_registers, write_template
from bot.signals.statistics.table import as_table
from bot.signals.statistics.workbook import write_workbook
from bot.staff import login_name
from bot.store import FILE_NAME as LOG_NAME
from bot.store import Store
from bot.store_figures import Added, FigureStore
from bot.workdays import read_work_calendar

BY_HAND = "手工录入"
_REJECTED_SHOWN = 20
_YEARS = range(1990, 2101)


@dataclass(slots=True)
class _Gathered:
    """What the sources of a year gave."""

    figures: list[Figure] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unnamed: list[Unnamed] = field(default_factory=list)

    def add(self, found: tuple[Sequence[Figure], Sequence[Finding]]) -> None:
        self.figures += found[0]
        self.findings += found[1]


def stats(arguments: argparse.Namespace, context: Context) -> int:
    """Show the figures of a year. 0, or with ``--check`` 1 where they contradict each other."""
    if arguments.template:
        write_template(arguments.template)
        say(f"台账模板已写到 {arguments.template}，填写后用 stats --import 导入")
        return 0
    year = context.today().year if arguments.year is None else arguments.year
    if year not in _YEARS:
        raise UsageError(f"--year 要写 {_YEARS[0]} 到 {_YEARS[-1]} 之间的年份，如 2024")
    with FigureStore(context.settings.data_dir) as store:
        for path in store.damaged:
            say(f"台账文件损坏，已移到 {path} 保存，并新建了一个，请重新导入台账。")
        _bring_in(arguments.imports or (), store)
        _enter(arguments, year, store, context.today())
        report = _report(arguments, year, store, context)
    _write(report, arguments)
    if arguments.json:
        print_json(report.as_json())
    else:
        sys.stdout.write(as_table(report))
    return 1 if arguments.check and report.errors else 0


def _bring_in(paths: Sequence[Path], store: FigureStore) -> None:
    """Import registers; what was taken and what was not goes to stderr."""
    read = [(path, read_registers(path)) for path in paths]  # all can be read before anything is kept
    for path, imported in read:
        added = store.add(imported.rows)
        say(f"{path.name}：{_counts(added)}，不能导入 {len(imported.rejected)} 行")
        for notice in imported.notices:
            say(f"  {notice}")
        for rejected in imported.rejected[:_REJECTED_SHOWN]:
            say(f"  {rejected.source.place}：{rejected.reason}")
        if len(imported.rejected) > _REJECTED_SHOWN:
            say(f"  另有 {len(imported.rejected) - _REJECTED_SHOWN} 行")


def _counts(added: Added) -> str:
    return f"新增 {added.new} 行，更新 {added.updated} 行，已有 {added.known} 行"


def _enter(arguments: argparse.Namespace, year: int, store: FigureStore, today: date) -> None:
    """Keep figures given as ``项目=数值`` with where they come from."""
    if not arguments.set:
        return
    basis = (arguments.source or "").strip()
    if not basis:
        raise UsageError("用 --set 录入数字时，请用 --source 写明这个数出自哪里")
    note = f"{arguments.by or login_name()} {today} 录入"
    rows = []
    for text in arguments.set:
        name, separator, value = text.partition("=")
        if not separator:
            raise UsageError(f"--set 要写成“项目=数值”，如 微博发布=94；现在写的是“{text}”")
        try:
            key, amount = named_key(name.strip()), plain(number(value.strip(), name.strip()))
        except ValueError as error:
            raise UsageError(str(error)) from None
        values = {"year": str(year), "key": key, "value": amount, "unit": "", "basis": basis}
        rows.append(Row("reported", year, values, SourceRow(BY_HAND, text=note)))
    say(f"{BY_HAND}：{_counts(store.add(rows))}")


def _report(arguments: argparse.Namespace, year: int, store: FigureStore, context: Context) -> Report:
    library = context.library()
    names = {category.id: category.name for category in library.categories.values()}
    gathered, today = _Gathered(), context.today()
    calendar = read_work_calendar(context.settings.work_calendar)
    gathered.add(from_register(store.rows(year), year, today, names, calendar))
    for path in arguments.page or ():
        page = read_page(path)
        reading = read_figures(page)
        gathered.add((reading.figures, check_page(page, year)))
        gathered.unnamed += reading.unnamed
    before, _ = from_register(store.rows(year - 1), year - 1, today, names, calendar)
    gathered.add(from_library(library, year))
    log = _log(context, year)
    if log:
        gathered.add(from_log(log, year))
    return make_report(year, gathered.figures, before, gathered.findings, gathered.unnamed)


def _log(context: Context, year: int) -> Log | None:
    """The chat log, where there is one."""
    directory = context.settings.data_dir
    if not (directory / LOG_NAME).exists():
        return None
    with Store(directory) as store:
        counts = store.counts(datetime(year, 1, 1).astimezone(), datetime(year + 1, 1, 1).astimezone())
    kept_since = date.today() - timedelta(days=context.settings.retention_days)
    return Log(LOG_NAME, counts, kept_since)


def _write(report: Report, arguments: argparse.Namespace) -> None:
    if arguments.xlsx:
        write_workbook(report, arguments.xlsx)
        say(f"表格已写到 {arguments.xlsx}")
    if arguments.draft:
        try:
            arguments.draft.write_text(as_draft(report), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"无法写入 {arguments.draft}：{error.strerror or error}") from error
        say(f"总结草稿已写到 {arguments.draft}")
