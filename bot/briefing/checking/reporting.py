"""Findings with their places and clauses."""

from __future__ import annotations

from bot.briefing.checking.basis import BasisFact
from bot.briefing.checking.clauses import Clause
from bot.briefing.checking.measures import Measure
from bot.briefing.models import Finding, FindingKind, Severity


def error(kind: FindingKind, message: str, at: Clause | Measure, source: BasisFact | None = None) -> Finding:
    """Something that must be mended."""
    return Finding(kind, Severity.ERROR, message, at.start, at.end, source.clause if source else "")


def warning(
    kind: FindingKind, message: str, at: Clause | Measure, source: BasisFact | None = None
) -> Finding:
    """Something to look at."""
    return Finding(kind, Severity.WARNING, message, at.start, at.end, source.clause if source else "")
