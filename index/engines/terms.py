"""What an engine makes of a passage and of a question: terms by field, and what counts how much."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from index import analysis
from index.models import Passage

GRAMS, WORDS = "grams", "words"
FIELDS = (GRAMS, WORDS)
LONGEST_QUERY = 4_000
"""Characters of a question that are looked at."""


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
    rescue: bool = True
    """Whether questions with slips and pinyin are also searched as what they probably mean."""
    schema_version: int = 4

    @property
    def fingerprint(self) -> str:
        """What an index must have been made with to be used."""
        weights = (self.title, self.heading, self.text, self.questions, self.keywords)
        return f"schema {self.schema_version}, analysis {analysis.ANALYSIS_VERSION}, weights {weights}"


def query_terms(text: str, settings: EngineSettings) -> dict[tuple[str, str], float]:
    """The terms of a question with how much each counts."""
    normal = analysis.normalise(text[:LONGEST_QUERY])
    terms: dict[tuple[str, str], float] = {}
    for field, share, split in (
        (GRAMS, settings.grams, analysis.grams),
        (WORDS, settings.words, analysis.dictionary_words),
    ):
        if share:
            for term in split(normal):
                key = (field, term)
                terms[key] = terms.get(key, 0.0) + share
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
