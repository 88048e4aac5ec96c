"""The bundled library: complete, consistent, and true to the research sheets."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.loading import load
from knowledge.models import Confidence, DocumentKind, Evidence, Origin
from knowledge.validation import FEWEST_FAQ, check

SHEETS = Path(__file__).parents[3] / "shared" / "policies"
URL = re.compile(r"https?://[^\s；，、）)」》]+")
MIRRORS = (
    "996630.com",
    "siseiken.net",
    "tatchat.net",
    "goodshops.com.cn",
    "arenadancecomp.com",
    "6lm99.com",
)
"""Taken-over domains that carry copies of the bureau's pages: a trace at most, never a source."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def test_the_library_has_no_errors() -> None:
    """Warnings are for editors; ``load`` would not take errors either."""
    assert [str(p) for p in check(on=date(2026, 11, 23)) if p.severity == "error"] == []


def test_twenty_documents_six_of_them_local(library: Library) -> None:
    """Twelve passed on from above, two more about procedure, six of our own (one of them procedural)."""
    kinds = Counter((d.origin, d.role) for d in library.documents.values())
    assert kinds == {
        (Origin.FORWARDED, "policy"): 12,
        (Origin.FORWARDED, "procedural"): 2,
        (Origin.LOCAL, "policy"): 5,
        (Origin.LOCAL, "procedural"): 1,
    }
    procedural = {d.id[:3] for d in library.documents.values() if d.role == "procedural"}
    assert procedural == {"13-", "14-", "L07"}
    assert {d.kind for d in library.documents.values()} <= set(DocumentKind)


def test_every_document_is_published_and_none_is_fictional(library: Library) -> None:
    assert library.published == set(library.documents)
    assert not any(d.fictional for d in library.documents.values())
    assert not any(f.evidence is Evidence.FICTIONAL for f in library.facts.values())


def test_every_document_has_enough_questions(library: Library) -> None:
    counts = Counter(entry.document for entry in library.citable_faq)
    assert {d: counts[d] for d in library.documents if counts[d] < FEWEST_FAQ} == {}


def test_the_catalogue_has_thirty_one_columns_and_each_document_a_place(library: Library) -> None:
    assert len(library.categories) == 31
    assert [d.id for d in library.documents.values() if not d.categories] == []


def test_every_fact_can_be_found_and_said(library: Library) -> None:
    """A brief to say and questions that lead to it, for all that may answer."""
    assert [ref for ref, f in library.citable_facts.items() if not (f.brief and f.asks and f.aspects)] == []


def test_what_may_not_answer_stays_inside(library: Library) -> None:
    """Low confidence never reaches citizens, neither as the carrying fact nor as background."""
    low = {ref for ref, f in library.facts.items() if f.confidence is Confidence.LOW}
    assert low
    assert low.isdisjoint(library.citable_facts)
    assert {ref for e in library.citable_faq for ref in (*e.facts, *e.background)} <= set(
        library.citable_facts
    )


def test_an_entry_with_a_background_that_may_not_answer_is_not_given(library: Library) -> None:
    """Its text may carry that fact's figure."""
    low = next(f.ref for f in library.facts.values() if f.confidence is Confidence.LOW)
    entry = library.citable_faq[0]
    changed = replace(library, faq=(replace(entry, background=(low,)),))
    assert changed.citable_faq == ()
    assert replace(library, faq=(entry,)).citable_faq == (entry,)


def test_no_answer_holds_a_figure_without_a_basis(library: Library) -> None:
    """Written out once more here, so that the rule does not rest on the check alone."""
    wrong = []
    for entry in library.faq:
        bound = [library.facts[ref] for ref in (*entry.facts, *entry.background)]
        evidence = [f"{f.statement} {library.document_of(f).title}" for f in bound]
        evidence += [f.own_basis.text for f in bound if f.own_basis]
        if unsupported(entry.answer.replace("12345", ""), " ".join(evidence)):
            wrong.append(entry.id)
    assert wrong == []


def sources(library: Library) -> list[tuple[str, str]]:
    """Every address in the library with the place where it stands."""
    found = [(f.ref, url) for f in library.facts.values() for url in URL.findall(f.source)]
    found += [(d.id, url) for d in library.documents.values() if d.url for url in [d.url]]
    text = " ".join(
        [
            *(f.statement + f.brief for f in library.facts.values()),
            *(e.answer for e in library.faq),
            *(d.status_note + d.dates_note + d.doc_no_note for d in library.documents.values()),
        ]
    )
    return found + [("text", url) for url in URL.findall(text)]


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def test_no_source_is_a_domain_that_may_not_be_cited(library: Library) -> None:
    addresses = sources(library)
    assert len(addresses) > 30
    assert [(where, url) for where, url in addresses if host(url).endswith(MIRRORS)] == []


def test_a_document_is_linked_to_an_official_page_or_not_at_all(library: Library) -> None:
    linked = [d.url for d in library.documents.values() if d.url]
    assert linked
    assert [url for url in linked if not host(url).endswith(".gov.cn")] == []


def test_weak_evidence_names_no_address(library: Library) -> None:
    """What was seen on a mirror only, or known by a model only, has nothing to point at."""
    weak = [f for f in library.facts.values() if f.evidence in {Evidence.MIRROR, Evidence.MODEL}]
    assert weak
    assert [f.ref for f in weak if URL.search(f.source)] == []


def test_official_evidence_points_to_an_official_page_where_it_points(library: Library) -> None:
    """At least one address of it."""
    wrong = []
    for fact in library.facts.values():
        hosts = [host(url) for url in URL.findall(fact.source)]
        if fact.evidence is Evidence.OFFICIAL and hosts and not any(h.endswith(".gov.cn") for h in hosts):
            wrong.append(fact.ref)
    assert wrong == []


def sheets() -> dict[str, dict[str, Any]]:
    """The research sheets of the documents that are published (the fixture's has its own tests)."""
    if not SHEETS.is_dir():
        pytest.skip(f"the research sheets are not here: {SHEETS}")
    found = {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(SHEETS.glob("*.yaml"))}
    return {stem: sheet for stem, sheet in found.items() if not sheet["fictional"]}


def test_every_sheet_is_a_document_with_all_its_facts(library: Library) -> None:
    """Nothing lost on the way in, nothing made more certain than it is, nothing dated otherwise."""
    wanted = sheets()
    assert set(wanted) == set(library.documents)
    for stem, sheet in wanted.items():
        keys = {fact["key"] for fact in sheet["facts"]}
        assert {fact.key for fact in library.documents[stem].facts} >= keys
        for row in sheet["facts"]:
            fact = library.facts[f"{stem}#{row['key']}"]
            certainty = (fact.confidence.value, fact.evidence.value)
            assert certainty == (row["confidence"], row["evidence"]), fact.ref
            for name in ("valid_from", "valid_to"):
                if isinstance(row.get(name), date):
                    assert getattr(fact, name) == row[name], (fact.ref, name)
            if row.get("superseded_by_fact"):
                assert fact.superseded_by == row["superseded_by_fact"]


def test_no_document_number_is_filled_by_guess(library: Library) -> None:
    """A number that the sheets leave open stays open, with the reason beside it."""
    for stem, sheet in sheets().items():
        document = library.documents[stem]
        if sheet["doc_no"] is None:
            assert document.doc_no is None, stem
        assert document.doc_no or document.doc_no_note, stem


def test_documents_copy_no_sentence_of_the_sheets(library: Library) -> None:
    """Facts are carried over, sentences are our own."""
    copied = []
    for stem, sheet in sheets().items():
        statements = {row["statement"] for row in sheet["facts"]}
        copied += [f.ref for f in library.documents[stem].facts if f.statement in statements]
    assert copied == []
