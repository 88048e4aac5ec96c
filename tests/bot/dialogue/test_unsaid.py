"""Questions worded as people ask for what no text gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.units import units
from bot.dialogue.unsaid import Unsaid
from index.analysis import normalise
from knowledge.library import Library
from tests.bot.dialogue.small_library import document, fact, library_of, unit_of


@pytest.fixture(scope="module")
def unsaid(library: Library, lexicon: Lexicon) -> Unsaid:
    nothing_kept = PreparedCache(None, library)
    return Unsaid(units(library, lexicon, nothing_kept), nothing_kept)


def test_open_questions_are_told_from_answered_ones(library: Library, unsaid: Unsaid) -> None:
    """By the first wording of each entry; nine in ten pairs are in the right order."""
    odds = {
        kind: [
            unsaid.likeness(normalise(entry.question))
            for entry in library.citable_faq
            if entry.undetermined is kind and entry.facts
        ]
        for kind in (True, False)
    }
    pairs = [(vain, said) for vain in odds[True] for said in odds[False]]
    assert len(pairs) > 1000
    assert sum(vain > said for vain, said in pairs) / len(pairs) >= 0.9


def test_likeness_stays_between_none_and_all(unsaid: Unsaid) -> None:
    for text in ("", "多少钱", "名单" * 400, "是哪几所学校，校长手机号多少，排第几，为什么", "🙂", "a b c"):
        assert 0.0 <= unsaid.likeness(text) <= 1.0
    assert unsaid.likeness("") == 0.5


def test_a_library_without_open_questions_tells_nothing() -> None:
    library = library_of(document(fact("sum", "每人每年补助1000元。")))
    told = Unsaid([unit_of(library, "doc#sum")], PreparedCache(None, library))
    assert told.likeness("补助多少钱") == 0.5


def test_the_odds_are_kept_between_starts(tmp_path: Path, library: Library, lexicon: Lexicon) -> None:
    cache = PreparedCache(tmp_path, library)
    made = Unsaid(units(library, lexicon, cache), cache)
    kept = Unsaid((), cache)
    text = "新增的七所学校是哪七所"
    assert kept.likeness(text) == made.likeness(text) != 0.5


@pytest.mark.parametrize("damage", ["null", "[1]", '{"key": 1}', "{"])
def test_damaged_odds_are_made_anew(tmp_path: Path, library: Library, lexicon: Lexicon, damage: str) -> None:
    cache = PreparedCache(tmp_path, library)
    made = Unsaid(units(library, lexicon, cache), cache).likeness("名单在哪看")
    (tmp_path / "unsaid.json").write_text(damage, encoding="utf-8")
    assert Unsaid(units(library, lexicon, cache), cache).likeness("名单在哪看") == made
