"""A text as clauses with their places, and how alike two clauses are."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.briefing.checking.measures import Measure
from bot.briefing.checking.measuring import measures
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.units import content, tokens_of
from index.analysis import normalise
from knowledge.library import Library

Tokens = frozenset[str]

_SENTENCE_END = re.compile(r"[。！？!?\n]+")
_PART_END = re.compile("[；;]+")
_CLAUSE_END = re.compile(
    r"[，：]+|[（(](?!市)|(?<!区)[）)]|(?<!\d)[,:]|[,:](?!\d)"
    r"|、(?=[也并且又还]?(?:不得|可以|必须|应当|不能|禁止|严禁|允许|尽量|最好|不准|不许|不用|无需|不提倡))"
)
"""Not inside of 县（市、区）."""
_NUMBER = re.compile(r"[\d.%]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_ENOUGH = 5
"""Marks from which a clause that stands whole in a longer one is taken to speak of it."""
_PART = 0.8
_SHARED_FIGURE = 0.25


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause at ``[start:end]`` of its text; ``sentence`` counts the sentences, ``part`` what ；parts."""

    text: str
    start: int
    end: int
    sentence: int
    part: int
    tokens: Tokens
    """Terms and pairs of characters."""
    marks: Tokens
    """Tokens and single characters: for comparing short clauses in other words."""
    measures: tuple[Measure, ...]
    """With places in the whole text."""


class Likeness:
    """Cuts texts into clauses and compares them: shared terms and pairs of characters, the rarer in the
    library the heavier (inverse document frequency over its facts)."""

    def __init__(self, library: Library) -> None:
        self._lexicon = Lexicon(library)
        self._library = library
        self.tokens = lru_cache(maxsize=1 << 14)(self._tokens)
        self.marks = lru_cache(maxsize=1 << 14)(self._marks)

    def _tokens(self, text: str) -> Tokens:
        return frozenset(
            token for token in tokens_of(normalise(text), self._lexicon) if not _NUMBER.fullmatch(token)
        )

    def _marks(self, text: str) -> Tokens:
        return self.tokens(text) | frozenset(_HAN.findall(content(normalise(text))))

    def slots(self, text: str) -> frozenset[str]:
        """For whom and where, as ``学段=小学``."""
        return self._lexicon.slots(normalise(text))

    @cached_property
    def _weights(self) -> dict[str, float]:
        facts = [self.marks(fact.statement) for fact in self._library.facts.values()]
        counts = Counter(token for tokens in facts for token in tokens)
        return {token: math.log(1 + len(facts) / count) for token, count in counts.items()}

    @cached_property
    def _unseen(self) -> float:
        return math.log(1 + len(self._library.facts))

    def mass(self, tokens: Iterable[str]) -> float:
        """How much the tokens say together."""
        return sum(self._weights.get(token, self._unseen) for token in tokens)

    def alike(self, one: Tokens, other: Tokens) -> float:
        """Cosine of the two weighted sets, 0..1."""
        shared = self.mass(one & other)
        return shared / math.sqrt(self.mass(one) * self.mass(other)) if shared else 0.0

    def related(self, clause: Clause, other: Clause, context: Tokens = frozenset()) -> float:
        """How far a clause speaks of what another says, 0..1: likeness, or the share of the clause that the
        longer one holds, and a figure in common. What the clause takes from ``context``, the rest of the
        other's text, only names the subject and does not count."""
        close = self.alike(clause.marks, other.marks)
        own = clause.marks - (context - other.marks)
        if own:
            close = max(close, _PART * self.alike(own, other.marks))
        if len(own) >= _ENOUGH:
            close = max(close, _PART * self.covered(own, other.marks))
        same = any(one.within(two) for one in clause.measures for two in other.measures)
        return min(1.0, close + _SHARED_FIGURE * same)

    def covered(self, tokens: Tokens, vocabulary: Tokens) -> float:
        """Share of the tokens' weight that stands in ``vocabulary``; 1 where there is nothing to say."""
        whole = self.mass(tokens)
        return self.mass(tokens & vocabulary) / whole if whole else 1.0

    def clauses(self, text: str) -> tuple[Clause, ...]:
        """Clauses of a text in reading order."""
        found = measures(text)
        return tuple(
            Clause(
                text[start:end],
                start,
                end,
                sentence,
                part,
                self.tokens(text[start:end]),
                self.marks(text[start:end]),
                tuple(one for one in found if start <= one.start < end),
            )
            for sentence, (first, last) in enumerate(_parts(_SENTENCE_END, text, 0, len(text)))
            for part, (begin, finish) in enumerate(_parts(_PART_END, text, first, last))
            for start, end in _parts(_CLAUSE_END, text, begin, finish)
        )


def _parts(border: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between borders, without blanks around them; empty ones are left out."""
    position = start
    for match in (*border.finditer(text, start, end), None):
        last = match.start() if match else end
        piece = text[position:last]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield position + lead, position + len(piece.rstrip())
        position = match.end() if match else end
