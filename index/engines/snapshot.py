"""One committed state of the index, open for ranking. Knows no search library.

A snapshot never changes: a commit makes a new one, and searches that began on the old one end on it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index import analysis
from index.engines.scoring import FieldNorms, Floats, Mask, Numbers, ScoreCache, TermScores, add_up, best
from index.errors import SearchError
from index.models import Passage, PassageKind, SearchFilter, SearchHit, SearchQuery, SearchResults

GRAMS, WORDS = "grams", "words"
FIELDS = (GRAMS, WORDS)
_LONGEST_QUERY = 4_000
_KEPT_PASSAGES = 4_096
_KEPT_MASKS = 64
_DATE_LIMITS = (0, 10**7)


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How passages are weighed. The weights are part of the index; the rest may change without a rebuild."""

    title: float = 1.0
    heading: float = 1.0
    text: float = 1.0
    questions: float = 1.0
    keywords: float = 0.5
    grams: float = 1.0
    words: float = 1.0
    """Shares of characters with bigrams, and of dictionary words, in the score."""
    k1: float = 1.2
    b: float = 0.75
    cache_mb: int = 128
    """Bound of the decoded terms kept in memory."""
    segment_postings: int = 10_000_000
    """Bound of one segment, and so of the memory that writing takes: about 60,000 statute articles."""
    small_segment: int = 1_000
    """A segment of so few passages is written anew with the next change, so that segments stay few."""
    schema_version: int = 1

    @property
    def fingerprint(self) -> str:
        """What an index must have been made with to be used."""
        weights = (self.title, self.heading, self.text, self.questions, self.keywords)
        return f"schema {self.schema_version}, analysis {analysis.ANALYSIS_VERSION}, weights {weights}"


class Segment(Protocol):
    """A part of the index as an engine reads it. Passages are numbered from 0."""

    @property
    def size(self) -> int: ...

    @property
    def deleted(self) -> Sequence[int]: ...

    def postings(self, field: str, term: str) -> tuple[Numbers, Floats] | None: ...

    def lengths(self, field: str) -> Floats: ...

    def ids(self) -> list[str]: ...

    def digests(self) -> list[bytes]: ...

    def facets(self) -> list[bytes]: ...

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
        self._masks: dict[SearchFilter, Mask] = {}
        self._ids: list[str] | None = None

    def __len__(self) -> int:
        return int(self.live.sum())

    def search(self, query: SearchQuery) -> SearchResults:
        """The best live passages that pass the filter."""
        scores = add_up(self._weighted(query.text), len(self.live))
        if query.filter != SearchFilter():
            scores *= self._mask(query.filter)
        ranked = best(scores, query.top_k, self.id_of)
        return SearchResults(
            tuple(SearchHit(self.passage(n), score, rank) for rank, (n, score) in enumerate(ranked, start=1))
        )

    def explain(self, text: str, passage_id: str) -> dict[str, float]:
        """Score of one live passage by field and term, largest first; empty where nothing matches."""
        number = self._number_of(passage_id)
        shares: dict[str, float] = {}
        for (field, term), weight in query_terms(text, self._settings).items():
            (scores,) = self._cache.get([(field, term)], self._load)
            share = weight * _share(scores, number)
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
        return self._ids_loaded()[number]

    def contents(self) -> Iterator[tuple[str, int, int, bytes]]:
        """Every live passage: id, segment, number in the segment, digest."""
        for position, segment in enumerate(self.segments):
            deleted = set(segment.deleted)
            rows = zip(segment.ids(), segment.digests(), strict=True)
            for number, (passage_id, digest) in enumerate(rows):
                if number not in deleted:
                    yield passage_id, position, number, digest

    def _weighted(self, text: str) -> Iterator[tuple[TermScores | None, float]]:
        terms = query_terms(text, self._settings)
        return zip(self._cache.get(terms, self._load), terms.values(), strict=True)

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

    def _mask(self, wanted: SearchFilter) -> Mask:
        mask = self._masks.get(wanted)
        if mask is None:
            facets = [facet for segment in self.segments for facet in segment.facets()]
            passing = {facet: passes(facet, wanted) for facet in set(facets)}
            mask = np.fromiter((passing[facet] for facet in facets), dtype=np.bool_, count=len(facets))
            if len(self._masks) >= _KEPT_MASKS:
                self._masks.clear()
            self._masks[wanted] = mask
        return mask

    def _number_of(self, passage_id: str) -> int:
        numbers = (n for n, found in enumerate(self._ids_loaded()) if found == passage_id and self.live[n])
        try:
            return next(numbers)
        except StopIteration:
            raise SearchError(f"索引里没有编号为 {passage_id} 的段落") from None

    def _ids_loaded(self) -> list[str]:
        if self._ids is None:
            self._ids = [passage_id for segment in self.segments for passage_id in segment.ids()]
        return self._ids

    def _at(self, number: int) -> tuple[Segment, int]:
        position = int(np.searchsorted(self._bases, number, side="right")) - 1
        return self.segments[position], number - self._bases[position]


def _share(scores: TermScores | None, number: int) -> float:
    if scores is None:
        return 0.0
    if scores.passages is None:
        return float(scores.parts[number])
    place = int(np.searchsorted(scores.passages, number))
    held = place < len(scores.passages) and scores.passages[place] == number
    return float(scores.parts[place]) if held else 0.0


def query_terms(text: str, settings: EngineSettings) -> dict[tuple[str, str], float]:
    """The terms of a question with how much each counts."""
    normal = analysis.normalise(text[:_LONGEST_QUERY])
    terms: dict[tuple[str, str], float] = {}
    for field, share, split in (
        (GRAMS, settings.grams, analysis.grams),
        (WORDS, settings.words, analysis.dictionary_words),
    ):
        if share:
            terms.update(((field, term), share * n) for term, n in Counter(split(normal)).items())
    return terms


def passage_terms(passage: Passage, settings: EngineSettings) -> dict[str, dict[str, float]]:
    """How much of each term a passage holds, by field: its parts laid together, each at its weight."""
    by_weight: dict[float, list[str]] = {}
    for weight, parts in (
        (settings.title, (passage.title,)),
        (settings.heading, (passage.heading,)),
        (settings.text, (passage.text,)),
        (settings.questions, passage.questions),
        (settings.keywords, passage.keywords),
    ):
        by_weight.setdefault(weight, []).extend(part for part in parts if part)
    found: dict[str, dict[str, float]] = {field: {} for field in FIELDS}
    for weight, texts in by_weight.items():
        if weight <= 0 or not texts:
            continue
        # No bigram and no word crosses the line break between two parts.
        normal = "\n".join(map(analysis.normalise, texts))
        for field, split in ((GRAMS, analysis.grams), (WORDS, analysis.dictionary_words)):
            _add(found[field], Counter(split(normal)), weight)
    return found


def _add(total: dict[str, float], counts: Mapping[str, int], weight: float) -> None:
    if not total and weight == 1:
        total.update(counts)
        return
    for term, count in counts.items():
        total[term] = total.get(term, 0.0) + weight * count


def digest(passage: Passage) -> bytes:
    """Changes whenever any field of the passage does."""
    fields = tuple(getattr(passage, name) for name in Passage.__slots__)
    return hashlib.blake2b(repr(fields).encode(), digest_size=16).digest()


def facet(passage: Passage) -> bytes:
    """What filters look at, small and equal for many passages."""
    start = passage.valid_from.toordinal() if passage.valid_from else _DATE_LIMITS[0]
    end = passage.valid_to.toordinal() if passage.valid_to else _DATE_LIMITS[1]
    found = [passage.kind.value, passage.document, passage.origin, passage.categories, start, end]
    return json.dumps(found).encode()


def passes(facet: bytes, wanted: SearchFilter) -> bool:
    """Whether a passage with this facet is wanted."""
    kind, document, origin, categories, start, end = json.loads(facet)
    return (
        (not wanted.kinds or PassageKind(kind) in wanted.kinds)
        and (not wanted.documents or document in wanted.documents)
        and wanted.origin in (None, origin)
        and (not wanted.category or wanted.category in categories)
        and (wanted.valid_on is None or start <= wanted.valid_on.toordinal() <= end)
    )
