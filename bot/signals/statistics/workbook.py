"""The yearly figures as a workbook: every number with the row it comes from. Text is never a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import UsageError
from bot.signals.statistics.models import ORIGIN_NAMES, Severity, SourceRow
from bot.signals.statistics.report import Report, grouped, json_number, section_of, shown_value

_SOURCES = "来源"
_LONGEST_CELL = 32_000
"""A cell holds 32,767 characters."""


@contextmanager
def new_workbook(path: Path) -> Iterator[Any]:  # Any: XlsxWriter has no types
    """A workbook that is written on leaving.

    Raises:
        UsageError: the file cannot be written.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    yield book
    try:
        book.close()
    except (xlsxwriter.exceptions.FileCreateError, OSError) as error:
        raise UsageError(f"无法写入 {path}：{error}。请检查目录是否存在、文件是否正被打开") from error


def write_workbook(report: Report, path: Path) -> None:
    """Write 汇总, 明细, 校验 and 来源.

    Raises:
        UsageError: the file cannot be written.
    """
    numbered: dict[SourceRow, int] = {}
    for figure in report.figures:
        for source in figure.sources:
            numbered.setdefault(source, len(numbered) + 1)
    with new_workbook(path) as book:
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "number": book.add_format({"num_format": "#,##0.##"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "error": book.add_format({"font_color": "#C00000"}),
            "link": book.get_default_url_format(),
        }
        _summary(book, report, numbered, styles)
        _details(book, report, numbered, styles)
        _checks(book, report, styles)
        _sources(book, numbered, styles)


def _sheet(book: Any, name: str, titles: Sequence[str], widths: Sequence[int], styles: dict[str, Any]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, styles["head"])
    return sheet


def _summary(book: Any, report: Report, numbered: dict[SourceRow, int], styles: dict[str, Any]) -> None:
    titles = ("部分", "项目", "数值", "单位", "期间", "状态", "来源序号", "来源")
    sheet = _sheet(book, "汇总", titles, (14, 26, 14, 6, 18, 12, 10, 60), styles)
    row = 1
    for told in grouped(report).values():
        figure, shown = told[0], shown_value(told)
        _text(sheet, row, 0, section_of(figure))
        _text(sheet, row, 1, figure.name)
        if "／" in shown or figure.about:
            _text(sheet, row, 2, shown, styles["error"] if "／" in shown else None)
        else:
            value = json_number(figure.value)
            sheet.write_number(row, 2, value, styles["whole" if isinstance(value, int) else "number"])
        _text(sheet, row, 3, figure.unit)
        _text(sheet, row, 4, figure.period)
        _text(sheet, row, 5, "数字待核" if "／" in shown else "")
        place = numbered[figure.sources[0]]
        sheet.write_url(row, 6, f"internal:'{_SOURCES}'!A{place + 1}", styles["link"], str(place))
        said = (
            f"{ORIGIN_NAMES[one.origin]}：{one.sources[0].place}（共{len(one.sources)}处）" for one in told
        )
        _text(sheet, row, 7, "；".join(said))
        row += 1
    for key in report.unfilled:
        for column, text in enumerate((key.section, key.name, "", key.unit, "", "未填报")):
            _text(sheet, row, column, text)
        row += 1


def _details(book: Any, report: Report, numbered: dict[SourceRow, int], styles: dict[str, Any]) -> None:
    titles = ("项目", "数值", "取自", "来源序号", "来源", "内容")
    sheet = _sheet(book, "明细", titles, (26, 12, 10, 10, 40, 80), styles)
    row = 1
    for figure in report.figures:
        for source in figure.sources:
            _text(sheet, row, 0, figure.name)
            sheet.write_number(row, 1, json_number(figure.value))
            _text(sheet, row, 2, ORIGIN_NAMES[figure.origin])
            sheet.write_number(row, 3, numbered[source])
            _text(sheet, row, 4, source.place)
            _text(sheet, row, 5, source.text)
            row += 1
    for found in report.unnamed:
        for column, text in enumerate(
            ("未识别", found.value, "网页", "", f"第{found.line}行", found.sentence)
        ):
            _text(sheet, row, column, text)
        row += 1


def _checks(book: Any, report: Report, styles: dict[str, Any]) -> None:
    sheet = _sheet(book, "校验", ("级别", "问题", "怎么办", "出处"), (8, 80, 40, 60), styles)
    for row, finding in enumerate(report.findings, start=1):
        error = finding.severity is Severity.ERROR
        _text(sheet, row, 0, "错误" if error else "提醒", styles["error"] if error else None)
        _text(sheet, row, 1, finding.message)
        _text(sheet, row, 2, finding.advice)
        _text(sheet, row, 3, "；".join(place.place for place in finding.places))


def _sources(book: Any, numbered: dict[SourceRow, int], styles: dict[str, Any]) -> None:
    sheet = _sheet(book, _SOURCES, ("序号", "文件", "工作表", "行", "内容"), (8, 36, 16, 8, 90), styles)
    for source, number in numbered.items():
        sheet.write_number(number, 0, number)
        _text(sheet, number, 1, source.file)
        _text(sheet, number, 2, source.sheet)
        if source.row:
            sheet.write_number(number, 3, source.row)
        _text(sheet, number, 4, source.text)


def _text(sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
    """Text as text, whatever it starts with."""
    shown = "".join(char if char.isprintable() or char == "\n" else " " for char in text)
    sheet.write_string(row, column, shown[:_LONGEST_CELL], style)
