"""What speaks for a passage of the library beside its words: wordings, kind, validity, age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from rapidfuzz import fuzz, process

from index.analysis import normalise
from index.engines.scoring import Floats
from index.models import Passage, PassageKind, status_on
from knowledge.models import Status

PROPERTIES = ("wording", "direct", "in_force", "recent")
"""wording: likeness with the closest way to ask of a passage that names some (FAQ, facts), squared;
direct: a fact or FAQ entry, which answers, against a clause or card, which is read; in_force: valid on the
day asked about; recent: 1 on the day of publication, half of it three years later, 0 where it is unknown."""

_DIRECT = frozenset({PassageKind.FACT, PassageKind.FAQ})
_HALF_LIFE_DAYS = 3 * 365.25


def properties(passages: Sequence[Passage], text: str, as_of: date | None) -> Floats:
    """A row of ``PROPERTIES`` for each passage. Without a day, validity and age say nothing."""
    rows = np.zeros((len(passages), len(PROPERTIES)), dtype=np.float32)
    rows[:, 0] = _wording(passages, text)
    rows[:, 1] = [passage.kind in _DIRECT for passage in passages]
    if as_of:
        rows[:, 2] = [status_on(passage, as_of) is Status.IN_FORCE for passage in passages]
        rows[:, 3] = [_recency(passage, as_of) for passage in passages]
    return rows


def _wording(passages: Sequence[Passage], text: str) -> Floats:
    """The square of the edit likeness with the closest question of each passage."""
    questions = [normalise(question) for passage in passages for question in passage.questions]
    best = np.zeros(len(passages), dtype=np.float32)
    if questions:
        (likeness,) = process.cdist([normalise(text)], questions, scorer=fuzz.ratio, dtype=np.float32)
        owners = np.repeat(np.arange(len(passages)), [len(passage.questions) for passage in passages])
        np.maximum.at(best, owners, (likeness / 100) ** 2)
    return best


def _recency(passage: Passage, as_of: date) -> float:
    if passage.published is None:
        return 0.0
    return float(0.5 ** (max(0, (as_of - passage.published).days) / _HALF_LIFE_DAYS))
