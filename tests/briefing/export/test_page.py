"""The builder of pages: numbers of headings, signatures, what becomes of text."""

from __future__ import annotations

from datetime import date

import pytest

from bot.briefing.export.page import GovernmentPage, Paragraph, Style, Table, number_text
from bot.briefing.export.plain_text import clean, one_line
from tests.briefing.briefings import HOSTILE, RARE


def texts(page: GovernmentPage) -> list[str]:
    return [block.text for block in page.blocks if isinstance(block, Paragraph)]


def test_headings_are_numbered_in_four_levels_and_start_again_below_a_new_one() -> None:
    page = GovernmentPage("实录")
    for level in (1, 2, 3, 4, 2, 3, 1, 2):
        page.heading("事项", level)
    assert texts(page)[1:] == [
        "一、事项", "（一）事项", "1. 事项", "（1）事项", "（二）事项", "1. 事项", "二、事项", "（一）事项",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九"), (100, "100")],
)
def test_numbers_are_written_as_words(number: int, words: str) -> None:
    assert number_text(number, 1) == f"{words}、"


def test_the_date_starts_two_characters_right_of_the_name_where_the_name_is_longer() -> None:
    page = GovernmentPage("实录")
    page.signature("宣城市示例教育和体育局办公室", date(2026, 12, 1))
    name, day = (block for block in page.blocks[1:] if isinstance(block, Paragraph))
    assert name.from_right == 2
    # 14 characters of name; the date is 3 characters and 7 digits of half a character: 6.5.
    assert day.from_right == 14 + 2 - 6.5 - 2


def test_a_date_longer_than_the_name_ends_two_characters_from_the_edge() -> None:
    page = GovernmentPage("实录")
    page.signature("某局", date(2026, 12, 1))
    name, day = (block for block in page.blocks[1:] if isinstance(block, Paragraph))
    assert day.from_right == 2
    assert name.from_right == 2 + 6.5 + 2 - 2


def test_blank_text_adds_nothing() -> None:
    page = GovernmentPage("实录")
    page.paragraph(" \n\t ", "追问时：")
    assert texts(page) == ["实录"]


def test_every_line_becomes_a_paragraph_and_only_the_first_has_the_label() -> None:
    page = GovernmentPage("实录")
    page.paragraph("第一段\r\n\r\n第二段", "口径：")
    found = [(block.label, block.text) for block in page.blocks[1:] if isinstance(block, Paragraph)]
    assert found == [("口径：", "第一段"), ("", "第二段")]


def test_what_no_file_can_hold_is_left_out_and_the_rest_stays() -> None:
    assert clean("甲\x00\x1b乙\ud800丙\u202e丁\u2028戊") == "甲乙\ufffd丙丁\n戊"
    assert one_line(f" {RARE}\n\n\t第二行 ") == f"{RARE} 第二行"
    assert "&amp;" in clean(HOSTILE)


def test_shares_of_columns_add_up_to_the_page() -> None:
    page = GovernmentPage("实录")
    page.table(["甲", "乙"], [("1", "2")], (1, 3))
    table = page.blocks[1]
    assert isinstance(table, Table)
    assert table.shares == (0.25, 0.75)


def test_every_kind_of_paragraph_fits_into_the_grid() -> None:
    """Pitches in whole twentieths of a point, as Word counts them, and 22 or 44 lines on a page."""
    from bot.briefing.export.page import LOOKS, PITCH, TEXT_AREA

    points = TEXT_AREA[1] * 72 / 25.4
    assert int(points / PITCH) == 22
    assert int(points / LOOKS[Style.BRIEF].pitch) == 44
    assert all(round(look.pitch * 20, 6).is_integer() for look in LOOKS.values())
