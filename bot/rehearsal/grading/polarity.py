"""Whether a reply says yes where a fact says no, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.rehearsal.grading.asked import Asked
from bot.rehearsal.grading.clauses import Clause
from bot.rehearsal.grading.points import FactPoints, Points
from bot.rehearsal.grading.wordlists import wordlists

_ALLOWS = re.compile(r"(?<!不)(?:可以|允许|能(?!力)|准许|没问题)")
_FORBIDS = re.compile(r"不得|禁止|严禁|不准|不许|不可以|不能|不允许|不让")
_LEAD = re.compile(
    r"(?:这样(?:做)?|当然|肯定)?(?P<no>不)?(?:可以|能|行|允许|准|可|合适|合规)(?:的|啊|呀|做)?"
)
_ASKS_LEAVE = re.compile(
    r"能不能|可不可以|行不行|准不准|让不让|合不合|(?:可以|能|行|允许|合适|合规|合理|违规|正常)[^,;。]{0,12}(?:吗|不|么|吧)?[?？]?$"
)
_BUT = re.compile(r"但|不过|只是|除|只要|需要|要")
_TELLING = 2.0
"""Weight that the words two clauses share must have: a word that few facts use."""
_SAME_STATEMENT = 0.5
"""Share of the shorter clause's weight that must be shared for both to be about the same."""


def contradiction(
    clauses: Sequence[Clause], points: FactPoints, asked: Asked, reading: Points
) -> Clause | None:
    """The first clause of a reply that denies what the fact affirms, or affirms what it denies.

    A clause contradicts where it has more in common with a clause of the fact of the opposite sense than
    with anything of its own sense that the fact's document or its prepared answers say; where one allows
    what the other forbids, as much is enough. It also contradicts where it has a thing asked about in the
    sense opposite to the only one in which fact and document have it. Where the fact is about what is free,
    to have to pay is a denial.
    """
    if _wrong_lead(clauses, points, asked, reading):
        return clauses[0]
    free = any(wordlists().free.search(clause.text) for clause in points.whole)
    context = (*points.whole, *reading.context(points.fact))
    senses = dict(_senses(context, free).items() & _senses(points.whole, free).items())
    things = {word for word in asked.words - wordlists().empty if reading.weight(word) >= _TELLING}
    for clause in clauses:
        if clause.past or clause.unstated:
            continue
        denies = _denies(clause, free)
        if any(senses.get(word) is (not denies) for word in clause.matter & things):
            return clause
        against = [o for o in points.whole if not o.unstated and _denies(o, free) != denies]
        opposed = max((_agreement(clause, other, reading) for other in against), default=0.0)
        support = _support(clause, denies, free, context, reading)
        flipped = any(_flips(clause, other) and _agreement(clause, other, reading) for other in against)
        if opposed >= _TELLING and (opposed > support or (flipped and opposed >= support)):
            return clause
    return None


def _wrong_lead(clauses: Sequence[Clause], points: FactPoints, asked: Asked, reading: Points) -> bool:
    """Whether a reply to «可以吗» begins with a bare yes, and the clause of the fact that shares most with
    the question forbids; or with a bare no, and it allows."""
    lead = _LEAD.fullmatch(clauses[0].text) if clauses else None
    if lead is None or not _ASKS_LEAVE.search(asked.text) or any(_BUT.match(c.text) for c in clauses[1:2]):
        return False
    asked_for = max(points.whole, key=lambda clause: reading.total(clause.matter & asked.words))
    if reading.total(asked_for.matter & asked.words) < _TELLING:
        return False
    forbids = bool(_FORBIDS.search(asked_for.text))
    allows = bool(_ALLOWS.search(asked_for.text)) and not forbids
    return allows if lead["no"] else forbids


def _flips(one: Clause, other: Clause) -> bool:
    """Whether one allows and the other forbids."""
    texts = (one.text, other.text)
    return any(_ALLOWS.search(a) and _FORBIDS.search(b) for a, b in (texts, texts[::-1]))


def _senses(clauses: Sequence[Clause], free: bool) -> dict[str, bool]:
    """Words that are denied (true) in all of the clauses that hold them, or in none (false)."""
    senses: dict[str, set[bool]] = {}
    for clause in clauses:
        for word in clause.matter:
            senses.setdefault(word, set()).add(_denies(clause, free))
    return {word: next(iter(sense)) for word, sense in senses.items() if len(sense) == 1}


def _support(clause: Clause, denies: bool, free: bool, context: Iterable[Clause], reading: Points) -> float:
    alike = (other for other in context if _denies(other, free) == denies)
    return max((_agreement(clause, other, reading) for other in alike), default=0.0)


def _agreement(clause: Clause, other: Clause, reading: Points) -> float:
    """Weight of what two clauses share; 0 where that is too little of the shorter one."""
    common = clause.matter & other.matter
    if not common:
        return 0.0
    shared = reading.total(common)
    shorter = min(reading.total(reading.known(c.matter)) for c in (clause, other))
    return shared if shared >= _SAME_STATEMENT * shorter else 0.0


def _denies(clause: Clause, free: bool) -> bool:
    return clause.denied or (free and clause.paid)
