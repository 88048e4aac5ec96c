"""The reliability diagram: tenths of confidence against the share that is right."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.fit_ranking import Prediction
from benchmarks.ranking_examples import Asked, Example
from benchmarks.reliability import Bin, bins, expected_error, svg
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.matching import Match
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.units import units
from knowledge.library import Library


@pytest.fixture(scope="module")
def asked(library: Library) -> Asked:
    unit = units(library, Lexicon(library), PreparedCache(None, library))[0]
    return Asked(Example("问", "train", unit.document), (Match(unit, {}, 0.5),), False)


def test_tenths_hold_their_questions(asked: Asked) -> None:
    given = [(0.05, False), (0.81, True), (0.89, False), (1.0, True)]
    found = bins([Prediction(asked, asked.matches[0], right, p) for p, right in given])
    assert [(one.questions, round(one.confidence, 2), one.right) for one in found] == [
        (1, 0.05, 0.0),
        (2, 0.85, 0.5),
        (1, 1.0, 1.0),
    ]
    assert expected_error(found) == pytest.approx((0.05 + 2 * 0.35 + 0.0) / 4)


def test_the_drawing_is_whole_and_inside_its_frame() -> None:
    drawn = ElementTree.fromstring(svg([Bin(4, 0.1, 0.0), Bin(9, 0.95, 1.0)]))
    dots = [element for element in drawn.iter() if element.tag.endswith("circle")]
    assert len(dots) == 2
    assert float(dots[0].attrib["cx"]) < float(dots[1].attrib["cx"])
    assert float(dots[0].attrib["cy"]) > float(dots[1].attrib["cy"])
    assert all(
        0 < float(dot.attrib[name]) < float(drawn.attrib["width"]) for dot in dots for name in ("cx", "cy")
    )
