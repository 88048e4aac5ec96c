"""What is ranked and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.models import Status


class PassageKind(StrEnum):
    """What a passage was made from."""

    CLAUSE = "clause"
    FACT = "fact"
    FAQ = "faq"
    DOCUMENT = "document"
    """A document's own card: issuer, number, dates, status."""
    TEXT = "text"
    """A row of a plain corpus (``evaluate``)."""


Validity = tuple[tuple[date, Status], ...]
"""The status from each day on, by rising day; the first day is ``date.min``. See :func:`status_on`."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What the engine ranks. Searchable fields first, then what filters need."""

    id: str
    document: str
    kind: PassageKind
    title: str
    text: str
    heading: str = ""
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """Fact refs (``document#key``) whose statements the passage carries."""
    origin: str = ""
    categories: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    published: date | None = None
    validity: Validity = ((date.min, Status.IN_FORCE),)


def status_on(passage: Passage, on: date) -> Status:
    """Status of a passage on a day."""
    return next(status for first, status in reversed(passage.validity) if first <= on)


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Narrows a search. ``None`` or empty means: no limit.

    Raises:
        ValueError: a status is asked for without the day on which it holds.
    """

    kinds: frozenset[PassageKind] = frozenset()
    documents: frozenset[str] = frozenset()
    origin: str | None = None
    category: str | None = None
    valid_on: date | None = None
    """Only passages valid on that day."""
    status: Status | None = None
    """Only passages with this status on the day ``as_of``."""
    as_of: date | None = None
    published_from: date | None = None
    published_to: date | None = None
    """First and last day of publication; passages without a known one are left out."""

    def __post_init__(self) -> None:
        if self.status and not self.as_of:
            raise ValueError("a status is always that of a day: give as_of")


EVERYTHING = SearchFilter()
"""No limit at all."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A citizen's words, how many passages are wanted, and the day that is asked about."""

    text: str
    top_k: int = 10
    filter: SearchFilter = EVERYTHING
    as_of: date | None = None
    """Passages in force on that day, and younger ones, come first; ``None``: the day does not matter."""
    corrected: bool = False
    """The caller has mended slips: the words are searched as they stand."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A passage that matched a query, with its score and place in the ranking (from 1)."""

    passage: Passage
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """Hits, best first."""

    hits: tuple[SearchHit, ...]


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What a build or refresh did. ``seconds`` is wall time."""

    passages: int
    added: int
    removed: int
    unchanged: int
    seconds: float
    rebuilt: bool
    reason: str = ""
