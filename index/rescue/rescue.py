"""Which words a question with slips probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from index.rescue.letters import read_letters
from index.rescue.slips import Slip, SlipModel, shares, slips
from index.rescue.vocabulary import HAN, Vocabulary

_LETTERS = re.compile(r"(?<![a-z\d])[a-z]+(?![a-z\d])")
_CONTEXT = 5
"""Characters on either side that go along, so that words and pairs across the edges change too."""
_LEAST_CHANCE = 0.2
"""Corrections that are together less likely are left alone."""
_CHOICES = 3
_LEAST_CHOICE = 0.05
_REMEMBERED = 256
_MORE_LIKELY_THAN_NOT = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of a question as typed, and what was probably meant, each with its probability."""

    typed: str
    meant: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What may stand for the characters ``start`` to ``end``: exclusive choices with probabilities."""

    start: int
    end: int
    choices: tuple[tuple[str, float], ...]


class Rescuer:
    """Finds slips and pinyin in normalised questions, by the vocabulary of one state of the index."""

    def __init__(self, vocabulary: Vocabulary, model: SlipModel | None = None) -> None:
        self._vocabulary = vocabulary
        self._model = model or SlipModel()
        # Ranking asks for the same question more than once.
        self.changes = lru_cache(maxsize=_REMEMBERED)(self._changes)

    def corrections(self, text: str) -> list[Correction]:
        """The doubtful places of a normalised question, none overlapping another."""
        return [*self._pinyin(text), *self._slips(text)]

    def likeliest(self, text: str) -> str:
        """A normalised question with every place that is more likely than not a slip mended."""
        for place in sorted(self.corrections(text), key=lambda found: -found.start):
            choice, chance = max(place.choices, key=lambda one: one[1], default=("", 0.0))
            if chance > _MORE_LIKELY_THAN_NOT:
                text = text[: place.start] + choice + text[place.end :]
        return text

    def _changes(self, text: str) -> tuple[Change, ...]:
        """:meth:`corrections` as pieces of text with what stands around them."""
        found = []
        for place in self.corrections(text):
            before, after = max(0, place.start - _CONTEXT), place.end + _CONTEXT
            left, right = text[before : place.start], text[place.end : after]
            meant = tuple((left + choice + right, chance) for choice, chance in place.choices)
            found.append(Change(text[before:after], meant))
        return tuple(found)

    def _pinyin(self, text: str) -> Iterator[Correction]:
        for match in _LETTERS.finditer(text):
            before, after = _beside(text[: match.start()][-1:]), _beside(text[match.end() :][:1])
            found = read_letters(match.group(), before, after, self._vocabulary)
            yield from _decided(match.start(), match.end(), dict(found))

    def _slips(self, text: str) -> Iterator[Correction]:
        for start, tokens in _stretches(text):
            stretch = "".join(tokens)
            for group in _overlapping(slips(tokens, self._vocabulary, self._model)):
                first, last = min(slip.start for slip in group), max(slip.end for slip in group)
                choices: dict[str, float] = {}
                for slip in group:
                    meant = stretch[first : slip.start] + slip.word + stretch[slip.end : last]
                    choices[meant] = max(slip.log_odds, choices.get(meant, slip.log_odds))
                yield from _decided(start + first, start + last, choices)


def _beside(char: str) -> str:
    return char if HAN.fullmatch(char) else ""


def _decided(start: int, end: int, log_odds: dict[str, float]) -> Iterator[Correction]:
    """The likeliest choices, where they are likely enough to matter."""
    if not log_odds:
        return
    chances = zip(log_odds, shares(list(log_odds.values())), strict=True)
    likely = (choice for choice in chances if choice[1] >= _LEAST_CHOICE)
    best = sorted(likely, key=lambda choice: (-choice[1], choice[0]))[:_CHOICES]
    if sum(chance for _, chance in best) >= _LEAST_CHANCE:
        yield Correction(start, end, tuple(best))


def _stretches(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where stretches of Han characters begin, with their dictionary words and single characters."""
    import rjieba  # its dictionary takes 150 ms to load

    place = 0
    for han, group in groupby(rjieba.cut(text, False), key=lambda token: bool(HAN.fullmatch(token))):
        tokens = list(group)
        if han and any(len(token) == 1 for token in tokens):
            yield place, tokens
        place += sum(map(len, tokens))


def _overlapping(found: list[Slip]) -> Iterator[list[Slip]]:
    """Slips in groups that share characters with no slip of another group."""
    group: list[Slip] = []
    end = -1
    for slip in sorted(found, key=lambda slip: (slip.start, slip.end)):
        if group and slip.start >= end:
            yield group
            group = []
        group.append(slip)
        end = max(end, slip.end)
    if group:
        yield group
