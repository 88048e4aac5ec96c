"""Validity as of any day: the traps of the real library, and the rules one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge.library import Library
from knowledge.loading import load
from knowledge.models import (
    Basis,
    Confidence,
    Document,
    DocumentKind,
    Evidence,
    Fact,
    Level,
    Nature,
    Origin,
    Reviews,
    Status,
    Supersession,
)
from knowledge.validity import (
    current_successor,
    document_status,
    fact_status,
    is_past,
    is_unverified,
    may_answer,
    successor_ref,
)

IN_FORCE, SUPERSEDED, EXPIRED, NOT_YET = (
    Status.IN_FORCE,
    Status.SUPERSEDED,
    Status.EXPIRED,
    Status.NOT_YET,
)
LOAN = "03-zhuxue-daikuan-2023"
AID = "10-xuesheng-zizhu"
FOI = "13-zhengfu-xinxi-gongkai"
ANNUAL = "04-zhaosheng-ruxue-2023"
HOTLINE_2016 = "L07-rexian-zhenghe-2016"

DOCUMENT = Document(
    id="d",
    title="通知",
    kind=DocumentKind.POLICY,
    origin=Origin.LOCAL,
    level=Level.CITY,
    issuer="市教育体育局",
    office="jichu",
    clauses=(),
    facts=(),
    reviews=Reviews("甲", "乙", "丙"),
)
FACT = Fact("f", "陈述。", "d", "第一条", Confidence.HIGH, Evidence.OFFICIAL, "来源")


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def status(library: Library, ref: str, on: str) -> Status:
    fact = library.facts[ref]
    return fact_status(fact, library.document_of(fact), date.fromisoformat(on))


@pytest.mark.parametrize(
    ("on", "quota_2021", "quota_2023", "quota_2024"),
    [
        ("2021-08-31", NOT_YET, NOT_YET, NOT_YET),
        ("2021-09-01", IN_FORCE, NOT_YET, NOT_YET),
        ("2022-06-01", IN_FORCE, NOT_YET, NOT_YET),
        ("2023-08-31", IN_FORCE, NOT_YET, NOT_YET),
        ("2023-09-01", SUPERSEDED, IN_FORCE, NOT_YET),
        ("2023-10-01", SUPERSEDED, IN_FORCE, NOT_YET),
        ("2024-08-31", SUPERSEDED, IN_FORCE, NOT_YET),
        ("2024-09-01", SUPERSEDED, SUPERSEDED, IN_FORCE),
        ("2026-11-23", SUPERSEDED, SUPERSEDED, IN_FORCE),
    ],
)
def test_exactly_one_loan_ceiling_holds_on_a_day(
    library: Library, on: str, quota_2021: Status, quota_2023: Status, quota_2024: Status
) -> None:
    """The document of 2023 stands all the time; its figures do not."""
    found = tuple(status(library, f"{LOAN}#quota_{year}", on) for year in (2021, 2023, 2024))
    assert found == (quota_2021, quota_2023, quota_2024)


@pytest.mark.parametrize(
    ("on", "key"),
    [
        ("2022-06-01", "quota_2021"),
        ("2023-10-01", "quota_2023"),
        ("2024-08-31", "quota_2023"),
        ("2024-09-01", "quota_2024"),
        ("2026-11-23", "quota_2024"),
    ],
)
def test_the_oldest_ceiling_leads_to_the_one_of_the_day(library: Library, on: str, key: str) -> None:
    """Never to one that is not yet in force."""
    found = current_successor(
        library.facts[f"{LOAN}#quota_2021"], library.facts, library.documents, date.fromisoformat(on)
    )
    assert found.key == key


@pytest.mark.parametrize(
    ("ref", "on", "expected"),
    [
        (f"{AID}#compulsory_before_2024", "2024-01-31", IN_FORCE),
        (f"{AID}#compulsory_before_2024", "2024-02-01", SUPERSEDED),
        (f"{AID}#compulsory_2024", "2024-01-31", NOT_YET),
        (f"{AID}#compulsory_2024", "2024-02-01", IN_FORCE),
        (f"{FOI}#old_15days_trap", "2019-05-14", IN_FORCE),
        (f"{FOI}#old_15days_trap", "2019-05-15", SUPERSEDED),
        (f"{FOI}#reply_20", "2019-05-14", NOT_YET),
        (f"{FOI}#reply_20", "2019-05-15", IN_FORCE),
        ("08-youeryuan-dudao#free_year", "2025-08-31", NOT_YET),
        ("08-youeryuan-dudao#free_year", "2025-09-01", IN_FORCE),
        ("08-youeryuan-dudao#old_2017", "2023-12-31", IN_FORCE),
        ("08-youeryuan-dudao#old_2017", "2024-01-01", EXPIRED),
        (f"{ANNUAL}#no_exam", "2023-12-31", IN_FORCE),
        (f"{ANNUAL}#no_exam", "2024-01-01", SUPERSEDED),
        ("L01-shisiwu-guihua#schools_zhuanxing", "2025-12-31", IN_FORCE),
        ("L01-shisiwu-guihua#schools_zhuanxing", "2026-01-01", EXPIRED),
        ("11-anhui-quanmin-jianshen#national_plan", "2025-12-31", IN_FORCE),
        ("11-anhui-quanmin-jianshen#national_plan", "2026-01-01", EXPIRED),
        (f"{HOTLINE_2016}#now_12345", "2026-11-23", IN_FORCE),
        (f"{HOTLINE_2016}#scope_2016", "2026-11-23", SUPERSEDED),
    ],
)
def test_traps_of_the_library(library: Library, ref: str, on: str, expected: Status) -> None:
    assert status(library, ref, on) is expected


@pytest.mark.parametrize(
    ("document", "last_day", "after"),
    [
        ("L01-shisiwu-guihua", "2025-12-31", EXPIRED),
        ("L02-teshu-jiaoyu", "2025-12-31", EXPIRED),
        ("11-anhui-quanmin-jianshen", "2025-12-31", EXPIRED),
        (ANNUAL, "2023-12-31", SUPERSEDED),
        (HOTLINE_2016, "2020-12-31", SUPERSEDED),
    ],
)
def test_documents_end_after_their_last_day(
    library: Library, document: str, last_day: str, after: Status
) -> None:
    found, end = library.documents[document], date.fromisoformat(last_day)
    assert document_status(found, end) is IN_FORCE
    assert document_status(found, end + timedelta(days=1)) is after


def test_a_document_with_replaced_figures_stays_in_force(library: Library) -> None:
    """``whole: false``: only some facts are replaced."""
    partly = [d for d in library.documents.values() if d.superseded_by and not d.superseded_by.whole]
    assert {LOAN, AID} <= {document.id for document in partly}
    assert {document_status(document, date(2026, 11, 23)) for document in partly} == {IN_FORCE}


def test_a_fact_with_its_own_basis_outlives_the_document_that_mentions_it(library: Library) -> None:
    """义务教育法 does not end with the annual notice that quotes it."""
    day = date(2026, 11, 23)
    mentioned = [
        fact
        for fact in library.facts.values()
        if fact.own_basis and not fact.valid_to and is_past(document_status(library.document_of(fact), day))
    ]
    assert f"{ANNUAL}#age_six" in {fact.ref for fact in mentioned}
    assert {fact_status(fact, library.document_of(fact), day) for fact in mentioned} == {IN_FORCE}


def test_records_share_the_status_of_their_document(library: Library) -> None:
    """A measured figure is published with its document and ages with it."""
    ref = "L01-shisiwu-guihua#enrolment_2020"
    assert library.facts[ref].nature is Nature.RECORD
    found = [status(library, ref, on) for on in ("2020-12-31", "2025-12-31", "2026-01-01")]
    assert found == [NOT_YET, IN_FORCE, EXPIRED]


def test_replaced_facts_leave_no_day_without_a_figure(library: Library) -> None:
    """The newer fact begins at the latest on the day after the older one ends."""
    gaps = []
    for fact in library.facts.values():
        if fact.superseded_by:
            newer = library.facts[successor_ref(fact)]
            assert fact.valid_to is not None
            if newer.valid_from is None or newer.valid_from > fact.valid_to + timedelta(days=1):
                gaps.append((fact.ref, newer.ref))
    assert gaps == []


DAY = date(2024, 6, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("document", "on", "expected"),
    [
        (DOCUMENT, DAY, IN_FORCE),
        (replace(DOCUMENT, effective=DAY), BEFORE, NOT_YET),
        (replace(DOCUMENT, effective=DAY), DAY, IN_FORCE),
        (replace(DOCUMENT, expires=DAY), DAY, IN_FORCE),
        (replace(DOCUMENT, expires=DAY), AFTER, EXPIRED),
        (replace(DOCUMENT, superseded_by=Supersession("新", since=DAY)), BEFORE, IN_FORCE),
        (replace(DOCUMENT, superseded_by=Supersession("新", since=DAY)), DAY, SUPERSEDED),
        (replace(DOCUMENT, superseded_by=Supersession("新")), DAY, SUPERSEDED),
        (replace(DOCUMENT, superseded_by=Supersession("新", since=DAY, whole=False)), AFTER, IN_FORCE),
        (replace(DOCUMENT, effective=AFTER, superseded_by=Supersession("新")), DAY, NOT_YET),
        (replace(DOCUMENT, expires=BEFORE, superseded_by=Supersession("新", since=DAY)), DAY, SUPERSEDED),
    ],
)
def test_status_of_a_document(document: Document, on: date, expected: Status) -> None:
    assert document_status(document, on) is expected


ENDED = replace(DOCUMENT, expires=BEFORE)
COMING = replace(DOCUMENT, effective=AFTER)
LAW = Basis("义务教育法")


@pytest.mark.parametrize(
    ("fact", "document", "expected"),
    [
        (FACT, DOCUMENT, IN_FORCE),
        (FACT, ENDED, EXPIRED),
        (FACT, COMING, NOT_YET),
        (replace(FACT, valid_from=AFTER), DOCUMENT, NOT_YET),
        (replace(FACT, valid_from=DAY), COMING, IN_FORCE),
        (replace(FACT, valid_to=DAY), DOCUMENT, IN_FORCE),
        (replace(FACT, valid_to=BEFORE), DOCUMENT, EXPIRED),
        (replace(FACT, valid_to=BEFORE, superseded_by="g"), DOCUMENT, SUPERSEDED),
        (replace(FACT, valid_to=AFTER), ENDED, EXPIRED),
        (replace(FACT, own_basis=LAW), ENDED, IN_FORCE),
        (replace(FACT, own_basis=LAW), COMING, IN_FORCE),
        (replace(FACT, own_basis=LAW, valid_to=BEFORE), DOCUMENT, EXPIRED),
        (replace(FACT, nature=Nature.RECORD), COMING, NOT_YET),
        (replace(FACT, nature=Nature.RECORD), ENDED, EXPIRED),
        (replace(FACT, nature=Nature.TARGET), ENDED, EXPIRED),
    ],
)
def test_status_of_a_fact(fact: Fact, document: Document, expected: Status) -> None:
    assert fact_status(fact, document, DAY) is expected


@pytest.mark.parametrize(
    ("fact", "document", "expected"),
    [
        (FACT, DOCUMENT, True),
        (replace(FACT, confidence=Confidence.MEDIUM, evidence=Evidence.MIRROR), DOCUMENT, True),
        (replace(FACT, confidence=Confidence.LOW), DOCUMENT, False),
        (replace(FACT, evidence=Evidence.FICTIONAL), DOCUMENT, False),
        (replace(FACT, evidence=Evidence.NONE), DOCUMENT, False),
        (FACT, replace(DOCUMENT, fictional=True), False),
        (FACT, replace(DOCUMENT, reviews=Reviews("甲", "乙")), False),
        (FACT, replace(DOCUMENT, reviews=Reviews("甲", "乙", "甲")), False),
    ],
)
def test_what_may_reach_citizens(fact: Fact, document: Document, expected: bool) -> None:
    """Three different reviewers, nothing fictional, nothing of low confidence."""
    assert may_answer(fact, document) is expected


def test_weak_evidence_carries_a_notice() -> None:
    noticed = {kind for kind in Evidence if is_unverified(replace(FACT, evidence=kind))}
    assert noticed == {Evidence.MIRROR, Evidence.WEAK, Evidence.MODEL}


def test_a_cycle_or_a_missing_successor_ends_the_walk() -> None:
    """The library check reports them; an answer must still come."""
    past = {"valid_to": BEFORE}
    first = replace(FACT, key="a", superseded_by="b", **past)
    second = replace(FACT, key="b", superseded_by="d#a", **past)
    facts = {fact.ref: fact for fact in (first, second)}
    assert current_successor(first, facts, {"d": DOCUMENT}, DAY).key == "b"
    lost = replace(FACT, superseded_by="nowhere#x", **past)
    assert current_successor(lost, facts, {"d": DOCUMENT}, DAY) is lost
