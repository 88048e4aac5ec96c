"""Messages, topics and gaps as files for staff: an XLSX workbook, or JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.commands.messages_output import ALARMS, ANSWERERS, URGENCIES, Names, message_json
from bot.commands.output import to_json
from bot.errors import UsageError
from bot.signals.gaps import GapReport
from bot.signals.overview import Overview
from bot.store_message_rows import StoredMessage
from bot.store_messages import MessageStore

_LONGEST_CELL = 32_000
"""Excel holds 32,767 characters in a cell."""
Row = Sequence[str | int | float]

_TOPIC_HEADER = (
    "名次",
    "热点",
    "热度",
    "件数",
    "人数",
    "首次",
    "最近",
    "紧急程度",
    "事项",
    "答复单位",
    "承办科室",
    "编号",
)
_MESSAGE_HEADER = (
    "文件", "工作表", "行", "工单编号", "时间", "标题", "内容", "事项", "把握", "答复单位", "承办科室",
    "紧急程度", "原因", "学段", "热点编号",
)  # fmt: skip
_GAP_HEADER = (
    "名次",
    "问题",
    "问过次数",
    "其中机器人",
    "人数",
    "事项",
    "应公开的科室",
    "最接近的文件",
    "其他问法",
)


def write_list(
    path: Path, store: MessageStore, found: Overview, gaps: GapReport | None, names: Names
) -> None:
    """Write every stored message with its class and topic; into a workbook also topics and gaps.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        if path.suffix.lower() == ".jsonl":
            with path.open("w", encoding="utf-8") as file:
                file.writelines(to_json(message_json(one, names)) + "\n" for one in store.everything())
        else:
            _write_workbook(path, store.everything(), found, gaps, names)
    except OSError as exc:
        raise UsageError(f"无法写入 {path}：{exc.strerror or exc}") from exc


def _write_workbook(
    path: Path, messages: Iterable[StoredMessage], found: Overview, gaps: GapReport | None, names: Names
) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxFileError

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(path, options | {"strings_to_numbers": False})
    _sheet(book, "热点", _TOPIC_HEADER, _topics(found, names))
    if gaps is not None:
        _sheet(book, "公开缺口", _GAP_HEADER, _gaps(gaps, names))
    _sheet(book, "诉求", _MESSAGE_HEADER, (_message(one, names) for one in messages))
    try:
        book.close()
    except XlsxFileError as exc:
        raise OSError(str(exc)) from exc


def _sheet(book: object, name: str, header: Row, rows: Iterable[Row]) -> None:
    sheet = book.add_worksheet(name)  # type: ignore[attr-defined]
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})  # type: ignore[attr-defined]
    for column, text in enumerate(header):
        sheet.write_string(0, column, str(text), bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):  # citizens' words: never a formula, never a link
                sheet.write_string(number, column, value[:_LONGEST_CELL])
            else:
                sheet.write_number(number, column, value)


def _topics(found: Overview, names: Names) -> Iterator[Row]:
    for place, topic in enumerate(found.topics, start=1):
        yield (
            place,
            topic.title,
            round(topic.heat, 1),
            topic.messages,
            topic.people,
            str(topic.first or ""),
            str(topic.last or ""),
            URGENCIES[topic.urgency],
            names.matter(topic.matter),
            ANSWERERS[topic.answerer],
            names.office(topic.office),
            topic.id,
        )


def _gaps(report: GapReport, names: Names) -> Iterator[Row]:
    for place, gap in enumerate(report.gaps, start=1):
        yield (
            place,
            gap.question,
            gap.times,
            gap.from_bot,
            gap.people,
            names.matter(gap.matter),
            names.office(gap.office),
            gap.near,
            "\n".join(gap.wordings),
        )


def _message(stored: StoredMessage, names: Names) -> Row:
    message, classified = stored.message, stored.classified
    return (
        message.file,
        message.sheet,
        message.row,
        message.number,
        f"{message.at:%Y-%m-%d %H:%M:%S}" if message.at else "",
        message.title,
        message.text,
        names.matter(classified.matter),
        round(classified.confidence, 3),
        ANSWERERS[classified.answerer],
        names.office(classified.office),
        URGENCIES[classified.urgency],
        "、".join(ALARMS[alarm] for alarm in classified.alarms),
        "、".join(classified.stages),
        stored.topic or "",
    )
