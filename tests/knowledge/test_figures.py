"""Figures and document numbers in one comparable form."""

from __future__ import annotations

import pytest

from knowledge.figures import document_numbers, figures, unsupported


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("本专科生20000元、研究生25000元", {"20000", "25000"}),
        ("最多20,000元", {"20000"}),
        ("最多２０，０００元", {"20000"}),
        ("最多2万元", {"20000"}),
        ("最多 2 万元", {"20000"}),
        ("最多两万元", {"20000"}),
        ("最多1.6万元", {"16000"}),
        ("投入1.11万元", {"11100"}),
        ("投入1.005万元", {"10050"}),
        ("二十个工作日内答复", {"20"}),
        ("提前三个月", {"3"}),
        ("年满一周岁", {"1"}),
        ("一百二十分钟", {"120"}),
        ("占98.50%", {"98.5"}),
        ("007号", {"7"}),
        ("2024年9月1日", {"2024", "9", "1"}),
        ("十五五规划、第一时间、统一安排、千万注意", set()),
        ("没有数字", set()),
        ("", set()),
    ],
)
def test_figures_of_a_text(text: str, found: set[str]) -> None:
    """Width, separators, 万 and Chinese numerals before a unit make no difference."""
    assert figures(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "财教〔2024〕188号",
        "财教[2024]188号",
        "财教［2024］188号",
        "财教（2024）188号",
        "财教〔 ２０２４ 〕188 号",
    ],
)
def test_a_document_number_is_the_same_in_any_brackets(text: str) -> None:
    assert document_numbers(f"见{text}。") == {"2024/188"}


def test_text_without_a_number_has_none() -> None:
    assert document_numbers("2024年第188号公告，共12条") == frozenset()


def test_unsupported_names_what_the_evidence_does_not_hold() -> None:
    """Also a document number whose parts stand in the evidence, but not together."""
    evidence = "自2024年9月1日起，本专科生每人每年最高20000元。财教〔2024〕188号第7条"
    assert unsupported("每年最高2万元", evidence) == frozenset()
    assert unsupported("每年最高16000元", evidence) == {"16000"}
    assert unsupported("见财教〔2024〕188号", evidence) == frozenset()
    assert unsupported("见财教〔2024〕7号", evidence) == {"2024/7"}
    assert unsupported("不写数字", "") == frozenset()
