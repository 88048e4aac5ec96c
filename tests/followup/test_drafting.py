"""FAQ drafts: only from published facts, in the format of the library, never in an official's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.briefing.forecast.resting import Reader
from bot.briefing.models import Review
from bot.errors import UsageError
from bot.followup.draft_checks import faults, require_sound
from bot.followup.drafting import Proposals, propose, worded
from bot.followup.faq_file import faq_yaml
from bot.followup.models import AskedQuestion, DraftKind, FaqDraft
from bot.models import Answer
from knowledge.errors import Problem
from knowledge.library import Library
from knowledge.models import FaqEntry
from knowledge.reading import read_faq
from knowledge.validation import link_problems
from knowledge.yaml_reader import read_entry

ON = date(2026, 12, 10)
ASKED = (
    ("楼上有人在家教小孩算术还收钱，能告他不", "可以，罚款30万元。"),
    ("校车司机的工资谁来发", "由公司发。"),
    ("家门口的路灯坏了谁来修", ""),
    ("研究生助学贷款一年最高能贷几多", ""),
)


@pytest.fixture
def reader(library: Library, ask: Callable[..., Answer]) -> Reader:
    return Reader(library, ON, lambda question: ask(question, on=ON))


def asked(*questions: tuple[str, str]) -> list[AskedQuestion]:
    return [
        AskedQuestion("20261210-hotline", number, question, answer, bool(answer))
        for number, (question, answer) in enumerate(questions, start=1)
    ]


def in_review(drafts: list[FaqDraft], sha256: str = "") -> list[FaqDraft]:
    review = Review("F1", 1, "甲", sha256=sha256)
    waiting = None if sha256 else review.waiting
    return [
        replace(draft, review=replace(review, briefing=f"F{n}", waiting=waiting))
        for n, draft in enumerate(drafts, start=1)
    ]


def entries_of(text: str, directory: Path) -> list[FaqEntry]:
    """The entries of a draft file, each part read as a file of ``knowledge/faq``."""
    found: list[FaqEntry] = []
    for part in text.split("\n---\n")[1:]:
        document = part.split('document: "')[1].split('"')[0]
        path = directory / f"{document}.yaml"
        path.write_text(part, "utf-8")
        problems: list[Problem] = []
        entry = read_entry(path, path.name, problems)
        assert entry is not None, problems
        found += read_faq(entry)
        assert problems == []
    return found


def test_every_question_is_a_draft_or_in_a_list(reader: Reader, library: Library) -> None:
    found = propose(asked(*ASKED), reader, library)
    told = [*found.unpublished, *found.known, *found.others]
    assert sorted([*(draft.number for draft in found.drafts), *(one.number for one in told)]) == [1, 2, 3, 4]
    assert [one.number for one in found.unpublished] == [2]
    assert found.unpublished[0].office
    assert [one.number for one in found.others] == [3]


def test_a_new_wording_is_a_variant_of_its_entry(reader: Reader, library: Library) -> None:
    (draft,) = propose(asked(ASKED[0]), reader, library).drafts
    entry = next(entry for entry in library.faq if entry.id == draft.entry)
    assert draft.kind is DraftKind.VARIANT
    assert draft.question == ASKED[0][0]
    assert (draft.entry_question, draft.answer) == (entry.question, entry.answer)
    assert draft.doubts == ("300000",)


def test_a_new_entry_names_the_entries_that_are_near(reader: Reader, library: Library) -> None:
    (draft,) = in_review(propose(asked(("研究生助学贷款一年最高能贷几多", "")), reader, library).drafts)
    assert draft.kind is DraftKind.ENTRY
    near = [entry for entry in library.faq if draft.facts[0] in entry.facts]
    text = faq_yaml([draft], Proposals(), library, ON)
    assert f"# 相近的已有条目 {near[0].id}（{near[0].question}）" in text


def test_questions_asked_at_once_are_read_one_by_one(reader: Reader, library: Library) -> None:
    both = "研究生助学贷款一年最高能贷几多？家门口的路灯坏了谁来修？"
    found = propose(asked((both, "")), reader, library)
    assert [draft.question for draft in found.drafts] == ["研究生助学贷款一年最高能贷几多？"]
    assert [one.question for one in found.others] == ["家门口的路灯坏了谁来修？"]


def test_a_wording_that_is_there_gives_no_draft(reader: Reader, library: Library) -> None:
    entry = next(entry for entry in library.citable_faq if entry.facts)
    found = propose(asked((f"{entry.question}！", "")), reader, library)
    assert found.drafts == []
    assert len(found.known) == 1


def test_what_is_drafted_is_not_drafted_again(reader: Reader, library: Library) -> None:
    first = propose(asked(*ASKED), reader, library).drafts
    assert first
    again = propose(asked(*ASKED), reader, library, first)
    assert again.drafts == []
    assert len(again.known) == len(first)


def test_new_entries_hold_only_what_their_facts_hold(
    library: Library, reader: Reader, tmp_path: Path
) -> None:
    """Asked of a library without FAQ, everything that facts answer becomes a new entry."""
    bare = replace(library, faq=())
    questions = [
        (entry.variants[0], "是的，另外补贴77777元。")
        for entry in library.citable_faq[::12]
        if entry.variants
    ]
    without = Reader(bare, ON, reader._answer)
    drafts = in_review(propose(asked(*questions), without, bare).drafts)
    assert {draft.kind for draft in drafts} == {DraftKind.ENTRY}
    assert len(drafts) > 3
    text = faq_yaml(drafts, Proposals(), bare, ON)
    entries = entries_of(text, tmp_path)
    assert len(entries) == len(drafts)
    assert link_problems(replace(bare, faq=tuple(entries))) == []
    assert all("77777" not in entry.answer for entry in entries)
    assert "# 待核对，当场答复里这些数字在依据里找不到：77777" in text
    for draft in drafts:
        assert faults(draft, bare, ON) == ()


def test_hostile_text_stays_text(library: Library, reader: Reader, tmp_path: Path) -> None:
    (draft,) = propose(asked(ASKED[0]), reader, library).drafts
    nasty = 'a"b\\ # c: [d]\u2028- e\u0085\n---\nfacts: [] \U0001f600'
    (changed,) = in_review([replace(draft, question=nasty, spoken=nasty, doubts=(nasty,))])
    (entry,) = entries_of(faq_yaml([changed], Proposals(), library, ON), tmp_path)
    assert entry.question == draft.entry_question
    assert entry.variants == ('a"b\\ # c: [d] - e --- facts: [] \U0001f600',)


def test_passed_drafts_stand_apart(library: Library, reader: Reader) -> None:
    drafts = in_review(propose(asked(*ASKED), reader, library).drafts, sha256="0" * 64)
    text = faq_yaml(drafts, Proposals(), library, ON)
    passed, _, waiting = text.partition("==== 待审")
    assert "document:" in passed
    assert "document:" not in waiting
    altered = faq_yaml(drafts, Proposals(), library, ON, [draft.id for draft in drafts])
    assert "document:" not in altered.partition("==== 待审")[0]
    assert "不能用" in altered


def test_an_answer_with_figures_of_its_own_cannot_pass(library: Library, reader: Reader) -> None:
    bare = replace(library, faq=())
    found = propose(asked(("研究生助学贷款一年能贷多少", "")), Reader(bare, ON, reader._answer), bare)
    (draft,) = in_review(found.drafts)
    require_sound(draft, bare, ON)
    with pytest.raises(UsageError, match="99999"):
        require_sound(replace(draft, answer="每年最高99999元。"), bare, ON)
    with pytest.raises(UsageError, match="没有这条事实"):
        require_sound(replace(draft, facts=("x#y",)), bare, ON)


def test_a_draft_is_unsound_once_its_facts_have_ended(library: Library, reader: Reader) -> None:
    ended = next(fact for fact in library.citable_facts.values() if fact.valid_to and fact.superseded_by)
    draft = FaqDraft(DraftKind.ENTRY, "e", 1, ended.document, "问", ended.statement, (ended.ref,))
    assert any("已不是现行规定" in fault for fault in faults(draft, library, ON))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("请丁局长介绍一下助学贷款。", "介绍一下助学贷款。"),
        ("局长您好，请问贷款怎么还？", "贷款怎么还？"),
        ("孩子满六岁能上学吗？我电话[电话]", "孩子满六岁能上学吗？"),
        ("我叫[姓名]，想问转学要什么材料", "想问转学要什么材料"),
        ("班主任能收费补课吗", "班主任能收费补课吗"),
        ("请问班主任能收费补课吗", "班主任能收费补课吗"),
    ],
)
def test_who_asks_and_who_is_addressed_stay_out_of_a_wording(question: str, expected: str) -> None:
    assert worded(question) == expected
