"""One committed state of the index, open for ranking. Knows no search library.

A snapshot never changes: a commit makes a new one, and searches that began on the old one end on it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import count
from typing import Protocol

import numpy as np

from index import analysis
from index.engines.filters import Facets
from index.engines.ranking import rank
from index.engines.scoring import (
    FieldNorms,
    Floats,
    Mask,
    Numbers,
    QueryTerm,
    ScoreCache,
    TermScores,
    Weights,
)
from index.engines.terms import FIELDS, GRAMS, LONGEST_QUERY, WORDS, EngineSettings, query_terms
from index.errors import SearchError
from index.models import EVERYTHING, Passage, SearchFilter, SearchHit, SearchQuery, SearchResults
from index.relevance.works import Works
from index.rescue.rescue import Rescuer
from index.rescue.vocabulary import Vocabulary

_KEPT_PASSAGES = 4_096
_KEPT_FILTERS = 32


class Segment(Protocol):
    """A part of the index as an engine reads it. Passages are numbered from 0."""

    @property
    def size(self) -> int: ...

    @property
    def deleted(self) -> Sequence[int]: ...

    def postings(self, field: str, term: str) -> tuple[Numbers, Weights] | None: ...

    def lengths(self, field: str) -> Floats: ...

    def id(self, number: int) -> str: ...

    def digests(self) -> list[bytes]: ...

    def facets(self) -> list[bytes]: ...

    def documents(self) -> list[str]: ...

    def vocabulary(self, field: str) -> Iterator[tuple[str, float]]:
        """The terms of a field with their weight in all passages, deleted ones too."""
        ...

    def works(self) -> list[tuple[str, str]]:
        """For each passage the title of its work and the titles that it mentions."""
        ...

    def passage(self, number: int) -> Passage: ...


class Snapshot:
    """Ranks the live passages of a list of segments."""

    def __init__(self, segments: Sequence[Segment], settings: EngineSettings) -> None:
        self.segments = tuple(segments)
        self._settings = settings
        self._bases = np.cumsum([0, *(segment.size for segment in segments)]).tolist()
        self.live: Mask = np.ones(self._bases[-1], dtype=np.bool_)
        for base, segment in zip(self._bases, segments, strict=False):
            self.live[[base + number for number in segment.deleted]] = False
        self._any_deleted = not self.live.all()
        self._norms = {field: self._field_norms(field) for field in FIELDS}
        self._cache = ScoreCache(settings.cache_mb * 2**20)
        self._passages: dict[int, Passage] = {}
        self._everything = _start(self.live)
        self._starts: dict[SearchFilter, Floats] = {}

    def __len__(self) -> int:
        return int(self.live.sum())

    def search(self, query: SearchQuery) -> SearchResults:
        """The best live passages that pass the filter."""
        terms = self._terms(query.text, query.corrected)
        weighted = zip(self._cache.get(terms, self._load), terms.values(), strict=True)
        numbers, scores = rank(weighted, self._start(query.filter), query.top_k, self.id_of)
        found = zip(numbers.tolist(), scores.tolist(), count(1))
        return SearchResults(tuple(SearchHit(self.passage(n), score, place) for n, score, place in found))

    def top(self, terms: Sequence[QueryTerm], depth: int, wanted: SearchFilter) -> tuple[Numbers, Floats]:
        """Numbers and scores of the ``depth`` best passages for these terms, best first."""
        weighted = ((scores, weight) for _, _, weight, scores in terms)
        numbers, scores = rank(weighted, self._start(wanted), depth, self.id_of)
        return numbers, scores.astype(np.float32)

    def wanted(self, wanted: SearchFilter) -> Mask:
        """Which passages a filter lets through."""
        found: Mask = self._start(wanted) == 0
        return found

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Live passages: id → number."""
        return {self.id_of(number): number for number in np.flatnonzero(self.live).tolist()}

    def terms(self, query: SearchQuery) -> list[QueryTerm]:
        """Field, term, weight in the question and scores of each term of a question."""
        weights = self._terms(query.text, query.corrected)
        scores = self._cache.get(weights, self._load)
        return [(*key, weight, s) for (key, weight), s in zip(weights.items(), scores, strict=True)]

    @property
    def has_properties(self) -> bool:
        """Whether there are passages of the library, which say more of themselves than their words."""
        return self._facets.has_properties

    @cached_property
    def works(self) -> Works:
        """What work each passage belongs to."""
        found = [pair for segment in self.segments for pair in segment.works()]
        mentioned = [text if alive else "" for (_, text), alive in zip(found, self.live, strict=True)]
        return Works([work for work, _ in found], mentioned, analysis.tokens)

    def explain(self, text: str, passage_id: str) -> dict[str, float]:
        """Score of one live passage by field and term, largest first; empty where nothing matches."""
        number = self._number_of(passage_id)
        shares: dict[str, float] = {}
        for (field, term), weight in self._terms(text).items():
            (scores,) = self._cache.get([(field, term)], self._load)
            share = weight * scores.part(number) if scores else 0.0
            if share > 0:
                shares[f"{field}:{term}"] = share
        return dict(sorted(shares.items(), key=lambda pair: -pair[1]))

    def passage(self, number: int) -> Passage:
        found = self._passages.get(number)
        if found is None:
            segment, local = self._at(number)
            found = segment.passage(local)
            if len(self._passages) >= _KEPT_PASSAGES:
                self._passages.clear()
            self._passages[number] = found
        return found

    def id_of(self, number: int) -> str:
        segment, local = self._at(number)
        return segment.id(local)

    def contents(self) -> Iterator[tuple[str, int, int, bytes]]:
        """Every live passage: id, segment, number in the segment, digest."""
        for position, segment in enumerate(self.segments):
            deleted = set(segment.deleted)
            for number, digest in enumerate(segment.digests()):
                if number not in deleted:
                    yield segment.id(number), position, number, digest

    @cached_property
    def rescuer(self) -> Rescuer:
        """Reads questions with slips by the words of these passages. Takes a while on first use."""
        return Rescuer(Vocabulary(self._vocabulary(GRAMS).items(), self._vocabulary(WORDS).items()))

    def meant(self, query: SearchQuery) -> str:
        """The question in normal spelling, probable slips mended: what an embedder should read."""
        text = analysis.normalise(query.text[:LONGEST_QUERY])
        return self.rescuer.likeliest(text) if self._settings.rescue and not query.corrected else text

    def _vocabulary(self, field: str) -> dict[str, float]:
        total: dict[str, float] = {}
        for segment in self.segments:
            for term, weight in segment.vocabulary(field):
                total[term] = total.get(term, 0.0) + weight
        return total

    def _terms(self, text: str, corrected: bool = False) -> dict[tuple[str, str], float]:
        """Terms as typed, and those of probable corrections at their probability."""
        terms = query_terms(text, self._settings)
        if self._settings.rescue and not corrected:
            for change in self.rescuer.changes(analysis.normalise(text[:LONGEST_QUERY])):
                typed = query_terms(change.typed, self._settings)
                for meant, chance in change.meant:
                    for key, weight in query_terms(meant, self._settings).items():
                        if (more := weight - typed.get(key, 0.0)) > 0:
                            terms[key] = terms.get(key, 0.0) + chance * more
        return terms

    def _load(self, field: str, term: str) -> TermScores | None:
        """Decode a term from all segments and score it."""
        passages, weights = [], []
        for base, segment in zip(self._bases, self.segments, strict=False):
            if (found := segment.postings(field, term)) is not None:
                passages.append(found[0] + base)
                weights.append(found[1])
        if not passages:
            return None
        numbers, amounts = np.concatenate(passages), np.concatenate(weights)
        if self._any_deleted:
            alive = self.live[numbers]
            numbers, amounts = numbers[alive], amounts[alive]
        return self._norms[field].scores(numbers, amounts) if len(numbers) else None

    def _field_norms(self, field: str) -> FieldNorms:
        parts = [segment.lengths(field) for segment in self.segments]
        lengths = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        return FieldNorms.of(lengths, self.live, self._settings.k1, self._settings.b)

    @cached_property
    def _facets(self) -> Facets:
        return Facets(facet for segment in self.segments for facet in segment.facets())

    def _start(self, wanted: SearchFilter) -> Floats:
        """0 for the passages that a search may find, -inf for all others."""
        if wanted is EVERYTHING:
            return self._everything
        start = self._starts.get(wanted)
        if start is None:
            mask = self.live & self._facets.passing(wanted)
            if wanted.documents:
                names = (name for segment in self.segments for name in segment.documents())
                mask &= np.fromiter((name in wanted.documents for name in names), np.bool_, len(mask))
            start = _start(mask)
            if len(self._starts) >= _KEPT_FILTERS:
                self._starts.clear()
            self._starts[wanted] = start
        return start

    def _number_of(self, passage_id: str) -> int:
        found = (n for n in np.flatnonzero(self.live).tolist() if self.id_of(n) == passage_id)
        try:
            return next(found)
        except StopIteration:
            raise SearchError(f"索引里没有编号为 {passage_id} 的段落") from None

    def _at(self, number: int) -> tuple[Segment, int]:
        position = bisect_right(self._bases, number) - 1
        return self.segments[position], number - self._bases[position]


def _start(mask: Mask) -> Floats:
    return np.where(mask, np.float32(0), np.float32(-np.inf))
