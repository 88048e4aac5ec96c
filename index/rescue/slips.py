"""Characters typed by sound, and characters left out, in stretches that make no words.

A log-linear model over the corpus's own counts: how much likelier the row of characters gets, how much
likelier the words, against a price for every change. ``benchmarks/robustness.py --fit`` estimates it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from index.rescue.sounds import spellings
from index.rescue.vocabulary import Vocabulary, Word

_LONGEST_WINDOW = 4
_LEAST = -2.0
"""Corrections of lower log-odds against what was typed are not looked at."""


class Evidence(NamedTuple):
    """What speaks for a correction, in the order of :class:`SlipModel`."""

    row: float = 0.0
    """Gain in log-probability of the characters in their row."""
    words: float = 0.0
    """Gain in log-probability of the words."""
    replaced: float = 0.0
    """Characters replaced."""
    restored: float = 0.0
    """1 where a character is put beside a single one."""
    completed: float = 0.0
    """1 where a character is put into several."""


@dataclass(frozen=True, slots=True)
class SlipModel:
    """What each piece of evidence counts in log-odds: conditional maximum likelihood on STARD questions
    (typed, with one same-sound character, with one character missing), regularised."""

    row: float = 0.33
    words: float = 0.34
    replaced: float = -5.5
    restored: float = -3.7
    completed: float = -1.7

    def log_odds(self, evidence: Evidence) -> float:
        """Log-odds of a correction against what was typed."""
        return (
            self.row * evidence.row
            + self.words * evidence.words
            + self.replaced * evidence.replaced
            + self.restored * evidence.restored
            + self.completed * evidence.completed
        )


@dataclass(frozen=True, slots=True)
class Slip:
    """``word`` probably stands for the characters ``start`` to ``end`` of a stretch."""

    start: int
    end: int
    word: str
    evidence: Evidence
    log_odds: float


def slips(
    tokens: Sequence[str], vocabulary: Vocabulary, model: SlipModel, least: float = _LEAST
) -> list[Slip]:
    """Possible corrections of a stretch of Han characters, cut into dictionary words.

    Only windows of whole tokens that hold a single character are looked at: what makes words is right.
    """
    stretch = _Stretch(tokens, vocabulary)
    found: list[Slip] = []
    for first, last in stretch.windows():
        window = _Window.of(stretch, first, last)
        # No correction makes the characters likelier than certain: most windows end here.
        ceiling = model.row * -window.row + model.words * (vocabulary.likeliest_word - window.words)
        if window.end - window.start > 1 and ceiling + model.replaced > least:
            found += _same_sound(window, vocabulary, model, least)
        if window.text not in vocabulary and ceiling + max(model.restored, model.completed) > least:
            found += _one_more(window, vocabulary, model, least)
    return found


class _Stretch:
    def __init__(self, tokens: Sequence[str], vocabulary: Vocabulary) -> None:
        self.tokens = tokens
        self.text = "".join(tokens)
        self.edges = list(accumulate(map(len, tokens), initial=0))
        steps = (vocabulary.follow(a, b) for a, b in pairwise(["", *self.text, ""]))
        self.rows = list(accumulate(steps, initial=0.0))
        self.words = list(accumulate(map(vocabulary.word, tokens), initial=0.0))

    def windows(self) -> Iterator[tuple[int, int]]:
        """First token and end of every window."""
        for first in range(len(self.tokens)):
            single = False
            for last in range(first, len(self.tokens)):
                if self.edges[last + 1] - self.edges[first] > _LONGEST_WINDOW:
                    break
                single = single or len(self.tokens[last]) == 1
                if single:
                    yield first, last + 1


@dataclass(frozen=True, slots=True)
class _Window:
    """Some tokens of a stretch, with log-probabilities of the characters in and around them."""

    start: int
    end: int
    before: str
    text: str
    after: str
    entry: float
    """Of the first character, given what stands before."""
    inner: float
    exit: float
    """Of what stands after, given the last character."""
    words: float

    @property
    def row(self) -> float:
        return self.entry + self.inner + self.exit

    @classmethod
    def of(cls, stretch: _Stretch, first: int, last: int) -> _Window:
        start, end, text, rows = stretch.edges[first], stretch.edges[last], stretch.text, stretch.rows
        return cls(
            start,
            end,
            text[start - 1 : start] if start else "",
            text[start:end],
            text[end : end + 1],
            rows[start + 1] - rows[start],
            rows[end] - rows[start + 1],
            rows[end + 1] - rows[end],
            stretch.words[last] - stretch.words[first],
        )


def _same_sound(window: _Window, vocabulary: Vocabulary, model: SlipModel, least: float) -> Iterator[Slip]:
    seen = {window.text}
    for spelling in spellings(window.text):
        for word in vocabulary.by_sound.get(spelling, ()):
            if word.text not in seen:
                seen.add(word.text)
                changed = sum(a != b for a, b in zip(word.text, window.text, strict=True))
                evidence = Evidence(replaced=changed)
                yield from _judged(window, word, evidence, model.log_odds(evidence), vocabulary, model, least)


def _one_more(window: _Window, vocabulary: Vocabulary, model: SlipModel, least: float) -> Iterator[Slip]:
    alone = len(window.text) == 1
    change = Evidence(restored=float(alone), completed=float(not alone))
    price = model.log_odds(change)
    rarest = (least - price + model.row * window.row) / model.words + window.words
    for word in vocabulary.shortened.get(window.text, ()):
        if word.chance < rarest:
            break
        yield from _judged(window, word, change, price, vocabulary, model, least)


def _judged(
    window: _Window,
    word: Word,
    change: Evidence,
    price: float,
    vocabulary: Vocabulary,
    model: SlipModel,
    least: float,
) -> Iterator[Slip]:
    """The correction, if it is likely enough. What is dear to compute comes when the rest allows it."""
    row = word.inner - window.inner
    first, last = word.text[0], word.text[-1]
    enters, leaves = first != window.text[0], last != window.text[-1]
    row -= (window.entry if enters else 0.0) + (window.exit if leaves else 0.0)
    words = word.chance - window.words
    price += model.words * words
    if price + model.row * row <= least:
        return
    row += vocabulary.follow(window.before, first) if enters else 0.0
    row += vocabulary.follow(last, window.after) if leaves else 0.0
    log_odds = price + model.row * row
    if log_odds > least:
        yield Slip(window.start, window.end, word.text, change._replace(row=row, words=words), log_odds)


def shares(log_odds: Sequence[float]) -> list[float]:
    """Probabilities of exclusive corrections, what was typed being the remaining choice of log-odds 0."""
    highest = max(0.0, *log_odds)
    weights = [math.exp(value - highest) for value in log_odds]
    total = math.exp(-highest) + sum(weights)
    return [weight / total for weight in weights]
