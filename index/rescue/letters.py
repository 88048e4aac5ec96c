"""Words typed as pinyin, read as words of the corpus."""

from __future__ import annotations

from index.rescue.vocabulary import LONGEST_WORD, Vocabulary

_LONGEST_SYLLABLE = 6
_FEWEST_LETTERS, _MOST_LETTERS = 4, 40
_WIDTH = 10
"""Readings kept at each letter."""
_CANDIDATES = 8
"""Words tried for the same letters."""
_READINGS = 3
_FOREIGN = -12.0
"""Log-probability, for each character read, below which letters are rather no pinyin."""


def read_letters(letters: str, before: str, after: str, vocabulary: Vocabulary) -> list[tuple[str, float]]:
    """The likeliest readings with log-odds against the letters being no pinyin, best first.

    Empty where the letters are a word of the corpus or do not fall into syllables of its words.
    """
    if not _FEWEST_LETTERS <= len(letters) <= _MOST_LETTERS or letters in vocabulary:
        return []
    table = vocabulary.by_letters
    reached: list[dict[str, float]] = [{} for _ in range(len(letters) + 1)]
    reached[0][""] = 0.0
    for start, readings in enumerate(reached[:-1]):
        kept = sorted(readings.items(), key=lambda reading: (-reading[1], reading[0]))[:_WIDTH]
        furthest = min(len(letters), start + _LONGEST_SYLLABLE * LONGEST_WORD)
        for end in range(start + 1, furthest + 1) if kept else ():
            for word in table.get(letters[start:end], ())[:_CANDIDATES]:
                for text, score in kept:
                    _extend(reached[end], text, word.text, score, before, vocabulary)
    whole = [
        (text, score + vocabulary.follow(text[-1], after) - _FOREIGN * len(text))
        for text, score in reached[-1].items()
    ]
    return sorted(whole, key=lambda reading: (-reading[1], reading[0]))[:_READINGS]


def _extend(
    reached: dict[str, float], text: str, word: str, score: float, before: str, vocabulary: Vocabulary
) -> None:
    previous = text[-1] if text else before
    for char in word:
        score += vocabulary.follow(previous, char)
        previous = char
    longer = text + word
    if score > reached.get(longer, float("-inf")):
        reached[longer] = score
