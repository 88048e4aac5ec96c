"""How good the answers are: question sets through the assistant, a public collection through the engine.

The limits are floors: raise them when the product gets better, never lower them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.quality import Expectation, Figures, Verdict, judge, read_expectations, summarise
from index.engines.whoosh import WhooshEngine
from index.evaluation import evaluate
from knowledge.library import Library
from tests.conftest import TODAY, Hotline

SETS = Path(__file__).parent / "data"
CMRC = Path(__file__).parents[2] / "shared" / "data" / "cmrc2018"


@pytest.fixture(scope="module")
def expectations() -> list[Expectation]:
    return [
        row
        for name in ("questions_dev.jsonl", "questions_heldout.jsonl")
        for row in read_expectations(SETS / name)
    ]


@pytest.fixture(scope="module")
def verdicts(hotline: Hotline, expectations: list[Expectation]) -> list[Verdict]:
    return [judge(row, hotline.talk(*row.turns, on=row.as_of or TODAY).answer) for row in expectations]


@pytest.fixture(scope="module")
def figures(verdicts: list[Verdict]) -> Figures:
    found = summarise(verdicts)
    print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    return found


def test_the_sets_are_large_and_mixed_enough(expectations: list[Expectation]) -> None:
    kinds = Counter(row.kind for row in expectations)
    assert len(expectations) >= 120
    assert len({row.id for row in expectations}) == len(expectations)
    assert len(kinds) >= 12
    assert min(kinds.values()) >= 10


def test_the_sets_expect_only_what_may_be_cited(library: Library, expectations: list[Expectation]) -> None:
    """A fact that is gone or hidden could never be found."""
    wanted = {ref for row in expectations for group in row.facts_any for ref in group}
    assert wanted <= set(library.citable_facts)


def test_most_questions_get_every_decisive_fact(figures: Figures) -> None:
    assert figures.facts_right >= 0.85


def test_no_former_figure_is_given_as_current(verdicts: list[Verdict], figures: Figures) -> None:
    assert [v.expectation.id for v in verdicts if v.stale] == []
    assert figures.stale == 0


def test_citations_are_to_the_point(figures: Figures) -> None:
    assert figures.citation_precision >= 0.95


def test_few_questions_are_refused_for_nothing(figures: Figures) -> None:
    assert figures.false_refusals <= 0.12


def test_few_unanswerable_questions_are_answered(figures: Figures) -> None:
    assert figures.unanswerable >= 50
    assert figures.unanswerable_answered <= 0.12


@pytest.mark.parametrize("kind", ["traditional", "pinyin", "numbers", "typo", "stale_trap", "followup"])
def test_no_way_of_asking_is_lost(figures: Figures, kind: str) -> None:
    """A fault in one step (script, sounds, numerals, memory, days) shows here first."""
    right, total = figures.by_kind[kind]
    assert right >= 0.75 * total


@pytest.mark.skipif(not CMRC.is_dir(), reason=f"no {CMRC}")
def test_a_public_collection_is_searched_well() -> None:
    """1,104 passages, 1,582 questions, by the engine and ranking of the product."""
    report = evaluate(WhooshEngine, CMRC / "corpus.jsonl.gz", CMRC / "queries.jsonl.gz", CMRC / "qrels.tsv")
    assert report.docs > 1000
    assert report.queries > 1500
    assert report.recall[10] >= 0.98
    assert report.recall[1] >= 0.85
