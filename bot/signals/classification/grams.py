"""Messages to rows of a tf-idf matrix over characters and bigrams, whole files at a time.

They need no word cutting and do at least as well as words on citizens' messages (decision by
cross-validation on ``benchmarks/messages_classes.py``'s texts). Everything is looked up in tables with
NumPy, so 100,000 messages take seconds; scikit-learn's vectorisers run Python code for every character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.signals.words import MASK

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TITLE_WEIGHT = 3
"""Once in the title counts as often in the text: titles are short and to the point."""
_FEWEST = 2
"""What stands in fewer examples says nothing that holds for others."""
_BMP = 0x10000
_SEPARATOR = "\n"

Texts = Sequence[tuple[str, str]]
"""Titles and texts."""


@dataclass(frozen=True)
class Grams:
    """The characters and bigrams that the examples have in common, each with its weight."""

    symbols: NDArray[np.uint16]
    """Number of each code point of the basic plane; 0 for one that separates or was never seen."""
    columns: NDArray[np.int32]
    """Column of the bigram ``a, b`` at ``a * size + b``, of the character ``b`` at ``b``; -1 for none."""
    size: int
    """How many numbers there are, 0 included."""
    idf: NDArray[np.float32]
    names: tuple[str, ...]
    """The characters of each column."""

    @classmethod
    def of(cls, texts: Texts) -> Grams:
        """Take the vocabulary from examples."""
        codes, messages, _ = _flat(texts)
        folded = _folding()[codes].astype(np.int64)
        grams = _with_singles(folded, messages, _BMP)
        seen = np.unique(np.stack([grams, np.repeat(messages, 2)]), axis=1)[0]
        kept, frequency = np.unique(seen[seen > 0], return_counts=True)
        kept, frequency = kept[frequency >= _FEWEST], frequency[frequency >= _FEWEST]
        letters = np.unique(np.append(kept % _BMP, 0))  # whoever begins a frequent bigram is frequent alone
        numbers = np.zeros(_BMP, np.uint16)
        numbers[letters] = np.arange(len(letters))
        columns = np.full(len(letters) ** 2, -1, np.int32)
        columns[numbers[kept // _BMP].astype(np.int64) * len(letters) + numbers[kept % _BMP]] = range(
            len(kept)
        )
        idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        names = tuple(chr(gram // _BMP).strip("\0") + chr(gram % _BMP) for gram in kept.tolist())
        return cls(numbers[_folding()], columns, len(letters), idf.astype(np.float32), names)

    def rows(self, texts: Texts) -> csr_matrix:
        """One row of length 1 for each message (zero where nothing is known): (1 + log tf) · idf."""
        from scipy.sparse import csr_matrix

        codes, messages, weights = _flat(texts)
        grams = _with_singles(self.symbols[codes].astype(np.int32), messages, self.size)
        found = self.columns[grams]
        known = found >= 0
        starts = np.zeros(len(texts) + 1, np.int32)
        np.cumsum(np.bincount(np.repeat(messages, 2)[known], minlength=len(texts)), out=starts[1:])
        matrix = csr_matrix(
            (np.repeat(weights, 2)[known], found[known], starts), shape=(len(texts), len(self.idf))
        )
        matrix.sum_duplicates()
        matrix.data = (1 + np.log(matrix.data)) * self.idf[matrix.indices]
        squares = np.add.reduceat(np.append(matrix.data**2, np.float32(0)), matrix.indptr[:-1])
        filled = np.diff(matrix.indptr)
        matrix.data /= np.repeat(np.sqrt(np.where(filled > 0, squares, 1)), filled).astype(np.float32)
        return matrix


def _with_singles(
    numbers: NDArray[np.integer], messages: NDArray[np.int32], size: int
) -> NDArray[np.integer]:
    """For each character itself and the bigram that it ends; 0 where there is none."""
    both = np.zeros((len(numbers), 2), numbers.dtype)
    both[:, 0] = numbers
    joined = (numbers[:-1] != 0) & (numbers[1:] != 0) & (messages[:-1] == messages[1:])
    both[1:, 1] = np.where(joined, numbers[:-1] * size + numbers[1:], 0)
    return both.ravel()


def _code_points(text: str) -> NDArray[np.uint32]:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    return np.where(codes < _BMP, codes, 0)


def _flat(texts: Texts) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.float32]]:
    """All characters of all messages, with the number of the message and the weight of each."""
    parts = [MASK.sub(" ", part) for message in texts for part in message]
    lengths = np.fromiter((len(part) + 1 for part in parts), np.int64, len(parts))
    codes = _code_points(_SEPARATOR.join([*parts, ""]))
    rows = np.repeat(np.arange(len(parts), dtype=np.int32) // 2, lengths)
    weights = np.repeat(np.tile(np.array([TITLE_WEIGHT, 1], np.float32), len(texts)), lengths)
    return codes, rows, weights


@cache
def _folding() -> NDArray[np.uint16]:
    """What each code point is read as: narrow, lower case, simplified, any digit 0; 0 for what separates."""
    from opencc import OpenCC

    simplified = OpenCC("t2s").convert("".join(map(chr, range(0x4E00, 0xA000))))
    table = np.zeros(_BMP, np.uint16)
    for code in range(_BMP):
        letter = chr(code)
        if letter.isalnum():
            folded = unicodedata.normalize("NFKC", letter).lower()[:1]
            table[code] = ord("0") if folded.isdecimal() else ord(folded) & 0xFFFF
    if len(simplified) == 0xA000 - 0x4E00:
        table[0x4E00:0xA000] = [ord(letter) & 0xFFFF for letter in simplified]
    return table
