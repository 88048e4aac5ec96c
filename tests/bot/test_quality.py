"""The judge itself: hand-made answers with known verdicts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.models import Answer, Citation, Outcome
from bot.quality import Expectation, judge, plain, read_expectations, summarise

QUOTA = "loan#quota"


def expects(**changes: object) -> Expectation:
    """A plain question that must be answered from one fact, with one figure."""
    given: dict[str, object] = {
        "id": "t-1",
        "kind": "plain",
        "turns": ("问",),
        "outcomes": frozenset({"answered"}),
        "facts_any": (frozenset({QUOTA}),),
        "must": (("20000元",),),
        "not_current": ("16000元",),
        "as_of": None,
    }
    return Expectation(**(given | changes))  # type: ignore[arg-type]


def cites(*refs: str) -> tuple[Citation, ...]:
    return tuple(
        Citation(doc, "", None, "", "", "", (key,), "in_force", None, None)
        for doc, _, key in (ref.partition("#") for ref in refs)
    )


def says(text: str, *refs: str, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    return Answer(outcome, text, citations=cites(*(refs or (QUOTA,))))


def test_a_right_answer_is_right() -> None:
    verdict = judge(expects(), says("每人每年20000元。此前是16000元。"))
    assert verdict.right
    assert (verdict.outcome_right, verdict.facts_right, verdict.words_right, verdict.stale) == (
        True,
        True,
        True,
        False,
    )


def test_another_outcome_is_wrong() -> None:
    verdict = judge(expects(), says("没有写。", outcome=Outcome.ABSTAINED))
    assert not verdict.outcome_right
    assert not verdict.right


def test_any_of_the_allowed_outcomes_is_right() -> None:
    either = expects(outcomes=frozenset({"abstained", "clarify"}))
    assert judge(either, says("问哪个学段？", outcome=Outcome.CLARIFY)).right
    assert not judge(either, says("20000元。")).right


def test_each_group_of_facts_needs_one_citation() -> None:
    both = expects(facts_any=(frozenset({QUOTA, "loan#other"}), frozenset({"sleep#hours"})))
    assert not judge(both, says("20000元。", QUOTA)).facts_right
    assert judge(both, says("20000元。", "loan#other", "sleep#hours")).facts_right


def test_facts_are_judged_only_where_something_was_answered() -> None:
    lenient = expects(outcomes=frozenset({"answered", "abstained"}))
    assert judge(lenient, says("没有写。", "x#y", outcome=Outcome.ABSTAINED)).right
    assert not judge(lenient, says("20000元。", "x#y")).facts_right


def test_no_groups_means_any_citation_will_do() -> None:
    assert judge(expects(facts_any=()), says("20000元。", "x#y")).facts_right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("最高20000元", True),
        ("最高 20 000 元", True),
        ("最高２００００元", True),
        ("最高20,000元", True),
        ("最高20，000元", True),
        ("最高120000元", False),
        ("最高1.20000元", False),
        ("最高2万元", False),
        ("最高20000块", False),
    ],
)
def test_a_figure_is_found_whole_whatever_its_width_and_spacing(text: str, right: bool) -> None:
    assert judge(expects(), says(text)).words_right is right


@pytest.mark.parametrize(
    ("word", "text", "right"),
    [
        ("97%", "97%以上", True),
        ("97%", "197%以上", False),
        ("6", "年满6周岁", True),
        ("6", "16周岁", False),
        ("6", "6.5周岁", False),
        ("2024", "在2024", True),
        ("2024", "在20245", False),
    ],
)
def test_a_digit_at_the_edge_touches_no_other_digit(word: str, text: str, right: bool) -> None:
    assert judge(expects(must=((word,),)), says(text)).words_right is right


def test_one_word_of_each_group_is_enough() -> None:
    groups = expects(must=(("二倍", "2倍"), ("县级",)))
    assert judge(groups, says("由县级部门罚2倍")).words_right
    assert not judge(groups, says("罚2倍")).words_right


def test_words_are_judged_on_redirects_but_not_on_abstentions() -> None:
    call = expects(outcomes=frozenset({"redirect"}), facts_any=(), must=(("110",),), not_current=())
    assert judge(call, says("请拨打110。", outcome=Outcome.REDIRECT)).right
    assert not judge(call, says("请等一等。", outcome=Outcome.REDIRECT)).words_right
    silent = expects(outcomes=frozenset({"abstained"}), facts_any=())
    assert judge(silent, says("没有写。", outcome=Outcome.ABSTAINED)).right


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        ("现在20000元。此前是16000元。", False),
        ("现在20000元；原来16000元，已被取代。", False),
        ("现在20000元。也可以按16000元。", True),
        ("此前是16000元。现在20000元。", True),
        ("最高16000元。", True),
        ("20000元，16000元。", True),
        ("现在20000元。116000元不算。", False),
        ("现在20000元。", False),
    ],
)
def test_a_former_figure_must_be_marked_and_come_second(text: str, stale: bool) -> None:
    assert judge(expects(), says(text)).stale is stale


def test_a_stale_figure_makes_a_complete_answer_wrong() -> None:
    verdict = judge(expects(), says("20000元。也可以按16000元。"))
    assert verdict.words_right
    assert not verdict.right


def test_text_is_made_plain() -> None:
    assert plain(" １２，３４５ 元\n（约） ") == "12345元(约)"
    assert plain("1,23") == "1,23"


def test_shares_over_a_set() -> None:
    refused = says("没有写。", outcome=Outcome.ABSTAINED)
    closed = expects(outcomes=frozenset({"abstained"}), kind="unanswerable", facts_any=())
    figures = summarise(
        [
            judge(expects(), says("20000元。")),
            judge(expects(), says("20000元。", QUOTA, "x#y")),
            judge(expects(), says("按16000元。")),
            judge(expects(), refused),
            judge(closed, refused),
            judge(closed, says("20000元。")),
        ]
    )
    assert (figures.questions, figures.answerable, figures.unanswerable) == (6, 4, 2)
    assert figures.right == 0.5
    assert figures.facts_right == 0.5
    assert figures.false_refusals == 0.25
    assert figures.unanswerable_answered == 0.5
    assert figures.stale == 1
    assert figures.citation_precision == 0.75
    assert figures.by_kind == {"plain": (2, 4), "unanswerable": (1, 2)}


def test_a_question_that_may_go_either_way_counts_to_neither_share() -> None:
    either = expects(outcomes=frozenset({"answered", "clarify"}))
    figures = summarise([judge(either, says("20000元。"))])
    assert (figures.answerable, figures.unanswerable, figures.questions) == (0, 0, 1)


def test_an_empty_set_has_no_shares() -> None:
    figures = summarise([])
    assert (figures.questions, figures.right, figures.citation_precision) == (0, 0.0, 0.0)


def written(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf-8")
    return path


def test_a_row_is_read_with_all_its_fields(tmp_path: Path) -> None:
    full = {
        "id": "a",
        "kind": "followup",
        "turns": ["一", "二"],
        "expect": ["answered", "clarify"],
        "facts_any": [["d#a", "d#b"]],
        "must": ["甲", ["乙", "丙"]],
        "not_current": ["丁"],
        "as_of": "2024-10-01",
    }
    simple = {"id": "b", "kind": "plain", "question": "问", "expect": "answered"}
    first, second = read_expectations(written(tmp_path, full, "", simple))
    assert first == Expectation(
        "a",
        "followup",
        ("一", "二"),
        frozenset({"answered", "clarify"}),
        (frozenset({"d#a", "d#b"}),),
        (("甲",), ("乙", "丙")),
        ("丁",),
        date(2024, 10, 1),
    )
    assert second.turns == ("问",)
    assert second.outcomes == frozenset({"answered"})
    assert not second.must
    assert second.as_of is None


@pytest.mark.parametrize(
    "row",
    [
        "{",
        '"text"',
        {"id": "a", "kind": "plain", "expect": "answered"},
        {"id": "a", "kind": "plain", "question": "问"},
        {"id": "a", "kind": "plain", "question": "问", "expect": "answered", "must": "甲"},
        {"id": "a", "kind": "plain", "question": "问", "expect": "answered", "as_of": "soon"},
    ],
)
def test_a_malformed_row_is_named_with_file_and_line(tmp_path: Path, row: object) -> None:
    good = {"id": "b", "kind": "plain", "question": "问", "expect": "answered"}
    with pytest.raises(UsageError, match=r"questions\.jsonl:2"):
        list(read_expectations(written(tmp_path, good, row)))
