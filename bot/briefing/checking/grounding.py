"""Statements that no cited fact carries, and documents that the basis does not name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.briefing.checking.reading import RELATED, Claim, Reading
from bot.briefing.checking.reporting import error, warning
from bot.briefing.checking.words import words
from bot.briefing.models import Finding, FindingKind, Severity

_CARRIED, _CARRIED_WITH_FIGURE = 0.4, 0.65
"""Share of a clause's words, by weight, that must stand in the basis or its documents; more is asked of a
clause with a figure of its own."""
_FEWEST = 5
"""Tokens without a basis from which a clause states something of its own."""
_SPOKEN_OF = 0.4
"""Likeness to one basis clause from which a weighty clause is taken for that clause in other words."""
_IN_OTHER_WORDS = 0.6
_TITLE = re.compile(r"《([^》]{3,})》")


def check_grounding(reading: Reading) -> Iterator[Finding]:
    """Weighty clauses of other matters, titles that the basis does not name, and citations of nothing."""
    for ref in reading.basis.unknown:
        message = f"依据“{ref}”不在政策库里或不能对外引用，请换成库里的依据"
        yield Finding(FindingKind.NO_BASIS, Severity.ERROR, message)
    if not reading.basis.facts and not reading.basis.documents:
        yield Finding(FindingKind.NO_BASIS, Severity.ERROR, "口径没有写依据，请补上依据条款")
        return
    for claim in reading.claims:
        yield from _titles(claim, reading)
        if not _is_exempt(claim, reading):
            yield from _uncarried(claim, reading)


def _is_exempt(claim: Claim, reading: Reading) -> bool:
    return (
        claim.is_act
        or (claim.is_address and not words().weighty.search(claim.text))
        or claim.is_reported
        or claim.is_question
        or claim.is_meta
        or claim.is_restrained
        or claim.is_deferring
        or reading.is_past(claim)
        or reading.leads_to_unsaid(claim)
    )


def _uncarried(claim: Claim, reading: Reading) -> Iterator[Finding]:
    basis = reading.basis
    vocabulary = basis.vocabulary | basis.likeness.tokens(reading.question)
    foreign = claim.clause.tokens - vocabulary
    if any(_in_other_words(claim, one.fact.statement + one.fact.brief, reading) for one in basis.facts):
        return
    unknown = any(
        not one.loose and not any(one.within(known) for known in basis.measures)
        for one in claim.clause.measures
    )
    if unknown and claim.likeness < RELATED:
        vocabulary = frozenset()
    weighty = claim.likeness < _SPOKEN_OF and words().weighty.search(claim.text) and len(foreign) >= _FEWEST
    most = _CARRIED_WITH_FIGURE if unknown else _CARRIED
    if (unknown or weighty) and basis.likeness.covered(claim.clause.tokens, vocabulary) < most:
        message = f"“{claim.text}”在依据里找不到，请补依据或删去"
        yield error(FindingKind.NO_BASIS, message, claim.clause)


def _in_other_words(claim: Claim, statement: str, reading: Reading) -> bool:
    """Whether a single fact holds most of the clause's characters."""
    likeness = reading.basis.likeness
    characters = frozenset(mark for mark in claim.clause.marks if len(mark) == 1)
    return likeness.covered(characters, likeness.marks(statement)) >= _IN_OTHER_WORDS


def _titles(claim: Claim, reading: Reading) -> Iterator[Finding]:
    for match in _TITLE.finditer(claim.text):
        named = match[1]
        known = reading.basis.texts
        if named not in known and not any(
            title.endswith(named) or named in title for title in _known_titles(reading)
        ):
            message = f"《{named}》不是依据里的文件，请核对文件名"
            yield warning(FindingKind.NO_BASIS, message, claim.clause)


def _known_titles(reading: Reading) -> Iterator[str]:
    for document in reading.basis.documents:
        yield document.title
        yield from document.aliases
        for fact in document.facts:
            if fact.own_basis:
                yield fact.own_basis.title
            yield fact.statement
