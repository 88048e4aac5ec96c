"""Things and actions that a message names."""

from __future__ import annotations

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.naming import named, naming_features
from bot.dialogue.units import pairs
from tests.bot.dialogue.small_library import document, fact, library_of, unit_of

LIBRARY = library_of(document(fact("sum", "住宿学生每年补助生活费1000元。", asks=("住宿学生补助多少钱",))))
UNIT = unit_of(LIBRARY, "doc#sum")
LEXICON = Lexicon(LIBRARY)


def features(text: str) -> dict[str, float]:
    return naming_features(named(text, LEXICON, lambda token: 2.0), UNIT)


def test_what_the_unit_speaks_of_is_known() -> None:
    assert features("学生生活费") == {"known_nouns": 1.0, "missing_nouns": 0.0, "missing_peak": 0.0}


def test_a_thing_and_an_action_that_it_does_not_speak_of() -> None:
    thing, action = features("学生校车"), features("学生退学")
    assert thing["known_nouns"] == 0.5
    assert thing["missing_nouns"] == thing["missing_peak"] > 0.0
    assert action["missing_peak"] > 0.0


def test_nothing_named_is_neither_known_nor_missing() -> None:
    assert features("多少") == {"known_nouns": 0.5, "missing_nouns": 0.0, "missing_peak": 0.0}


def test_the_rarest_part_of_a_word_is_its_weight() -> None:
    (thing,) = named("体育馆", LEXICON, lambda token: 5.0 if token == "育馆" else 1.0)
    assert thing.tokens == pairs("体育馆")
    assert thing.weight == 5.0
    assert thing.is_thing
