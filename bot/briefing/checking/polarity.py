"""Whether a clause says yes where its basis says no.

A clause says no when it has a negation; to be charged (收取) is the other sign than to be
exempted (免收). Comparisons (不超过) and words that merely hold a negative (未成年人) do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.briefing.checking.basis import BasisClause
from bot.briefing.checking.clauses import Likeness, Tokens
from bot.briefing.checking.reading import NEARLY, RELATED, Claim, Reading
from bot.briefing.checking.reporting import error
from bot.briefing.checking.words import words
from bot.briefing.models import Finding, FindingKind
from bot.dialogue.units import content

_VERB = 6
"""Characters after a negation in which the denied verb and the beginning of its object stand."""
_ALIKE = 0.4
"""Likeness that clauses need of which neither says outright what may or must be done."""
_DENIED, _WHOLLY = 0.35, 0.8
"""Share of the denied characters that must stand in the other clause; the second where a third clause is more
alike."""
_SAID_TOO = 0.6
"""Share of what is contradicted that another clause must hold to speak for the line."""
_FREE_TO = "自愿"
"""Who acts of his own will may leave it: the opposites of ``words.yaml`` say what contradicts this."""
_FEW = 2
_NAMED = re.compile("^[对在]?不[^，。]{1,16}的[^，。的]{1,6}$")
"""Somebody named by what he is not: 不在户籍地的随迁子女，…"""
_LIMITED = re.compile(
    r"不(?:得|能|要)?(?:超过|少于|低于|高于|早于|晚于)[^，。]{0,6}[\d一二两三四五六七八九十百]"
)
"""A limit forbids by its figure; :mod:`figures` compares it."""
_EXCLUDED = re.compile("不包括|不包含|不含|不在|不算|不属于|除外")
"""What is left out of 免 is to be paid, which is no contradiction."""
_OPPOSITE = 0.2
"""Likeness from which words with an opposite sense speak of one matter."""
_BEFORE_MONEY = 2
"""Characters between a negation and a word about money for which it turns it round: 不得再收取."""
_UNDECIDED = re.compile(
    "只(?![写说提列要])|仅|[是为]$|^不能[^，。]{1,14}的(?:$|(?=.{3}))"
    "|(?:不(?![得能准许可用需])|没有?|未|无)[^，。]{1,10}的[^，。]{1,6}(?:[可应必要须按由也都就不免减能自]|享受)"
    "|^.{0,2}(?:不(?![得能准许可用需是])|没有?|未)[^，。]*的$"
)
"""只 denies all else; 要求是 only begins a list; 不能当场答复的, 条件不够的地方 are conditions, not what is
said."""


def check_polarity(reading: Reading) -> Iterator[Finding]:
    """Clauses whose sign is the other one than that of every basis clause they are most alike."""
    for claim in reading.claims:
        if claim.is_act or claim.is_address or claim.is_reported or claim.is_restrained or claim.is_unsaid:
            continue
        if _is_topic(claim, reading) or (reading.is_past(claim) and not _modal(claim.text)):
            continue
        allowed = words().permission.search(claim.text)
        ranked = [(score, _read(one)) for score, one in claim.rests_on if allowed or not one.forbidden]
        against = opposed(claim.text, ranked, reading.basis.likeness)
        if against:
            source = next(one.source for _, one in claim.rests_on if _read(one) == against)
            message = f"依据说的是“{against}”，口径说反了，请按依据改正"
            yield error(FindingKind.POLARITY, message, claim.clause, source)


def _is_topic(claim: Claim, reading: Reading) -> bool:
    """Whether a clause only names what the denial after it is about (周末和寒暑假，都不能…)."""
    after = [
        one
        for one in reading.sentence(claim)
        if one.clause.part == claim.clause.part and one.clause.start > claim.clause.start
    ]
    if after and _NAMED.search(claim.text):
        return True
    if not sign(claim.text) or _modal(claim.text) or _pays(claim.text) is not None:
        return False
    return any(not sign(one.text) for one in after)


def _read(basis: BasisClause) -> str:
    """The text of a basis clause; what a prohibition lists is prohibited."""
    return f"不得{basis.text}" if basis.forbidden else basis.text


def opposed(text: str, ranked: Iterable[tuple[float, str]], likeness: Likeness) -> str:
    """The clause that a text contradicts, where none that is as alike says the same; empty: none.

    Args:
        text: a clause.
        ranked: the clauses to compare with, each with its likeness.
        likeness: cuts and compares clauses.
    """
    related = sorted(((score, one) for score, one in ranked if score > 0), key=lambda pair: -pair[0])
    if words().either.search(text):
        return ""
    for score, other in related:
        if score >= _OPPOSITE and _opposite_words(text, other):
            return other
    best = max((score for score, _ in related), default=0.0)
    for score, other in related:
        if score < RELATED or not _contradicts(text, other):
            continue
        nearest = score >= NEARLY * best
        clear = _modal(text) or _modal(other) or _pays(text) is not None
        said = clear or not sign(text) or words().asserting.search(text)
        if not said or score < (RELATED if clear else _ALIKE):
            continue
        least = _DENIED if nearest else _WHOLLY
        point = _point(text, other, likeness, least) or _held(text, other, likeness)
        agreeing = [one for at, one in related if at >= NEARLY * score and _agrees(text, one)]
        if point and not any(likeness.covered(point, likeness.marks(one)) >= _SAID_TOO for one in agreeing):
            return other
    return ""


def _contradicts(one: str, other: str) -> bool:
    if _FREE_TO in other:
        return False
    if _LIMITED.search(one) or _LIMITED.search(other):
        return False
    plain = [words().not_negation.sub("", text) for text in (one, other)]
    if words().either.search(one) or any(_UNDECIDED.search(text) for text in plain):
        return False
    paid = _pays(one), _pays(other)
    if None not in paid:
        return paid[0] is not paid[1]
    if True in paid and any(_EXCLUDED.search(text) for text in (one, other)):
        return False
    return sign(one) is not sign(other)


def _agrees(one: str, other: str) -> bool:
    same_matter = (_pays(one) is None) is (_pays(other) is None)
    return same_matter and not _contradicts(one, other)


def _held(one: str, other: str, likeness: Likeness) -> Tokens:
    """The characters of a clause that stands nearly whole in another, where both say outright what may or
    must be done."""
    characters = _characters(one, likeness)
    whole = len(characters) > _FEW and likeness.covered(characters, likeness.marks(other)) >= _WHOLLY
    return characters if whole and _modal(one) and _modal(other) else frozenset()


def _characters(text: str, likeness: Likeness) -> Tokens:
    return frozenset(mark for mark in likeness.marks(text) if len(mark) == 1)


def sign(text: str) -> bool:
    """True for yes: no negation, or a double one (不得不)."""
    return words().negation.search(words().not_negation.sub("", text)) is None


def _modal(text: str) -> bool:
    """Whether a text says outright what may, must or need not be done."""
    classes = words().permission, words().prohibition, words().obligation, words().unneeded
    return any(pattern.search(text) for pattern in classes)


def _pays(text: str) -> bool | None:
    """Whether somebody has to pay, by the last word about money and a negation before it; ``None``: no such
    word."""
    found = [(match.start(), True) for match in words().charging.finditer(text)]
    found += [(match.start(), False) for match in words().free.finditer(text)]
    if not found:
        return None
    place, pays = max(found)
    plain = words().not_negation.sub(lambda match: "\0" * len(match[0]), text)
    denied = any(0 <= place - match.end() <= _BEFORE_MONEY for match in words().negation.finditer(plain))
    return pays is not denied


def _point(one: str, other: str, likeness: Likeness, least: float) -> Tokens:
    """What one of the two denies and the other says, or what is to be paid; empty: they speak of different
    things."""
    if _pays(one) is not None and _pays(other) is not None:
        return likeness.tokens(one) & likeness.tokens(other)
    for denying, saying in ((one, other), (other, one)):
        plain = words().not_negation.sub("", denying)
        said = likeness.marks(saying)
        for match in words().negation.finditer(plain):
            after = plain[match.end() :]
            verb = after.partition("、")[0][:_VERB]
            for denied in (verb, after) if after else (plain[: match.start()],):
                characters = _characters(denied, likeness)
                first = content(denied)[:2]
                same = len(first) == len("组织") and first in saying and not first.isspace()
                if same or (len(characters) > 1 and likeness.covered(characters, said) >= least):
                    return characters & said
    return frozenset()


def _opposite_words(text: str, other: str) -> bool:
    """Whether a word of one has its opposite in the other (自愿 against 必须参加)."""
    for pair in words().opposites:
        for mine, theirs in (pair, pair[::-1]):
            said, opposed_to = mine.search(text), theirs.search(other)
            if said and opposed_to and not theirs.search(text) and not mine.search(other):
                return True
    return False
