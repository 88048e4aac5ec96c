"""The DOCX as XML: layout figures, fonts, navigation, and that text stays text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from bot.briefing.export import write
from bot.briefing.export.composing import briefing_page
from bot.briefing.export.docx_writing import as_docx
from bot.briefing.export.page import Paragraph, Table
from bot.briefing.export.plain_text import clean
from bot.briefing.models import Briefing, Event, EventKind
from tests.briefing.briefings import HOSTILE, RARE, SHA256, briefing

MM = 36000
"""English metric units in a millimetre."""


def opened(of: Briefing) -> Document:
    return docx.Document(BytesIO(as_docx(briefing_page(of))))


def all_texts(document: Document) -> Iterator[str]:
    for paragraph in document.paragraphs:
        yield paragraph.text
    for table in document.tables:
        for row in table.rows:
            yield from (cell.text for cell in row.cells)


@pytest.fixture(scope="module")
def draft() -> Document:
    return opened(briefing(30))


@pytest.fixture(scope="module")
def sealed() -> Document:
    return opened(briefing(3, sealed=True))


def test_paper_and_margins_are_those_of_the_standard(draft: Document) -> None:
    section = draft.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sides = (section.left_margin, section.right_margin)
    measured = [round(length / MM) for length in (*lengths, *sides) if length is not None]
    assert measured == [210, 297, 37, 35, 28, 26]


def test_the_grid_has_lines_of_28_95_points(draft: Document) -> None:
    grid = draft.sections[0]._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


@pytest.mark.parametrize(
    ("style", "font", "half_points", "line"),
    [
        ("Title", "方正小标宋简体", 44, 579),
        ("Heading 1", "黑体", 32, 579),
        ("Heading 2", "楷体_GB2312", 32, 579),
        ("Heading 3", "仿宋_GB2312", 32, 579),
        ("Body Text", "仿宋_GB2312", 32, 579),
        ("Footer", "宋体", 28, 280),
    ],
)
def test_styles_name_their_fonts_for_chinese(
    draft: Document, style: str, font: str, half_points: int, line: int
) -> None:
    shape = draft.styles[style].element
    fonts = shape.find(qn("w:rPr")).find(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi")} == {font}
    assert not any("heme" in name for name in fonts.attrib)
    assert shape.find(qn("w:rPr")).find(qn("w:sz")).get(qn("w:val")) == str(half_points)
    spacing = shape.find(qn("w:pPr")).find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == (str(line), "exact")


def test_body_text_is_tightened_and_indented_by_two_characters(draft: Document) -> None:
    shape = draft.styles["Body Text"].element
    assert shape.find(qn("w:rPr")).find(qn("w:spacing")).get(qn("w:val")) == "-5"
    assert shape.find(qn("w:pPr")).find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert shape.find(qn("w:pPr")).find(qn("w:overflowPunct")).get(qn("w:val")) == "0"


def test_thirty_questions_stand_in_the_navigation(draft: Document) -> None:
    levels = {"Heading 1": "0", "Heading 2": "1", "Heading 3": "2", "Heading 4": "3"}
    for style, level in levels.items():
        shape = draft.styles[style].element.find(qn("w:pPr"))
        assert shape.find(qn("w:outlineLvl")).get(qn("w:val")) == level
    headings = [p.text for p in draft.paragraphs if p.style is not None and p.style.name == "Heading 2"]
    for number, card in enumerate(briefing(30).questions):
        assert headings[number].endswith(card.forecast.question)
    assert headings[29].startswith("（三十）")


def test_nothing_is_coloured() -> None:
    package = zipfile.ZipFile(BytesIO(as_docx(briefing_page(briefing(3)))))
    for name in package.namelist():
        if re.fullmatch(r"word/(document|styles|header\d|footer\d|numbering)\.xml", name):
            content = package.read(name).decode("utf-8")
            assert set(re.findall(r'w:(?:color|fill)="([^"]*)"', content)) <= {"000000", "auto"}, name
            assert set(re.findall(r'<w:color w:val="([^"]*)"', content)) <= {"000000"}, name


def test_odd_pages_have_their_number_at_the_right_and_even_ones_at_the_left(draft: Document) -> None:
    section = draft.sections[0]
    assert draft.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        form = paragraph._p.pPr
        assert form.find(qn("w:jc")).get(qn("w:val")) == side
        assert form.find(qn("w:ind")).get(qn(f"w:{side}")) == "280"  # one character of 14 pt
        assert paragraph.text == "—  —"
        assert paragraph._p.findall(f".//{qn('w:instrText')}")[0].text == "PAGE"


def test_a_draft_says_so_on_every_page(draft: Document) -> None:
    section = draft.sections[0]
    for header in (section.header, section.even_page_header):
        assert header.paragraphs[0].text == "内部草稿　未经终审"
    assert draft.paragraphs[0].text == "12345热线领导接听简报（草稿，第2版）"
    assert not any("终审定稿　" in text for text in all_texts(draft))


def test_a_sealed_briefing_carries_version_and_hash_on_every_page(sealed: Document) -> None:
    section = sealed.sections[0]
    for header in (section.header, section.even_page_header):
        assert header.paragraphs[0].text == f"终审定稿　第2版　SHA-256 {SHA256}"
    assert any(SHA256 in paragraph.text for paragraph in sealed.paragraphs)


def test_tables_repeat_their_header_and_keep_rows_whole(draft: Document) -> None:
    assert len(draft.tables) == 3
    for table in draft.tables:
        first, *others = (row._tr.trPr for row in table.rows)
        assert first.find(qn("w:tblHeader")) is not None
        assert all(form.find(qn("w:cantSplit")) is not None for form in (first, *others))
        assert sum(column.width for column in table.columns if column.width) == pytest.approx(
            156 * MM, abs=MM
        )


def test_every_text_of_the_page_comes_back(draft: Document) -> None:
    page = briefing_page(briefing(30))
    written = list(all_texts(draft))
    for block in page.blocks:
        if isinstance(block, Paragraph):
            assert block.label + block.text in written
        elif isinstance(block, Table):
            assert {cell for row in (block.header, *block.rows) for cell in row} <= set(written)


def test_everything_of_a_card_is_there(draft: Document) -> None:
    whole = "\n".join(all_texts(draft))
    for card in briefing(30).questions:
        line = card.line
        assert line.office is not None
        wanted = [line.text, line.if_pressed, line.transfer, line.office.name, *line.do_not_promise]
        wanted += [*line.co_offices, *(why.text for why in card.forecast.why), *card.forecast.variants]
        wanted += [citation.title for citation in line.basis]
        wanted += [citation.doc_no for citation in line.basis if citation.doc_no]
        assert [text for text in wanted if text not in whole] == []
    assert "20000元（每人每年上限，2024年9月1日起）" in whole
    assert "未核实" in whole


def test_findings_stand_with_their_line_and_others_at_the_end(draft: Document) -> None:
    texts = [paragraph.text for paragraph in draft.paragraphs]
    promise = next(n for n, text in enumerate(texts) if text.startswith("核对提示（须改）：“当场受理”比依据"))
    assert texts[promise - 1].startswith("口径：小学报名的材料")
    assert texts[texts.index("六、其他核对提示") + 1] == "核对提示（请看）：市里和县里的材料要求不同。"


def test_steps_of_review_that_are_still_to_come_are_shown(draft: Document) -> None:
    rows = [[cell.text for cell in row.cells] for row in draft.tables[-1].rows]
    assert rows[1] == ["初审", "周一航", "2026年12月2日 09:30", "通过", "口径准确，依据齐全。", "第2版"]
    assert [(row[0], row[3]) for row in rows[2:]] == [("复审", "待审"), ("终审", "待审")]


def test_rare_characters_and_hostile_text_survive(tmp_path: Path) -> None:
    made = briefing(1)
    card = made.questions[0]
    hostile = replace(
        made,
        event=replace(made.event, leader=RARE, title=HOSTILE, channel=HOSTILE),
        questions=(replace(card, line=replace(card.line, text=HOSTILE, if_pressed=RARE)),),
        findings=(replace(made.findings[0], message=HOSTILE),),
        recent_changes=(replace(made.recent_changes[0], what=HOSTILE),),
    )
    for name in ("b.docx", "b.md", "b.json"):
        write(hostile, tmp_path / name)
    whole = "\n".join(all_texts(docx.Document(str(tmp_path / "b.docx"))))
    assert RARE in whole
    first = clean(HOSTILE).split("\n")[0]
    assert f"口径：{first}" in whole
    assert "<w:t>&amp;" in whole
    assert RARE in (tmp_path / "b.md").read_text("utf-8")


def test_a_briefing_with_nothing_in_it_is_still_a_document() -> None:
    empty = Briefing(Event(EventKind.PRESS, briefing().event.date), briefing().as_of, ())
    texts = list(all_texts(opened(empty)))
    assert texts[0] == "新闻发布会简报（草稿）"
    assert texts.count("没有。") == 5


def test_the_title_says_which_version_it_is(sealed: Document) -> None:
    assert sealed.paragraphs[0].text == "12345热线领导接听简报（定稿，第2版）"
    assert (
        opened(replace(briefing(1), review=replace(briefing().review, version=0)))
        .paragraphs[0]
        .text.endswith("（草稿）")
    )
