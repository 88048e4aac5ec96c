"""A line as the checks read it: its clauses, and what sort of speech each is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.briefing.checking.basis import Basis, BasisClause
from bot.briefing.checking.clauses import Clause
from bot.briefing.checking.words import words

SAME = 0.45
"""Likeness from which a clause of a line says something about what a basis clause says."""
RELATED = 0.3
"""Likeness from which a clause speaks of the same matter."""
NEARLY = 0.85
"""Basis clauses within this share of the best likeness count as rested on as well."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause of a line with the basis clauses that it rests on, the most alike first."""

    clause: Clause
    rests_on: tuple[tuple[float, BasisClause], ...]

    @property
    def best(self) -> BasisClause | None:
        return self.rests_on[0][1] if self.rests_on else None

    @property
    def likeness(self) -> float:
        return self.rests_on[0][0] if self.rests_on else 0.0

    @property
    def text(self) -> str:
        return self.clause.text

    @property
    def is_act(self) -> bool:
        """Courtesy, advice where to turn, what we shall do with the call: no statement of policy."""
        if words().asking.match(self.text):
            return True
        return self.likeness < SAME and words().acts.search(self.text) is not None

    @property
    def is_address(self) -> bool:
        """Words to the caller, or about ourselves."""
        return self.likeness < RELATED and words().address.search(self.text) is not None

    @property
    def is_reported(self) -> bool:
        """What the caller, or somebody, said; a supposition."""
        return words().reported.match(self.text) is not None

    @property
    def is_restrained(self) -> bool:
        """What we do not promise or judge."""
        return words().restraint.search(self.text) is not None

    @property
    def is_deferring(self) -> bool:
        """Who decides, or where it is written."""
        return words().deferring.search(self.text) is not None

    @property
    def is_question(self) -> bool:
        return words().either.search(self.text) is not None

    @property
    def is_meta(self) -> bool:
        """Words about the text rather than about its matter."""
        return words().meta.search(self.text) is not None

    @property
    def is_unsaid(self) -> bool:
        """That the published text does not say it."""
        return words().unsaid.search(self.text) is not None

    def rested_on(self) -> list[BasisClause]:
        """The basis clauses that are about as alike as the best."""
        return [one for likeness, one in self.rests_on if likeness >= NEARLY * self.likeness]


class Reading:
    """A line against its basis."""

    def __init__(self, question: str, text: str, basis: Basis) -> None:
        self.question, self.text, self.basis = question, text, basis

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        likeness = self.basis.likeness
        return tuple(
            Claim(clause, tuple(self.basis.ranked(clause))) for clause in likeness.clauses(self.text)
        )

    def sentence(self, claim: Claim) -> tuple[Claim, ...]:
        """All claims of the claim's sentence."""
        return tuple(one for one in self.claims if one.clause.sentence == claim.clause.sentence)

    def leads_to_unsaid(self, claim: Claim) -> bool:
        """Whether the clause is, or names what is meant by, words that the text does not say it."""
        return any(
            one.is_unsaid
            for one in self.sentence(claim)
            if one.clause.part == claim.clause.part and one.clause.start >= claim.clause.start
        )

    def is_past(self, claim: Claim) -> bool:
        """Whether the clause speaks of the past: a mark in it; one elsewhere in a sentence that has no mark
        of the present; or a mark before it in the sentence with none of the present between."""
        past, current = words().past, words().current
        if past.search(claim.text):
            return True
        if current.search(claim.text):
            return False
        sentence = self.sentence(claim)
        if not any(current.search(one.text) for one in sentence):
            return any(past.search(one.text) for one in sentence)
        for one in reversed([one for one in sentence if one.clause.start < claim.clause.start]):
            if past.search(one.text):
                return True
            if current.search(one.text):
                return False
        return False
