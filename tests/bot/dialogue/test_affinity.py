"""Habits of wording of a matter."""

from __future__ import annotations

import pytest

from bot.dialogue.affinity import Affinity
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.units import pairs, units
from tests.bot.dialogue.small_library import document, fact, library_of

LIBRARY = library_of(
    document(
        fact("bed", "小学生就寝不晚于21:20。", asks=("几点睡觉", "几点上床", "晚上几点睡")),
        fact("sleep", "小学生每天睡10小时。", asks=("睡几小时", "睡多久", "一天睡几个钟头")),
        fact("phone", "手机原则上不进校园。", asks=("能带手机吗", "手机让不让带")),
    )
)
UNITS = units(LIBRARY, Lexicon(LIBRARY), PreparedCache(None, LIBRARY))
ROW = {unit.id: row for row, unit in enumerate(UNITS)}


@pytest.mark.parametrize(
    ("asked", "ref"), [("几点睡熄灯", "doc#bed"), ("要睡几小时", "doc#sleep"), ("带手机行吗", "doc#phone")]
)
def test_the_matter_is_known_by_its_habits(asked: str, ref: str) -> None:
    affinity = Affinity(UNITS)
    beliefs, habits = affinity.compare(pairs(asked))
    for values in (beliefs, habits):
        others = [affinity.of(values, row) for unit_id, row in ROW.items() if unit_id != ref]
        assert affinity.of(values, ROW[ref]) > max(others)


def test_beliefs_are_shares_and_habits_between_none_and_all() -> None:
    beliefs, habits = Affinity(UNITS).compare(pairs("几点睡觉"))
    assert float(beliefs.sum()) == pytest.approx(1.0)
    assert habits.min() >= 0.0
    assert habits.max() < 1.0


@pytest.mark.parametrize("tokens", [frozenset[str](), frozenset({"不认"})])
def test_unknown_words_keep_no_habit(tokens: frozenset[str]) -> None:
    affinity = Affinity(UNITS)
    beliefs, habits = affinity.compare(tokens)
    assert set(habits) == {0.0}
    assert len(set(beliefs)) == 1


def test_a_card_is_no_matter() -> None:
    affinity = Affinity(UNITS)
    card = next(row for row, unit in enumerate(UNITS) if unit.is_card)
    assert affinity.of(affinity.compare(pairs("文号是多少"))[0], card) == 0.0


def test_a_library_without_facts_is_compared_too() -> None:
    beliefs, habits = Affinity(()).compare(frozenset({"几点"}))
    assert len(beliefs) == len(habits) == 0
