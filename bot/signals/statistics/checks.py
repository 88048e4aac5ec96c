"""Whether the figures can all be true together. Nothing is corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from bot.signals.statistics.keys import SUMS, Sum
from bot.signals.statistics.models import (
    ORIGIN_NAMES,
    Figure,
    Finding,
    Origin,
    Severity,
    SourceRow,
    plain,
)
from bot.signals.statistics.pages import Page
from bot.signals.statistics.wording import FORM_NAMES

_ASK = "请对照原始记录，改正有误的一处"
_JUMP = Decimal(2)
"""A total that more than doubles or halves within a year is worth a look."""
_ENOUGH = Decimal(20)
"""Smaller counts double by chance."""
_MOST_COMBINATIONS = 64

Values = Mapping[str, Sequence[Figure]]


def check(figures: Sequence[Figure], before: Sequence[Figure] = ()) -> tuple[Finding, ...]:
    """All findings about the figures of a year, errors first. ``before``: those of the year before."""
    found = [
        *_told_differently(figures),
        *_sums(figures),
        *_one_form(figures),
        *_changes(figures, before),
        *_doubtful(figures),
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.ERROR))


def check_page(page: Page, year: int) -> tuple[Finding, ...]:
    """What is wrong with a page as a whole: it is of another year, or characters were lost."""
    findings = []
    if page.year and page.year != year:
        place = SourceRow(page.name, page.lines[0].number)
        message = f"{page.name} 是{page.year}年的总结，要统计的是{year}年"
        findings.append(
            Finding("other_year", Severity.ERROR, message, "请换成同一年的页面或改 --year", (), (place,))
        )
    elif page.dated and page.dated.year not in (year, year + 1):
        message = f"{page.name} 的发布日期 {page.dated} 不在{year}年或次年"
        findings.append(
            Finding("other_year", Severity.NOTICE, message, "请核对页面", (), (SourceRow(page.name),))
        )
    if page.losses:
        places = tuple(SourceRow(page.name, loss.line, text=loss.excerpt) for loss in page.losses)
        message = f"{page.name} 有 {len(page.losses)} 处乱码缺字，无法自动还原"
        findings.append(Finding("characters_lost", Severity.NOTICE, message, "请以官方原页为准", (), places))
    return tuple(findings)


def distinct(figures: Sequence[Figure]) -> list[Figure]:
    """One figure for each value that does not agree with those before it."""
    found: list[Figure] = []
    for figure in figures:
        if not any(_agree(figure, other) for other in found):
            found.append(figure)
    return found


def by_key(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    """Figures by key, in their order."""
    grouped: dict[str, list[Figure]] = {}
    for figure in figures:
        grouped.setdefault(figure.key, []).append(figure)
    return grouped


def _agree(one: Figure, other: Figure) -> bool:
    """Equal, or one of them a round number that the other may be rounded to (1200余, 1204)."""
    low, high = sorted((one.value, other.value))
    return low == high or ((one.about or other.about) and high <= low * Decimal("1.1"))


def _told_differently(figures: Sequence[Figure]) -> Iterator[Finding]:
    for key, told in by_key(figures).items():
        values = distinct(told)
        if len(values) > 1:
            said = "，".join(f"{_where(figure)}为{figure.shown}" for figure in values)
            places = tuple(figure.sources[0] for figure in values)
            message = f"“{told[0].name}”的数不一致：{said}"
            yield Finding("told_differently", Severity.ERROR, message, _ASK, (key,), places)


def _where(figure: Figure) -> str:
    place = figure.sources[0]
    if len(figure.sources) > 1 and figure.origin in (Origin.REGISTER, Origin.LIBRARY):
        return f"{ORIGIN_NAMES[figure.origin]}（{place.place}等{len(figure.sources)}行）"
    return f"{ORIGIN_NAMES[figure.origin]}（{place.place}）"


def _sums(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Each rule within one origin; across origins where none holds all that the rule speaks of."""
    for rule in SUMS:
        pools = [
            by_key([figure for figure in figures if figure.origin is origin])
            for origin in Origin
            if any(figure.origin is origin for figure in figures)
        ]
        whole = [pool for pool in pools if _complete(rule, pool)] or [by_key(figures)]
        for pool in whole:
            yield from _check_sum(rule, pool)


def _complete(rule: Sum, pool: Values) -> bool:
    present = [part for part in rule.parts if part in pool]
    return rule.whole in pool and len(present) > (1 if len(rule.parts) > 1 else 0)


def _check_sum(rule: Sum, pool: Values) -> Iterator[Finding]:
    parts = [part for part in rule.parts if part in pool]
    if rule.whole not in pool or not parts:
        return
    choices = product(distinct(pool[rule.whole]), *(distinct(pool[part]) for part in parts))
    for _, (whole, *counted) in zip(range(_MOST_COMBINATIONS), choices, strict=False):
        total = sum((figure.value for figure in counted), Decimal(0))
        # Parts that nobody gave may fill the gap; too much is too much in any case.
        may_be_less = not rule.exact or len(parts) < len(rule.parts)
        if total == whole.value or (total < whole.value and may_be_less) or _rounded([whole, *counted]):
            continue
        yield _sum_finding(rule, whole, counted, total)


def _rounded(figures: Sequence[Figure]) -> bool:
    return any(figure.about for figure in figures)


def _sum_finding(rule: Sum, whole: Figure, counted: Sequence[Figure], total: Decimal) -> Finding:
    spelled = "＋".join(f"{figure.name}{plain(figure.value)}" for figure in counted)
    result = f"＝{plain(total)}" if len(counted) > 1 else ""
    relation = "不等于" if rule.exact and len(counted) == len(rule.parts) else "大于"
    places = ", ".join(dict.fromkeys(_where(figure) for figure in (whole, *counted)))
    message = (
        f"{spelled}{result}，{relation}“{whole.name}”的{plain(whole.value)}：{places.replace(', ', '，')}"
    )
    keys = (whole.key, *(figure.key for figure in counted))
    sources = tuple(dict.fromkeys(figure.sources[0] for figure in (whole, *counted)))
    return Finding("sum_differs", Severity.ERROR, message, _ASK, keys, sources)


def _one_form(figures: Sequence[Figure]) -> Iterator[Finding]:
    grouped = by_key(figures)
    forms = [grouped[key][0] for form in FORM_NAMES if (key := f"interpretations.form.{form}") in grouped]
    totals = [figure.value for figure in grouped.get("interpretations", ())]
    if len(forms) == 1 and totals and forms[0].value >= 2 and forms[0].value in totals:
        message = f"{plain(forms[0].value)}篇政策解读都是{forms[0].name}，形式单一"
        advice = "可写入“存在的主要问题”，并增加其他形式的解读"
        yield Finding("one_form", Severity.NOTICE, message, advice, (forms[0].key,), forms[0].sources[:1])


def _changes(figures: Sequence[Figure], before: Sequence[Figure]) -> Iterator[Finding]:
    earlier = by_key(before)
    for key, told in by_key(figures).items():
        if key not in earlier or key.startswith(("column.", "library.", "chat.")):
            continue
        now, then = told[0], earlier[key][0]
        fell = key.endswith(".followers") and now.value < then.value
        if fell or (max(now.value, then.value) >= _ENOUGH and _jumped(now.value, then.value)):
            message = f"“{now.name}”上年为{then.shown}，本年为{now.shown}，变化较大"
            if fell:
                message = f"“{now.name}”由上年的{then.shown}降为{now.shown}"
            places = (then.sources[0], now.sources[0])
            yield Finding("changed", Severity.NOTICE, message, "请核对统计口径是否一致", (key,), places)


def _jumped(now: Decimal, then: Decimal) -> bool:
    return now > then * _JUMP or now * _JUMP < then


def _doubtful(figures: Sequence[Figure]) -> Iterator[Finding]:
    for figure in figures:
        if figure.doubtful:
            message = f"“{figure.name}”{figure.shown}所在的段落有乱码缺字"
            advice = "请到官方原页核对这个数"
            yield Finding("doubtful", Severity.NOTICE, message, advice, (figure.key,), figure.sources)


def conflicts(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """The first error that touches a key, by key."""
    found: dict[str, Finding] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            for key in finding.keys:
                found.setdefault(key, finding)
    return found
