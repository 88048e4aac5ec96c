"""A line against what the bureau answered before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.briefing.checking.clauses import Clause
from bot.briefing.checking.figures import subject
from bot.briefing.checking.measures import Measure, MeasureKind, comparable_units
from bot.briefing.checking.polarity import opposed
from bot.briefing.checking.reading import Claim, Reading
from bot.briefing.models import EarlierAnswer, Finding, FindingKind, Severity

_SAME_MATTER = 0.4
"""Share of the words of an earlier answer that stand in the line, its question and its basis."""
_COMPARED = frozenset({MeasureKind.QUANTITY, MeasureKind.SHARE, MeasureKind.CLOCK, MeasureKind.DATE})


def check_earlier(reading: Reading, earlier: Sequence[EarlierAnswer]) -> Iterator[Finding]:
    """Figures and signs that differ from earlier answers about the same matter."""
    likeness = reading.basis.likeness
    known = likeness.tokens(f"{reading.question}\n{reading.text}\n{reading.basis.texts}")
    for answer in earlier:
        said = likeness.tokens(f"{answer.question}\n{answer.answer}")
        if likeness.covered(said, known) >= _SAME_MATTER:
            yield from _differences(reading, answer)


def _differences(reading: Reading, answer: EarlierAnswer) -> Iterator[Finding]:
    clauses = reading.basis.likeness.clauses(answer.answer)
    context = reading.basis.likeness.marks(answer.answer)
    for claim in reading.claims:
        if claim.is_reported or reading.is_past(claim):
            continue
        for measure in claim.clause.measures:
            other = _other_figure(measure, claim, clauses, reading)
            if other is not None and not _explained(other, reading):
                said = answer.answer[other.start : other.end]
                yield _finding(answer, f"当时说的是“{said}”", measure)
        if not claim.is_act:
            against = opposed(
                claim.text,
                ((reading.basis.likeness.related(claim.clause, one, context), one.text) for one in clauses),
                reading.basis.likeness,
            )
            if against:
                yield _finding(answer, f"当时说的是“{against}”", claim.clause)


def _finding(answer: EarlierAnswer, what: str, at: Clause | Measure) -> Finding:
    message = f"与{answer.source}的答复不一致，{what}：请核对哪个对；标准调整过的，请当面说明"
    return Finding(FindingKind.EARLIER_ANSWER, Severity.ERROR, message, at.start, at.end, answer.source)


def _other_figure(
    measure: Measure, claim: Claim, clauses: Sequence[Clause], reading: Reading
) -> Measure | None:
    """The earlier figure of the same sort for the same subject, where its value is another."""
    if measure.kind not in _COMPARED:
        return None
    likeness = reading.basis.likeness
    own = subject(measure, claim.clause, likeness)
    scored = [
        (likeness.alike(own, subject(one, clause, likeness)), one)
        for clause in clauses
        for one in clause.measures
        if one.kind is measure.kind and comparable_units(one.unit, measure.unit)
    ]
    if not scored:
        return None
    best = max(score for score, _ in scored)
    if any(score >= best and measure.within(one) | one.within(measure) for score, one in scored):
        return None
    nearest = next(one for score, one in scored if score == best)
    return nearest if best > 0 else None


def _explained(other: Measure, reading: Reading) -> bool:
    """Whether the line itself names the earlier figure as former."""
    return any(
        one.within(other) and reading.is_past(claim)
        for claim in reading.claims
        for one in claim.clause.measures
    )
