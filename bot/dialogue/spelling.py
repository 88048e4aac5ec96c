"""Reading what was meant: pinyin, same-sound and near-shape slips, dropped characters.

Only the library's own words are ever put in, and only where the typed characters do not make words
already: a correct sentence stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

import rjieba

from bot.dialogue.pinyin import syllables

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
_SHORTEST_PINYIN = 4
_LONGEST_WORD = 9
_SHORTEST_LOOSE = 4
"""Words of fewer characters are only corrected by sound."""


class Speller:
    """Corrects a normalised message towards the words of the library.

    ``terms`` are the domain's words; ``texts`` are sentences of the library, whose words and characters
    help to read pinyin.
    """

    def __init__(self, terms: Iterable[str], texts: Iterable[str]) -> None:
        self._terms = frozenset(t for t in terms if len(t) >= 2 and _HAN_RUN.fullmatch(t))
        self._texts = tuple(texts)

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
            if len(term) < _SHORTEST_LOOSE:
                continue
            for place in range(len(term)):
                found.setdefault(term[:place] + "*" + term[place + 1 :], term)
                shorter = term[:place] + term[place + 1 :]
                if shorter not in self._terms:
                    found.setdefault(shorter, term)
        return found

    @cached_property
    def _pinyin_words(self) -> dict[str, tuple[float, str]]:
        """Joined syllables → (score, word): library words first, then single characters."""
        counts: Counter[str] = Counter()
        for sentence in self._texts:
            counts.update(rjieba.cut(sentence))
            counts.update(c for c in sentence if "\u4e00" <= c <= "\u9fff")
        counts.update(dict.fromkeys(self._terms, 20))
        found: dict[str, tuple[float, str]] = {}
        for word, count in counts.items():
            if not _HAN_RUN.fullmatch(word):
                continue
            key = "".join(syllables(word))
            score = len(word) ** 2 + min(count, 1000) / 1001
            if key not in found or score > found[key][0]:
                found[key] = (score, word)
        return found

    def _read_pinyin(self, run: str) -> str:
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
        loose = _loose_places(run)
        if not loose:
            return run
        place = 0
        out = []
        while place < len(run):
            length, word = self._match(run, place, loose)
            if word:
                out.append(word)
                place += length
            else:
                out.append(run[place])
                place += 1
        return "".join(out)

    def _match(self, run: str, place: int, loose: frozenset[int]) -> tuple[int, str]:
        """The word that starts here: as typed, by sound, with a character missing, with one replaced."""
        longest = min(_LONGEST_WORD, len(run) - place)
        windows = [run[place : place + length] for length in range(longest, 1, -1)]
        exact = next((window for window in windows if window in self._terms), None)
        if exact:
            return len(exact), exact
        suspect = [w for w in windows if any(place <= n < place + len(w) for n in loose)]
        for window in suspect:
            word = self._by_sound.get(syllables(window))
            if word and sum(a == b for a, b in zip(word, window, strict=True)) * 2 >= len(window):
                return len(window), word
        for window in suspect:
            if len(window) >= _SHORTEST_LOOSE - 1 and window in self._masked:
                return len(window), self._masked[window]
        for window in suspect:
            word = self._replaced(window, place, loose)
            if word:
                return len(window), word
        return 0, ""

    def _replaced(self, window: str, place: int, loose: frozenset[int]) -> str | None:
        """A long term of which one loose character differs."""
        if len(window) < _SHORTEST_LOOSE:
            return None
        for n in range(len(window)):
            if place + n in loose:
                word = self._masked.get(window[:n] + "*" + window[n + 1 :])
                if word:
                    return word
        return None


def _loose_places(run: str) -> frozenset[int]:
    """Places of characters that make no dictionary word with their neighbours."""
    places = []
    position = 0
    for word in rjieba.cut(run, False):
        if len(word) == 1:
            places.append(position)
        position += len(word)
    return frozenset(places)
