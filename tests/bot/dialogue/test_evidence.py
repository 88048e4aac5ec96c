"""Which facts may be said on a day: current first, replaced ones after it, ended ones as history only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.dialogue.evidence import Evidence, EvidenceReader
from bot.models import Answer, Outcome
from knowledge.library import Library
from knowledge.models import Basis, Fact, Nature, Status, Supersession
from tests.bot.dialogue.small_library import (
    document,
    evidence_of,
    fact,
    faq_of,
    library_of,
    question_of,
    unit_of,
)

Ask = Callable[..., Answer]

EARLY, MIDDLE, LATE = date(2020, 6, 1), date(2022, 6, 1), date(2026, 6, 1)
OLDEST = fact(
    "oldest",
    "每人每年800元。",
    valid_from=date(2019, 1, 1),
    valid_to=date(2020, 12, 31),
    superseded_by="older",
)
OLDER = fact(
    "older",
    "每人每年1000元。",
    valid_from=date(2021, 1, 1),
    valid_to=date(2023, 12, 31),
    superseded_by="newest",
)
NEWEST = fact("newest", "每人每年1200元。", valid_from=date(2024, 1, 1))
CHAIN = library_of(document(OLDEST, OLDER, NEWEST), faq=(faq_of("每人每年1200元。", "doc#newest"),))

PLAN = fact("plan", "2025年达到97%。", nature=Nature.TARGET, valid_to=date(2025, 12, 31))
STANDING = fact("standing", "每人每年500元。")

LOAN = "助学贷款一年最多能贷多少"


def keys(facts: tuple[Fact, ...]) -> list[str]:
    return [each.key for each in facts]


@pytest.mark.parametrize("unit", ["doc#oldest", "doc#older", "doc#newest"])
@pytest.mark.parametrize(("on", "valid"), [(EARLY, "oldest"), (MIDDLE, "older"), (LATE, "newest")])
def test_whatever_version_is_found_the_one_of_the_day_is_said(unit: str, on: date, valid: str) -> None:
    """A replaced fact leads to its successor, one that is not yet in force to its predecessor."""
    assert keys(evidence_of(CHAIN, unit, on).current) == [valid]


def test_the_version_that_was_found_is_named_as_former() -> None:
    found = evidence_of(CHAIN, "doc#older", LATE)
    assert (keys(found.current), keys(found.former), found.ended) == (["newest"], ["older"], ())


def test_what_will_come_is_not_named() -> None:
    """On a day of the first version nothing of the later ones shows."""
    assert keys(evidence_of(CHAIN, "doc#newest", EARLY).facts) == ["oldest"]


def test_before_the_first_version_there_is_nothing() -> None:
    long_ago = date(2018, 1, 1)
    assert evidence_of(CHAIN, "doc#newest", long_ago).empty
    lone = library_of(document(NEWEST))
    assert EvidenceReader(lone).not_yet(unit_of(lone, "doc#newest"), MIDDLE)
    assert not EvidenceReader(lone).not_yet(unit_of(lone, "doc#newest"), LATE)


@pytest.mark.parametrize(
    ("asked", "former"),
    [
        ("补助多少钱", []),
        ("以前补助多少钱", ["older"]),
        ("2022年补助多少钱", ["older"]),
        ("2019年补助多少钱", ["oldest"]),
        ("2019年和2022年补助多少钱", ["older", "oldest"]),
        ("补助还是800元吗", ["oldest"]),
        ("补助是1200元吗", []),
    ],
)
def test_history_is_given_where_it_is_asked_for(asked: str, former: list[str]) -> None:
    """By «以前», by a year or by the former figure; newest first, never in place of the current one."""
    found = evidence_of(CHAIN, "doc#newest", LATE, asked)
    assert keys(found.current) == ["newest"]
    assert keys(found.former) == former


def test_a_year_before_everything_is_said_to_lie_before_the_start() -> None:
    lone = library_of(document(NEWEST))
    assert evidence_of(lone, "doc#newest", LATE, "2019年补助多少钱").before_start == date(2024, 1, 1)
    assert evidence_of(lone, "doc#newest", LATE, "2025年补助多少钱").before_start is None
    assert evidence_of(lone, "doc#newest", LATE).before_start is None


def test_a_successor_may_stand_in_another_document() -> None:
    old = fact("old", "每年500元。", valid_to=date(2023, 12, 31), superseded_by="next#new")
    new = fact("new", "每年600元。", document="next", valid_from=date(2024, 1, 1))
    found = evidence_of(library_of(document(old), document(new, id="next")), "doc#old", LATE)
    assert (keys(found.current), keys(found.former)) == (["new"], ["old"])


def test_the_last_day_is_in_force_and_the_next_is_not() -> None:
    assert keys(evidence_of(CHAIN, "doc#older", date(2023, 12, 31)).current) == ["older"]
    assert keys(evidence_of(CHAIN, "doc#older", date(2024, 1, 1)).current) == ["newest"]


def test_a_plan_that_is_over_is_history() -> None:
    found = evidence_of(library_of(document(PLAN)), "doc#plan", LATE)
    assert (found.current, found.former, keys(found.ended)) == ((), (), ["plan"])


def test_a_rule_ends_with_its_document_but_one_with_a_basis_of_its_own_does_not() -> None:
    by_law = fact("law", "年满6周岁入学。", own_basis=Basis("义务教育法"))
    ended = document(
        STANDING, by_law, superseded_by=Supersession("新办法", since=date(2024, 1, 1), whole=True)
    )
    library = library_of(ended)
    assert keys(evidence_of(library, "doc#standing", LATE).ended) == ["standing"]
    assert keys(evidence_of(library, "doc#law", LATE).current) == ["law"]


def test_a_partly_replaced_document_still_carries_its_other_rules() -> None:
    partly = document(STANDING, superseded_by=Supersession("新通知", since=date(2024, 1, 1), whole=False))
    assert keys(evidence_of(library_of(partly), "doc#standing", LATE).current) == ["standing"]


def test_a_measured_figure_outlives_its_document_until_a_newer_one_is_known() -> None:
    record = fact("count", "2020年有18所学校。", nature=Nature.RECORD)
    counted_again = fact("count", "2020年有18所学校。", nature=Nature.RECORD, valid_to=date(2024, 12, 31))
    over = {"expires": date(2023, 12, 31)}
    assert keys(evidence_of(library_of(document(record, **over)), "doc#count", LATE).current) == ["count"]
    assert keys(evidence_of(library_of(document(counted_again, **over)), "doc#count", LATE).ended) == [
        "count"
    ]


def test_a_prepared_answer_is_used_only_while_its_facts_are_current() -> None:
    assert evidence_of(CHAIN, "doc!faq-1", LATE).faq is not None
    earlier = evidence_of(CHAIN, "doc!faq-1", MIDDLE)
    assert earlier.faq is None
    assert keys(earlier.current) == ["older"]


def test_a_prepared_answer_is_not_used_when_one_of_its_facts_has_ended() -> None:
    """docs/library-format.md: «if one of them is no longer in force the answer is not used as it stands»."""
    both = library_of(
        document(STANDING, PLAN), faq=(faq_of("每年500元，2025年达到97%。", "doc#standing", "doc#plan"),)
    )
    assert evidence_of(both, "doc!faq-1", LATE).faq is None


def test_guidance_without_facts_is_evidence_on_any_day() -> None:
    guidance = library_of(document(STANDING), faq=(faq_of("请带户口本到窗口办理。"),))
    found = evidence_of(guidance, "doc!faq-1", LATE)
    assert not found.empty
    assert found.facts == ()


def test_a_question_about_the_document_is_answered_by_its_card() -> None:
    found = evidence_of(CHAIN, "doc!card", LATE)
    assert found == Evidence("doc", card=True)


def test_status_is_that_of_the_day() -> None:
    reader = EvidenceReader(CHAIN)
    assert [reader.status(OLDER, day) for day in (EARLY, MIDDLE, LATE)] == [
        Status.NOT_YET,
        Status.IN_FORCE,
        Status.SUPERSEDED,
    ]


def test_reading_does_not_depend_on_the_year_of_the_question_alone() -> None:
    """In 2023 the year 2023 is no past day."""
    on = date(2023, 6, 1)
    found = EvidenceReader(CHAIN).read(unit_of(CHAIN, "doc#older"), question_of("2023年补助多少钱", on), on)
    assert (keys(found.current), found.former) == (["older"], ())


# ---- the real library, asked on other days ----


@pytest.mark.parametrize(
    ("on", "figures", "unknown_then"),
    [
        (date(2022, 6, 1), ("12000元", "16000元"), ("20000", "25000")),
        (date(2023, 10, 1), ("16000元", "20000元"), ("25000",)),
        (date(2024, 10, 1), ("20000元", "25000元"), ("16000", "12000")),
    ],
)
def test_the_loan_ceiling_is_that_of_the_day(
    ask: Ask, on: date, figures: tuple[str, ...], unknown_then: tuple[str, ...]
) -> None:
    answer = ask(LOAN, on=on)
    assert answer.outcome is Outcome.ANSWERED
    assert all(figure in answer.answer for figure in figures)
    assert not any(figure in answer.answer for figure in unknown_then)
    assert {citation.status for citation in answer.citations} == {"in_force"}


def test_the_loan_ceiling_changes_on_the_first_of_september(ask: Ask) -> None:
    assert "16000元" in ask(LOAN, on=date(2024, 8, 31)).answer
    assert "16000" not in ask(LOAN, on=date(2024, 9, 1)).answer


def test_no_document_is_cited_before_it_was_issued(ask: Ask) -> None:
    answer = ask(LOAN, on=date(2022, 6, 1))
    assert "2023年" not in next(line for line in answer.answer.splitlines() if line.startswith("依据"))


@pytest.mark.parametrize(
    ("question", "document_id", "figure"),
    [
        ("特殊教育提升计划到2025年残疾儿童入学率要达到多少", "L02-teshu-jiaoyu", "97%"),
        ("安徽全民健身计划2025年人均体育场地面积目标", "11-anhui-quanmin-jianshen", "2.6平方米"),
    ],
)
def test_an_ended_plan_is_told_as_history_with_its_end_first(
    ask: Ask, question: str, document_id: str, figure: str
) -> None:
    answer = ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.answer.startswith("先说明：")
    assert answer.answer.index("2025年12月31日") < answer.answer.index(figure)
    assert "向" in answer.answer
    assert "核实" in answer.answer
    assert {(c.document, c.status) for c in answer.citations} == {(document_id, "expired")}
    assert answer.office is not None


def test_a_plan_is_told_as_current_while_it_runs(ask: Ask) -> None:
    answer = ask("特殊教育提升计划到2025年残疾儿童入学率要达到多少", on=date(2024, 5, 1))
    assert not answer.answer.startswith("先说明")
    assert {c.status for c in answer.citations} == {"in_force"}


def test_an_annual_notice_of_another_year_says_so_first(library: Library, ask: Ask) -> None:
    siblings = library.facts["04-zhaosheng-ruxue-2023#siblings"]
    answer = ask(siblings.asks[0])
    assert siblings.key in {key for citation in answer.citations for key in citation.facts}
    assert answer.answer.startswith("先说明：")
    assert "以当年通知为准" in answer.answer.splitlines()[0]
    assert {c.status for c in answer.citations} == {"superseded"}


def test_what_the_law_says_outlives_the_annual_notice(ask: Ask) -> None:
    answer = ask("孩子几岁可以上小学")
    assert "6周岁" in answer.answer
    assert not answer.answer.startswith("先说明")
    assert "in_force" in {c.status for c in answer.citations}


def test_asked_history_stands_after_the_current_rule(ask: Ask) -> None:
    answer = ask("信息公开申请以前是不是15个工作日答复")
    assert answer.answer.index("20个工作日") < answer.answer.index("15个工作日")
    assert "此前（2008年5月1日至2019年5月14日）" in answer.answer
    assert [c.status for c in answer.citations] == ["in_force", "superseded"]


def test_a_replaced_system_is_answered_by_its_successor(ask: Ask) -> None:
    answer = ask("2016年的政府服务热线整合了什么")
    assert answer.citations[0].facts == ("now_12345",)
    assert answer.citations[0].status == "in_force"


def test_a_count_of_a_past_year_is_given_with_its_year(ask: Ask) -> None:
    answer = ask("宣城2020年学前毛入园率是多少")
    assert answer.outcome is Outcome.ANSWERED
    assert "97.65%" in answer.answer
    assert "2020年" in answer.answer


def test_before_a_rule_came_the_assistant_says_so(ask: Ask) -> None:
    answer = ask("公办园大班还收保教费吗", on=date(2022, 6, 1))
    assert answer.outcome is Outcome.ABSTAINED
    assert "2025年秋季" not in answer.answer
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("asked", "other_time"), [("去年助学贷款能贷多少", "12000"), ("2020年助学贷款能贷多少", "2021年9月1日至")]
)
def test_history_is_that_of_the_year_asked_about(ask: Ask, asked: str, other_time: str) -> None:
    """Last year the ceiling was today's; of 2020 the library only knows that it was before 2021."""
    assert other_time not in ask(asked).answer
