"""``messages``: citizens' messages in; hot topics and gaps in what is published out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from bot.commands.context import Context
from bot.commands.message_lists import write_list
from bot.commands.messages_output import (
    Names,
    message_json,
    overview_json,
    overview_text,
    reasons_text,
    topic_text,
)
from bot.commands.output import jsonable, print_json, say
from bot.commands.progress import progress_bar
from bot.errors import UsageError
from bot.masking import glimpses
from bot.signals.charts import chart_format, draw_topics
from bot.signals.classification.classifier import Classifier
from bot.signals.classification.matters import read_matters
from bot.signals.gaps import GapReport
from bot.signals.importing.models import ImportReport, RawMessage
from bot.signals.importing.reading import Reading, read
from bot.signals.importing.reporting import lines
from bot.signals.intake import Intake, take_in, take_in_log
from bot.signals.overview import Overview, gap_report, overview
from bot.store import kept_questions
from bot.store_messages import MessageStore
from knowledge.library import Library

LIST_FORMATS = (".xlsx", ".jsonl")
_GLIMPSES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Result:
    """What one run did and found."""

    report: ImportReport
    intake: Intake
    from_bot: int
    overview: Overview
    gaps: GapReport | None


def messages(arguments: argparse.Namespace, context: Context) -> int:
    """Bring in files, group everything that is stored, and show what is hot."""
    _require_possible(arguments)
    overrides = dict(_column(text) for text in arguments.column or ())
    if arguments.dry_run:
        return _dry_run(arguments, overrides)
    library = context.library()
    names = Names.of(library, read_matters(library.categories, library.offices))
    with MessageStore(context.settings.data_dir) as store:
        for path in store.damaged:
            say(f"诉求数据文件损坏，已移到 {path} 保存，并新建了一个，请重新导入。")
        if arguments.forget:
            gone = store.forget_file(arguments.forget)
            say(f"已删除从“{arguments.forget}”导入的 {gone} 件诉求。")
        if arguments.topic:
            return _show_topic(arguments, store, names, library)
        result = _run(arguments, overrides, context, store, library)
        _write(arguments, result, store, names, context)
    if arguments.json:
        print_json(_json(result, names))
    else:
        sys.stdout.write("\n".join(_text(result, names, arguments.top)) + "\n")
    return 0


def _run(
    arguments: argparse.Namespace,
    overrides: Mapping[str, str],
    context: Context,
    store: MessageStore,
    library: Library,
) -> _Result:
    settings = context.settings
    store.expire(settings.messages_retention_days, settings.retention_days)
    classifier = Classifier.bundled(library)
    with progress_bar("导入", 1) as progress:
        reading = read(arguments.files, overrides, progress)
        intake = take_in(reading, classifier, store)
    log = kept_questions(settings.data_dir, settings.retention_days)
    from_bot = take_in_log(log, classifier, store)
    found = overview(store, settings.data_dir, context.as_of, arguments.since, arguments.top)
    return _Result(reading.report, intake, from_bot, found, _gaps(arguments, context, store))


def _gaps(arguments: argparse.Namespace, context: Context, store: MessageStore) -> GapReport | None:
    if not arguments.gaps:
        return None
    assistant = context.assistant()
    with progress_bar("查公开缺口", 1) as progress:
        return gap_report(
            store,
            lambda question: assistant.reply(question).answer,
            arguments.since,
            context.today(),
            progress,
        )


def _column(text: str) -> tuple[str, str]:
    field, separator, column = text.partition("=")
    if not separator or not field.strip():
        raise UsageError(f"--column 要写成“字段=列名或列号”，如 内容=留言详情；现在写的是“{text}”")
    return field.strip(), column.strip()


def _require_possible(arguments: argparse.Namespace) -> None:
    """Bad names and a missing library are told before a minute of work, not after it."""
    if find_spec("scipy") is None:
        raise UsageError("归类和找热点需要 scipy，请先安装：pip install 'scipy>=1.13,<2'")
    if arguments.chart:
        chart_format(arguments.chart)
    if arguments.list and arguments.list.suffix.lower() not in LIST_FORMATS:
        raise UsageError(f"清单的文件名要以 .xlsx 或 .jsonl 结尾：{arguments.list}")
    if arguments.list and not arguments.list.parent.is_dir():
        raise UsageError(f"没有这个目录：{arguments.list.parent}")
    if arguments.dry_run and not arguments.files:
        raise UsageError("--dry-run 要写上要试读的文件")


def _dry_run(arguments: argparse.Namespace, overrides: Mapping[str, str]) -> int:
    """Read and mask without keeping anything; what would be hidden is shown half hidden."""
    reading = read(arguments.files, overrides)
    places = list(_places(reading))
    if arguments.json:
        print_json({"dry_run": True, "files": reading.report.sheets, "masked": places})
        return 0
    found = [*lines(reading.report), "", f"试读：什么都没有保存。将隐去 {len(places)} 处个人信息："]
    found += [_place_text(place) for place in places[:_GLIMPSES_SHOWN]]
    if len(places) > _GLIMPSES_SHOWN:
        found.append(f"  另有 {len(places) - _GLIMPSES_SHOWN} 处，用 --json 看全部")
    sys.stdout.write("\n".join(found) + "\n")
    return 0


def _places(reading: Reading) -> Iterator[dict[str, Any]]:
    for raw in reading:
        for text in _texts(raw):
            for glimpse in glimpses(text):
                place = {"file": raw.file, "sheet": raw.sheet, "row": raw.row}
                yield place | {
                    name: " ".join(str(value).split()) for name, value in jsonable(glimpse).items()
                }


def _place_text(place: Mapping[str, Any]) -> str:
    hidden = f"〔{place['hidden']} → [{place['kind']}]〕"
    return f"  {place['file']} 第 {place['row']} 行：…{place['before']}{hidden}{place['after']}…"


def _texts(raw: RawMessage) -> tuple[str, ...]:
    return raw.title, raw.text, raw.reply, raw.area, raw.channel, raw.number


def _show_topic(arguments: argparse.Namespace, store: MessageStore, names: Names, library: Library) -> int:
    """The messages of one topic, each with the reasons of its class."""
    found = store.of_topic(arguments.topic)
    if not found:
        raise UsageError(f"没有编号为“{arguments.topic}”的热点，编号见 run_bot.py messages 的输出")
    if arguments.json:
        print_json({"topic": arguments.topic, "messages": [message_json(stored, names) for stored in found]})
        return 0
    classifier = Classifier.bundled(library)
    classes = classifier.classify_all([(one.message.title, one.message.text) for one in found])
    shown = [
        line
        for stored, classified in zip(found, classes, strict=True)
        for line in (*topic_text(stored, names), reasons_text(classified))
        if line
    ]
    sys.stdout.write("\n".join(shown) + "\n")
    return 0


def _write(
    arguments: argparse.Namespace, result: _Result, store: MessageStore, names: Names, context: Context
) -> None:
    if arguments.chart:
        title = f"市民来件走势和热点（截至 {result.overview.as_of}）"
        draw_topics(arguments.chart, result.overview.trend, result.overview.topics, title)
        say(f"图已写到 {arguments.chart}")
    if arguments.list:
        write_list(arguments.list, store, result.overview, result.gaps, names)
        say(f"清单已写到 {arguments.list}")


def _json(result: _Result, names: Names) -> dict[str, Any]:
    intake = result.intake
    return {
        "files": result.report.sheets,
        "import": {
            "new": intake.new,
            "known": intake.known,
            "renewed": intake.renewed,
            "from_bot": result.from_bot,
            "masked": dict(intake.masked),
        },
        **overview_json(result.overview, names),
        "gaps": None if result.gaps is None else _gaps_json(result.gaps, names),
    }


def _gaps_json(report: GapReport, names: Names) -> dict[str, Any]:
    rows = [
        jsonable(gap) | {"matter_name": names.matter(gap.matter), "office_name": names.office(gap.office)}
        for gap in report.gaps
    ]
    return jsonable(report) | {"gaps": rows}  # type: ignore[no-any-return]


def _text(result: _Result, names: Names, top: int) -> Sequence[str]:
    intake = result.intake
    found = lines(result.report)
    if found:
        hidden = "、".join(f"{kind} {count} 处" for kind, count in intake.masked.most_common())
        found.append(f"新存 {intake.new} 件，以前存过 {intake.known} 件（更新答复 {intake.renewed} 件）")
        found.append(f"已隐去个人信息：{hidden or '没有发现'}")
    if result.from_bot:
        found.append(f"另从对话记录收入 {result.from_bot} 个提问")
    return [*found, *overview_text(result.overview, names, top), *_gaps_text(result.gaps, names, top)]


def _gaps_text(report: GapReport | None, names: Names, top: int) -> Iterator[str]:
    if report is None:
        return
    yield ""
    yield (
        f"公开缺口：看了 {report.looked_at} 个问题，库里能答 {report.answered} 个，查个人记录或归别的部门 "
        f"{report.redirected} 个，答不了的归并为 {len(report.gaps)} 类"
    )
    if report.left_out:
        yield f"  另有 {report.left_out} 个较早的问题这次没有看"
    for number, gap in enumerate(report.gaps[:top], start=1):
        yield f"{number:3}. {gap.question}"
        near = f"；最接近的文件：《{gap.near}》" if gap.near else ""
        yield (
            f"     问过 {gap.times} 次（机器人 {gap.from_bot} 次）；{names.matter(gap.matter)}；"
            f"应由{names.office(gap.office)}公开{near}"
        )
