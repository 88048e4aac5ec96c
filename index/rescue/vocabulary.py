"""The language of the indexed passages: words, pairs of characters, and how often they stand there."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise, starmap
from typing import NamedTuple

from index.rescue.sounds import spellings

HAN = re.compile(r"[\u4e00-\u9fff]+")
LONGEST_WORD = 5
_FEWEST = 3
"""A word must stand in the passages so often to be put into a question."""
_SMOOTHING = 100.0
"""Occurrences of a character after which its followers count as much as the prior (Dirichlet)."""
_END_SHARE = 0.1
"""Prior chance that a stretch of characters ends after a character."""
_BOUND_SHARE = 0.02
"""At least this share of a character's occurrences is taken to be words of their own."""


class Word(NamedTuple):
    """A word that may be put into a question, with natural log-probabilities."""

    text: str
    chance: float
    """That a word is this one."""
    inner: float
    """Of its characters in a row, given the first."""


Words = dict[str, list[Word]]


class Vocabulary:
    """Log-probabilities (natural) of characters in a row and of words, and words by what is left of them.

    ``grams`` are characters and pairs of characters, ``words`` dictionary words, each with its number of
    occurrences in the passages.
    """

    def __init__(self, grams: Iterable[tuple[str, float]], words: Iterable[tuple[str, float]]) -> None:
        counts = dict(grams)
        self._chars = {gram: count for gram, count in counts.items() if len(gram) == 1}
        self._pairs = {gram: count for gram, count in counts.items() if len(gram) == 2 and count > 1}
        self._words = dict(words)
        self._total = sum(self._chars.values()) + 1
        self._starts, self._ends = self._chars.copy(), self._chars.copy()
        for pair, count in counts.items():
            if len(pair) == 2:
                self._starts[pair[1]] = max(0.0, self._starts.get(pair[1], 0.0) - count)
                self._ends[pair[0]] = max(0.0, self._ends.get(pair[0], 0.0) - count)
        self._all_starts = sum(self._starts.values()) + 1

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def follow(self, before: str, char: str) -> float:
        """Log-probability of a character after another; "" stands for the edge of a stretch."""
        if not before:
            return math.log((self._starts.get(char, 0.0) + 0.5) / self._all_starts)
        count = self._chars.get(before, 0.0) + _SMOOTHING
        if not char:
            return math.log((self._ends.get(before, 0.0) + _SMOOTHING * _END_SHARE) / count)
        prior = (1 - _END_SHARE) * (self._chars.get(char, 0.0) + 0.5) / self._total
        return math.log((self._pairs.get(before + char, 0.0) + _SMOOTHING * prior) / count)

    def inner(self, text: str) -> float:
        """Log-probability of characters in a row, given the first."""
        return sum(starmap(self.follow, pairwise(text)))

    def word(self, token: str) -> float:
        """Log-probability of a word; of a single character: that it stands for itself."""
        count = self._alone.get(token, 0.0) if len(token) == 1 else self._words.get(token, 0.0)
        return math.log((count + 0.5) / self._total)

    @cached_property
    def likeliest_word(self) -> float:
        """The log-probability that no correction exceeds."""
        return self._known[0].chance if self._known else -math.inf

    @cached_property
    def by_sound(self) -> Words:
        """Syllables with ' between them → words, likeliest first."""
        return _grouped((word, spellings(word.text)) for word in self._known)

    @cached_property
    def by_letters(self) -> Words:
        """Joined syllables → words and characters, likeliest first."""
        chars = (
            Word(c, math.log((n + 0.5) / self._total), 0.0) for c, n in self._chars.items() if HAN.match(c)
        )
        texts = [*self._known, *sorted(chars, key=_rank)]
        return _grouped((word, {s.replace("'", "") for s in spellings(word.text)}) for word in texts)

    @cached_property
    def shortened(self) -> Words:
        """Words with one character left out → the words, likeliest first."""
        return _grouped(
            (word, {word.text[:n] + word.text[n + 1 :] for n in range(len(word.text))})
            for word in self._known
        )

    @cached_property
    def _known(self) -> list[Word]:
        """Words that may be put into a question, likeliest first."""
        known = (
            Word(text, self.word(text), self.inner(text))
            for text, count in self._words.items()
            if count >= _FEWEST and 2 <= len(text) <= LONGEST_WORD and HAN.fullmatch(text)
        )
        return sorted(known, key=_rank)

    @cached_property
    def _alone(self) -> dict[str, float]:
        """How often a character stands outside words. Words within words are not counted again."""
        inside: defaultdict[str, float] = defaultdict(float)
        for word, count in self._words.items():
            if len(word) > 1:
                for place in range(len(word)):
                    if not self._within_shorter(word, place):
                        inside[word[place]] += count
        return {c: max(n - inside[c], n * _BOUND_SHARE) for c, n in self._chars.items()}

    def _within_shorter(self, word: str, place: int) -> bool:
        """Whether a shorter word inside ``word`` holds the character at ``place``."""
        return len(word) > 2 and any(
            word[start:end] in self._words
            for start in range(place + 1)
            for end in range(max(place + 1, start + 2), len(word) + 1)
            if end - start < len(word)
        )


def _rank(word: Word) -> tuple[float, str]:
    return -word.chance, word.text


def _grouped(keys: Iterable[tuple[Word, Iterable[str]]]) -> Words:
    found: defaultdict[str, list[Word]] = defaultdict(list)
    for word, own in keys:
        for key in own:
            found[key].append(word)
    return dict(found)
