"""A forecast against what was asked, compared by meaning with the real assistant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.briefing.forecast.models import ForecastInputs
from bot.briefing.forecast.scoring import ForecastScore, score
from bot.briefing.models import ForecastQuestion
from knowledge.library import Library

DOCUMENT = "10-xuesheng-zizhu"
Scored = Callable[..., ForecastScore]


def foreseen(question: str, *facts: str, **values: Any) -> ForecastQuestion:
    refs = tuple(f"{DOCUMENT}#{fact}" for fact in facts)
    return ForecastQuestion(question, 0.5, (), facts=refs, **values)


LIST = (
    foreseen("上小学、初中还要不要交学杂费和课本钱？", "two_free"),
    foreseen("初中住校的困难学生，一年生活补助是多少？", "compulsory_2024"),
    foreseen("绩溪的校车明年开到哪些村？"),
    *(foreseen(f"另一个问题{n}？", f"none_{n}") for n in range(8)),
    foreseen("孩子考去职高，学费免不免？", "zhongzhi_free_tuition"),
)


@pytest.fixture
def scored(library: Library, inputs: Callable[..., ForecastInputs]) -> Scored:
    given = inputs("学生资助", on=date(2026, 12, 10))

    def made(*asked: str) -> ForecastScore:
        return score(LIST, asked, library, given.event, given.answer)

    return made


def test_other_words_for_the_same_facts_are_found(scored: Scored) -> None:
    found = scored("娃念初一住学校，家里困难，一年能领几多补助")
    assert [(match.rank, match.question) for match in found.matches] == [(2, LIST[1].question)]
    assert found.at[0].distinct == 1.0
    assert not found.missed


def test_a_question_of_the_list_word_for_word_is_exact(scored: Scored) -> None:
    found = scored("孩子考去职高，学费免不免？")
    assert found.matches[0].exact
    assert found.matches[0].rank == 12
    assert [at.distinct for at in found.at] == [0.0, 1.0, 1.0], "it stands below the first ten"


def test_other_facts_of_the_same_document_do_not_match(scored: Scored) -> None:
    found = scored("大学国家奖学金一年多少钱")
    assert not found.matches
    assert [missed.asked for missed in found.missed] == ["大学国家奖学金一年多少钱"]


def test_a_gap_is_found_by_its_wording(scored: Scored) -> None:
    found = scored("绩溪校车明年开到哪些村")
    assert found.matches[0].rank == 3


def test_others_matters_are_left_out_and_counted(scored: Scored) -> None:
    found = scored("公交车几点发车", "孩子考去职高，学费免不免？")
    assert [one.asked for one in found.left_out] == ["公交车几点发车"]
    assert (found.asked, found.distinct) == (1, 1)


def test_repeats_count_once_for_distinct_and_all_for_weighted(scored: Scored) -> None:
    books = "义务教育的课本是免费的吗"
    found = scored(books, books, books, "大学国家奖学金一年多少钱")
    assert (found.asked, found.distinct) == (4, 2)
    assert found.at[0].distinct == pytest.approx(1 / 2)
    assert found.at[0].weighted == pytest.approx(3 / 4)


def test_precision_is_the_share_of_the_list_that_was_asked(scored: Scored) -> None:
    found = scored("义务教育的课本是免费的吗", "孩子考去职高，学费免不免？")
    assert found.at[0].precision == pytest.approx(1 / 10)
    assert found.at[1].precision == pytest.approx(2 / 12)


def test_nothing_asked_gives_no_figure(scored: Scored) -> None:
    assert all(at.distinct is None and at.weighted is None for at in scored("公交车几点发车").at)
