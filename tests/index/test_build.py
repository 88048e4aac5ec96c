"""From the library to passages: what may be found, and from which day to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.build import card_id, card_questions, passages
from index.engines.whoosh import WhooshEngine
from index.models import Passage, PassageKind, SearchFilter, SearchQuery, status_on
from knowledge.library import Library
from knowledge.loading import load
from knowledge.models import Confidence, Fact, Nature, Reviews, Status
from knowledge.validity import document_status, fact_status

LOAN = "03-zhuxue-daikuan-2023"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def built(library: Library) -> dict[str, Passage]:
    return {passage.id: passage for passage in passages(library)}


@pytest.fixture(scope="module")
def engine(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    found = WhooshEngine(tmp_path_factory.mktemp("index"))
    found.refresh(passages(library))
    yield found
    found.close()


def test_every_published_text_is_one_passage(library: Library, built: dict[str, Passage]) -> None:
    """Ids are unique, so that hits can be told apart."""
    assert len(built) == len(list(passages(library)))
    assert Counter(p.kind for p in built.values()) == {
        PassageKind.DOCUMENT: len(library.published),
        PassageKind.CLAUSE: sum(len(library.documents[d].clauses) for d in library.published),
        PassageKind.FACT: len(library.citable_facts),
        PassageKind.FAQ: len(library.citable_faq),
    }


def test_passages_come_in_the_same_order_every_time(library: Library) -> None:
    """Else a refresh would see changes where there are none."""
    assert tuple(passages(library)) == tuple(passages(load()))


def test_a_fact_passage_holds_what_people_ask_and_say(library: Library, built: dict[str, Passage]) -> None:
    passage, fact = built[f"{LOAN}#quota_2024"], library.facts[f"{LOAN}#quota_2024"]
    assert (passage.kind, passage.document, passage.facts) == (PassageKind.FACT, LOAN, (fact.ref,))
    assert fact.statement in passage.text
    assert fact.brief in passage.text
    assert passage.questions == fact.asks
    assert set(fact.keywords) <= set(passage.keywords)
    assert passage.heading.startswith(fact.clause)
    assert (passage.valid_from, passage.valid_to) == (date(2024, 9, 1), None)


def test_a_document_is_found_by_each_of_its_names(library: Library, built: dict[str, Passage]) -> None:
    document = library.documents[LOAN]
    passage = built[card_id(LOAN)]
    assert passage.questions == card_questions(document)
    for name in (document.title, *document.aliases):
        assert any(question.startswith(name) for question in passage.questions)


def test_clauses_carry_their_citable_facts_only(library: Library, built: dict[str, Passage]) -> None:
    """A clause may hold a fact of low confidence; the passage must not lead to it."""
    low = {ref for ref, fact in library.facts.items() if fact.confidence is Confidence.LOW}
    assert low
    assert [p.id for p in built.values() if low & set(p.facts)] == []
    clauses = [p for p in built.values() if p.kind is PassageKind.CLAUSE]
    assert {ref for p in clauses for ref in p.facts} <= set(library.citable_facts)


def changed(library: Library, **changes: object) -> Library:
    """The library with its loan document changed."""
    document = replace(library.documents[LOAN], **changes)
    return replace(library, documents={**library.documents, LOAN: document})


@pytest.mark.parametrize(
    "changes",
    [{"fictional": True}, {"reviews": Reviews("甲", "乙")}, {"reviews": Reviews("甲", "乙", "甲")}],
)
def test_what_is_not_published_gives_no_passage(library: Library, changes: dict[str, object]) -> None:
    """Fictional, or not reviewed by three persons; nor does an FAQ of another document lead there."""
    left = list(passages(changed(library, **changes)))
    assert left
    assert [p.id for p in left if p.document == LOAN or any(ref.startswith(LOAN) for ref in p.facts)] == []


def test_a_fact_that_may_not_answer_gives_no_passage(library: Library) -> None:
    document = library.documents[LOAN]
    facts = tuple(
        replace(fact, confidence=Confidence.LOW) if fact.key == "quota_2024" else fact
        for fact in document.facts
    )
    left = list(passages(changed(library, facts=facts)))
    ref = f"{LOAN}#quota_2024"
    assert [p.id for p in left if p.id == ref or ref in p.facts] == []
    assert [p.id for p in left if p.id == f"{LOAN}#quota_2023"] == [f"{LOAN}#quota_2023"]


def edges(library: Library, fact: Fact) -> list[date]:
    """Days around everything that can begin or end the fact."""
    document = library.document_of(fact)
    newer = document.superseded_by
    days = {
        fact.valid_from,
        fact.valid_to,
        document.effective,
        document.expires,
        newer.since if newer else None,
    }
    return [day + timedelta(days=step) for day in days if day for step in (-1, 0, 1)]


def held(passage: Passage, on: date) -> bool:
    return (passage.valid_from is None or passage.valid_from <= on) and (
        passage.valid_to is None or on <= passage.valid_to
    )


def test_the_days_of_a_fact_passage_are_those_of_the_fact(
    library: Library, built: dict[str, Passage]
) -> None:
    """Two places decide about validity; they must agree on every edge. Records have no end."""
    wrong = []
    for fact in library.citable_facts.values():
        if fact.nature is not Nature.RECORD:
            for on in edges(library, fact):
                in_force = fact_status(fact, library.document_of(fact), on) is Status.IN_FORCE
                if held(built[fact.ref], on) != in_force:
                    wrong.append((fact.ref, on))
    assert wrong == []


def test_a_fact_that_ends_by_itself_has_the_days_of_its_status(
    library: Library, built: dict[str, Passage]
) -> None:
    """The same for documents that are not replaced as a whole."""
    wrong = []
    for fact in library.citable_facts.values():
        newer = library.document_of(fact).superseded_by
        if fact.nature is not Nature.RECORD and not (newer and newer.whole):
            for on in edges(library, fact):
                in_force = fact_status(fact, library.document_of(fact), on) is Status.IN_FORCE
                if held(built[fact.ref], on) != in_force:
                    wrong.append((fact.ref, on))
    assert wrong == []


def test_the_status_of_every_passage_is_that_of_the_library(
    library: Library, built: dict[str, Passage]
) -> None:
    """On every day on which anything of it may turn, for documents, clauses and facts."""
    wrong = []
    for fact in library.citable_facts.values():
        document = library.document_of(fact)
        for on in edges(library, fact):
            if status_on(built[fact.ref], on) is not fact_status(fact, document, on):
                wrong.append((fact.ref, on))
            expected = document_status(document, on)
            for ref in (card_id(document.id), f"{document.id}/{fact.clause}"):
                if status_on(built[ref], on) is not expected:
                    wrong.append((ref, on))
    assert wrong == []


def test_an_answer_is_in_force_when_all_its_facts_are(library: Library, built: dict[str, Passage]) -> None:
    wrong, past = [], 0
    for entry in library.citable_faq:
        facts = [library.facts[ref] for ref in entry.facts]
        for on in {on for fact in facts for on in edges(library, fact)}:
            statuses = {fact_status(fact, library.document_of(fact), on) for fact in facts}
            found = status_on(built[entry.id], on)
            past += found is not Status.IN_FORCE
            if found not in statuses or (found is Status.IN_FORCE) != (statuses == {Status.IN_FORCE}):
                wrong.append((entry.id, on))
    assert wrong == []
    assert past > 0


def test_a_record_does_not_end_with_its_document(library: Library, built: dict[str, Passage]) -> None:
    ended = [f for f in library.citable_facts.values() if f.nature is Nature.RECORD and not f.valid_to]
    assert "L01-shisiwu-guihua#enrolment_2020" in {fact.ref for fact in ended}
    assert {built[fact.ref].valid_to for fact in ended} == {None}


@pytest.mark.parametrize(
    ("on", "keys"),
    [
        ("2022-06-01", {"quota_2021"}),
        ("2023-10-01", {"quota_2023"}),
        ("2024-09-01", {"quota_2024"}),
        ("2026-11-23", {"quota_2024"}),
    ],
)
def test_a_search_as_of_a_day_finds_the_ceiling_of_that_day(
    engine: WhooshEngine, on: str, keys: set[str]
) -> None:
    """Through the real engine: the passages' days are what its filter looks at."""
    wanted = SearchFilter(
        kinds=frozenset({PassageKind.FACT}),
        documents=frozenset({LOAN}),
        valid_on=date.fromisoformat(on),
    )
    hits = engine.search(SearchQuery("助学贷款每年最高额度", top_k=20, filter=wanted)).hits
    found = {hit.passage.id.partition("#")[2] for hit in hits}
    assert {key for key in found if key.startswith("quota_")} == keys


def test_a_refresh_of_the_same_library_changes_nothing(engine: WhooshEngine, library: Library) -> None:
    stats = engine.refresh(passages(library))
    count = len(list(passages(library)))
    assert (stats.passages, stats.added, stats.removed, stats.unchanged) == (count, 0, 0, count)
    assert not stats.rebuilt


def test_only_what_an_editor_changed_is_written(library: Library, tmp_path: Path) -> None:
    """One fact reworded: its own passage, no other."""
    engine = WhooshEngine(tmp_path)
    engine.refresh(passages(library))
    facts = tuple(
        replace(fact, keywords=(*fact.keywords, "助学新词")) if fact.key == "quota_2024" else fact
        for fact in library.documents[LOAN].facts
    )
    stats = engine.refresh(passages(changed(library, facts=facts)))
    assert (stats.added, stats.unchanged, stats.rebuilt) == (1, stats.passages - 1, False)
    engine.close()
