"""A page as PDF with typst: a second engine where LibreOffice is not installed (extra ``pdf``).

The page goes to the template as JSON, so its texts are never read as typst markup.
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.briefing.export import page as figures
from bot.briefing.export.fonts import ChosenFont, choose
from bot.briefing.export.page import LOOKS, Block, Face, GovernmentPage, NewPage, Table, TextStyle

_TEMPLATE = Path(__file__).with_name("page.typ")
_LONG_WORD = re.compile(r"[!-~]{16,}")
_BREAK = "\u200b"


def is_installed() -> bool:
    """Whether typst can be used."""
    return find_spec("typst") is not None


def to_pdf(page: GovernmentPage) -> tuple[bytes, tuple[ChosenFont, ...]]:
    """The PDF and the fonts in it.

    Raises:
        UsageError: no Chinese font is installed.
    """
    import typst

    system = typst.Fonts()
    chosen = choose(system.families())
    sheet = json.dumps(_sheet(page, {font.face: font for font in chosen}), ensure_ascii=False)
    compiler = typst.Compiler(_TEMPLATE, font_paths=system, sys_inputs={"sheet": sheet})
    made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)
    return made, chosen


def _sheet(page: GovernmentPage, fonts: dict[Face, ChosenFont]) -> dict[str, Any]:
    """All that the template needs. Lengths in points, margins in millimetres."""
    return {
        "title": page.title,
        "header": page.header,
        "paper": figures.PAPER,
        "margins": {
            "top": figures.TOP,
            "left": figures.LEFT,
            "bottom": figures.BOTTOM,
            "right": figures.RIGHT,
        },
        "number_drop": figures.NUMBER_DROP,
        "label": _font(fonts[Face.HEAD]),
        "number": _font(fonts[Face.NUMBER]),
        "looks": {style.value: _look(look, fonts) for style, look in LOOKS.items()},
        "blocks": [_block(block) for block in page.blocks],
    }


def _font(font: ChosenFont) -> dict[str, Any]:
    families = list(dict.fromkeys((font.family, font.fallback)))
    return {"family": families, "weight": "bold" if font.bold else "regular"}


def _look(look: TextStyle, fonts: dict[Face, ChosenFont]) -> dict[str, Any]:
    return {
        **_font(fonts[look.face]),
        "size": look.size,
        "pitch": look.pitch,
        "tracking": look.tracking,
        "indent": look.indent * (look.size + look.tracking),
        "after": look.after,
        "level": 0 if look.outline is None else look.outline + 1,
        "align": look.align,
        "ruled": look.ruled,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, NewPage):
        return {"kind": "page"}
    if isinstance(block, Table):
        rows = [[_breakable(cell) for cell in row] for row in block.rows]
        return {"kind": "table", "header": block.header, "rows": rows, "shares": block.shares}
    right = None if block.from_right is None else block.from_right * LOOKS[block.style].size
    return {
        "kind": "paragraph",
        "style": block.style.value,
        "label": _breakable(block.label),
        "text": _breakable(block.text),
        "right": right,
        "kept": block.kept,
    }


def _breakable(text: str) -> str:
    """Long words with places to break them, for typst breaks none of its own."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(word.group()), text)
