"""Paper, grid, styles, header and footer of a DOCX.

Word takes Chinese fonts from ``w:eastAsia`` only, and a theme font wins over a named one: both are set here
for every style. Of the template's 160 styles only those in use stay, so that no coloured one can be picked.
"""

from __future__ import annotations

from collections.abc import Mapping

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer, _Header
from docx.shared import Mm

from bot.briefing.export import page
from bot.briefing.export.page import LOOKS, Face, Style, TextStyle

TABLE_STYLE = "Table Grid"
LABEL_STYLE = "标签"
_NAMES = {
    Style.TITLE: "Title",
    Style.HEADING_1: "Heading 1",
    Style.HEADING_2: "Heading 2",
    Style.HEADING_3: "Heading 3",
    Style.HEADING_4: "Heading 4",
    Style.BODY: "Body Text",
    Style.SMALL: "小字",
    Style.BRIEF: "要点",
    Style.NOTE: "核对提示",
    Style.CELL: "表格文字",
}
_BASE = TextStyle(Face.BODY, indent=0)
_HEADER = TextStyle(Face.NUMBER, 9, 12, indent=0, align="center")
_FOOTER = TextStyle(Face.NUMBER, 14, 14, indent=0)
_KEPT = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer", TABLE_STYLE}
_BLACK = "000000"
_RULE_SPACE = 7
"""Points between the rule of a note and its text."""


def style_name(style: Style) -> str:
    """Its name in the document."""
    return _NAMES[style]


def element(tag: str, values: Mapping[str, object] | None = None) -> BaseOxmlElement:
    """``<w:tag w:key="value"/>``."""
    made = OxmlElement(f"w:{tag}")
    for key, value in (values or {}).items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def fonts(face: Face) -> BaseOxmlElement:
    """One font for all scripts: digits in 仿宋 are half a character wide, which the grid wants."""
    return element("rFonts", dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), face.value))


def set_styles(document: Document) -> None:
    """The styles of all paragraphs, and no others."""
    _drop_unused(document)
    _set_defaults(document)
    for style, name in _NAMES.items():
        if name not in document.styles:
            document.styles.add_style(name, 1)  # a paragraph style
        _shape(document, name, LOOKS[style])
    for name, look in (("Normal", _BASE), ("Header", _HEADER), ("Footer", _FOOTER)):
        _shape(document, name, look)
    label = document.styles.add_style(LABEL_STYLE, 2).element  # a character style
    label.append(element("rPr"))
    label.rPr.append(fonts(Face.HEAD))


def set_page(document: Document, header: str) -> None:
    """Paper, margins, grid, header, page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in page.PAPER)
    section.top_margin, section.bottom_margin = Mm(page.TOP), Mm(page.BOTTOM)
    section.left_margin, section.right_margin = Mm(page.LEFT), Mm(page.RIGHT)
    section.gutter = Mm(0)
    section.header_distance = Mm(25)
    # The dashes stand in the middle of a line of 14 pt, half of which is about 2.5 mm.
    section.footer_distance = Mm(page.BOTTOM - page.NUMBER_DROP - 2.5)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    # «linesAndChars» would be the textbook's answer, but LibreOffice spreads the text with it.
    section._sectPr.append(element("docGrid", {"type": "lines", "linePitch": round(page.PITCH * 20)}))
    document.settings.odd_and_even_pages_header_footer = True
    # Up to mode 14 a table reaches out of the 版心 by the margin of its cells.
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    _number_pages(section)
    for part in (section.header, section.even_page_header):
        _one_paragraph(part).add_run(header)


def _number_pages(section: Section) -> None:
    """— 1 — at the outer side, one character from the edge (§7.5)."""
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = _one_paragraph(footer)
        form = paragraph._p.get_or_add_pPr()
        form.append(element("ind", {side: 280}))
        form.append(element("jc", {"val": side}))
        paragraph.add_run("— ")
        for kind in ("begin", "instruction", "end"):
            run = paragraph.add_run()._r
            if kind == "instruction":
                code = element("instrText")
                code.text = "PAGE"
                run.append(code)
            else:
                run.append(element("fldChar", {"fldCharType": kind}))
        paragraph.add_run(" —")


def _one_paragraph(part: _Header | _Footer):  # type: ignore[no-untyped-def]
    part.is_linked_to_previous = False
    return part.paragraphs[0]


def _drop_unused(document: Document) -> None:
    kept = _KEPT | set(_NAMES.values())
    root = document.styles.element
    for style in list(document.styles):
        if style.name not in kept:
            root.remove(style.element)
            continue
        for tag in ("link", "rsid", "pPr", "rPr"):
            for old in style.element.findall(qn(f"w:{tag}")):
                style.element.remove(old)


def _set_defaults(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    characters = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    characters.clear()
    characters.append(fonts(Face.BODY))
    characters.append(element("lang", {"val": "en-US", "eastAsia": "zh-CN"}))
    defaults.find(qn("w:pPrDefault")).find(qn("w:pPr")).clear()


def _shape(document: Document, name: str, look: TextStyle) -> None:
    """Paragraph and character properties of a style, in the order that the schema asks for."""
    form = element("pPr")
    if look.outline is not None:
        form.append(element("keepNext"))
        form.append(element("keepLines"))
    form.append(element("widowControl", {"val": 0}))
    if look.ruled:
        border = element("pBdr")
        border.append(element("left", {"val": "single", "sz": 12, "space": _RULE_SPACE, "color": _BLACK}))
        form.append(border)
    # Punctuation that hangs out of the line would stand outside the 版心; gaps between Chinese and Latin
    # would break the grid of 28 characters; without the last, small lines take whole lines of the grid.
    for tag in ("overflowPunct", "autoSpaceDE", "autoSpaceDN"):
        form.append(element(tag, {"val": 0}))
    if look.size != page.BODY_SIZE:
        form.append(element("snapToGrid", {"val": 0}))
    spacing = {
        "before": 0,
        "after": round(look.after * 20),
        "line": round(look.pitch * 20),
        "lineRule": "exact",
    }
    form.append(element("spacing", spacing))
    indent = round(look.indent * (look.size + look.tracking) * 20)
    # The rule at the left of a note stands left of the text, by its distance: kept inside the 版心.
    left = {"left": _RULE_SPACE * 20} if look.ruled else {}
    form.append(element("ind", {**left, "firstLineChars": look.indent * 100, "firstLine": indent}))
    form.append(element("jc", {"val": look.align}))
    if look.outline is not None:
        form.append(element("outlineLvl", {"val": look.outline}))
    characters = element("rPr")
    characters.append(fonts(look.face))
    characters.append(element("b", {"val": 0}))
    characters.append(element("color", {"val": _BLACK}))
    if look.tracking:
        characters.append(element("spacing", {"val": round(look.tracking * 20)}))
    for tag in ("sz", "szCs"):
        characters.append(element(tag, {"val": round(look.size * 2)}))
    style = document.styles[name].element
    style.append(form)
    style.append(characters)
