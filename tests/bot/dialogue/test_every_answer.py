"""What holds for every answer of the real library on any day: figures, order, status, notices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from bot.dialogue.guardrails import evidence_text, unsupported_figures
from bot.models import Answer, Citation, Outcome
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Fact, Nature
from tests.conftest import TODAY, Hotline

Ask = Callable[..., Answer]

STEP = 11
"""Of the library's own questions every so many-th is asked: all of them take half a minute a day."""
OTHER_DAYS = (date(2022, 6, 1), date(2024, 3, 1))
PAST = {"superseded", "expired"}
YEAR = re.compile(r"(?:19|20)\d\d")
MARKS = re.compile(r"此前|以前|之前|当时|当年|旧|曾|历史|不再|停用|更早|再早|\d{4}年")


def own_questions(library: Library) -> list[str]:
    """Everything that the library says it can answer."""
    asked = [question for fact in library.citable_facts.values() for question in fact.asks]
    for entry in library.citable_faq:
        if entry.facts and not entry.undetermined:
            asked += [entry.question, *entry.variants]
    return list(dict.fromkeys(asked))


def open_questions(library: Library) -> list[str]:
    """What it says is left open, and guidance without a published basis."""
    entries = [entry for entry in library.citable_faq if entry.undetermined or not entry.facts]
    return [question for entry in entries for question in (entry.question, *entry.variants)]


@pytest.fixture(scope="module")
def answers(hotline: Hotline, library: Library) -> list[tuple[date, str, Answer]]:
    """A sample of the library's own questions, today and on other days."""
    sample = [*own_questions(library)[::STEP], *open_questions(library)[::STEP]]
    on_days = [(TODAY, question) for question in sample]
    on_days += [(day, question) for day in OTHER_DAYS for question in sample[:: len(OTHER_DAYS)]]
    return [(day, question, hotline.ask(question, on=day)) for day, question in on_days]


def cited(library: Library, answer: Answer, *statuses: str) -> list[Fact]:
    return [
        library.facts[f"{citation.document}#{key}"]
        for citation in answer.citations
        for key in citation.facts
        if not statuses or citation.status in statuses
    ]


def background(library: Library, answer: Answer) -> list[Fact]:
    """Facts that a prepared answer in the text names as past or as context."""
    entries = [entry for entry in library.citable_faq if entry.answer in answer.answer]
    return [library.facts[ref] for entry in entries for ref in entry.background]


def test_the_library_answers_its_own_questions(
    library: Library, answers: list[tuple[date, str, Answer]]
) -> None:
    own = set(own_questions(library))
    today = [answer.outcome for day, question, answer in answers if day == TODAY and question in own]
    assert len(today) > 200
    assert sum(outcome is Outcome.ANSWERED for outcome in today) > 0.9 * len(today)


def test_what_is_left_open_is_not_answered(library: Library, answers: list[tuple[date, str, Answer]]) -> None:
    left_open = set(open_questions(library)) - set(own_questions(library))
    today = [answer.outcome for day, question, answer in answers if day == TODAY and question in left_open]
    assert len(today) > 20
    assert sum(outcome is Outcome.ANSWERED for outcome in today) < 0.1 * len(today)


def test_every_figure_of_every_answer_has_its_basis(
    library: Library, answers: list[tuple[date, str, Answer]]
) -> None:
    """DESIGN §5 rule 2, checked from the outside."""
    faults = []
    for day, question, answer in answers:
        cards = [library.documents[c.document] for c in answer.citations if not c.facts]
        facts = [*cited(library, answer), *background(library, answer)]
        offices = [answer.office.id] if answer.office else []
        loose = unsupported_figures(answer.answer, evidence_text(library, facts, cards, offices))
        asked_day = {str(day.year), str(day.month), str(day.day)}
        if loose - asked_day:
            faults.append((day, question, loose))
    assert faults == []


def test_no_figure_of_the_past_precedes_a_current_one(
    library: Library, answers: list[tuple[date, str, Answer]]
) -> None:
    """DESIGN §5 rule 1: a figure that only a past rule holds comes later, in a marked sentence, or after
    the notice that the rule has ended. A bare year names a notice; it is no figure that can go stale."""
    faults = []
    for day, question, answer in answers:
        past = [fact for fact in cited(library, answer, *PAST) if fact.nature is not Nature.RECORD]
        now = figures(" ".join(fact.statement for fact in cited(library, answer, "in_force")))
        told = figures(" ".join(fact.statement for fact in past)) - now
        stale = {f for f in told if len(f) > 1 and not YEAR.fullmatch(f)}
        if stale and not answer.answer.startswith("先说明"):
            faults += [(day, question, said) for said in unmarked(answer.answer, stale)]
            faults += [(day, question, said) for said in early(answer.answer, stale, now)]
    assert faults == []


def unmarked(text: str, stale: set[str]) -> list[str]:
    """Sentences with a past figure and without a word that says so."""
    said = [s for s in re.split(r"[。；\n]", text) if not s.startswith(("依据", "咨询"))]
    return [sentence for sentence in said if figures(sentence) & stale and not MARKS.search(sentence)]


def early(text: str, stale: set[str], now: frozenset[str]) -> list[str]:
    """The first sentence with a figure, where it has past ones only although a current one follows."""
    said = [s for s in re.split(r"[。；\n]", text) if figures(s) & (stale | now)]
    return said[:1] if len(said) > 1 and not figures(said[0]) & now else []


def test_what_has_ended_is_said_to_have_ended(
    library: Library, answers: list[tuple[date, str, Answer]]
) -> None:
    """An answer that rests on nothing in force begins with the notice; a count is called one of its time.
    An abstention rests on nothing: it names the past only for contrast."""
    faults = []
    for day, question, answer in (a for a in answers if a[2].outcome is Outcome.ANSWERED):
        past = cited(library, answer, *PAST)
        if past and len(past) == len(cited(library, answer)) and not answer.answer.startswith("先说明"):
            counts = all(fact.nature is Nature.RECORD for fact in past)
            if not counts or "当时" not in answer.answer:
                faults.append((day, question, answer.answer))
    assert faults == []


def test_nothing_is_cited_before_its_time(library: Library, answers: list[tuple[date, str, Answer]]) -> None:
    for day, question, answer in answers:
        for citation in answer.citations:
            rules = [k for k in citation.facts if not is_record(library, citation, k)]
            assert citation.status != "not_yet", (day, question)
            assert not rules or sound(citation, day), (day, question, citation)


def test_no_record_is_known_before_its_document(ask: Ask) -> None:
    """In June 2022 nobody knew the draft of November 2022 or the rules of 2023."""
    answer = ask("网上那份校外培训处罚办法43条的能用吗", on=date(2022, 6, 1))
    assert "01-xiaowai-peixun-chufa" not in {c.document for c in answer.citations}


def is_record(library: Library, citation: Citation, key: str) -> bool:
    return library.facts[f"{citation.document}#{key}"].nature is Nature.RECORD


def sound(citation: Citation, day: date) -> bool:
    """Status and days agree."""
    if citation.status == "in_force":
        began = citation.valid_from is None or citation.valid_from <= day
        return began and (citation.valid_to is None or citation.valid_to >= day)
    return citation.valid_to is None or citation.valid_to <= day


def test_confidence_lies_between_nothing_and_certainty(answers: list[tuple[date, str, Answer]]) -> None:
    values = {answer.confidence for _, _, answer in answers}
    assert min(values) >= 0.0
    assert max(values) <= 1.0
    assert len(values) > 1


def test_answers_are_short_and_come_with_office_and_source(
    answers: list[tuple[date, str, Answer]],
) -> None:
    answered = [answer for _, _, answer in answers if answer.outcome is Outcome.ANSWERED]
    for answer in answered:
        assert answer.office is not None
        assert answer.citations
        assert len(answer.answer) < 1200
        assert "依据：" in answer.answer or not any(c.facts for c in answer.citations)
        assert len(answer.suggestions) <= 4
    direct = [len(answer.answer.splitlines()[0]) for answer in answered]
    assert sum(length <= 120 for length in direct) > 0.9 * len(direct)


def test_the_notice_of_an_unverified_basis_is_in_the_text_and_beside_it(
    library: Library, answers: list[tuple[date, str, Answer]]
) -> None:
    notice = "该条依据待核对官方原文"
    for day, question, answer in answers:
        weak = any(fact.evidence in {"mirror", "weak", "model"} for fact in cited(library, answer))
        if answer.citations:
            assert (notice in answer.answer) is weak, (day, question)
            assert (notice in answer.notices) is weak, (day, question)


def test_hidden_facts_are_never_cited(library: Library, answers: list[tuple[date, str, Answer]]) -> None:
    shown = {fact.ref for _, _, answer in answers for fact in cited(library, answer)}
    assert shown <= set(library.citable_facts)
    assert set(library.facts) - set(library.citable_facts)


def test_every_figure_stands_in_a_citation(library: Library, hotline: Hotline) -> None:
    """Read strictly (DESIGN §4, §5 rule 2): an outside check sees the citations and nothing else."""
    faults = []
    for entry in library.citable_faq:
        answer = hotline.ask(entry.question)
        if answer.outcome is Outcome.ANSWERED:
            seen = " ".join(visible(citation) for citation in answer.citations)
            office = f"{answer.office.phone} {answer.office.note}" if answer.office else ""
            loose = figures(answer.answer) - figures(f"{seen} {office}") - figures("110 119 120 12345 24小时")
            faults += [(entry.id, loose)] if loose else []
    assert faults == []


def visible(citation: Citation) -> str:
    """All text of a citation."""
    days = f"{citation.valid_from} {citation.valid_to}".replace("-", " ")
    return f"{citation.title} {citation.doc_no} {citation.clause} {citation.quote} {days}"
