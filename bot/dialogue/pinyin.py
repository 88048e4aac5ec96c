"""Syllables without tones, for what people type by sound."""

from __future__ import annotations

import os
import unicodedata
from functools import cache, lru_cache


@cache
def _readings() -> dict[int, str]:
    # The phrase table is not needed and costs 0.2 s of start-up; pypinyin reads this switch on import.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return dict(pinyin_dict)


@lru_cache(maxsize=16384)
def syllable(char: str) -> str:
    """The first reading of a Han character without tone (贷 → dai); other characters as they are."""
    reading = _readings().get(ord(char))
    if reading is None:
        return char
    first = reading.split(",")[0].replace("ü", "v")
    plain = unicodedata.normalize("NFD", first)
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ǖ", "v")


def syllables(text: str) -> tuple[str, ...]:
    """One syllable a character."""
    return tuple(syllable(char) for char in text)
