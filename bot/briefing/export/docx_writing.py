"""A page as DOCX."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.document import Document
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from bot.briefing.export.docx_styles import (
    LABEL_STYLE,
    TABLE_STYLE,
    element,
    set_page,
    set_styles,
    style_name,
)
from bot.briefing.export.page import LOOKS, TEXT_AREA, GovernmentPage, NewPage, Paragraph, Style, Table

_LONGEST_CORE_PROPERTY = 255
"""Characters; python-docx takes no more."""


def as_docx(page: GovernmentPage) -> bytes:
    """The file's bytes."""
    document = docx.Document()
    set_styles(document)
    set_page(document, page.header)
    properties = document.core_properties
    properties.title, properties.author = page.title[:_LONGEST_CORE_PROPERTY], ""
    properties.comments = ""
    _write_blocks(document, page)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _write_blocks(document: Document, page: GovernmentPage) -> None:
    starts_page = False
    for block in page.blocks:
        if isinstance(block, NewPage):
            starts_page = True
            continue
        if isinstance(block, Table):
            _write_table(document, block)
            continue
        paragraph = document.add_paragraph(style=style_name(block.style))
        # A property of the paragraph, since a break in a paragraph of its own would leave an empty line.
        if starts_page:
            paragraph.paragraph_format.page_break_before = True
        starts_page = False
        if block.kept:
            paragraph.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_together = True
        _write_text(paragraph, block)


def _write_text(paragraph: WordParagraph, block: Paragraph) -> None:
    if block.from_right is not None:
        edge = block.from_right
        size = LOOKS[block.style].size
        indent = {"rightChars": round(edge * 100), "right": round(edge * size * 20), "firstLine": 0}
        form = paragraph._p.get_or_add_pPr()
        form.append(element("ind", {**indent, "firstLineChars": 0}))
        form.append(element("jc", {"val": "right"}))
    if block.label:
        paragraph.add_run(block.label, style=LABEL_STYLE)
    if block.text:
        paragraph.add_run(block.text)


def _write_table(document: Document, table: Table) -> None:
    made = document.add_table(rows=0, cols=len(table.header), style=TABLE_STYLE)
    made.autofit = False
    for number, cells in enumerate((table.header, *table.rows)):
        row = made.add_row()
        form = row._tr.get_or_add_trPr()
        form.append(element("cantSplit"))
        if number == 0:
            form.append(element("tblHeader"))
        for cell, text, share in zip(row.cells, cells, table.shares, strict=True):
            cell.width = Mm(TEXT_AREA[0] * share)
            paragraph = cell.paragraphs[0]
            paragraph.style = style_name(Style.CELL)
            paragraph.add_run(text, style=LABEL_STYLE if number == 0 else None)
    for column, share in zip(made.columns, table.shares, strict=True):
        column.width = Mm(TEXT_AREA[0] * share)
