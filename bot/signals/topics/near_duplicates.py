"""Messages that repeat another one almost word for word: sent twice, or copied by many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz

SAME_WORDS = 90.0
"""Per cent of characters in common (``rapidfuzz.fuzz.ratio``)."""

_COMPARED = 600
"""Characters of a text."""
_NOT_SAID = re.compile(r"[\W_]+")
_SHINGLE = 5
_SMALLEST = 8
"""A text is compared with those that share one of so many smallest hashes of its shingles (Broder 1997)."""
_POWERS = (np.uint64(1_000_003) ** np.arange(_SHINGLE, dtype=np.uint64)).astype(np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def repeats(texts: Sequence[str]) -> list[bool]:
    """Which texts repeat an earlier one; punctuation and white space do not count."""
    said = [_NOT_SAID.sub("", text)[:_COMPARED] for text in texts]
    originals: dict[int, list[int]] = defaultdict(list)
    repeated = []
    for place, text in enumerate(said):
        hashes = _smallest_hashes(text)
        rivals = {rival for one in hashes for rival in originals.get(one, ())}
        again = any(fuzz.ratio(text, said[rival], score_cutoff=SAME_WORDS) for rival in rivals)
        repeated.append(again)
        if not again:
            for one in hashes:
                originals[one].append(place)
    return repeated


def _smallest_hashes(text: str) -> list[int]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if not len(codes):
        return []
    if len(codes) < _SHINGLE:
        codes = np.pad(codes, (0, _SHINGLE - len(codes)))
    shingles = np.lib.stride_tricks.sliding_window_view(codes, _SHINGLE)
    mixed = (shingles * _POWERS).sum(axis=1, dtype=np.uint64) * _MIX
    found: list[int] = np.unique(mixed ^ (mixed >> np.uint64(29)))[:_SMALLEST].tolist()
    return found
