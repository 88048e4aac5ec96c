"""What a reply shows beside facts: promises, tone, personal data, length, office and time limit named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.masking import find
from bot.rehearsal.grading.comparison import Reply
from bot.rehearsal.grading.points import FactPoints
from bot.rehearsal.grading.quantities import Kind
from bot.rehearsal.grading.wordlists import WordLists
from bot.rehearsal.models import Remark
from knowledge.models import Office

CHARACTERS_PER_SECOND = 4
SHORTEST, LONGEST = 5, 60
"""Seconds aloud."""
_JARGON = 2
"""Set phrases of officialese that one reply may hold."""
_HOTLINE = "12345"
_TONES = {
    "blaming": "像在责怪来电人，换个说法",
    "impatient": "听起来不耐烦，换个说法",
    "jargon": "套话多，直接说规定和办法",
}


def speak_seconds(text: str) -> int:
    """Time to say a text aloud, at four characters a second."""
    return -(-sum(char.isalnum() for char in text) // CHARACTERS_PER_SECOND)


def remarks(reply: Reply, overclaims: Sequence[Remark], lists: WordLists) -> tuple[Remark, ...]:
    """All remarks on a reply; ``overclaims`` come first."""
    return (*overclaims, *_tones(reply, lists), *_personal(reply), *_length(reply))


def overclaiming(reply: Reply, facts: Iterable[FactPoints], lists: WordLists) -> Iterator[Remark]:
    """Promises, and claims for all where the facts only encourage or name what is usual."""
    for clause in reply.all_clauses:
        if clause.promise and not clause.quoted:
            yield Remark("over_promise", f"“{clause.promise}”是承诺，依据里没有", clause.raw)
    basis = "".join(clause.text for points in facts for clause in points.whole)
    patterns = [lists.sweeping] if lists.soft.search(basis) else []
    patterns += [] if lists.universal.search(basis) else [lists.absolute]
    for clause in reply.all_clauses:
        words = [w for pattern in patterns for w in pattern.findall(clause.text) if w not in basis]
        if words and not (clause.denied or clause.past or clause.promise or clause.quoted):
            yield Remark("over_promise", f"“{words[0]}”比依据说得满，依据没有这样要求", clause.raw)


def _tones(reply: Reply, lists: WordLists) -> Iterator[Remark]:
    for name, pattern in lists.tones.items():
        said = [(clause, found[0]) for clause in reply.all_clauses for found in pattern.finditer(clause.text)]
        if len(said) >= (_JARGON if name == "jargon" else 1):
            yield Remark("tone", _TONES[name], said[0][0].raw)


def _personal(reply: Reply) -> Iterator[Remark]:
    if find(reply.raw):
        yield Remark("personal", "答复里有个人信息，公开场合不要说出来")


def _length(reply: Reply) -> Iterator[Remark]:
    seconds = speak_seconds(reply.raw)
    if seconds > LONGEST:
        yield Remark("length", f"要说 {seconds} 秒，超过 {LONGEST} 秒，挑要紧的说")
    elif seconds < SHORTEST:
        yield Remark("length", f"只说了 {seconds} 秒，不足 {SHORTEST} 秒，太短")


def names_office(reply: Reply, offices: Iterable[Office]) -> bool:
    """Whether a responsible office, or the hotline, is named."""
    names = {
        part for office in offices for part in (office.name, office.name.split("（")[0], *_short(office))
    }
    return _HOTLINE in reply.text or any(name in reply.text for name in names)


def _short(office: Office) -> tuple[str, ...]:
    """The name without the place before it: 学生资助管理中心, 资助中心 is said for it."""
    plain = office.name.split("（")[0].removeprefix("市").removeprefix("各县")
    return (plain, plain.replace("学生", "").replace("管理", "")) if plain else ()


def names_deadline(reply: Reply, facts: Iterable[FactPoints]) -> bool | None:
    """Whether the time limit of the facts is stated; ``None``: they have none."""
    limits = [
        one.quantity
        for points in facts
        for one in points.current
        if one.quantity.kind is Kind.PERIOD and (one.quantity.bound or one.quantity.unit == "工作日")
    ]
    if not limits:
        return None
    return any(limit.equals(one.quantity) for limit in limits for one in reply.said)
