"""The same question in five voices."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.models import Answer
from bot.rehearsal.personas import MOST_FOLLOW_UPS, Persona, Reason, cast, fill, read_cast
from knowledge.errors import LibraryInvalid
from knowledge.figures import document_numbers, figures
from knowledge.library import Library
from tests.conftest import Hotline

PERSONAS = list(cast().personas.values())
TELLING = ("{source}", "{should}")
SMALL = """\
personas:
  - id: parent
    name: 家长
    patience: 1
    frames: ["{question}"]
    follow_ups:
      empty: [a]
      off_topic: [a]
      wrong: [a]
      stale: [a]
      over_promise: [a]
      too_long: [a]
      missed: [a]
      office: [a]
      deadline: [a]
      office_deadline: [a]
    thanks: [a]
    gives_up: [a]
asks:
  金额: [a]
ask_any: [a]
"""


def wordings(persona: Persona) -> list[str]:
    follow_ups = [wording for found in persona.follow_ups.values() for wording in found]
    return [*persona.frames, *follow_ups, *persona.thanks, *persona.gives_up]


def answering(answer: Answer) -> tuple[str, frozenset[str]]:
    facts = frozenset(f"{cited.document}#{key}" for cited in answer.citations for key in cited.facts)
    return answer.outcome, facts


def test_the_five_personas_are_there() -> None:
    assert list(cast().personas) == ["parent", "complainant", "reporter", "teacher", "grandparent"]


def test_a_worded_question_gets_the_same_facts(library: Library, hotline: Hotline) -> None:
    """Every opening in turn over every second FAQ question; the target is nine of ten."""
    frames = [frame for persona in PERSONAS for frame in persona.frames]
    entries = [entry for entry in library.citable_faq if entry.facts][::2]
    kept = 0
    for number, entry in enumerate(entries):
        worded = fill(frames[number % len(frames)], question=entry.question)
        kept += answering(hotline.ask(worded)) == answering(hotline.ask(entry.question))
    assert kept / len(entries) >= 0.9


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.id)
def test_a_persona_adds_no_figure_and_no_document(persona: Persona) -> None:
    for wording in wordings(persona):
        assert figures(wording) == frozenset()
        assert document_numbers(wording) == frozenset()
        assert "《" not in wording


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.id)
def test_the_question_stands_in_the_opening_word_for_word(persona: Persona) -> None:
    said = {persona.words("初中作业写多久", random.Random(seed)) for seed in range(30)}
    assert len(said) == len(persona.frames) >= 3
    assert all("初中作业写多久？" in text for text in said)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.id)
def test_only_who_quotes_gives_the_answer_away(persona: Persona) -> None:
    telling = [wording for wording in wordings(persona) if any(blank in wording for blank in TELLING)]
    assert bool(telling) == persona.quotes == (persona.id == "reporter")


def test_patience_is_never_longer_than_two_follow_ups() -> None:
    assert {persona.patience for persona in PERSONAS} == {1, MOST_FOLLOW_UPS}


def test_the_same_seed_gives_the_same_words() -> None:
    parent = cast().personas["parent"]
    assert parent.words("问", random.Random(7)) == parent.words("问", random.Random(7))


def test_insisting_again_is_said_otherwise() -> None:
    parent = cast().personas["parent"]
    first = parent.insists(Reason.OFFICE, random.Random(1))
    again = {parent.insists(Reason.OFFICE, random.Random(seed), {first}) for seed in range(20)}
    assert first not in again


def test_every_aspect_of_the_library_has_a_way_to_ask(library: Library) -> None:
    assert set(cast().asks) == set(library.aspects)


def test_a_fact_is_asked_for_by_its_first_known_aspect() -> None:
    dice = random.Random(1)
    assert cast().ask_for(("没有这一方面", "金额"), dice) in cast().asks["金额"]
    assert cast().ask_for((), dice) in cast().ask_any


def test_braces_in_a_question_are_text() -> None:
    assert fill("请问{question}", question="{said}和{x}") == "请问{said}和{x}"


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("patience: 1", "patience: 5", "应在 0 到 2 之间"),
        ('frames: ["{question}"]', "frames: [没有问题]", "应有一处 {question}"),
        ("wrong: [a]", 'wrong: ["{should}"]', "不能用 {should}"),
        ("deadline: [a]\n", "deadline: []\n", "至少要写一句"),
        ("name: 家长", "nama: 家长", "nama"),
        ("ask_any: [a]", "", "ask_any"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    path = tmp_path / "personas.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert list(read_cast(path).personas) == ["parent"]
    assert before in SMALL
    path.write_text(SMALL.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(LibraryInvalid) as raised:
        read_cast(path)
    assert any(complaint in str(problem) for problem in raised.value.problems)
    assert all(str(problem).startswith("personas.yaml:") for problem in raised.value.problems)
