"""Syllables without tones, for what people type by sound."""

from __future__ import annotations

from index.rescue.sounds import syllables as readings


def syllable(char: str) -> str:
    """The first reading of a Han character without tone (贷 → dai); other characters as they are."""
    return readings(char)[0]


def syllables(text: str) -> tuple[str, ...]:
    """One syllable a character."""
    return tuple(syllable(char) for char in text)
