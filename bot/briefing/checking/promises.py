"""Promises of a result: what a leader must not say on the telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.briefing.checking.polarity import sign
from bot.briefing.checking.reading import SAME, Claim, Reading
from bot.briefing.checking.reporting import error
from bot.briefing.checking.words import words
from bot.briefing.models import Finding, FindingKind

_BEFORE = 12
"""Characters before a promising word in which a denial takes it back."""
_OTHERS = re.compile("(?:学校|机构|幼儿园|老师|教师|家长|单位|银行|部门)(?!.*我)[也都还应当须要必]{0,3}$")
"""What others have to guarantee is no promise of ours."""
_FORBIDDEN = re.compile(
    r"(?:不说|不能说成|不能讲成|不能说|不答应|绝不答应|不承诺|不能当成|讲成|说成|不能答应|不报|答应)“?([^，。；”]{4,})"
)


def check_promises(reading: Reading) -> Iterator[Finding]:
    """Clauses that guarantee a result, name a day for it, or say what the documents' notes forbid."""
    for claim in reading.claims:
        said = _guaranteed(claim.text) or _soon(claim)
        if said:
            message = f"“{said}”是对结果的承诺，请删去，改说办理的程序"
            yield error(FindingKind.PROMISE, message, claim.clause)
            continue
        forbidden = _forbidden(claim, reading)
        if forbidden:
            message = f"这句话属于不宜承诺的内容（{forbidden}），请删去"
            yield error(FindingKind.PROMISE, message, claim.clause)


def _guaranteed(text: str) -> str:
    for match in words().guarantee.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        taken_back = words().not_promised.search(before) or words().either.search(before)
        only_process = words().process.search(text, match.start()) and not words().outcome.search(
            text, match.end()
        )
        of_others = _OTHERS.search(text, 0, match.start())
        if not taken_back and not only_process and not of_others:
            return match[0]
    return ""


def _soon(claim: Claim) -> str:
    """A result with its time, to whom it may concern; rules that say 立即 rest on their basis."""
    soon = words().soon.search(claim.text)
    if soon is None or claim.likeness >= SAME or claim.is_reported or words().process.search(claim.text):
        return ""
    outcome = words().outcome.search(claim.text, soon.end())
    before = claim.text[max(0, soon.start() - _BEFORE) : (outcome or soon).start()]
    if outcome is None or words().not_promised.search(before) or words().either.search(claim.text):
        return ""
    return claim.text[soon.start() : outcome.end()]


def _forbidden(claim: Claim, reading: Reading) -> str:
    if (
        claim.is_act
        or claim.is_address
        or claim.is_restrained
        or claim.is_deferring
        or claim.is_reported
        or not sign(claim.text)
    ):
        return ""
    if reading.is_past(claim) or claim.is_unsaid:
        return ""
    likeness = reading.basis.likeness
    for document in reading.basis.documents:
        for note in document.do_not_promise:
            for match in _FORBIDDEN.finditer(note):
                alike = likeness.alike(claim.clause.tokens, likeness.tokens(match[1]))
                if alike > max(SAME, claim.likeness):
                    return note.rstrip("。")
    return ""
