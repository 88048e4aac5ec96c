"""The one page of what matters: what is on it, what gives way, that it is one page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.briefing.export.composing import briefing_page
from bot.briefing.export.essentials import card_page, direct_answer
from bot.briefing.export.fitting import height, lines
from bot.briefing.export.page import NewPage, Paragraph, Style
from bot.briefing.models import Briefing
from tests.briefing.briefings import briefing, card

ROOM = 225 * 72 / 25.4


def texts(of: Briefing) -> list[str]:
    return [block.label + block.text for block in card_page(of).blocks if isinstance(block, Paragraph)]


def with_answers(count: int, answer: str) -> Briefing:
    cards = tuple(replace(one, line=replace(one.line, text=answer)) for one in map(card, range(count)))
    return replace(briefing(count), questions=cards)


def test_the_first_page_of_a_briefing_is_the_card_under_another_title() -> None:
    whole, single = briefing_page(briefing(30)), card_page(briefing(30))
    end = next(n for n, block in enumerate(whole.blocks) if isinstance(block, NewPage))
    assert whole.blocks[1:end] == single.blocks[1:]
    assert single.title == "12345热线领导接听要点（草稿，第2版）"


def test_a_short_briefing_is_shown_whole() -> None:
    shown = "\n".join(texts(briefing(3)))
    made = briefing(3)
    assert "最可能问到（共3个问题，这里3个）" in shown
    for one in made.questions:
        assert one.forecast.question in shown
        assert direct_answer(one.line.text) in shown
        assert all(promise in shown for promise in one.line.do_not_promise)
    assert "问学校安全管理科。" in shown
    assert made.conflicts[0].first in shown
    assert made.notices[0] in shown
    assert "1处核对错误" in shown


@pytest.mark.parametrize("answer", ["可以。", "材料齐全的当场受理，" * 6 + "请带户口簿。", "甲" * 700])
def test_whatever_the_answers_all_fits_on_one_page(answer: str) -> None:
    page = card_page(with_answers(40, answer))
    assert height([block for block in page.blocks if isinstance(block, Paragraph)]) <= ROOM


def test_entries_are_left_out_whole_from_the_end_and_counted() -> None:
    made = with_answers(40, "材料齐全的当场受理，" * 9 + "请带户口簿。")
    shown = texts(made)
    headline = next(text for text in shown if text.startswith("最可能问到"))
    kept = [
        text for text in shown if text.endswith("请带户口簿。数字：20000元（每人每年上限，2024年9月1日起）。")
    ]
    assert 0 < len(kept) < 8
    assert headline == f"最可能问到（共40个问题，这里{len(kept)}个）"
    for one, text in zip(made.questions, kept, strict=False):
        assert one.forecast.question in text


def test_ten_short_answers_and_something_of_all_the_rest_stand_on_the_page() -> None:
    shown = texts(with_answers(40, "可以，当场受理20000元。"))
    assert "最可能问到（共40个问题，这里10个）" in shown
    others = [text for text in shown if "，这里" in text][1:]
    assert len(others) == 5
    assert not any("这里0" in text for text in others)


def test_the_figure_is_added_only_where_the_answer_does_not_name_it() -> None:
    said, unsaid = (texts(with_answers(1, answer)) for answer in ("每年最多20000元。", "有最高限额。"))
    assert not any("数字：" in text for text in said)
    assert any("有最高限额。数字：20000元（每人每年上限" in text for text in unsaid)


def test_the_direct_answer_is_as_many_sentences_as_take_half_a_line() -> None:
    long = "材料齐全的当场受理，请带户口簿和居住证明。"
    assert direct_answer(f" {long}可以网上办。") == long
    assert direct_answer(f"可以。{long}可以网上办。") == f"可以。{long}"
    assert direct_answer("没有句号") == "没有句号"
    assert direct_answer("  ") == ""


def test_a_change_names_its_day_once() -> None:
    made = briefing(1)
    change = replace(made.recent_changes[0], what="2026年9月1日起网上报名")
    shown = texts(replace(made, recent_changes=(change,)))
    assert shown[-1] == "1. 新发布：《示例入学办法》，2026年9月1日起网上报名"
    assert texts(made)[-2] == "1. 新发布：《示例入学办法》，2026年9月1日，报名改为网上办理，材料当场核对。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("甲" * 26, 1), ("甲" * 27, 2), ("甲" * 54, 2), ("甲" * 55, 3), ("甲" * 25 + "，甲", 2)],
)
def test_lines_of_28_characters_are_reckoned_with_the_indent(text: str, expected: int) -> None:
    assert lines(Paragraph(Style.BODY, text)) == expected


def test_closing_punctuation_takes_its_character_along_to_the_next_line() -> None:
    """26 characters fill the first line; 26 more and the two that were carried on fill the next."""
    assert lines(Paragraph(Style.BODY, "甲" * 26 + "。" + "乙" * 26)) == 2
    assert lines(Paragraph(Style.BODY, "甲" * 26 + "。" + "乙" * 27)) == 3


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert lines(Paragraph(Style.BODY, "a" * 200)) >= 4
