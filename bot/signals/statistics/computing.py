"""Figures counted from the rows of the register, from the library and from the chat log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.signals.statistics.deadlines import due
from bot.signals.statistics.keys import by_id, key_of
from bot.signals.statistics.models import Figure, Finding, Origin, Severity, SourceRow
from bot.signals.statistics.registers import Row
from bot.signals.statistics.wording import FORM_NAMES, OUTCOMES
from bot.store import Counts
from bot.workdays import BY_STATE, WorkCalendar
from knowledge.library import Library
from knowledge.models import Document, DocumentKind
from knowledge.models import Origin as DocumentOrigin

Found = tuple[list[Figure], list[Finding]]


@dataclass(frozen=True, slots=True)
class Log:
    """The chat log of a year: its file, its totals, and whether older rows have been deleted."""

    file: str
    counts: Counts
    kept_since: date
    """Exchanges before this day are deleted by rule."""


def from_register(
    rows: Sequence[Row],
    year: int,
    today: date,
    names: Mapping[str, str],
    calendar: WorkCalendar = BY_STATE,
) -> Found:
    """Figures of a year from its rows. ``names``: columns of the catalogue by id.

    What no row speaks of gives no figure: nothing is said to be 0 because nothing was entered.
    """
    by_register: dict[str, list[Row]] = {}
    for row in rows:
        by_register.setdefault(row.register, []).append(row)
    period = f"{year}年"
    figures = _items(by_register.get("items", []), period, names)
    figures += _channels(by_register.get("channels", []))
    figures += _events(by_register.get("events", []), period)
    figures += _reported(by_register.get("reported", []), period)
    requests, findings = _requests(by_register.get("requests", []), period, today, calendar)
    findings += _not_yet(rows, today)
    return figures + requests, findings


def _counted(
    key: str, rows: Sequence[Row], period: str, names: Mapping[str, str] | None = None
) -> list[Figure]:
    """How many rows there are, if any."""
    if not rows:
        return []
    found = key_of(key, dict(names or {}))
    sources = tuple(_described(row) for row in rows)
    return [Figure(key, found.name, Decimal(len(rows)), found.unit, period, Origin.REGISTER, sources)]


def _described(row: Row) -> SourceRow:
    text = next((row.values[name] for name in ("title", "number") if row.values.get(name)), "")
    return replace(row.source, text=row.source.text or text)


_ITEM_KEYS = {
    "policy": "items.policies",
    "interpretation": "interpretations",
    "key_area": "items.key_areas",
    "press": "items.press",
    "response": "items.responses",
    "supervision": "items.supervision",
    "consultation": "items.consultations",
}


def _items(rows: Sequence[Row], period: str, names: Mapping[str, str]) -> list[Figure]:
    figures = _counted("items", rows, period)
    for kind, key in _ITEM_KEYS.items():
        figures += _counted(key, _where(rows, "kind", kind), period)
    interpretations = _where(rows, "kind", "interpretation")
    for origin in ("local", "forwarded"):
        figures += _counted(f"interpretations.{origin}", _where(interpretations, "origin", origin), period)
    for form in FORM_NAMES:
        figures += _counted(f"interpretations.form.{form}", _where(interpretations, "form", form), period)
    for column in sorted({row.values["column"] for row in rows if row.values["column"]}):
        figures += _counted(f"column.{column}", _where(rows, "column", column), period, names)
    return figures


def _where(rows: Iterable[Row], column: str, value: str) -> list[Row]:
    return [row for row in rows if row.values.get(column) == value]


def _channels(rows: Sequence[Row]) -> list[Figure]:
    """Posts of all periods together; followers on the newest day."""
    figures = []
    for channel in dict.fromkeys(row.values["channel"] for row in rows):
        own = sorted(_where(rows, "channel", channel), key=lambda row: row.values["date"])
        posts = [row for row in own if row.values["posts"]]
        if posts:
            total = sum((row.count("posts") or Decimal(0) for row in posts), Decimal(0))
            figures.append(_figure(f"channel.{channel}.posts", total, posts, f"至{posts[-1].values['date']}"))
        followers = [row for row in own if row.values["followers"]][-1:]
        if followers:
            value = followers[0].count("followers") or Decimal(0)
            figures.append(
                _figure(f"channel.{channel}.followers", value, followers, followers[0].values["date"])
            )
    return figures


def _figure(
    key: str, value: Decimal, rows: Sequence[Row], period: str, origin: Origin = Origin.REGISTER
) -> Figure:
    found = key_of(key)
    return Figure(key, found.name, value, found.unit, period, origin, tuple(_described(row) for row in rows))


def _events(rows: Sequence[Row], period: str) -> list[Figure]:
    figures = _counted("events", rows, period)
    for kind in ("press", "interview", "hotline"):
        figures += _counted(f"events.{kind}", _where(rows, "kind", kind), period)
    return figures


def _reported(rows: Sequence[Row], period: str) -> list[Figure]:
    figures = []
    for row in rows:
        value = row.count("value")
        if value is not None:
            made = _figure(row.values["key"], value, [row], period, Origin.ENTRY)
            basis = f"{row.values['basis']}（{row.source.text}）" if row.source.text else row.values["basis"]
            figures.append(replace(made, sources=(replace(row.source, text=basis),)))
    return figures


def _requests(rows: Sequence[Row], period: str, today: date, calendar: WorkCalendar) -> Found:
    handled = [row for row in rows if row.values["answered"]]
    last_day = {id(row): _due(row, calendar) for row in rows}
    kept = [row for row in handled if row.values["answered"] <= last_day[id(row)].isoformat()]
    figures = _counted("foi.received", rows, period) + _counted("foi.handled", handled, period)
    figures += _counted("foi.on_time", kept, period)
    figures += _counted("foi.extended", _where(rows, "extended", "是"), period)
    charged = [row for row in rows if row.values["fee"]]
    if charged:
        total = sum((row.count("fee") or Decimal(0) for row in charged), Decimal(0))
        figures.append(_figure("foi.fee", total, charged, period))
    for outcome in OUTCOMES:
        figures += _counted(f"foi.{outcome}", _where(rows, "outcome", outcome), period)
    late = [
        row for row in rows if (row.values["answered"] or today.isoformat()) > last_day[id(row)].isoformat()
    ]
    findings = [_late(row, last_day[id(row)]) for row in late]
    unknown = {day.year for day in last_day.values() if not calendar.knows(day)}
    if unknown:
        years = "、".join(str(year) for year in sorted(unknown))
        findings.append(
            Finding(
                "holidays_unknown",
                Severity.NOTICE,
                f"没有{years}年的节假日安排，答复期限只按周一至周五算",
                "请在工作日历文件里写上，或在台账“答复期限”一列填写实际期限",
            )
        )
    return figures, findings


def _due(row: Row, calendar: WorkCalendar) -> date:
    if row.values["due"]:
        return date.fromisoformat(row.values["due"])
    return due(date.fromisoformat(row.values["received"]), row.values["extended"] == "是", calendar)


def _late(row: Row, last_day: date) -> Finding:
    answered = row.values["answered"]
    what = f"{answered} 才答复" if answered else "还没有答复"
    return Finding(
        "foi_late",
        Severity.ERROR,
        f"申请 {row.values['number']} 应在 {last_day} 前答复，{what}",
        "请核对收到日期和是否延期；确已超期的，年度报告中要如实反映",
        ("foi.on_time",),
        (row.source,),
    )


def _not_yet(rows: Sequence[Row], today: date) -> list[Finding]:
    late = [row for row in rows if row.values.get("date", row.values.get("received", "")) > today.isoformat()]
    if not late:
        return []
    message = f"台账中有 {len(late)} 行的日期在 {today} 以后"
    places = tuple(row.source for row in late)
    return [Finding("future_date", Severity.NOTICE, message, "请核对这些行的日期", (), places)]


def from_library(library: Library, year: int) -> Found:
    """Documents that were published in the year; those without a date are counted apart."""
    published = [document for id_, document in library.documents.items() if id_ in library.published]
    own = [document for document in published if document.published and document.published.year == year]
    undated = [document for document in published if document.published is None]
    tests: dict[str, Callable[[Document], bool]] = {
        "documents": lambda document: True,
        "policies": lambda document: document.kind is DocumentKind.POLICY,
        "interpretations": lambda document: document.kind is DocumentKind.INTERPRETATION,
        "local": lambda document: document.origin is DocumentOrigin.LOCAL,
        "forwarded": lambda document: document.origin is DocumentOrigin.FORWARDED,
    }
    figures = [
        _documents(f"library.{name}", [document for document in own if test(document)], f"{year}年")
        for name, test in tests.items()
    ]
    figures.append(_documents("library.undated", undated, "至今"))
    return [figure for figure in figures if figure.sources], []


def _documents(key: str, documents: Sequence[Document], period: str) -> Figure:
    sources = tuple(SourceRow(d.written_at.file, d.written_at.line, text=d.title) for d in documents)
    found = by_id()[key]
    return Figure(key, found.name, Decimal(len(documents)), found.unit, period, Origin.LIBRARY, sources)


def from_log(log: Log, year: int) -> Found:
    """Questions by outcome, and ratings. A log without a question in the year gives no figure."""
    counts, findings = log.counts, list[Finding]()
    if not counts.exchanges:
        return [], []
    values = {
        "asked": counts.exchanges,
        **counts.outcomes,
        "helpful": counts.helpful,
        "unhelpful": counts.unhelpful,
    }
    figures = []
    for name, value in values.items():
        found = by_id().get(f"chat.{name}")
        if found and value:
            source = SourceRow(log.file, text=f"{value} 条问答记录")
            figures.append(
                Figure(found.id, found.name, Decimal(value), found.unit, f"{year}年", Origin.LOG, (source,))
            )
    if log.kept_since > date(year, 1, 1):
        findings.append(
            Finding(
                "log_incomplete",
                Severity.NOTICE,
                f"问答记录只保存到 {log.kept_since} 以后，{year}年的问答数不全",
                "请在年中另存各期数字，用 stats --set 补报",
                ("chat.asked",),
                (SourceRow(log.file),),
            )
        )
    return figures, findings
