"""Texts that repeat each other almost word for word."""

from __future__ import annotations

import random

from bot.signals.topics.near_duplicates import repeats

TEXT = (
    "我是绩溪县云栖小区的业主，楼下烧烤店每天营业到凌晨两点，油烟和噪音让孩子没法睡觉写作业，"
    "打过几次电话都没有人来处理。"
)


def test_the_same_with_other_punctuation_repeats() -> None:
    assert repeats([TEXT, TEXT.replace("，", " ,"), "另一件事：校车停运多日。"]) == [False, True, False]


def test_small_changes_anywhere_are_seen_through() -> None:
    """Three characters of sixty changed, a hundred times over: nearly all are noticed."""
    chance = random.Random(5)
    noticed = 0
    for _ in range(100):
        changed = list(TEXT)
        for place in chance.sample(range(len(TEXT)), 3):
            changed[place] = "某"
        noticed += repeats([TEXT, "".join(changed)])[1]
    assert noticed >= 97


def test_the_same_matter_in_other_words_does_not_repeat() -> None:
    other = "云栖小区的烧烤摊太吵了，天天夜里油烟熏人，希望城管去管一管，孩子明年要中考。"
    assert repeats([TEXT, other]) == [False, False]


def test_short_and_empty_texts() -> None:
    assert repeats(["", "", "停水", "停水", "停电", "。。"]) == [False, False, False, True, False, False]


def test_a_broken_character_does_no_harm() -> None:
    assert repeats([f"{TEXT}\ud800", TEXT]) == [False, True]
