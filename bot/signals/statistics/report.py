"""The yearly figures together: what was found, what does not fit, what nobody has filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.signals.statistics.checks import by_key, check, distinct
from bot.signals.statistics.keys import KEYS, key_of
from bot.signals.statistics.models import Figure, Finding, Severity, Unnamed, plain
from bot.signals.statistics.wording import SECTIONS, FigureKey


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a year. ``unfilled``: kinds that have no source; they are not 0."""

    year: int
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    unfilled: tuple[FigureKey, ...]
    unnamed: tuple[Unnamed, ...]

    @property
    def errors(self) -> int:
        """Findings because of which not all figures can be right."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    def as_json(self) -> dict[str, object]:
        """The contract of ``stats --json``; every source row is listed."""
        return {
            "year": self.year,
            "figures": [_figure_json(figure) for figure in self.figures],
            "findings": self.findings,
            "unfilled": [
                {"key": key.id, "name": key.name, "unit": key.unit, "section": key.section}
                for key in self.unfilled
            ],
            "unnamed": self.unnamed,
        }


def make_report(
    year: int,
    figures: Sequence[Figure],
    before: Sequence[Figure] = (),
    findings: Sequence[Finding] = (),
    unnamed: Sequence[Unnamed] = (),
) -> Report:
    """Put figures in the order of the yearly summary and check them. ``findings``: made on the way."""
    checked = sorted(
        (*findings, *check(figures, before)), key=lambda finding: finding.severity is not Severity.ERROR
    )
    have = {figure.key for figure in figures}
    order = {key.id: position for position, key in enumerate(_in_order())}
    arranged = sorted(figures, key=lambda figure: (order.get(figure.key, len(order)), figure.key))
    unfilled = tuple(key for key in _in_order() if key.asked and key.id not in have)
    return Report(year, tuple(arranged), tuple(checked), unfilled, tuple(unnamed))


def _in_order() -> list[FigureKey]:
    """Sections in the order of the summary; a whole before its parts."""
    return sorted(KEYS, key=lambda key: (SECTIONS.index(key.section), key.id.count("."), KEYS.index(key)))


def shown_value(figures: Sequence[Figure]) -> str:
    """The value of one key as it may be printed: several that differ are all shown, none is chosen."""
    values = distinct(figures)
    if len(values) > 1:
        return "／".join(figure.shown for figure in values)
    return values[0].shown


def grouped(report: Report) -> dict[str, list[Figure]]:
    """The figures by key in the order of the report."""
    return by_key(report.figures)


def section_of(figure: Figure) -> str:
    """The section of the summary to which a figure belongs."""
    return key_of(figure.key).section


def json_number(value: Decimal) -> int | float:
    """Whole numbers stay whole."""
    return int(value) if value == value.to_integral_value() else float(plain(value))


def _figure_json(figure: Figure) -> dict[str, object]:
    return {
        "key": figure.key,
        "name": figure.name,
        "value": json_number(figure.value),
        "unit": figure.unit,
        "period": figure.period,
        "origin": figure.origin,
        "about": figure.about,
        "doubtful": figure.doubtful,
        "sources": figure.sources,
    }
