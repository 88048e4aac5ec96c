"""The fixed words of lines (``lines.yaml``), read strictly and once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.briefing.models import Risk
from bot.dialogue.wording import Wording
from knowledge.models import Office
from knowledge.yaml_reader import Entry, strict_entry

_FILE = Path(__file__).parent / "lines.yaml"
OTHER = "其他"
"""What is asked of an office where no aspect shows."""


@dataclass(frozen=True)
class LineWording:
    """``sentences``: fixed sentences; ``offices``: how an office is called aloud, by id; ``spoken``: written
    words and how they are said; ``silent_notes``: beginnings of brackets that are not said; ``promises`` and
    ``pressed``: what must not be promised and what is said to who insists, by risk; ``points``: what an
    office must confirm, by aspect."""

    sentences: Wording
    offices: Mapping[str, str]
    spoken: tuple[tuple[str, str], ...]
    silent_notes: tuple[str, ...]
    promises: Mapping[Risk, str]
    pressed: Mapping[Risk, str]
    points: Mapping[str, str]

    def office(self, office: Office) -> str:
        """The name of an office as one says it, without brackets."""
        return self.offices.get(office.id) or office.name.partition("（")[0]


@cache
def line_wording() -> LineWording:
    """All of ``lines.yaml``.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    with strict_entry(_FILE) as top:
        promises, pressed = _risks(top)
        read = LineWording(
            sentences=Wording(_texts(top, "sentences")),
            offices=_texts(top, "offices"),
            spoken=tuple(_texts(top, "spoken").items()),
            silent_notes=top.texts("silent_notes"),
            promises=promises,
            pressed=pressed,
            points=_texts(top, "points"),
        )
        if OTHER not in read.points:
            top.problem("points", f"缺少“{OTHER}”")
    return read


def _texts(top: Entry, key: str) -> dict[str, str]:
    """A mapping of names to texts."""
    entry = top.entry(key)
    if entry is None:
        top.problem(key, "缺少必填字段")
        return {}
    found = {name: entry.text(name) for name in entry.names}
    entry.finish()
    return found


def _risks(top: Entry) -> tuple[dict[Risk, str], dict[Risk, str]]:
    promises: dict[Risk, str] = {}
    pressed: dict[Risk, str] = {}
    entry = top.entry("risks")
    if entry is None:
        top.problem("risks", "缺少必填字段")
        return promises, pressed
    for risk in Risk:
        words = entry.entry(risk.value)
        if words is None:
            entry.problem(risk.value, "缺少必填字段")
            continue
        promises[risk], pressed[risk] = words.text("promise"), words.text("pressed")
        words.finish()
    entry.finish()
    return promises, pressed
