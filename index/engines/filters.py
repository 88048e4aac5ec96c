"""What filters look at, kept apart from the passages: read once, small, equal for many of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from index.engines.scoring import Mask
from index.models import Passage, PassageKind, SearchFilter
from knowledge.models import Status

_FIRST_DAY, _LAST_DAY = 0, 10**7


@dataclass(frozen=True, slots=True)
class Facet:
    """The properties of passages that filters know, but for their document. Days are ordinals."""

    kind: PassageKind
    origin: str
    categories: tuple[str, ...]
    valid_from: int
    valid_to: int
    published: int | None
    validity: tuple[tuple[int, Status], ...]

    def passes(self, wanted: SearchFilter) -> bool:
        """Whether passages like this are wanted, wherever they stand."""
        return (
            (not wanted.kinds or self.kind in wanted.kinds)
            and wanted.origin in (None, self.origin)
            and (not wanted.category or wanted.category in self.categories)
            and (wanted.valid_on is None or self.valid_from <= wanted.valid_on.toordinal() <= self.valid_to)
            and (wanted.status is None or self._status_on(wanted.as_of) is wanted.status)
            and self._published_between(wanted.published_from, wanted.published_to)
        )

    def _status_on(self, on: date | None) -> Status | None:
        if on is None:
            return None
        return next(status for first, status in reversed(self.validity) if first <= on.toordinal())

    def _published_between(self, first: date | None, last: date | None) -> bool:
        if first is None and last is None:
            return True
        return (
            self.published is not None
            and (first is None or first.toordinal() <= self.published)
            and (last is None or self.published <= last.toordinal())
        )


def facet(passage: Passage) -> bytes:
    """The facet of a passage as the index keeps it."""
    return json.dumps(
        [
            passage.kind.value,
            passage.origin,
            passage.categories,
            passage.valid_from.toordinal() if passage.valid_from else _FIRST_DAY,
            passage.valid_to.toordinal() if passage.valid_to else _LAST_DAY,
            passage.published.toordinal() if passage.published else None,
            [(first.toordinal(), status.value) for first, status in passage.validity],
        ]
    ).encode()


def read_facet(raw: bytes) -> Facet:
    """The facet that :func:`facet` wrote."""
    kind, origin, categories, start, end, published, validity = json.loads(raw)
    changes = tuple((first, Status(status)) for first, status in validity)
    return Facet(PassageKind(kind), origin, tuple(categories), start, end, published, changes)


class Facets:
    """The facets of all passages: each different one once."""

    def __init__(self, raw: Iterable[bytes]) -> None:
        numbers: dict[bytes, int] = {}
        found = [numbers.setdefault(facet, len(numbers)) for facet in raw]
        self._of = np.array(found, dtype=np.intp)
        self._different = [read_facet(facet) for facet in numbers]
        self.has_properties = any(facet.kind is not PassageKind.TEXT for facet in self._different)
        """Whether a passage says more of itself than its text."""

    def passing(self, wanted: SearchFilter) -> Mask:
        """Which passages the filter lets through; their documents are not looked at."""
        passing: Mask = np.array([facet.passes(wanted) for facet in self._different], dtype=np.bool_)
        return passing[self._of]
