"""How many lines a paragraph takes, and what fits on one page: reckoned before anything is rendered.

Reckoned on the safe side: Latin letters and digits are taken as wide as in the widest font that may stand
in, and no line begins with closing punctuation nor ends with an opening one (GB/T 15834-2011 §5.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.briefing.export.page import BRIEF_PITCH, LOOKS, POINTS, TEXT_AREA, Paragraph, Style
from bot.briefing.export.wording import say

_WIDTH, _HEIGHT = (side * POINTS for side in TEXT_AREA)
_WIDE_LATIN, _LATIN = 0.95, 0.65
"""Ems of capitals and wide letters, and of the others."""
_PIECES = re.compile(r"[0-9A-Za-z%.,:/_+#@&-]+|.", re.DOTALL)
_NOT_FIRST = "，。、；：？！）》」』〉】〕…—”’％℃·."
_NOT_LAST = "（《「『〈【〔“‘"


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a page: a headline over entries, the weightiest first. ``headline`` names its wording, which
    says how many of ``total`` are shown. ``least`` entries stay as long as another
    section has more than its least.
    """

    headline: str
    entries: tuple[Paragraph, ...]
    total: int
    least: int

    def shown(self, count: int) -> tuple[Paragraph, ...]:
        """Headline and so many entries; nothing where there are none at all."""
        if not self.total:
            return ()
        headline = Paragraph(Style.BRIEF, "", say(self.headline, all=self.total, shown=count))
        return (headline, *self.entries[:count])


def lines(paragraph: Paragraph) -> int:
    """Lines of a paragraph, its label included."""
    look = LOOKS[paragraph.style]
    room = _WIDTH / (look.size + look.tracking)
    count, used = 1, float(look.indent)
    for piece in _unbroken(paragraph.label + paragraph.text):
        taken = sum(map(_ems, piece))
        if used + taken > room and used:
            count, used = count + 1, 0.0
        whole, used = divmod(used + taken, room)  # a word longer than a line is broken
        count += int(whole)
    return count


def height(paragraphs: Iterable[Paragraph]) -> float:
    """Points from top to bottom."""
    looks = ((paragraph, LOOKS[paragraph.style]) for paragraph in paragraphs)
    return sum(lines(paragraph) * look.pitch + look.after for paragraph, look in looks)


def fit(above: Sequence[Paragraph], sections: Sequence[Section]) -> list[int]:
    """How many entries of each section fit on the page below ``above``; a line is left over, since programs
    do not break all lines alike.

    The last entry is dropped from whichever section has the most beyond its least, until all fits; then
    from the last section that has any.
    """
    counts = [len(section.entries) for section in sections]
    while sum(counts) and _height(above, sections, counts) > _HEIGHT - BRIEF_PITCH:
        spare = [count - section.least for count, section in zip(counts, sections, strict=True)]
        over = max(spare) > 0
        place = max(n for n, count in enumerate(counts) if (spare[n] == max(spare) if over else count))
        counts[place] -= 1
    return counts


def _height(above: Sequence[Paragraph], sections: Sequence[Section], counts: Sequence[int]) -> float:
    shown = (section.shown(count) for section, count in zip(sections, counts, strict=True))
    return height(above) + sum(height(paragraphs) for paragraphs in shown)


def _unbroken(text: str) -> list[str]:
    """Pieces between which a line may end."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if pieces and (piece[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _ems(char: str) -> float:
    if char > "\u2e7f" or char in "—“”‘’…·":
        return 1.0
    return _WIDE_LATIN if char.isupper() or char in "%@&#+mw—" else _LATIN
