"""Fonts of a PDF: which stand in for the offices' where those are not installed (``fonts.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from bot.briefing.export.page import Face
from bot.briefing.export.wording import say
from bot.errors import UsageError
from knowledge.yaml_reader import Entry, strict_entry

_FILE = Path(__file__).with_name("fonts.yaml")


@dataclass(frozen=True, slots=True)
class _Preference:
    face: Face
    others: tuple[str, ...]
    bold: bool


@dataclass(frozen=True, slots=True)
class ChosenFont:
    """The font that is used for a face. ``stands_in``: it is not the face itself. ``fallback``: the full
    font for characters that it lacks."""

    face: Face
    family: str
    fallback: str
    bold: bool
    stands_in: bool


def choose(installed: Iterable[str]) -> tuple[ChosenFont, ...]:
    """A font for every face, out of the families that are installed.

    Raises:
        UsageError: no font with Chinese characters is installed.
    """
    there = {family.casefold(): family for family in installed}
    preferences, full_fonts = _preferences()
    full = next((there[name.casefold()] for name in full_fonts if name.casefold() in there), None)
    chosen = []
    for preference in preferences:
        names = (preference.face.value, *preference.others, full or "")
        family = next((there[name.casefold()] for name in names if name.casefold() in there), None)
        if family is None:
            raise UsageError(say("pdf_no_font"))
        stands_in = family != preference.face.value
        chosen.append(
            ChosenFont(preference.face, family, full or family, preference.bold and stands_in, stands_in)
        )
    return tuple(chosen)


def fontconfig(chosen: Iterable[ChosenFont]) -> str:
    """A fontconfig file (fonts.conf(5)): each font in the place of its face, the full font behind it."""
    rules = "\n".join(_rule(font) for font in chosen)
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n{rules}\n</fontconfig>\n'
    )


def stand_in_notice(chosen: Iterable[ChosenFont]) -> str:
    """Which fonts are missing and what is used instead; empty where none is."""
    missing = [font for font in chosen if font.stands_in]
    if not missing:
        return ""
    found = dict.fromkeys(font.family for font in missing)
    return say("pdf_stand_in", missing="、".join(font.face for font in missing), found="、".join(found))


def _rule(font: ChosenFont) -> str:
    families = "".join(
        f"<string>{escape(name)}</string>" for name in dict.fromkeys((font.family, font.fallback))
    )
    weight = '<edit name="weight" mode="assign"><const>bold</const></edit>' if font.bold else ""
    return (
        f'<match target="pattern"><test name="family"><string>{escape(font.face)}</string></test>'
        f'<edit name="family" mode="prepend" binding="strong">{families}</edit>{weight}</match>'
    )


@cache
def _preferences() -> tuple[tuple[_Preference, ...], tuple[str, ...]]:
    with strict_entry(_FILE) as entry:
        stand_ins = entry.entries("stand_ins", required=True)
        return tuple(_preference(child) for child in stand_ins), entry.texts("full")


def _preference(entry: Entry) -> _Preference:
    read = _Preference(entry.choice("font", Face), entry.texts("others"), entry.flag("bold"))
    entry.finish()
    return read
