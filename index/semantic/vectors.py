"""Exact nearest neighbours among passage vectors, in NumPy."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.engines.base import Progress
from index.errors import SearchError
from index.models import Passage, PassageKind
from index.semantic.base import Embedder, EmbedderError, Vectors, unit_rows
from index.semantic.cache import StoredVector, VectorCache

Mask = NDArray[np.bool_]

LONGEST_TEXT = 600
"""Characters of a passage or question that are embedded: about what a model of 512 tokens reads."""
_CHUNK = 1024
"""Texts that are sorted by length together: batches of equal length waste little."""
_BATCH = 40
"""Texts embedded and kept together: what an interrupted build loses."""
_QUERIES_REMEMBERED = 512
_EXACT_ROWS = 4096
_FLOAT32_UNIT = 2.0**-24


def passage_text(passage: Passage) -> str:
    """What is embedded of a passage: title, heading, wordings of the question, text; cut at 600 characters.

    A row of a plain corpus has title and text only, with one space between, even where the title is empty.
    """
    if passage.kind is PassageKind.TEXT:
        return f"{passage.title} {passage.text}"[:LONGEST_TEXT]
    # The cut may shorten the many wordings of a fact; an answer without its question says little.
    parts = (
        (passage.title, *passage.questions, passage.text)
        if passage.kind is PassageKind.FAQ
        else (passage.title, passage.heading, passage.text, *passage.questions)
    )
    return " ".join(part for part in parts if part)[:LONGEST_TEXT]


@dataclass(frozen=True, slots=True)
class DenseRows:
    """Passage vectors as of one refresh. Rows stand in the order of their ids."""

    ids: tuple[str, ...] = ()
    matrix: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    numbers: dict[str, int] = field(default_factory=dict)
    """Id → row."""

    def nearest(self, query: Vectors, top_k: int, allowed: Mask | None = None) -> list[tuple[str, float]]:
        """The ``top_k`` rows of the highest cosine with ``query``, best first, equal cosines by id.

        float32 finds the candidates, with room for its rounding error; float64 ranks them, so the result does
        not depend on the order of additions.

        Raises:
            SearchError: ``allowed`` has not one value for each row.
        """
        if allowed is not None and len(allowed) != len(self.ids):
            raise SearchError(f"过滤条件有 {len(allowed)} 项，语义索引有 {len(self.ids)} 段")
        wanted = min(top_k, len(self.ids) if allowed is None else int(allowed.sum()))
        if wanted < 1:
            return []
        rough = self.matrix @ query
        if allowed is not None:
            rough[~allowed] = -np.inf
        worst = np.partition(rough, len(rough) - wanted)[len(rough) - wanted]
        candidates = np.flatnonzero(rough >= worst - 4 * len(query) * _FLOAT32_UNIT)
        cosines = self.cosines(query, candidates)
        order = np.lexsort((candidates, -cosines))[:wanted]
        return [(self.ids[candidates[n]], float(cosines[n])) for n in order]

    def cosines(self, query: Vectors, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Cosines of the query with these rows; equal rows give equal values."""
        parts = [np.zeros(0)]
        for start in range(0, len(numbers), _EXACT_ROWS):
            rows = self.matrix[numbers[start : start + _EXACT_ROWS]]
            parts.append((rows * query.astype(np.float64)).sum(axis=1))
        return np.concatenate(parts)


class DenseIndex:
    """Passages by meaning. Safe to search from several threads; a refresh switches in one step.

    ``rows`` is the present state: take it once where a mask and a search must speak of the same rows.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache) -> None:
        self.rows = DenseRows()
        self._embedder = embedder
        self._cache = cache
        self._refreshing = threading.Lock()
        self._query_vector = lru_cache(maxsize=_QUERIES_REMEMBERED)(self._embed_query)

    def refresh(self, texts: Iterable[tuple[str, str]], progress: Progress | None = None) -> None:
        """Hold exactly these (id, text). Only what the cache lacks is embedded, and kept batch by batch.

        On an error the former state stays, and what was embedded until then is not embedded again.
        ``progress`` counts the texts to embed.

        Raises:
            EmbedderError: a text cannot be embedded.
            SearchError: two texts have one id, or the cache cannot be used.
        """
        ordered = sorted(texts)
        ids = tuple(passage_id for passage_id, _ in ordered)
        numbers = {passage_id: number for number, passage_id in enumerate(ids)}
        if len(numbers) < len(ids):
            twice = next(a for a, b in pairwise(ids) if a == b)
            raise SearchError(f"两个段落用了同一个编号：{twice}")
        with self._refreshing:
            matrix = self._matrix([text for _, text in ordered], progress)
            self._cache.prune()
            self.rows = DenseRows(ids, matrix, numbers)

    def search(self, text: str, top_k: int, allowed: Mask | None = None) -> list[tuple[str, float]]:
        """The passages nearest in meaning as (id, cosine), best first, equal cosines by id.

        ``allowed`` has one value for each of ``rows.ids``. A blank text finds nothing.

        Raises:
            EmbedderError: the text cannot be embedded.
            SearchError: ``allowed`` is of another length.
        """
        rows = self.rows
        if top_k < 1 or not rows.ids or not text.strip():
            return []
        return rows.nearest(self.query_vector(text, rows), top_k, allowed)

    def similarities(self, text: str, ids: Sequence[str]) -> NDArray[np.float64]:
        """Cosine of the text with each of the passages; 0 for an unknown one and for a blank text.

        Raises:
            EmbedderError: the text cannot be embedded.
        """
        rows = self.rows
        known = [place for place, passage_id in enumerate(ids) if passage_id in rows.numbers]
        found = np.zeros(len(ids))
        if known and text.strip():
            numbers = np.array([rows.numbers[ids[place]] for place in known])
            found[known] = rows.cosines(self.query_vector(text, rows), numbers)
        return found

    def query_vector(self, text: str, rows: DenseRows) -> Vectors:
        """The question's vector (d,), remembered for the questions asked last.

        Raises:
            EmbedderError: the text cannot be embedded, or not in the space of ``rows``.
        """
        vector: Vectors = self._query_vector(text.strip()[:LONGEST_TEXT])
        self._require_dimension(len(vector), rows.matrix.shape[1])
        return vector

    def close(self) -> None:
        """Release the embedder."""
        self._embedder.close()

    def _embed_query(self, text: str) -> Vectors:
        vector: Vectors = self._embedder.queries([text])[0]
        vector.flags.writeable = False
        return vector

    def _matrix(self, texts: list[str], progress: Progress | None) -> Vectors:
        """One row for each text. New vectors are rounded as kept ones are: a second start finds the same."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        found = self._cache.get_many(self._embedder.name, texts)
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        done = 0
        for batch in _batches(missing):
            vectors = self._embedder.passages(batch).astype(np.float16)
            new = dict(zip(batch, vectors, strict=True))
            self._cache.put_many(self._embedder.name, new)
            found.update(new)
            done += len(batch)
            if progress:
                progress(done, len(missing))
        return self._stacked(texts, found)

    def _stacked(self, texts: list[str], found: dict[str, StoredVector]) -> Vectors:
        matrix = np.empty((len(texts), len(found[texts[0]])), dtype=np.float32)
        for number, text in enumerate(texts):
            self._require_dimension(len(found[text]), matrix.shape[1])
            matrix[number] = found[text]
        return unit_rows(matrix)

    def _require_dimension(self, one: int, other: int) -> None:
        if one != other:
            raise EmbedderError(
                f"语义向量的维数不一致（{one} 和 {other}），可能换过模型。请删除 {self._cache.path} 后重试。"
            )


def _batches(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _CHUNK):
        chunk = sorted(texts[start : start + _CHUNK], key=len)
        for at in range(0, len(chunk), _BATCH):
            yield chunk[at : at + _BATCH]
