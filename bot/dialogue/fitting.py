"""How a unit suits what is asked: the aspect (how much, when, where), the 学段, the place."""

from __future__ import annotations

from bot.dialogue.understanding import Question
from bot.dialogue.units import Unit

_FIRM_ASPECTS = frozenset(
    {"电话", "材料", "地点", "流程", "利率", "处罚", "退费", "金额", "期限", "时间", "数据", "收费"}
)
"""Aspects that a text either answers or does not; the others (允许, 条件, 含义 …) blur into each other."""
_PLACE, _WHOLE_CITY, _ELSEWHERE = "区县", "区县=宣城", "外地"


def aspect_fit(question: Question, unit: Unit) -> float:
    """1 all asked aspects answered, 0 none, 0.5 where none is asked or known."""
    if not question.aspects or not unit.aspects:
        return 0.5
    return len(question.aspects & unit.aspects) / len(question.aspects)


def firm_gap(question: Question, unit: Unit) -> float:
    """1 where an aspect is asked that a text either answers or not, and this one does not."""
    return float(bool((question.aspects & _FIRM_ASPECTS) - unit.aspects))


def wrong_place(question: Question, unit: Unit, slot_fit: float) -> bool:
    """A figure of another place, or any rule where the question is about another city."""
    places = {value.partition("=")[0] for value in question.slots}
    elsewhere = _ELSEWHERE in places and not (unit.national and not unit.measured)
    return slot_fit == 0.0 and (elsewhere or (_PLACE in places and unit.measured))


def slot_fit(question: Question, unit: Unit) -> float:
    """0 where the question names a 学段 or 区县 and the unit speaks of others only; 1 where it has it."""
    fit = 0.5
    for slot in {value.partition("=")[0] for value in question.slots}:
        asked = {value for value in question.slots if value.startswith(f"{slot}=")}
        known = {value for value in unit.slots if value.startswith(f"{slot}=")}
        if slot == _PLACE and not unit.measured:
            known.discard(
                _WHOLE_CITY
            )  # a rule of the city holds in its counties, a figure of the city does not
        if slot == _ELSEWHERE and unit.national and not unit.measured:
            continue  # a national rule holds there too
        if (slot == _ELSEWHERE or (slot == _PLACE and unit.measured)) and not asked & known:
            return 0.0
        if asked & known:
            fit = max(fit, 1.0)
        elif known:
            return 0.0
    return fit
