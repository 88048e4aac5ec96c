"""What the citizen reads: direct answer, former figures after it, source line, office; and the guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.dialogue.composing import Composer, period
from bot.dialogue.evidence import Evidence
from bot.dialogue.guardrails import evidence_text, unsupported_figures
from bot.dialogue.wording import wording
from knowledge.library import Library
from knowledge.models import Basis, Confidence, Fact, FaqEntry, Nature, Supersession
from knowledge.models import Evidence as Seen
from knowledge.validity import UNANSWERABLE, UNVERIFIED
from tests.bot.dialogue.small_library import (
    DOC,
    OFFICE,
    document,
    evidence_of,
    fact,
    faq_of,
    library_of,
    question_of,
)

ON = date(2026, 6, 1)
OLD = fact(
    "old",
    "2022年起每人每年1000元。",
    valid_from=date(2022, 1, 1),
    valid_to=date(2023, 12, 31),
    superseded_by="new",
)
NEW = fact("new", "2024年起每人每年1200元。", brief="每人每年1200元。", valid_from=date(2024, 1, 1))
UNVERIFIED_NOTICE = "该条依据待核对官方原文"


def composed(
    library: Library, unit: str, asked: str = "补助多少钱", on: date = ON, safety: bool = False
) -> str:
    piece = evidence_of(library, unit, on, asked)
    return Composer(library, wording()).compose((piece,), question_of(asked, on), on, safety)


def one(each: Fact, faq: FaqEntry | None = None, **changes: object) -> Library:
    """A library of one fact."""
    return library_of(document(each, **changes), faq=(faq,) if faq else ())


def test_the_direct_answer_comes_first_then_source_then_office() -> None:
    lines = composed(library_of(document(OLD, NEW)), "doc#new").splitlines()
    assert lines[0] == "每人每年1200元。"
    assert lines[-2] == "依据：《补助办法》（宣教〔2020〕8号）第一条（现行有效）。"
    assert lines[-1] == "咨询：资助科，电话0563-3021111（工作日）。"


def test_what_was_said_is_not_said_again() -> None:
    statement = "每人每年500元，按学期发到学生本人卡上。"
    assert composed(one(fact("a", statement, brief=statement)), "doc#a").count("500元") == 1


def test_a_condition_that_the_short_answer_lacks_follows_it() -> None:
    short = fact("a", "家庭经济困难的寄宿生每人每年500元。", brief="可以领。")
    lines = composed(one(short), "doc#a").splitlines()
    assert lines[:2] == ["可以领。", "家庭经济困难的寄宿生每人每年500元。"]


def test_a_former_figure_stands_after_the_current_one_and_is_marked() -> None:
    text = composed(library_of(document(OLD, NEW)), "doc#new", "以前补助多少钱")
    former = next(line for line in text.splitlines() if "1000元" in line)
    assert text.index("1200元") < text.index("1000元")
    assert former.startswith("此前（2022年1月1日至2023年12月31日）")
    assert "（现行有效）、" in text
    assert "（已被取代）" in text


def test_an_ended_rule_says_first_that_it_has_ended_and_whom_to_ask() -> None:
    plan = fact("plan", "到2025年达到97%。", nature=Nature.TARGET)
    lines = composed(one(plan, expires=date(2025, 12, 31)), "doc#plan").splitlines()
    assert lines[0].startswith("先说明：《补助办法》的期限到2025年12月31日已届满")
    assert lines[1] == "到2025年达到97%。"
    assert lines[2] == "最新规定请向资助科核实。"
    assert "（已失效）" in lines[3]


def test_a_rule_of_an_annual_notice_points_to_this_years() -> None:
    newer = Supersession("2024年通知", since=date(2024, 1, 1))
    text = composed(one(fact("a", "多孩可以同校。"), superseded_by=newer), "doc#a")
    assert text.startswith("先说明：《补助办法》已被后来的文件取代，新一年的安排以当年通知为准")
    assert "（已被取代）" in text


def test_a_fact_that_ended_on_its_own_day_names_that_day() -> None:
    ended = fact("a", "每年300元。", valid_to=date(2024, 3, 1))
    assert "到2024年3月1日为止" in composed(one(ended), "doc#a").splitlines()[0]


# ---- the guard ----


def test_a_prepared_answer_with_a_figure_of_nowhere_is_replaced_by_the_facts() -> None:
    """Rule 2: 30000 stands in no fact."""
    text = composed(one(NEW, faq_of("最高30000元。", "doc#new")), "doc!faq-1")
    assert "30000" not in text
    assert NEW.statement in text
    assert "依据：" in text


@pytest.mark.parametrize(
    "answer",
    ["办法是宣教〔2021〕9号。", "从2027年起发。", "每人1201元。", "3个月内发。", "罚3倍。", "占45.5%。"],
)
def test_every_sort_of_figure_is_guarded(answer: str) -> None:
    text = composed(one(NEW, faq_of(answer, "doc#new")), "doc!faq-1")
    assert answer not in text
    assert text.startswith(NEW.statement)


def test_a_prepared_answer_whose_figures_stand_in_its_facts_is_used() -> None:
    answer = "一年1200元，从2024年起。"
    assert composed(one(NEW, faq_of(answer, "doc#new")), "doc!faq-1").startswith(answer)


def test_a_figure_may_come_from_the_background() -> None:
    answer = "现在1200元；1000元是此前的标准。"
    library = library_of(document(OLD, NEW), faq=(faq_of(answer, "doc#new", background=("doc#old",)),))
    assert composed(library, "doc!faq-1").startswith(answer)


def test_the_guard_also_covers_what_was_replaced() -> None:
    """The former figure of a guarded answer is still marked and still second."""
    library = library_of(document(OLD, NEW), faq=(faq_of("最高30000元。", "doc#new"),))
    text = composed(library, "doc!faq-1", "以前补助多少钱")
    assert "30000" not in text
    assert text.index("1200元") < text.index("此前（")
    assert text.index("此前（") < text.index("1000元")


def test_the_guard_keeps_the_safety_line() -> None:
    text = composed(one(NEW, faq_of("最高30000元。", "doc#new")), "doc!faq-1", safety=True)
    assert text.startswith("如果有人受伤")
    assert "30000" not in text


def test_the_guard_keeps_the_notice_that_a_rule_has_ended() -> None:
    ended = fact("a", "每年300元。", valid_to=date(2024, 3, 1))
    text = composed(one(ended, faq_of("每年30000元。", "doc#a")), "doc!faq-1")
    assert text.startswith("先说明：")


def test_guidance_with_a_figure_of_nowhere_says_only_whom_to_ask() -> None:
    text = composed(one(NEW, faq_of("窗口在3楼，等15天。")), "doc!faq-1")
    assert text == "咨询：资助科，电话0563-3021111（工作日）。"


def test_the_guard_knows_its_sources() -> None:
    """Statement, basis, days, the document and the office; nothing else but the emergency numbers."""
    library = one(replace(NEW, own_basis=Basis("资助通知", doc_no="财教〔2024〕7号")))
    known = evidence_text(library, library.documents[DOC].facts, (), (OFFICE.id,))
    sound = "1200元，财教〔2024〕7号，宣教〔2020〕8号，2024年1月1日、0563-3021111、110、12345"
    assert unsupported_figures(sound, known) == frozenset()
    assert unsupported_figures("1300元", known) == {"1300"}
    assert unsupported_figures("财教〔2024〕8号", known)
    assert unsupported_figures("没有数", evidence_text(library, ())) == frozenset()


# ---- notices ----


@pytest.mark.parametrize("seen", sorted(set(Seen) - UNANSWERABLE))
def test_the_notice_stands_exactly_where_the_basis_is_unverified(seen: Seen) -> None:
    """mirror, weak, model: yes; official, reprint: no."""
    library = one(replace(NEW, evidence=seen))
    piece = evidence_of(library, "doc#new", ON)
    composer = Composer(library, wording())
    expected = seen in UNVERIFIED
    assert (f"（{UNVERIFIED_NOTICE}）" in composed(library, "doc#new")) is expected
    assert (UNVERIFIED_NOTICE in composer.notices((piece,), ON)) is expected
    assert {Seen.MIRROR, Seen.WEAK, Seen.MODEL} == UNVERIFIED


@pytest.mark.parametrize(
    "hidden",
    [
        replace(NEW, evidence=Seen.FICTIONAL),
        replace(NEW, evidence=Seen.NONE),
        replace(NEW, confidence=Confidence.LOW),
    ],
)
def test_fictional_and_unsure_facts_are_no_answers(hidden: Fact) -> None:
    """Neither they nor what rests on them can be matched."""
    library = one(hidden, faq_of("每人每年1200元。", "doc#new"))
    for unit in ("doc#new", "doc!faq-1"):
        with pytest.raises(StopIteration):
            evidence_of(library, unit, ON)


def test_past_content_and_regional_figures_are_announced() -> None:
    local = replace(NEW, region="宣州区")
    library = library_of(document(replace(OLD, region="宣州区"), local))
    composer = Composer(library, wording())
    history = evidence_of(library, "doc#new", ON, "以前补助多少钱")
    assert composer.notices((history,), ON) == ("含历史内容，已注明时间", "其中有的数字只限宣州区")
    assert composer.notices((evidence_of(one(NEW), "doc#new", ON),), ON) == ()


# ---- sources and citations ----


def test_a_source_without_a_verified_number_has_none() -> None:
    assert "依据：《补助办法》第一条（现行有效）。" in composed(one(NEW, doc_no=None), "doc#new")


def test_points_that_we_numbered_ourselves_are_not_cited() -> None:
    own = replace(NEW, clause="一、标准")
    clauses = (replace(document(NEW).clauses[0], path="一、标准"),)
    text = composed(one(own, clauses=clauses), "doc#new")
    assert "依据：《补助办法》（宣教〔2020〕8号）（现行有效）。" in text


def test_a_fact_with_a_basis_of_its_own_is_cited_by_it() -> None:
    basis = Basis("义务教育法", issuer="全国人大", doc_no=None, clause="第十一条")
    library = one(replace(NEW, own_basis=basis))
    assert "依据：《义务教育法》第十一条（现行有效）。" in composed(library, "doc#new")
    (citation,) = Composer(library, wording()).citations((evidence_of(library, "doc#new", ON),), ON)
    assert (citation.title, citation.issuer, citation.doc_no) == ("义务教育法", "全国人大", None)
    assert (citation.clause, citation.document) == ("第十一条", DOC)


def test_a_title_keeps_its_own_marks() -> None:
    assert "依据：《甲》和《乙》（" in composed(one(NEW, title="《甲》和《乙》"), "doc#new")


def test_a_count_of_a_past_time_is_no_rule_in_force() -> None:
    count = fact("n", "2020年有18所。", nature=Nature.RECORD)
    text = composed(one(count, expires=date(2023, 12, 31)), "doc#n")
    assert "现行有效" not in text
    assert "当时的情况" in text


def test_a_citation_has_every_field() -> None:
    library = library_of(document(OLD, NEW))
    piece = evidence_of(library, "doc#new", ON, "以前补助多少钱")
    current, former = Composer(library, wording()).citations((piece,), ON)
    assert (current.document, current.title, current.issuer) == (DOC, "补助办法", "市教育体育局")
    assert (current.doc_no, current.clause, current.facts) == ("宣教〔2020〕8号", "第一条", ("new",))
    assert (current.quote, current.status) == (NEW.statement, "in_force")
    assert (current.valid_from, current.valid_to) == (date(2024, 1, 1), None)
    assert (former.facts, former.status) == (("old",), "superseded")
    assert (former.valid_from, former.valid_to) == (date(2022, 1, 1), date(2023, 12, 31))


def test_a_citation_takes_its_dates_from_the_document_where_the_fact_has_none() -> None:
    library = one(fact("a", "每年500元。"), expires=date(2028, 12, 31))
    (citation,) = Composer(library, wording()).citations((evidence_of(library, "doc#a", ON),), ON)
    assert (citation.valid_from, citation.valid_to) == (date(2020, 1, 1), date(2028, 12, 31))


def test_each_fact_is_cited_once() -> None:
    library = library_of(document(OLD, NEW))
    piece = evidence_of(library, "doc#new", ON)
    assert len(Composer(library, wording()).citations((piece, piece), ON)) == 1


def test_a_card_says_issuer_number_days_and_status() -> None:
    library = one(NEW, published=date(2019, 12, 20))
    text = composed(library, "doc!card")
    assert text.startswith(
        "《补助办法》由市教育体育局发布，文号：宣教〔2020〕8号。2019年12月20日发布，2020年1月1日施行。"
        "目前状态：现行有效。"
    )
    (citation,) = Composer(library, wording()).citations((Evidence(DOC, card=True),), ON)
    assert (citation.facts, citation.clause, citation.status) == ((), "", "in_force")


def test_a_card_gives_no_number_that_is_not_verified() -> None:
    assert "文号：还没有核实，不能提供" in composed(one(NEW, doc_no=None), "doc!card")


def test_an_entry_with_an_office_of_its_own_names_it() -> None:
    other = replace(OFFICE, id="other", name="督导室", phone=None)
    library = one(NEW, replace(faq_of("每人每年1200元。", "doc#new"), office="other"))
    library = replace(library, offices={**library.offices, "other": other})
    assert composed(library, "doc!faq-1").endswith("咨询：督导室（可拨打12345转接）。")


def test_values_are_text_and_never_templates() -> None:
    """What stands in braces in a title or answer is not filled in."""
    library = one(replace(NEW, brief="写{office}的{date}。"), title="{title}办法")
    text = composed(library, "doc#new")
    assert "写{office}的{date}。" in text
    assert "《{title}办法》" in text


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2022, 9, 1), date(2023, 8, 31), "2022年9月1日至2023年8月31日"),
        (None, date(2023, 8, 31), "到2023年8月31日为止"),
        (date(2022, 9, 1), None, "2022年9月1日起"),
        (None, None, "时间不详"),
    ],
)
def test_a_stretch_of_time_in_words(start: date | None, end: date | None, words: str) -> None:
    assert period(start, end) == words


def test_an_unknown_sentence_or_blank_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording().say("no such sentence")
    with pytest.raises(KeyError):
        wording().say("source")
