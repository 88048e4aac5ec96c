"""Text to terms: one normal spelling, then characters with bigrams, or words.

Passages and questions go through the same functions, so whatever they fold together (traditional
characters, full-width letters, 两万 and 20000) matches.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from index.numerals import arabic_numerals

if TYPE_CHECKING:
    from opencc import OpenCC

ANALYSIS_VERSION = 2
"""Raise it with every change of output: indexes are rebuilt when it differs."""

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SYMBOL = re.compile(rf"\d+(?:\.\d+)?%?(?![^\W{_HAN}_])|[^\W{_HAN}_]+|[{_HAN}]")
"""What counts as one character: a number, a Latin word, a Han character."""
_STRETCH = re.compile(rf"(?:\d+(?:\.\d+)?%?|[^\W_]|[{_HAN}])+")
"""Symbols with nothing between them: bigrams do not cross punctuation."""
_ALL_HAN = re.compile(rf"[{_HAN}]+")
_INVISIBLE = re.compile("[\ufe00-\ufe0f\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0100-\U000e01ef]")
_SPACE = re.compile(r"\s+")
_MAX_PASSES = 4
_REMEMBERED = 256
"""Questions and titles come again and again; long texts do not."""


@cache
def _to_simplified() -> OpenCC:
    from opencc import OpenCC  # 40 ms, only wanted when text comes

    return OpenCC("t2s")


def normalise(text: str) -> str:
    """One spelling for what reads the same: width, script, case, numerals, white space.

    Applying it twice changes nothing; the result has no control, zero-width or direction characters.
    """
    return _normalise_short(text) if len(text) <= _REMEMBERED else _normalise(text)


def _normalise(text: str) -> str:
    text = _stable(_folded, text)
    if not text.isascii():
        text = _stable(_to_simplified().convert, text)
    return arabic_numerals(_SPACE.sub(" ", text).strip())


_normalise_short = lru_cache(maxsize=4096)(_normalise)


def _stable(step: Callable[[str], str], text: str) -> str:
    """Apply ``step`` until it changes nothing: one pass may leave work for a second (於倫敦, İ)."""
    for _ in range(_MAX_PASSES):
        before, text = text, step(text)
        if text == before:
            break
    return text


def _folded(text: str) -> str:
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> tuple[str, ...]:
    """Characters and bigrams. A number or a Latin word counts as one character: 满3年 → 满 3 年 满3 3年."""
    return tuple(grams(normalise(text)))


def words(text: str) -> tuple[str, ...]:
    """Dictionary words of two characters and more, and every number and Latin word."""
    return tuple(dictionary_words(normalise(text)))


def grams(normal: str) -> list[str]:
    """:func:`tokens` of text that is normalised already."""
    found: list[str] = []
    for stretch in _STRETCH.findall(normal):
        symbols = stretch if _ALL_HAN.fullmatch(stretch) else _SYMBOL.findall(stretch)
        found.extend(symbols)
        found.extend(map("".join, pairwise(symbols)))
    return found


def dictionary_words(normal: str) -> list[str]:
    """:func:`words` of text that is normalised already."""
    import rjieba  # its dictionary takes 150 ms to load

    return [
        word
        for word in rjieba.cut_for_search(normal)
        if len(word) > 1 or "0" <= word <= "9" or "a" <= word <= "z"
    ]
