"""Marks stand where the text says what the question says, however either is spelled."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import normalise, tokens
from index.highlights import Highlighter, marked


def shown(question: str, text: str) -> str:
    return marked(text, Highlighter(question).spans(text), "【", "】")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("助学贷款", "國家【助學貸款】的額度"),
        ("一年两万元", "每學年最高【２００００元】"),
        ("20000元", "不超过【两万元】，共120000元"),
        ("第三条", "按照【第三条】、第十三条和【第3条】的规定"),
        ("3年", "满13年，满【三年】，满3.3年"),
        ("百分之五", "不低于【５％】，不是5.5%"),
        ("ABC", "【ａｂｃ】 xabc 【Abc】。"),
        ("课后服务", "【课后】\n【服务】，【课后服务】"),
        ("研究生贷款", "【研\u200b究生贷款】"),
        ("税", "个人所得【税】"),
        ("收税", "个人所得税"),
        ("", "没有问题"),
        ("？！", "只有标点？！"),
    ],
)
def test_matches_are_marked(question: str, expected: str) -> None:
    text = expected.replace("【", "").replace("】", "")
    assert shown(question, text) == expected


alphabet = st.sampled_from("助學学貸贷款两二万0２0.%％百分之五年级第三条，。\n a１Aé\u200b½İ")
strings = st.text(alphabet, max_size=40) | st.text(max_size=30)


@given(strings, strings)
def test_spans_are_inside_in_order_and_apart(question: str, text: str) -> None:
    """Never empty, never touching, never outside."""
    spans = Highlighter(question).spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert marked(text, spans, "", "") == text


plain = st.text(st.sampled_from("助学學貸贷款Ａａb１2。 "), max_size=30)


@given(plain, plain)
def test_only_what_the_question_says_is_marked(question: str, text: str) -> None:
    """Every character of a mark is, in its normal spelling, one of the question's."""
    asked = set(normalise(question))
    for start, end in Highlighter(question).spans(text):
        assert set(normalise(text[start:end])) <= asked


@given(plain, plain)
def test_every_pair_of_characters_that_both_have_is_marked(question: str, text: str) -> None:
    """Of Han characters, which no neighbour changes."""
    pairs = {term for term in tokens(question) if len(term) == 2 and not re.search(r"[a-z0-9]", term)}
    spans = Highlighter(question).spans(text)
    for number, (first, second) in enumerate(pairwise(text)):
        if normalise(first) + normalise(second) in pairs:
            assert any(start <= number and number + 2 <= end for start, end in spans)


@given(st.text("助学贷款额度课后服务时间", min_size=2, max_size=12))
def test_a_text_is_all_marked_by_its_own_words(text: str) -> None:
    """The question is the text."""
    assert Highlighter(text).spans(text) == ((0, len(text)),)
