"""A page as Markdown (CommonMark with tables). Text is data: what would be read as a mark is escaped."""

from __future__ import annotations

import re

from bot.briefing.export.page import GovernmentPage, NewPage, Paragraph, Style, Table

_MARKS = re.compile(r"([\\`*_\[\]{}<>#|~&!$])")
_LIST_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")
_HEADINGS = {
    Style.TITLE: "# ",
    Style.HEADING_1: "## ",
    Style.HEADING_2: "### ",
    Style.HEADING_3: "#### ",
    Style.HEADING_4: "##### ",
    Style.NOTE: "> ",
}


def as_markdown(page: GovernmentPage) -> str:
    """The text. What stands in the page's header comes first, as a quote."""
    written = [f"> {escaped(page.header)}"] if page.header else []
    for block in page.blocks:
        if isinstance(block, Table):
            written.append(_table(block))
        elif isinstance(block, NewPage):
            written.append("---")
        else:
            written.append(_paragraph(block))
    return "\n\n".join(written) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    plain = _MARKS.sub(r"\\\1", text)
    return _LIST_START.sub(lambda found: rf"{found[1]}\{found[2]}" if found[1] else rf"\{found[3]}", plain)


def _paragraph(block: Paragraph) -> str:
    label = f"**{escaped(block.label.strip())}** " if block.label.strip() else ""
    return _HEADINGS.get(block.style, "") + label + escaped(block.text)


def _table(table: Table) -> str:
    rows = [table.header, ("---",) * len(table.header)]
    lines = [" | ".join(map(escaped, rows[0])), " | ".join(rows[1])]
    lines += [" | ".join(map(escaped, row)) for row in table.rows]
    return "\n".join(f"| {line} |" for line in lines)
