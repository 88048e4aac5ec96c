"""Reading what was meant: pinyin, same-sound and near-shape slips, dropped characters.

Only the library's own words are ever put in, and only where the typed characters do not make words
already: a correct sentence stays as it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import rjieba

from bot.dialogue.pinyin import syllables
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.wording import function_words

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
_CACHE_NAME = "words"
_SHORTEST_PINYIN = 4
_LONGEST_WORD = 9
_NUMERALS = "一二两三四五六七八九十不"
"""Words that the normalised sentences do not show."""
_NUMERAL_COUNT = 100
_TERM_COUNT = 5
_SHORTEST_LOOSE = 4
"""Words of fewer characters are only corrected by sound."""


class Speller:
    """Corrects a normalised message towards the words of the library.

    ``terms`` are the domain's words; ``texts`` are sentences of the library, whose words and characters
    help to read pinyin.
    """

    def __init__(
        self, terms: Iterable[str], texts: Iterable[str], cache: PreparedCache | None = None
    ) -> None:
        self._terms = frozenset(t for t in terms if len(t) >= 2 and _HAN_RUN.fullmatch(t))
        self._texts = texts
        self._cache = cache

    def correct(self, text: str) -> str:
        """The message with slips mended; unchanged where nothing is certain."""
        if _LATIN_RUN.search(text):
            text = _LATIN_RUN.sub(lambda match: self._read_pinyin(match.group()), text)
        return _HAN_RUN.sub(lambda match: self._mend(match.group()), text)

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], str]:
        found: dict[tuple[str, ...], str] = {}
        for term in sorted(self._terms):
            found.setdefault(syllables(term), term)
        return found

    @cached_property
    def _masked(self) -> dict[str, str]:
        """Long terms with one character replaced by ``*``, or left out, to the term."""
        found: dict[str, str] = {}
        for term in sorted(self._terms):
            if len(term) < _SHORTEST_LOOSE or function_words().search(term):
                continue
            for place in range(len(term)):
                found.setdefault(term[:place] + "*" + term[place + 1 :], term)
                shorter = term[:place] + term[place + 1 :]
                if shorter not in self._terms:
                    found.setdefault(shorter, term)
        return found

    @cached_property
    def _word_counts(self) -> Counter[str]:
        """How often dictionary words stand in the library's sentences; long terms count more."""
        kept = self._cache.get(_CACHE_NAME) if self._cache else None
        if isinstance(kept, dict):
            return Counter(kept)
        counts: Counter[str] = Counter()
        for sentence in self._texts:
            counts.update(word for word in rjieba.cut_for_search(sentence, False) if _HAN_RUN.fullmatch(word))
        for term in self._terms:
            counts[term] += _TERM_COUNT if len(term) > 2 else 0
        counts.update(dict.fromkeys(_NUMERALS, _NUMERAL_COUNT))
        if self._cache:
            self._cache.put(_CACHE_NAME, counts)
        return counts

    @cached_property
    def _single_words(self) -> frozenset[str]:
        """Characters that stand as words of their own in the library: 在, 写, 罚. They are no slips."""
        return frozenset(word for word, count in self._word_counts.items() if len(word) == 1 and count > 1)

    @cached_property
    def _pinyin_words(self) -> dict[str, tuple[float, str]]:
        """Joined syllables → (log-probability, most frequent word)."""
        total = math.log(sum(self._word_counts.values()) or 1)
        found: dict[str, tuple[float, str]] = {}
        for word, count in (+self._word_counts).items():
            key = "".join(syllables(word))
            score = math.log(count) - total
            if key not in found or (score, word) > found[key]:
                found[key] = (score, word)
        return found

    def _read_pinyin(self, run: str) -> str:
        """The likeliest words of the library for a run of letters, where all of it can be read."""
        letters = run.replace(" ", "").replace("'", "")
        if len(letters) < _SHORTEST_PINYIN:
            return run
        best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 6 * _LONGEST_WORD), end):
                before = best[start]
                entry = self._pinyin_words.get(letters[start:end])
                if before is None or entry is None:
                    continue
                score = before[0] + entry[0]
                now = best[end]
                if now is None or score > now[0]:
                    best[end] = (score, (*before[1], entry[1]))
        last = best[-1]
        return "".join(last[1]) if last else run

    def _mend(self, run: str) -> str:
        words = rjieba.cut(run, False)
        edges = tuple(accumulate(map(len, words), initial=0))
        alone = {start for start, word in zip(edges, words, strict=False) if len(word) == 1}
        if not alone:
            return run
        slots = _Places(
            frozenset(edges),
            frozenset(alone),
            frozenset(place for place in alone if run[place] not in self._single_words),
        )
        place = 0
        out = []
        while place < len(run):
            length, word = self._match(run, place, slots)
            if word:
                out.append(word)
                place += length
            else:
                out.append(run[place])
                place += 1
        return "".join(out)

    def _match(self, run: str, place: int, slots: _Places) -> tuple[int, str]:
        """The word that starts here: as typed, by sound, with a character missing, with one replaced."""
        longest = min(_LONGEST_WORD, len(run) - place)
        windows = [run[place : place + length] for length in range(longest, 1, -1)]
        exact = next((window for window in windows if window in self._terms), None)
        if exact:
            return len(exact), exact
        if place not in slots.edges:
            return 0, ""
        whole = [window for window in windows if place + len(window) in slots.edges]
        sounding = [
            w for w in whole if slots.within(slots.alone if len(w) > 2 else slots.loose, place, len(w))
        ]
        suspect = [w for w in whole if slots.within(slots.loose, place, len(w))]
        word = (
            _first(sounding, self._sounding_like)
            or _first(suspect, self._one_missing)
            or _first(suspect, lambda window: self._one_replaced(window, place, slots.loose))
        )
        return word or (0, "")

    def _sounding_like(self, window: str) -> str | None:
        word = self._by_sound.get(syllables(window))
        if word is None or len(function_words().sub("", word)) < 2:
            return None
        differing = [n for n, (a, b) in enumerate(zip(word, window, strict=True)) if a != b]
        edges = {0, len(window) - 1} if len(window) > 2 else set()
        # 是 before 教育局 is a word of its own, 就 inside 研就生 is not.
        stray = any(n in edges and function_words().fullmatch(window[n]) for n in differing)
        return None if stray or 2 * len(differing) > len(window) else word

    def _one_missing(self, window: str) -> str | None:
        return self._masked.get(window) if len(window) >= _SHORTEST_LOOSE - 1 else None

    def _one_replaced(self, window: str, place: int, loose: frozenset[int]) -> str | None:
        """A long term of which one loose character differs."""
        if len(window) < _SHORTEST_LOOSE:
            return None
        masks = (window[:n] + "*" + window[n + 1 :] for n in range(len(window)) if place + n in loose)
        return next((self._masked[mask] for mask in masks if mask in self._masked), None)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where words of a run begin and end (``edges``), where a single character stands as a word
    (``alone``), and where that character is not known to be one (``loose``)."""

    edges: frozenset[int]
    alone: frozenset[int]
    loose: frozenset[int]

    @staticmethod
    def within(places: frozenset[int], start: int, length: int) -> bool:
        return any(place in places for place in range(start, start + length))


def _first(windows: list[str], mend: Callable[[str], str | None]) -> tuple[int, str] | None:
    """The first window that can be mended, with its length as typed."""
    return next(((len(window), word) for window in windows if (word := mend(window))), None)
