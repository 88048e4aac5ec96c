"""The yearly figures as a table for the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from bot.signals.statistics.models import ORIGIN_NAMES, Figure, Finding, Severity
from bot.signals.statistics.report import Report, grouped, section_of, shown_value

_SHOWN_PLACES = 3
_LONGEST = 60


def as_table(report: Report) -> str:
    """Plain Chinese, columns aligned where a Han character takes two places."""
    return "\n".join([f"{report.year}年度数字", *_figures(report), *_findings(report), *_rest(report)]) + "\n"


def _figures(report: Report) -> Iterator[str]:
    section = ""
    for told in grouped(report).values():
        if section_of(told[0]) != section:
            section = section_of(told[0])
            yield f"\n【{section}】"
        mark = "  数字待核" if "／" in shown_value(told) else ""
        value = f"{shown_value(told)} {told[0].unit}"
        sources = "；".join(_source(figure) for figure in told)
        yield f"  {pad(told[0].name, 28)}{pad(value, 16)}{sources}{mark}"
    if not report.figures:
        yield "还没有任何数字。请用 stats --template 文件.xlsx 得到台账模板，填写后用 stats --import 导入。"


def _source(figure: Figure) -> str:
    more = f"等{len(figure.sources)}处" if len(figure.sources) > 1 else ""
    return f"{ORIGIN_NAMES[figure.origin]}：{one_line(figure.sources[0].place)}{more}"


def _findings(report: Report) -> Iterator[str]:
    yield f"\n【校验】{report.errors} 个错误，{len(report.findings) - report.errors} 个提醒"
    for finding in report.findings:
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  {'错误' if finding.severity is Severity.ERROR else '提醒'}  {one_line(finding.message)}"
    for place in finding.places[:_SHOWN_PLACES]:
        said = f"：{_shortened(place.text)}" if place.text else ""
        yield f"        {one_line(place.place)}{said}"
    if len(finding.places) > _SHOWN_PLACES:
        yield f"        等 {len(finding.places)} 处"
    yield f"        {finding.advice}"


def _rest(report: Report) -> Iterator[str]:
    if report.unfilled:
        yield f"\n【未填报】{'、'.join(key.name for key in report.unfilled)}"
    if report.unnamed:
        yield "\n【未识别】页面上没有计入的数"
        for found in report.unnamed:
            yield f"  第{found.line}行 {found.value}（{found.reason}）：{_shortened(found.sentence)}"


def one_line(text: str) -> str:
    """Text of a source on one line, without characters that steer a terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _shortened(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def width(text: str) -> int:
    """Places that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def pad(text: str, places: int) -> str:
    """Text followed by blanks up to a number of places, at least one."""
    return text + " " * max(1, places - width(text))
