"""Which fonts stand in where those of the offices are missing."""

from __future__ import annotations

import pytest
from lxml import etree

from bot.briefing.export.fonts import choose, fontconfig, stand_in_notice
from bot.briefing.export.page import Face
from bot.errors import UsageError

OFFICE = [face.value for face in Face]


def test_the_offices_own_fonts_are_used_as_they_are() -> None:
    chosen = choose([*OFFICE, "Noto Serif CJK SC"])
    assert [font.family for font in chosen] == OFFICE
    assert stand_in_notice(chosen) == ""
    assert not any(font.bold for font in chosen)


def test_every_face_gets_a_stand_in_and_the_full_font_behind_it() -> None:
    chosen = {font.face: font for font in choose(["FandolFang R", "Noto Serif CJK SC", "Noto Sans CJK SC"])}
    assert set(chosen) == set(Face)
    assert chosen[Face.BODY].family == "FandolFang R"
    assert {font.fallback for font in chosen.values()} == {"Noto Serif CJK SC"}
    assert chosen[Face.HEAD].family == "Noto Sans CJK SC"
    assert chosen[Face.TITLE].bold
    assert "仿宋_GB2312" in stand_in_notice(chosen.values())


def test_any_full_font_is_better_than_none() -> None:
    assert {font.family for font in choose(["DejaVu Sans", "WenQuanYi Zen Hei"])} == {"WenQuanYi Zen Hei"}


def test_without_a_chinese_font_it_says_what_to_install() -> None:
    with pytest.raises(UsageError, match="fonts-noto-cjk"):
        choose(["DejaVu Sans"])


def test_the_fontconfig_file_puts_each_stand_in_and_the_full_font_in_the_place_of_its_face() -> None:
    chosen = choose(["FandolFang R", "Noto Serif CJK SC"])
    root = etree.fromstring(fontconfig(chosen).encode("utf-8"))
    rules = {
        rule.findtext("test/string"): [found.text for found in rule.findall("edit[@name='family']/string")]
        for rule in root.findall("match")
    }
    assert set(rules) == set(OFFICE)
    assert rules["仿宋_GB2312"] == ["FandolFang R", "Noto Serif CJK SC"]
