"""An embedder without a model: a text's vector depends on nothing but its characters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from index.semantic.base import EmbedderError, Vectors, unit_rows


class ToyEmbedder:
    """Sums a fixed random vector for each character: texts that share characters are near.

    ``passages_embedded`` records what was asked for, ``fail_after`` passages it fails.
    """

    def __init__(self, name: str = "toy", dimension: int = 16, fail_after: int | None = None) -> None:
        self.name = name
        self.dimension = dimension
        self.fail_after = fail_after
        self.passages_embedded: list[str] = []
        self.queries_embedded: list[str] = []

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.queries_embedded += texts
        return self._vectors(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self.fail_after is not None and len(self.passages_embedded) + len(texts) > self.fail_after:
            raise EmbedderError("停电了")
        self.passages_embedded += texts
        return self._vectors(texts)

    def close(self) -> None:
        """Nothing to release."""

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        rows = [np.sum([self._of(c) for c in text or " "], axis=0) for text in texts]
        return unit_rows(np.array(rows, dtype=np.float32).reshape(len(rows), self.dimension))

    def _of(self, character: str) -> Vectors:
        digest = hashlib.sha256(character.encode("utf-8", "surrogatepass")).digest()
        return np.random.default_rng(list(digest)).standard_normal(self.dimension).astype(np.float32)
