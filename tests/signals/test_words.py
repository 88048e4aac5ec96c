"""Messages cut into words."""

from __future__ import annotations

from bot.signals.words import cut, without_stop_words


def test_masks_and_punctuation_are_no_words() -> None:
    assert cut("我叫[姓名]，物业费上涨！") == ["我", "叫", "物业费", "上涨"]


def test_width_and_case_are_folded() -> None:
    assert cut("ＫＴＶ噪音") == cut("ktv噪音") == ["ktv", "噪音"]


def test_without_stop_words_only_what_says_something_stays() -> None:
    text = "您好，请问2024年3月物业费为什么上涨了吗"
    assert cut(text, stop_words=False) == ["物业费", "上涨"] == without_stop_words(cut(text))
