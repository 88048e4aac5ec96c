"""Whether the basis holds on the day of the event, and whether the line says so where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.briefing.checking.basis import Basis, BasisFact
from bot.briefing.checking.measures import Measure, MeasureKind
from bot.briefing.checking.reading import Claim, Reading
from bot.briefing.checking.reporting import error
from bot.briefing.checking.words import words
from bot.briefing.models import Finding, FindingKind, Severity
from bot.dates import in_words
from knowledge.models import Nature, Status
from knowledge.validity import last_day

SOON = timedelta(days=60)
"""A basis that ends within this time after the event is pointed out."""
_USED = 0.4
"""Likeness from which a clause uses a fact."""


def check_validity(reading: Reading) -> Iterator[Finding]:
    """Facts that have ended and are given as current, are not in force yet, or end soon."""
    basis = reading.basis
    for one in basis.facts:
        if one.past:
            yield from _past(one, reading)
        elif one.status is Status.NOT_YET:
            start = one.fact.valid_from or one.document.effective
            day = in_words(start) if start else "以后"
            message = f"依据到{day}才施行，活动当天还不能用，请换依据或写明施行日"
            yield Finding(FindingKind.STALE, Severity.ERROR, message, clause=one.clause)
        else:
            yield from _ending(one, basis)


def _past(one: BasisFact, reading: Reading) -> Iterator[Finding]:
    used = [claim for claim in reading.claims if _uses(claim, one, reading)]
    open_ = [claim for claim in used if not _marked(claim, one, reading)]
    end = one.fact.valid_to or last_day(one.document)
    day = f"到{in_words(end)}为止" if end else "已经不再适用"
    message = f"依据{day}，口径把它说成现在的规定，请换成现行依据，或者写明是以前的"
    if open_:
        yield error(FindingKind.STALE, message, open_[0].clause, one)
    elif not used and not reading.basis.current:
        message = f"依据{day}，请看这条口径要不要换依据"
        yield Finding(FindingKind.STALE, Severity.WARNING, message, clause=one.clause)


def _uses(claim: Claim, one: BasisFact, reading: Reading) -> bool:
    if (
        claim.is_act
        or claim.is_restrained
        or claim.is_reported
        or claim.is_question
        or reading.leads_to_unsaid(claim)
    ):
        return False
    if claim.likeness < _USED:
        return False
    return any(basis.source.fact.ref == one.fact.ref for basis in claim.rested_on()) and not any(
        not basis.past for basis in claim.rested_on()
    )


def _marked(claim: Claim, one: BasisFact, reading: Reading) -> bool:
    """Whether the clause is given as past; a measured figure, or a notice of a year, may just be dated."""
    if reading.is_past(claim):
        return True
    if words().period.search(reading.text) and not words().current.search(claim.text):
        return True
    sentence = reading.sentence(claim)
    if any(words().current.search(part.text) for part in sentence):
        return False
    if one.fact.nature is Nature.TARGET and words().ended.search(reading.text):
        return True
    dated = any(_is_former_year(measure, reading) for part in sentence for measure in part.clause.measures)
    named = words().planned.search(claim.text) or one.fact.nature is not Nature.TARGET
    return bool(dated and named) or any(words().period.search(part.text) for part in sentence)


def _is_former_year(measure: Measure, reading: Reading) -> bool:
    """A date, or the year of a document number, before the year of the event."""
    if measure.kind not in {MeasureKind.DATE, MeasureKind.DOCUMENT} or not measure.value[:4].isdigit():
        return False
    return int(measure.value[:4]) < reading.basis.on.year


def _ending(one: BasisFact, basis: Basis) -> Iterator[Finding]:
    ends = [day for day in (one.fact.valid_to, None if one.fact.own_basis else last_day(one.document)) if day]
    soon = [day for day in ends if day <= basis.on + SOON]
    if soon:
        message = f"依据到{in_words(min(soon))}为止，活动前请再核对有没有新文件"
        yield Finding(FindingKind.STALE, Severity.WARNING, message, clause=one.clause)
