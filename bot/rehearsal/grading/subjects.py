"""What a quantity is said of: «10人以下的班45元», «研究生25000元»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.dialogue.lexicon import Lexicon
from bot.rehearsal.grading.clauses import Clause, content_words, labels_of
from bot.rehearsal.grading.quantities import Kind, Quantity

_SIZE = re.compile(r"(\d+)个?(?:[-—–到至~](\d+)个?)?人(?!次|均)(以下|以内|以上)?")
_AFTER_VALUE = re.compile(r"[^,;。、]{0,6}")
_MANY = 10_000
_FORKS = ("学段", "年级段", "住宿")
"""Slots whose values exclude each other, so that a value said of one is not said of another."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quantity with the words, the slot values and the size of group that it is said of."""

    quantity: Quantity
    words: frozenset[str]
    labels: frozenset[str]
    size: tuple[int, int] | None
    clause: Clause

    def likeness(self, other: Said) -> float:
        """How much the subjects have in common; negative where they exclude each other."""
        if self.apart(other.labels, other.size):
            return -1.0
        shared = 1.0 * len(forks(self.labels) & forks(other.labels)) + len(self.words & other.words)
        return shared + (2.0 if self.size and other.size else 0.0)

    def apart(self, labels: frozenset[str], size: tuple[int, int] | None) -> bool:
        """Whether it is said of another stage or group than these."""
        return _exclude(self.labels, labels) or _apart(self.size, size)


def _exclude(labels: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two sets of slot values name different stages, years of school or ways of lodging."""
    for slot in _FORKS:
        mine = {label for label in labels if label.startswith(f"{slot}=")}
        theirs = {label for label in others if label.startswith(f"{slot}=")}
        if mine and theirs and not mine & theirs:
            return True
    return False


def forks(labels: frozenset[str]) -> frozenset[str]:
    """The slot values by which the facts tell people apart."""
    return frozenset(label for label in labels if label.startswith(_FORKS))


def sizes(text: str) -> tuple[tuple[int, int], ...]:
    """Sizes of groups in a normalised text as ranges: 10人以下 is 0 to 10, 9个人 is 9 to 9."""
    found = []
    for m in _SIZE.finditer(text):
        low, high = int(m[1]), int(m[2] or m[1])
        if not m[2] and m[3]:
            low, high = (low + 1, _MANY) if m[3] == "以上" else (0, high)
        found.append((low, high))
    return tuple(found)


def _apart(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    """Whether two sizes of groups are different: the smaller of two ranges does not lie within the other."""
    if one is None or other is None or one == other:
        return False
    small, large = sorted((one, other), key=lambda size: size[1] - size[0])
    return small[0] < large[0] or small[1] > large[1]


def subjects(clauses: Sequence[Clause], lexicon: Lexicon) -> Iterator[Said]:
    """The quantities of clauses, each with its subject: what stands between it and the quantity of its kind
    before it in the sentence; a stage or group that is nearer counts before one further off."""
    before: list[str] = []
    ends: dict[Kind, tuple[int, int]] = {}
    sentence = -1
    for clause in clauses:
        if clause.sentence != sentence:
            before, ends, sentence = [], {}, clause.sentence
        place = len(before)
        for quantity in clause.quantities:
            if _is_size(quantity, clause):
                continue
            since, start = ends.get(quantity.kind, (0, 0))
            own = clause.text[start if since == place else 0 : quantity.start]
            earlier = [text[start:] if n == since else text for n, text in enumerate(before) if n >= since]
            tail = _AFTER_VALUE.match(clause.text, quantity.end)
            yield _said(quantity, clause, [own, *reversed(earlier)], tail[0] if tail else "", lexicon)
            ends[quantity.kind] = (place, quantity.end)
        before.append(clause.text)


def _said(quantity: Quantity, clause: Clause, nearest: Sequence[str], tail: str, lexicon: Lexicon) -> Said:
    words = content_words(f"{nearest[0]} {tail}", lexicon)
    if not words and len(nearest) > 1:
        words = content_words(nearest[1], lexicon)
    if quantity.kind is Kind.DATE:  # a day on which something begins is the same for every group
        return Said(quantity, words, frozenset(), None, clause)
    labels = next((found for text in nearest if (found := forks(labels_of(text, lexicon)))), frozenset())
    groups = next((ranges for text in nearest if (ranges := sizes(text))), ())
    return Said(quantity, words, labels, groups[-1] if groups else None, clause)


def _is_size(quantity: Quantity, clause: Clause) -> bool:
    """Whether a number of persons only says of which group another amount of the clause is said."""
    return (
        quantity.kind is Kind.COUNT
        and quantity.unit == "人"
        and any(
            other.kind in {Kind.MONEY, Kind.MINUTES} and other.start >= quantity.end
            for other in clause.quantities
        )
    )
