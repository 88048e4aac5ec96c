"""Finding known phrases in a text: leftmost, longest, each with what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase found at ``start`` (characters), and the meaning it was stored with."""

    start: int
    phrase: str
    meaning: str

    @property
    def end(self) -> int:
        return self.start + len(self.phrase)


class PhraseTable:
    """Phrases by their first two characters, longest first. Texts and phrases must be normalised alike."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        for phrase, meaning in pairs:
            if phrase:
                self._by_start.setdefault(phrase[:2], []).append((phrase, meaning))
        for candidates in self._by_start.values():
            candidates.sort(key=lambda pair: -len(pair[0]))

    def find(self, text: str, overlapping: bool = False) -> Iterator[PhraseMatch]:
        """Matches from left to right; ``overlapping`` also reports phrases inside of others."""
        position, by_start = 0, self._by_start
        while position < len(text):
            long = by_start.get(text[position : position + 2])
            short = by_start.get(text[position])
            if long is None and short is None:
                position += 1
                continue
            match = None
            for phrase, meaning in (*(long or ()), *(short or ())):
                if text.startswith(phrase, position) and _whole_number(text, position, phrase):
                    match = PhraseMatch(position, phrase, meaning)
                    yield match
                    if not overlapping:
                        break
            position = match.end if match and not overlapping else position + 1

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for candidates in self._by_start.values():
            yield from candidates


def _whole_number(text: str, start: int, phrase: str) -> bool:
    """Whether a phrase that begins or ends with digits takes the whole number: 6周岁 is not in 16周岁."""
    end = start + len(phrase)
    cut_before = phrase[0].isdigit() and start > 0 and text[start - 1].isdigit()
    cut_after = phrase[-1].isdigit() and end < len(text) and text[end].isdigit()
    return not (cut_before or cut_after)
