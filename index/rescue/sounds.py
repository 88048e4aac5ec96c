"""How Han characters sound, without tones."""

from __future__ import annotations

import os
import unicodedata
from functools import cache, lru_cache

_MOST_SPELLINGS = 12


@cache
def _readings() -> dict[int, str]:
    # The phrase table is not needed and costs 0.2 s of start-up; pypinyin reads this switch on import.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return dict(pinyin_dict)


@lru_cache(maxsize=16384)
def syllables(char: str) -> tuple[str, ...]:
    """Every reading of a Han character (长 → chang, zhang); other characters as they are."""
    readings = _readings().get(ord(char))
    if readings is None:
        return (char,)
    return tuple(dict.fromkeys(_toneless(reading) for reading in readings.split(",")))


def _toneless(reading: str) -> str:
    """lǜ → lv."""
    parts = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in parts if not unicodedata.combining(c))


def spellings(word: str) -> tuple[str, ...]:
    """The ways to read a word, syllables apart: 行长 → hang'chang, hang'zhang, xing'chang… (at most 12)."""
    found = [""]
    for char in word:
        found = [f"{start}'{end}" for start in found for end in syllables(char)][:_MOST_SPELLINGS]
    return tuple(spelling[1:] for spelling in found)
