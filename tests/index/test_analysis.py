"""Spelling and terms."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import normalise, tokens, words

NUMERIC = (
    "零〇○一二两三四五六七八九十百千万亿壹拾佰第年级个半小时分钟岁次点%百分之0123456789.,wW、统每几月条学期"
    "臺灣學於倫敦İ\u200b\n元"
)
WORDS = (
    "万一 一定 一些 统一 十分 千万 三审 两免一补 唯一 星期一 一次性 几十年 数百人 百万 一对一 三分之二 一般 "
    "十四五规划 初一 高三 双减 一站式 万万"
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("两万", "20000"),
        ("2万元", "20000元"),
        ("2w元", "20000元"),
        ("2W", "20000"),
        ("1.5万", "15000"),
        ("20,000元", "20000元"),
        ("六十分钟", "60分钟"),
        ("十分钟", "10分钟"),
        ("一万六", "16000"),
        ("2万5", "25000"),
        ("两千五", "2500"),
        ("三万五千六百七十八", "35678"),
        ("二十万零五百", "200500"),
        ("三千万", "30000000"),
        ("一万亿", "1000000000000"),
        ("百分之四十", "40%"),
        ("百分之三点五", "3.5%"),
        ("百分之百", "100%"),
        ("十五", "15"),
        ("二〇二四年", "2024年"),
        ("二○二四年", "2024年"),
        ("一个半小时", "1.5小时"),
        ("两个半月", "2.5个月"),
        ("一年半", "1.5年"),
        ("第十七条", "第17条"),
        ("第一百零二条", "第102条"),
        ("一年级", "1年级"),
        ("一、二年级", "1、2年级"),
        ("一二年级", "1、2年级"),
        ("满六周岁", "满6周岁"),
        ("第一学期一年级", "第1学期1年级"),
        ("每周三次", "每周3次"),
    ],
)
def test_numbers_have_one_spelling(written: str, expected: str) -> None:
    """A number reads the same in Chinese numerals, digits or mixed."""
    assert normalise(written) == expected


@pytest.mark.parametrize("word", WORDS.split())
def test_words_that_only_look_like_numbers_stay(word: str) -> None:
    """A numeral inside a common word is not a number."""
    assert normalise(word) == word


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("臺灣學生", "台湾学生"),
        ("ＡＢＣ　１２", "abc 12"),
        ("助\u200b学\u202e贷\ufeff款", "助学贷款"),
        (" 申请 \n\t 材料 ", "申请 材料"),
        ("位於倫敦", "位于伦敦"),
    ],
)
def test_script_width_and_invisible_characters_are_folded(written: str, expected: str) -> None:
    """What reads the same is spelt the same."""
    assert normalise(written) == expected


@given(st.one_of(st.text(max_size=60), st.text(alphabet=NUMERIC, max_size=14)))
@example("0,10十")
@example("1,十90")
@example("0十W")
@example("A\x1b\u0300")
def test_normalising_twice_changes_nothing(text: str) -> None:
    """The normal spelling of a normal spelling is itself, and nothing invisible is left in it."""
    once = normalise(text)
    assert normalise(once) == once
    assert not {unicodedata.category(char) for char in once} & {"Cc", "Cf", "Cs"}


def test_long_texts_are_spelt_like_short_ones() -> None:
    """Texts too long to be remembered take the same way."""
    sentence = "每學年不超過兩萬元。"
    assert normalise(sentence * 60) == normalise(sentence) * 60


def test_tokens_are_characters_and_bigrams_with_numbers_whole() -> None:
    """A number or a Latin word is one character of its stretch; punctuation parts stretches."""
    assert tokens("满三年，VPN") == ("满", "3", "年", "满3", "3年", "vpn")
    assert tokens("0.1元") == ("0.1", "元", "0.1元")
    assert tokens("？！") == ()


def test_words_keep_dictionary_words_and_numbers() -> None:
    """One-character words are left to the characters."""
    assert words("助学贷款的额度是两万元") == ("助学", "贷款", "额度", "20000")


@given(st.text(max_size=40))
def test_splitting_never_fails(text: str) -> None:
    """Any text gives terms, and the same ones from its normal spelling."""
    assert tokens(normalise(text)) == tokens(text)
    assert words(normalise(text)) == words(text)
