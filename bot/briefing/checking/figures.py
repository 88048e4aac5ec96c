"""Figures and dates of a line against those of its basis: the number, the unit, and whom it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.briefing.checking.basis import BasisClause
from bot.briefing.checking.clauses import Clause, Likeness, Tokens
from bot.briefing.checking.measures import Bound, Measure, MeasureKind, comparable_units
from bot.briefing.checking.reading import SAME, Claim, Reading
from bot.briefing.checking.reporting import error, warning
from bot.briefing.checking.words import words
from bot.briefing.models import Finding, FindingKind

PUBLIC_NUMBERS = frozenset({"12345", "110", "119", "120", "122"})
_DATED = frozenset({MeasureKind.DATE, MeasureKind.DOCUMENT, MeasureKind.ARTICLE})
_PAIRED = frozenset(
    {MeasureKind.QUANTITY, MeasureKind.SHARE, MeasureKind.CLOCK, MeasureKind.DATE, MeasureKind.BARE}
)
_ALL = "100"
"""超过100% is said of any share."""
_LISTING = "、"
_OPPOSITE = {Bound.AT_MOST: Bound.AT_LEAST, Bound.AT_LEAST: Bound.AT_MOST}


def check_figures(reading: Reading) -> Iterator[Finding]:
    """Figures that the basis does not have, has for somebody else, with another bound or period, or as
    former ones."""
    for claim in reading.claims:
        for measure in claim.clause.measures:
            left_out = claim.is_restrained and measure.kind is MeasureKind.DATE  # 不拿2017年的说法来答
            if not (claim.is_reported or left_out or _is_public(measure, reading)):
                yield from _check(measure, claim, reading)


def _is_public(measure: Measure, reading: Reading) -> bool:
    if measure.kind is not MeasureKind.PHONE:
        return False
    return measure.value in PUBLIC_NUMBERS or measure.value in reading.basis.phones


def _check(measure: Measure, claim: Claim, reading: Reading) -> Iterator[Finding]:
    said = reading.text[measure.start : measure.end]
    source = claim.best.source if claim.best else None
    kind = FindingKind.DATE if measure.kind in _DATED else FindingKind.FIGURE
    known = reading.basis.measures
    if words().issuing.search(claim.text):
        known += reading.basis.issued
    if not any(measure.within(one) for one in known):
        if _may_be_speech(measure, claim, reading):
            rival = any(known.counter == measure.counter for known in reading.basis.measures)
            if measure.loose and rival:
                yield error(kind, f"“{said}”在依据里找不到，请按依据改正", measure, source)
            elif measure.loose:
                yield warning(kind, f"“{said}”在依据里找不到，请核对是不是数字", measure, source)
            return
        yield error(kind, f"“{said}”在依据里找不到，请按依据改正或删去", measure, source)
        return
    matches = list(_matches(measure, (*reading.basis.clauses, *reading.basis.former_clauses)))
    if not matches or measure.kind not in _PAIRED or measure.value == _ALL:
        return
    fitting = [
        (basis, known) for basis, known in matches if not _is_for_other(measure, claim, basis, known, reading)
    ]
    if not fitting:
        source = matches[0][0].source
        yield error(kind, f"“{said}”与所说的对象不对应，请按依据核对是谁、是什么的数", measure, source)
        return
    yield from _as_limited(measure, said, fitting)
    ended = [basis.source for basis, _ in fitting if basis.past]
    dated = any(one.kind is MeasureKind.DATE for one in claim.clause.measures)
    if (
        len(ended) == len(fitting)
        and not dated
        and not reading.is_past(claim)
        and not (ended[0].cited and ended[0].past)
    ):
        message = f"“{said}”是以前的标准，请改为现行标准，或者写明用到哪一天为止"
        yield error(FindingKind.STALE, message, measure, ended[0])


def _may_be_speech(measure: Measure, claim: Claim, reading: Reading) -> bool:
    """A small count that orders the speech, the current year, the month of the caller's story."""
    if measure.loose or claim.is_question:
        return True
    if measure.kind is not MeasureKind.DATE:
        return False
    return measure.value.startswith("--") and len(measure.value) == len("--09") and claim.likeness < SAME


def _matches(measure: Measure, clauses: Iterable[BasisClause]) -> Iterator[tuple[BasisClause, Measure]]:
    for basis in clauses:
        for known in basis.clause.measures:
            if measure.within(known):
                yield basis, known


def _as_limited(
    measure: Measure, said: str, fitting: Sequence[tuple[BasisClause, Measure]]
) -> Iterator[Finding]:
    """Whether 不少于 became 不超过, or 每年 became 每月."""
    source = fitting[0][0].source
    opposite = _OPPOSITE.get(measure.bound)
    if opposite and all(known.bound is opposite for _, known in fitting):
        message = f"“{said}”的上限、下限说反了，请按依据改正"
        yield error(FindingKind.FIGURE, message, measure, source)
    rates = {known.rate for _, known in fitting}
    if measure.rate and "" not in rates and measure.rate not in rates:
        message = f"“{said}”按每{measure.rate}计，依据是每{'、每'.join(sorted(rates))}，请改正"
        yield error(FindingKind.FIGURE, message, measure, source)


def _is_for_other(
    measure: Measure, claim: Claim, basis: BasisClause, known: Measure, reading: Reading
) -> bool:
    """Whether the words around the figure fit another figure of the same fact, and not this one."""
    likeness = reading.basis.likeness
    own = _basis_subject(known, basis, likeness)
    for other, rival in _rivals(basis, known, reading):
        theirs = _basis_subject(rival, other, likeness)
        slots = _same_slots(own, theirs)
        mine, rivals = own - theirs, theirs - own
        if mine & slots and rivals & slots:
            mine, rivals = mine & slots, rivals & slots
        if mine and rivals and _leans(measure, claim, reading, mine, rivals):
            return True
    return False


def _same_slots(own: Tokens, theirs: Tokens) -> Tokens:
    """Values of the slots that both have, and differ in (学段=小学 against 学段=初中)."""
    apart = {token for token in own ^ theirs if "=" in token}
    names = {token.partition("=")[0] for token in apart & own} & {
        token.partition("=")[0] for token in apart & theirs
    }
    return frozenset(token for token in apart if token.partition("=")[0] in names)


def _rivals(basis: BasisClause, known: Measure, reading: Reading) -> Iterator[tuple[BasisClause, Measure]]:
    """Other figures of the same unit that the same fact states for the same time."""
    for other in (*reading.basis.clauses, *reading.basis.former_clauses):
        if other.source.fact.ref != basis.source.fact.ref or other.past != basis.past:
            continue
        for rival in other.clause.measures:
            same_sort = rival.kind is known.kind and comparable_units(rival.unit, known.unit)
            if same_sort and rival.value != known.value and len(rival.value) >= _as_exact(known):
                yield other, rival


def _as_exact(measure: Measure) -> int:
    """A date is only mistaken for one of the same exactness."""
    return len(measure.value) if measure.kind is MeasureKind.DATE else 0


def _leans(measure: Measure, claim: Claim, reading: Reading, own: Tokens, theirs: Tokens) -> bool:
    """Whether the nearest words that tell the two apart are those of the other figure."""
    likeness = reading.basis.likeness
    near = subject(measure, claim.clause, likeness)
    if near & own or near & theirs:
        return not near & own
    before = [one for one in reading.sentence(claim) if one.clause.start < claim.clause.start]
    for one in reversed(before):
        said = likeness.slots(one.text)
        if said & own or said & theirs:
            return not said & own
    return False


def _basis_subject(measure: Measure, basis: BasisClause, likeness: Likeness) -> Tokens:
    """As :func:`subject`; where nothing stands before the figure, what leads up to its clause."""
    if measure.start == basis.clause.start:
        return likeness.tokens(basis.lead) | likeness.slots(basis.lead)
    return subject(measure, basis.clause, likeness)


def subject(measure: Measure, clause: Clause, likeness: Likeness) -> Tokens:
    """Words and slots of the piece of a list in which a figure stands: between the marks around it."""
    text = clause.text
    start = max(
        [
            clause.start,
            *(one.end for one in clause.measures if one.end <= measure.start),
            clause.start + text.rfind(_LISTING, 0, measure.start - clause.start) + 1,
        ]
    )
    ends = [one.start for one in clause.measures if one.start >= measure.end]
    listed = text.find(_LISTING, measure.end - clause.start)
    ends += [clause.start + listed] if listed >= 0 else []
    end = min([clause.end, *ends])
    before = text[start - clause.start : measure.start - clause.start]
    after = text[measure.end - clause.start : end - clause.start] if end == clause.end or listed >= 0 else ""
    return likeness.tokens(before) | likeness.tokens(after) | likeness.slots(f"{before} {after}")
