"""Whether the best match answers the question."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.answerability import AGAINST, ANSWERABLE_FEATURES, answerable_features, probability
from bot.dialogue.answering import ranking
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.matching import FEATURES, Match, Matcher
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.units import Unit
from knowledge.models import FaqEntry
from tests.bot.dialogue.small_library import document, fact, library_of, question_of, unit_of

DAY = date(2026, 11, 23)
OPEN = FaqEntry("doc!faq-1", "doc", "补助打到谁的卡上", "没有写。", ("doc#new",), undetermined=True)
LIBRARY = library_of(
    document(
        fact("old", "每年补助800元。", superseded_by="new", asks=("以前补助多少钱",)),
        fact("new", "每年补助1000元。", asks=("补助多少钱",)),
        fact("who", "困难学生可以申请。", asks=("哪些学生可以申请",)),
    ),
    faq=(OPEN,),
)
UNITS = {ref: unit_of(LIBRARY, ref) for ref in ("doc#old", "doc#new", "doc#who", "doc!faq-1")}


def match(ref: str, confidence: float, **changed: float) -> Match:
    names = {*FEATURES, "strange", "unknown", "echo", "unsaid"}
    return Match(UNITS[ref], dict.fromkeys(names, 0.5) | changed, confidence)


def test_the_lead_is_over_another_matter() -> None:
    """A former version of the same fact is no rival: who finds it is answered with the newest."""
    found = [match("doc#new", 0.8), match("doc#old", 0.7), match("doc#who", 0.3)]
    assert answerable_features(found, False)["lead"] == pytest.approx(0.5)
    assert answerable_features(found[:1], False)["lead"] == pytest.approx(0.8)


def test_an_open_question_about_the_same_fact_is_a_rival() -> None:
    found = [match("doc#new", 0.8, echo=0.2), match("doc!faq-1", 0.6, echo=0.9)]
    features = answerable_features(found, False)
    assert features["open_rival"] == 0.6
    assert features["open_echo"] == pytest.approx(0.7)
    assert features["lead"] == pytest.approx(0.2)


def test_a_rival_that_echoes_less_takes_nothing() -> None:
    found = [match("doc#new", 0.8, echo=0.9), match("doc!faq-1", 0.6, echo=0.2)]
    assert answerable_features(found, False)["open_echo"] == 0.0


def test_every_feature_is_made_and_moves_the_probability_its_way() -> None:
    weights = ranking().answerable
    found = [match("doc#new", 0.8), match("doc#who", 0.3)]
    features = answerable_features(found, True)
    assert set(features) == set(ANSWERABLE_FEATURES)
    middle = probability(features, weights)
    assert 0.0 < middle < 1.0
    for name in ANSWERABLE_FEATURES:
        more = probability(features | {name: features[name] + 0.1}, weights)
        assert more <= middle if name in AGAINST else more >= middle


def test_likeness_of_meaning_is_nothing_without_an_embedder() -> None:
    """The seam for dense retrieval: what it proposes is compared too, and its likeness is a feature."""
    weights = dict.fromkeys(("intercept", *FEATURES), 0.0) | {"meaning": 3.0}
    matcher = Matcher(LIBRARY, Lexicon(LIBRARY), weights, PreparedCache(None, LIBRARY))
    asked = question_of("家里穷能拿到什么", DAY)
    assert {m.features["meaning"] for m in matcher.match(asked, {})} == {0.0}
    best = matcher.match(asked, {}, {"doc#who": 0.9, "gone": 0.9})[0]
    assert best.unit.id == "doc#who"
    assert best.features["meaning"] == 0.9


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("doc#new", "doc#old", True),
        ("doc#new", "doc#who", False),
        ("doc#new", "doc!faq-1", False),
        ("doc!faq-1", "doc!faq-1", True),
    ],
)
def test_when_two_units_are_the_same_matter(one: str, other: str, same: bool) -> None:
    units: tuple[Unit, Unit] = (UNITS[one], UNITS[other])
    assert units[0].same_matter(units[1]) is same
    assert units[1].same_matter(units[0]) is same
