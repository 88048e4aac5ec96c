"""How strongly a line speaks against how strongly its basis does.

应当 and 必须 bind alike in Chinese legal drafting (《立法技术规范（试行）（一）》, 法工委发〔2009〕62号:
「应当」与「必须」的含义没有实质区别), so one for the other is no fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.briefing.checking.basis import BasisClause
from bot.briefing.checking.reading import RELATED, SAME, Claim, Reading
from bot.briefing.checking.reporting import error, warning
from bot.briefing.checking.words import words
from bot.briefing.models import Finding, FindingKind
from knowledge.models import Nature

_BEFORE = 8
_TAKEN_BACK = re.compile("(?:不是|并非|不等于|不代表)[^，。]{0,3}$")
_FIRM = re.compile("不(?:得|能|要)?(?:少于|超过|低于|高于|多于|早于|晚于)|要(?![求点素是])|不")


def check_strength(reading: Reading) -> Iterator[Finding]:
    """Clauses that say more, or less, than the clauses they rest on."""
    for claim in reading.claims:
        if claim.is_act or claim.is_address or claim.is_reported or claim.is_question or claim.is_unsaid:
            continue
        yield from _universal(claim, reading)
        if claim.best is not None and claim.likeness >= RELATED:
            yield from _binding(claim, claim.best, reading)
            if not reading.is_past(claim):
                yield from _achieved(claim, claim.best)
            yield from _softened(claim, claim.best)


def _fact_text(basis: BasisClause) -> str:
    return f"{basis.source.fact.statement}\n{basis.source.fact.brief}"


def _universal(claim: Claim, reading: Reading) -> Iterator[Finding]:
    said = words().universal.search(claim.text)
    if said is None or _denied(claim.text, said.start()):
        return
    best = claim.best if claim.likeness >= RELATED else None
    text = _fact_text(best) if best else reading.basis.texts
    close = [one.text for one in claim.rested_on()] if best else []
    hedged = any(words().hedge.search(one) for one in close)
    supported = words().support.search("\n".join(close) if hedged else text)
    if not supported and said[0] not in text:
        source = claim.best.source if claim.best else None
        message = f"“{said[0]}”说过头了：依据没有这样说，请照依据的说法改"
        yield error(FindingKind.OVERCLAIM, message, claim.clause, source)


def _denied(text: str, place: int) -> bool:
    before = text[max(0, place - _BEFORE) : place]
    return _TAKEN_BACK.search(before) is not None or words().not_promised.search(before) is not None


def _binding(claim: Claim, basis: BasisClause, reading: Reading) -> Iterator[Finding]:
    """可以, 鼓励, 原则上 that became 必须; or a limit of the text that was left out."""
    plain = words().hedge.search(basis.text)
    bound = words().obligation.search(basis.text) or words().prohibition.search(basis.text)
    said = words().obligation.search(claim.text)
    own_hedge = words().hedge.search(claim.text)
    if said and plain and not bound and not own_hedge and not _denied(claim.text, said.start()):
        message = f"依据是“{plain[0]}”，口径说成“{said[0]}”，请改回依据的说法"
        yield error(FindingKind.OVERCLAIM, message, claim.clause, basis.source)
        return
    limit = words().softening.search(basis.text)
    kept = any(words().softening.search(one.text) for one in reading.sentence(claim))
    if limit and claim.likeness >= SAME and claim.clause.measures and not kept and not own_hedge:
        message = f"依据有“{limit[0]}”，口径里没有，请看要不要补上"
        yield warning(FindingKind.OVERCLAIM, message, claim.clause, basis.source)


def _achieved(claim: Claim, basis: BasisClause) -> Iterator[Finding]:
    said = words().achieved.search(claim.text)
    aim = basis.source.fact.nature is Nature.TARGET or words().planned.search(basis.text)
    if said and aim and "已" not in basis.text and not _denied(claim.text, said.start()):
        message = f"依据写的是目标，口径说成“{said[0]}”，请改为“目标是……”"
        yield error(FindingKind.OVERCLAIM, message, claim.clause, basis.source)


def _softened(claim: Claim, basis: BasisClause) -> Iterator[Finding]:
    """不得 that became 尽量不, 应当 that became 可以."""
    close = "\n".join(one.text for one in claim.rested_on())
    binds = words().obligation.search(close)
    firm = words().prohibition.search(close) or binds or _FIRM.search(close)
    said = words().advice.search(claim.text)
    kept = words().advice.search(close)
    if said is None:
        said = words().leeway.search(claim.text)
        kept = kept or words().leeway.search(close)
    if words().permission.search(close) and not words().prohibition.search(close) and not binds:
        return
    rule = claim.likeness >= SAME and basis.source.fact.nature is Nature.RULE
    if said and not kept and (firm or rule):
        was = f"依据是“{firm[0]}”" if firm else "依据没有留余地"
        message = f"{was}，口径说成“{said[0]}”，说软了，请改回依据的说法"
        advised = words().advice.search(claim.text) or words().prohibition.search(close)
        finding = error if advised else warning
        yield finding(FindingKind.UNDERCLAIM, message, claim.clause, basis.source)
        return
    allowed = words().permission.search(claim.text)
    negated = words().prohibition.search(claim.text)
    if allowed and binds and not negated and not words().permission.search(close) and claim.likeness >= SAME:
        message = f"依据是“{binds[0]}”，口径说成“{allowed[0]}”，说软了，请改回依据的说法"
        yield error(FindingKind.UNDERCLAIM, message, claim.clause, basis.source)
