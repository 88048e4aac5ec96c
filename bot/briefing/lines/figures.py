"""The figures of a line: what is said, what it measures, which fact holds it and for how long."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.briefing.models import LineFigure
from bot.dialogue.units import pairs
from bot.models import Citation
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Fact

_UNIT = (
    "元|%|个?工作日|个月|周岁|岁|分钟|小时|课时|个基点|倍|人次|人|所|名|块|平方米|公里"
    "|个百分点|个方面|个|类|档|周|天|日|号"
)
_SPOKEN_FIGURE = re.compile(
    r"(?:19|20)\d\d年(?:\d+月(?:\d+日)?|[春秋]季(?:学期)?)?|\d{1,2}月\d{1,2}日|\d+点(?:\d+分)?"
    rf"|\d+(?:\.\d+)?(?:万亿|万|亿)?(?:{_UNIT})?(?:以上|以下|以内)?"
    rf"|[零一二两三四五六七八九十百千万]+(?:个?工作日|个?月|小时|分钟|课时|天|日内|年内|元|倍|人|所|平方米|周岁)"
)
_SERVICE = frozenset({"12345", "12315", "110", "119", "120", "122"})
_NAMES_SOURCE = "依据是"
"""So begins the sentence that names the document: a year in its title measures nothing."""
_BREAK = re.compile(r"[，。；：、！？]")
_LONGEST_MEANING = 24
_BARE = 5
"""Characters below which a clause alone does not say what its figure measures."""


def line_figures(
    text: str, facts: Sequence[Fact], basis: Sequence[Citation], library: Library
) -> tuple[LineFigure, ...]:
    """Every figure of a text that one of the facts holds, in the order of speech, each once a meaning."""
    found: dict[tuple[str, str], LineFigure] = {}
    for match in _SPOKEN_FIGURE.finditer(text):
        values = figures(match.group())
        left, right = _clause(text, match.start(), match.end())
        holding = [fact for fact in facts if values and values <= figures(f"{fact.statement} {fact.brief}")]
        told = pairs(text[left:right])
        fact = max(holding, key=lambda one: len(told & pairs(one.statement)), default=None)
        if fact is None or match.group() in _SERVICE or text[left:].startswith(_NAMES_SOURCE):
            continue
        cited = next(c for c in basis if c.document == fact.document and fact.key in c.facts)
        meaning = _meaning(text[left : match.start()], text[match.end() : right], _heading(fact, library))
        figure = LineFigure(match.group(), meaning, fact.ref, cited.valid_from, cited.valid_to)
        found.setdefault((figure.text, figure.meaning), figure)
    return tuple(found.values())


def _heading(fact: Fact, library: Library) -> str:
    clauses = library.document_of(fact).clauses
    return next((clause.heading for clause in clauses if fact.key in clause.facts), "")


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause around a figure begins and ends."""
    left = max((mark.end() for mark in _BREAK.finditer(text, 0, start)), default=0)
    right = next((mark.start() for mark in _BREAK.finditer(text, end)), len(text))
    return left, right


def _meaning(before: str, after: str, heading: str) -> str:
    """The clause around a figure, with «…» in its place where words follow; with the heading of the fact's
    clause where that is little."""
    around = f"{before}…{after}" if after and before else before + after
    said = around if len(around) >= _BARE or not heading else f"{heading}：{around}".rstrip("：")
    return said[:_LONGEST_MEANING]
