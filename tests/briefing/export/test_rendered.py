"""The PDFs as they are drawn: geometry of the page, nothing clipped, every glyph there.

One document with everything goes through LibreOffice once, and a card once; typst draws the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.briefing.export import GovernmentPage, libreoffice, write_card, write_page
from bot.briefing.export.composing import briefing_page
from bot.briefing.export.page import Paragraph, Style, Table
from tests.briefing.briefings import HOSTILE, RARE, briefing
from tests.briefing.export.rendered import (
    POINTS,
    RenderedPage,
    ink,
    needs_libreoffice,
    needs_poppler,
    pages,
    plain,
    squeezed,
    typst_with_chinese,
)

LEFT, RIGHT, TOP, BOTTOM = 28 * POINTS, (210 - 26) * POINTS, 37 * POINTS, (297 - 35) * POINTS
PUNCTUATED = "甲乙丙丁，戊己庚辛壬癸。子丑（寅卯）辰巳、午未申酉戌亥；" * 24
ENGINES = [
    pytest.param("LibreOffice", marks=needs_libreoffice),
    pytest.param("typst", marks=needs_poppler),
]


def everything() -> GovernmentPage:
    """A briefing, then pages of plain characters, tables with long cells, hostile text, names."""
    page = briefing_page(briefing(12))
    page.new_page()
    page.paragraph("甲乙丙丁戊己庚辛壬癸" * 130)
    page.new_page()
    page.paragraph(PUNCTUATED)
    page.heading(f"姓名{RARE}")
    for style in (Style.BODY, Style.SMALL, Style.NOTE):
        page.paragraph(f"姓名{RARE}在这里", style=style)
    rows = [(str(n), f"第{n}行的长文字要完整显示" * 6, f"办法{RARE}", "a" * 60) for n in range(12)]
    page.table(["序号", "内容", "姓名", "网址"], rows, (8, 40, 22, 30))
    page.paragraph(HOSTILE)
    page.signature("宣城市示例教育和体育局", date(2026, 12, 1))
    return page


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "typst":
        typst_with_chinese()
    return str(request.param)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Path:
    """``whole.pdf`` and ``card.pdf`` of an engine."""
    made = tmp_path_factory.mktemp(engine)
    with pytest.MonkeyPatch.context() as patch:
        if engine == "typst":
            patch.setattr(libreoffice, "program", lambda: None)
        notices = write_page(everything(), made / "whole.pdf")
        write_card(briefing(40), made / "card.pdf")
    assert notices[0] == f"PDF 由 {engine} 排版。"
    return made


@pytest.fixture(scope="module")
def whole(folder: Path) -> Path:
    return folder / "whole.pdf"


@pytest.fixture(scope="module")
def drawn(whole: Path) -> list[RenderedPage]:
    return pages(whole)


def test_the_paper_is_a4(drawn: list[RenderedPage]) -> None:
    assert {(round(page.width / POINTS), round(page.height / POINTS)) for page in drawn} == {(210, 297)}


def full_page(drawn: list[RenderedPage]) -> RenderedPage:
    return next(page for page in drawn if page.text.startswith("甲乙丙丁戊己庚辛壬癸"))


def test_a_full_page_has_22_lines_of_28_characters(drawn: list[RenderedPage]) -> None:
    lengths = [len(line.text) for line in full_page(drawn).body]
    assert lengths == [26, *[28] * 21]


def test_full_lines_fill_the_text_area(drawn: list[RenderedPage]) -> None:
    """156 mm wide; 22 lines are 225 mm less what is above the first glyph and beneath the last."""
    lines = full_page(drawn).body
    assert all(line.left == pytest.approx(LEFT, abs=1.5) for line in lines[1:])
    assert all(line.right == pytest.approx(RIGHT, abs=1.5) for line in lines)
    pitches = np.diff([line.top for line in lines])
    assert pitches == pytest.approx(np.full(21, 28.95), abs=0.1)


def test_ink_stands_in_the_text_area_and_nowhere_else(whole: Path, drawn: list[RenderedPage]) -> None:
    """Header and page number apart; measured on the pixels of every page."""
    resolution = 50
    edge = resolution / 72
    for number in range(1, len(drawn) + 1):
        dark = ink(whole, number, resolution) > 96
        rows = dark[int(TOP * edge) - 1 : int(BOTTOM * edge) + 2]
        columns = np.flatnonzero(rows.any(axis=0))
        assert columns[0] >= LEFT * edge - 1.5, number
        assert columns[-1] <= RIGHT * edge + 1.5, number
        gap = dark[int((BOTTOM + 6) * edge) : int((BOTTOM + 7 * POINTS - 8) * edge)]
        assert not gap.any(), number


def test_page_numbers_are_at_the_outer_side_7_mm_below_the_text(drawn: list[RenderedPage]) -> None:
    for number, page in enumerate(drawn, 1):
        line = page.number
        assert line.text == f"—{number}—"
        assert (line.top + line.bottom) / 2 == pytest.approx(BOTTOM + 7 * POINTS, abs=2)
        if number % 2:
            assert line.right == pytest.approx(RIGHT - 14, abs=3)
        else:
            assert line.left == pytest.approx(LEFT + 14, abs=3)


def test_no_line_begins_with_closing_punctuation(drawn: list[RenderedPage]) -> None:
    page = next(page for page in drawn if page.text.startswith("甲乙丙丁，戊己庚辛壬癸。"))
    assert not any(line.text[0] in "，。、；）" for line in page.body)


def test_every_cell_and_every_paragraph_is_there_whole(whole: Path) -> None:
    """As many of each character as were written: what is clipped would be missing."""
    text = plain(whole)
    page = everything()
    for block in page.blocks:
        if isinstance(block, Table):
            cells = {squeezed(cell) for row in block.rows for cell in row}
            assert not [cell for cell in cells if not set(cell) <= set(text)]
    last = next(block for block in reversed(page.blocks) if isinstance(block, Table))
    for row in last.rows:
        assert f"第{row[0]}行的长文字要完整显示" in text
    assert text.count("行的长文字要完整显示") >= 12 * 5  # a repetition broken by a page's end may not count
    assert text.count("a" * 10) >= 12 * 3


def test_the_header_of_a_table_is_repeated_on_its_next_page(drawn: list[RenderedPage]) -> None:
    headed = [page for page in drawn if "序号内容姓名网址" in page.text or "序号" in page.text]
    rows = [page for page in drawn if "行的长文字要完整显示" in page.text]
    assert len(rows) > 1
    assert all(page in headed for page in rows)


def test_hostile_text_is_printed_as_it_is(whole: Path) -> None:
    text = plain(whole)
    for piece in ("<w:t>&amp;", "]]>#setpage()[*粗*]$x$@ref", "{{名}}|`码`", "https://example.invalid/"):
        assert piece in text


def test_names_with_rare_characters_are_drawn_and_not_only_there_as_text(whole: Path) -> None:
    """Each glyph has ink, and no two are drawn alike as the box of a missing one would be."""
    assert Counter(plain(whole))[RARE[3]] >= 3
    number, line = next(
        (number, line)
        for number, page in enumerate(pages(whole), 1)
        for line in page.body
        if line.text == f"姓名{RARE}在这里" and line.bottom - line.top > 15.9
    )
    scale = 200 / 72
    dark = ink(whole, number, 200) > 96
    advance = (line.right - line.left) / len(line.text) * scale
    top, bottom = int(line.top * scale), int(line.bottom * scale)
    start = line.left * scale
    cells = [
        dark[top:bottom, int(start + n * advance) : int(start + (n + 1) * advance)]
        for n in range(2, 2 + len(RARE))
    ]
    assert all(cell.mean() > 0.04 for cell in cells)
    smallest = min(cell.shape[1] for cell in cells)
    drawn = [cell[:, :smallest] for cell in cells]
    for n, one in enumerate(drawn):
        assert all((one ^ other).mean() > 0.05 for other in drawn[n + 1 :])


def test_the_card_is_one_page(folder: Path) -> None:
    found = pages(folder / "card.pdf")
    assert len(found) == 1
    assert found[0].body[0].text == "12345热线领导接听要点（草稿，第2版）"


def test_the_first_page_of_the_briefing_is_one_page(drawn: list[RenderedPage]) -> None:
    assert drawn[1].body[0].text == "一、问题和口径"


def test_signature_and_date_stand_at_the_right(drawn: list[RenderedPage]) -> None:
    name, day = drawn[-1].body[-2:]
    assert name.text == "宣城市示例教育和体育局"
    assert name.right == pytest.approx(RIGHT - 32, abs=3)
    assert day.left == pytest.approx(name.left + 32, abs=8)  # digits are not all half a character wide


def test_the_pdf_of_typst_has_the_bookmarks_of_its_headings(whole: Path, engine: str) -> None:
    assert (b"/Outlines" in whole.read_bytes()) or engine == "LibreOffice"


def test_paragraphs_of_the_page_are_all_in_the_pdf(whole: Path) -> None:
    text = plain(whole)
    headings = [
        squeezed(block.text)
        for block in everything().blocks
        if isinstance(block, Paragraph) and block.style in {Style.HEADING_1, Style.HEADING_2}
    ]
    assert len(headings) > 15
    assert [heading for heading in headings if heading not in text] == []
