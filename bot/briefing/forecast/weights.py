"""The few numbers of the forecast (``weights.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.briefing.models import WhySource
from knowledge.yaml_reader import strict_entry

_FILE = Path(__file__).with_name("weights.yaml")


@dataclass(frozen=True, slots=True)
class Weights:
    """See the comments of ``weights.yaml``; shares and likenesses are 0..1 but ``same_wording`` and
    ``same_on_shared_facts`` 0..100."""

    questions_per_hour: float
    outside_topics: float
    most_outside: int
    next_month: float
    shared_basis: float
    near_topic: float
    focus: float
    fewest: int
    rank_exponent: float
    same_on_shared_facts: float
    same_wording: float
    most_variants: int
    most_answers: int
    shares: Mapping[WhySource, float]
    half_known: Mapping[WhySource, float]


@cache
def weights() -> Weights:
    """The numbers.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    with strict_entry(_FILE) as top:
        tables: dict[str, dict[WhySource, float]] = {}
        for name in ("shares", "half_known"):
            table = top.entry(name)
            sources = [source for source in WhySource if source is not WhySource.STANDING]
            tables[name] = {source: table.decimal(source.value) for source in sources} if table else {}
            if table:
                table.finish()
        return Weights(
            questions_per_hour=top.decimal("questions_per_hour"),
            outside_topics=top.decimal("outside_topics"),
            most_outside=top.number("most_outside"),
            next_month=top.decimal("next_month"),
            shared_basis=top.decimal("shared_basis"),
            near_topic=top.decimal("near_topic"),
            focus=top.decimal("focus"),
            fewest=top.number("fewest"),
            rank_exponent=top.decimal("rank_exponent"),
            same_on_shared_facts=top.decimal("same_on_shared_facts"),
            same_wording=top.decimal("same_wording"),
            most_variants=top.number("most_variants"),
            most_answers=top.number("most_answers"),
            shares=tables["shares"],
            half_known=tables["half_known"],
        )
