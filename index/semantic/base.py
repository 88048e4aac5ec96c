"""The seam between dense retrieval and a model that embeds text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import SearchError

Vectors = NDArray[np.float32]
"""(n, d): one row of unit length for each text, so that a dot product is a cosine."""


class EmbedderError(SearchError):
    """Text cannot be embedded: the package is missing, the endpoint fails, the answer is no vector."""


class Embedder(Protocol):
    """Turns texts into vectors, with the prefixes that its model wants. Safe to share between threads."""

    @property
    def name(self) -> str:
        """The model and everything that shapes its passage vectors: vectors of one name are comparable."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One row for each question.

        Raises:
            EmbedderError: no vectors can be had.
        """
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each passage.

        Raises:
            EmbedderError: no vectors can be had.
        """
        ...

    def close(self) -> None:
        """Release the model or the connections."""
        ...


def unit_rows(vectors: Vectors) -> Vectors:
    """The same rows, divided in place by their lengths.

    Raises:
        EmbedderError: a row is zero or not finite.
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise EmbedderError("语义模型给出的不是有效的向量（含零向量或非数值）。请检查模型。")
    np.divide(vectors, lengths[:, None], out=vectors, casting="same_kind")
    return vectors


def encodable(text: str) -> str:
    """The text without what C strings (NUL) and UTF-8 (lone surrogates) cannot hold."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
