"""What of a text a question matches, as places in the text as it is written.

Matching goes by the normal spelling (:func:`index.analysis.normalise`), which changes lengths: 两万 and
20000, full width, traditional characters. So each sentence is aligned with its normal spelling, and what is
found there is led back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from index import analysis

Span = tuple[int, int]
"""Start and end of characters, end not included."""

_SENTENCE = re.compile(r"[^。；！？!?;\n]{1,200}[。；！？!?;\n]*|[。；！？!?;\n]+")
"""Nothing that matches crosses its end, and it is short enough to be aligned quickly."""
_WORD = re.compile(r"[\da-z]")


class Highlighter:
    """Finds the terms of one question in texts.

    Marked are words, pairs of characters, numbers and Latin words of the question; single characters only
    where the question has nothing else.
    """

    def __init__(self, question: str) -> None:
        terms = {*analysis.tokens(question), *analysis.words(question)}
        longer = {term for term in terms if len(term) > 1 or term.isascii()}
        self._pattern = _any_of(longer or terms)

    def spans(self, text: str) -> tuple[Span, ...]:
        """Places in ``text``, in order, none touching the next."""
        if self._pattern is None:
            return ()
        return tuple(_merged(self._found(text)))

    def _found(self, text: str) -> Iterator[Span]:
        for sentence in _SENTENCE.finditer(text):
            normal = analysis.normalise(sentence[0])
            matches = [match.span(1) for match in self._pattern.finditer(normal)] if self._pattern else []
            if not matches:
                continue
            places = _places(sentence[0], normal)
            for start, end in _merged(matches):
                covered = [place for place in places[start:end] if place]
                if covered:
                    yield sentence.start() + covered[0][0], sentence.start() + covered[-1][1]


def marked(text: str, spans: Iterable[Span], before: str, after: str) -> str:
    """``text`` with every span between two marks."""
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], before, text[start:end], after]
        done = end
    return "".join([*parts, text[done:]])


def _any_of(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Finds each place where one of the terms begins, the longest there; no term begins inside a number."""
    found = sorted(terms, key=lambda term: (-len(term), term))
    if not found:
        return None
    return re.compile(f"(?=({'|'.join(map(_alone, found))}))")


def _alone(term: str) -> str:
    """The term, with no digit or letter beside its own."""
    before = r"(?<![\da-z])(?<!\d\.)" if _WORD.match(term[0]) else ""
    after = r"(?![\da-z%]|\.\d)" if _WORD.match(term[-1]) else ""
    return f"{before}{re.escape(term)}{after}"


def _places(text: str, normal: str) -> list[Span | None]:
    """For each character of the normal spelling, where in the text it comes from."""
    if text == normal:
        return [(n, n + 1) for n in range(len(text))]
    folded = [(char, number) for number, original in enumerate(text) for char in _folded(original)]
    plain = "".join(char for char, _ in folded)
    places: list[Span | None] = [None] * len(normal)
    for kind, a, b, c, d in SequenceMatcher(None, plain, normal, autojunk=False).get_opcodes():
        for n in range(c, d):
            if kind == "equal":
                origin = folded[a + n - c][1]
                places[n] = (origin, origin + 1)
            elif kind == "replace":
                places[n] = (folded[a][1], folded[b - 1][1] + 1)
    return places


@lru_cache(maxsize=8_192)
def _folded(char: str) -> str:
    """The normal spelling of one character by itself; white space stays."""
    return analysis.normalise(char) or char


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order; those that overlap or touch as one."""
    last: Span | None = None
    for start, end in sorted(spans):
        if last is None or start > last[1]:
            if last is not None:
                yield last
            last = (start, end)
        else:
            last = (last[0], max(last[1], end))
    if last is not None:
        yield last
