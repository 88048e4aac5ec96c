"""Questions that no text in force answers: what to ask before the event, what can be said until then."""

from __future__ import annotations

from datetime import date

import pytest

from bot.briefing.lines import LineWriter
from bot.briefing.models import ForecastQuestion
from knowledge.figures import figures
from knowledge.library import Library

DAY = date(2026, 12, 10)


@pytest.fixture(scope="module")
def writer(library: Library) -> LineWriter:
    return LineWriter(library, DAY)


def test_an_ended_statement_is_history(library: Library, writer: LineWriter) -> None:
    question = ForecastQuestion(
        "安徽今年的全民健身目标是多少",
        0.4,
        (),
        facts=("11-anhui-quanmin-jianshen#ah_targets",),
        document="11-anhui-quanmin-jianshen",
    )
    found = writer.open_question(question)
    assert found.history is not None
    assert found.history.status == "expired"
    assert found.office == "群众体育科"
    assert "2025年12月31日" in found.ask
    assert "到期" in found.hold


def test_the_nearest_ended_statement_of_the_document_is_found(library: Library, writer: LineWriter) -> None:
    fact = library.facts["L02-teshu-jiaoyu#rate_97"]
    question = ForecastQuestion(fact.asks[0], 0.4, (), document="L02-teshu-jiaoyu")
    found = writer.open_question(question)
    assert found.history is not None
    assert found.history.facts == ("rate_97",)


def test_what_is_asked_shows_in_what_the_office_must_confirm(writer: LineWriter) -> None:
    found = writer.open_question(
        ForecastQuestion("明年困难补助发多少钱，什么时候发", 0.5, (), office="zizhu")
    )
    assert "金额是多少" in found.ask
    assert "具体日期" in found.ask
    assert found.office == "市学生资助管理中心"
    assert found.history is None


def test_a_matter_of_another_authority_goes_to_its_owner(writer: LineWriter) -> None:
    found = writer.open_question(ForecastQuestion("小区门口流动摊贩占道怎么办", 0.2, ()))
    assert found.office == "市城市管理局"


def test_what_is_held_until_then_is_no_policy(library: Library, writer: LineWriter) -> None:
    for entry in library.citable_faq:
        if not entry.facts:
            question = ForecastQuestion(entry.question, 0.3, (), faq=entry.id, document=entry.document)
            found = writer.open_question(question)
            assert figures(found.hold) <= {"12345"}, entry.id
            assert "核实" in found.hold, entry.id
            assert found.ask, entry.id
            assert found.office, entry.id


def test_wordings_and_reasons_are_kept(writer: LineWriter) -> None:
    question = ForecastQuestion("宣城春假放几天", 0.3, (), variants=("春假有没有",))
    found = writer.open_question(question)
    assert (found.question, found.likelihood, found.variants) == ("宣城春假放几天", 0.3, ("春假有没有",))
