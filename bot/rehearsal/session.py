"""A mock session (演练) as a state machine without input or output: question, reply, grade, follow-up.

A follow-up is graded by what it asks: for a missed or wrong fact, the reply alone against the facts that are
still owed; after a promise, or where office and time were asked for, together with what was said before
(without the promise); otherwise the reply alone against all facts of the question.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from bot.briefing.lines import speak_seconds
from bot.masking import mask
from bot.rehearsal.choosing import PracticeQuestion, standing_questions, with_line
from bot.rehearsal.following import (
    LONGEST_SECONDS,
    WHOM_AND_WHEN,
    faulty,
    is_content,
    outstanding,
    promises,
    reason_after,
)
from bot.rehearsal.models import Grade, Turn, Verdict
from bot.rehearsal.personas import MOST_FOLLOW_UPS, Persona, Reason, cast
from bot.rehearsal.records import Asked, Record, Round
from knowledge.library import Library

_TOGETHER = WHOM_AND_WHEN | {Reason.OVER_PROMISE}
_QUOTED = 30
_QUOTED_CLAUSE = 80
"""Characters of a reply, and of a clause, that a caller quotes."""

Reword = Callable[[Persona, str, str], str]
"""Persona, plain question and wording by rule → the wording to use (:mod:`bot.rehearsal.rewording`)."""


class Grades(Protocol):
    """What grades replies: :class:`bot.rehearsal.grading.Grader`."""

    def grade(self, question: str, reply: str, facts: Sequence[str] | None = None) -> Grade:
        """The grade of one reply; without ``facts`` those that answer the question are looked for."""
        ...


class Order(StrEnum):
    """What a member of the staff may say instead of a reply."""

    HINT = "提示"
    SKIP = "跳过"
    END = "结束"


def order_in(text: str) -> Order | None:
    """The order that a message is, with or without marks around it: 「提示」, /提示, 提示。"""
    word = text.strip().strip("/「」“”\"'。！!.").strip()
    return Order(word) if word in set(Order) else None


class Rehearsal:
    """Drives a :class:`Record`; after every call ``record`` is what is to be kept.

    Args:
        record: a new one (:func:`begin`) or one that was broken off.
        reword: a language model's wording of the questions; ``None``: that of the persona.
    """

    def __init__(
        self, record: Record, grader: Grades, library: Library, reword: Reword | None = None
    ) -> None:
        self.record = record
        self.parting = ""
        """What the caller said when the latest reply ended a question; empty while it goes on."""
        self._grader = grader
        self._library = library
        self._reword = reword

    def next(self) -> str | None:
        """What the caller says now; the same until it is replied to. ``None``: the rehearsal is over."""
        if self.record.ended:
            return None
        if self.record.pending is None:
            one = self._round
            persona = cast().personas[one.persona]
            asked = persona.words(one.question.question, self._dice())
            if self._reword:
                asked = self._reword(persona, one.question.question, asked)
            pending = Asked(asked, one.question.question, one.question.facts)
            self.record = replace(self.record, pending=pending)
        return self.record.pending.asked if self.record.pending else None

    def reply(self, text: str) -> Grade:
        """Grade a reply; masked before it is kept.

        Raises:
            ValueError: nothing was asked.
        """
        asked = self._pending()
        one = self._round
        grade = self._graded(asked, text.encode("utf-8", "replace").decode("utf-8"), one.matter)
        turn = Turn(one.persona, asked.asked, asked.question, grade, asked.follows)
        one = replace(one, turns=(*one.turns, turn))
        one, following = self._following(one, asked)
        self.parting = "" if following else self._parting(one)
        self._keep(replace(one, finished=following is None), following)
        return grade

    def hint(self) -> str:
        """The line to take. What is replied to this question from now on counts as hinted.

        Raises:
            ValueError: nothing was asked.
        """
        self._pending()
        one = self._round
        if one.hinted_at is None:
            self._keep(replace(one, hinted_at=len(one.turns)), self.record.pending)
        return one.matter.line

    def skip(self) -> None:
        """Go on with the next question.

        Raises:
            ValueError: nothing was asked.
        """
        self._pending()
        self.parting = ""
        self._keep(replace(self._round, finished=True), None)

    def end(self) -> None:
        """No more questions. Safe to call twice."""
        self.parting = ""
        self.record = replace(self.record, pending=None, ended=True)

    @property
    def _round(self) -> Round:
        return self.record.rounds[self.record.place]

    def _pending(self) -> Asked:
        if self.record.pending is None:
            raise ValueError("nothing was asked")
        return self.record.pending

    def _dice(self, one: Round | None = None) -> random.Random:
        """The same throw for the same seed and place."""
        turns = len((one or self._round).turns)
        return random.Random(f"{self.record.setup.seed}/{self.record.place}/{turns}")  # noqa: S311 - a wording

    def _keep(self, one: Round, pending: Asked | None) -> None:
        place = self.record.place
        rounds = (*self.record.rounds[:place], one, *self.record.rounds[place + 1 :])
        ended = all(each.finished for each in rounds)
        self.record = replace(self.record, rounds=rounds, pending=pending, ended=ended)

    def _graded(self, asked: Asked, reply: str, matter: PracticeQuestion) -> Grade:
        grade = self._grader.grade(asked.question, f"{asked.heard}{reply}", asked.facts)
        if asked.heard:
            seconds = speak_seconds(reply)
            remarks = tuple(r for r in grade.remarks if r.kind != "length" or seconds > LONGEST_SECONDS)
            grade = replace(grade, reply=reply, seconds=seconds, remarks=remarks)
        if asked.follows in ("", Reason.DEEPER):
            grade = replace(grade, better=matter.line or grade.better)
        return masked(grade)

    def _following(self, one: Round, asked: Asked) -> tuple[Round, Asked | None]:
        """The round and what the caller says next to the same question, where they insist."""
        persona = cast().personas[one.persona]
        if len(one.turns) > min(persona.patience, MOST_FOLLOW_UPS):
            return one, None
        matter = one.turns
        if one.deeper:
            start = next(n for n, turn in enumerate(one.turns) if turn.follows == Reason.DEEPER)
            matter = one.turns[start:]
        reason = reason_after(matter)
        if reason:
            return one, self._insisting(one, asked, reason, persona)
        if one.deeper or not persona.digs or one.turns[-1].grade.verdict is not Verdict.GOOD:
            return one, None
        deeper = self._deeper(one)
        if deeper is None:
            return one, None
        said = persona.insists(Reason.DEEPER, self._dice(one), question=deeper.question)
        return replace(one, deeper=deeper), Asked(said, deeper.question, deeper.facts, Reason.DEEPER)

    def _insisting(self, one: Round, asked: Asked, reason: Reason, persona: Persona) -> Asked:
        grade = one.turns[-1].grade
        mark = faulty(grade, reason)
        if persona.quotes and mark is None and reason in (Reason.WRONG, Reason.STALE):
            reason = Reason.MISSED  # there is no clause to quote
        dice = self._dice(one)
        owed = outstanding(grade)
        quotable = mark.said if mark and mark.said else next(iter(promises(grade)), grade.reply)
        text = persona.insists(
            reason,
            dice,
            {turn.asked for turn in one.turns},
            question=asked.question,
            said=shortened(quotable, _QUOTED),
            ask=cast().ask_for(self._aspects(owed[0].fact, asked.question) if owed else (), dice),
            source=mark.source if mark else "",
            should=shortened(mark.should, _QUOTED_CLAUSE) if mark else "",
        )
        if reason in _TOGETHER:
            heard = f"{asked.heard}{grade.reply}"
            for promise in promises(grade):
                heard = heard.replace(promise, "")
            return replace(asked, asked=text, follows=reason, heard=f"{heard.rstrip('。，')}。")
        owing = reason in (Reason.MISSED, Reason.WRONG, Reason.STALE) and owed
        facts = tuple(mark.fact for mark in owed) if owing else asked.facts
        return Asked(text, asked.question, facts, reason)

    def _aspects(self, ref: str, question: str) -> tuple[str, ...]:
        """Aspects of a fact, those that the question asks for first."""
        fact = self._library.facts.get(ref)
        aspects = fact.aspects if fact else ()
        cues = {name: self._library.aspects[name].cues for name in aspects if name in self._library.aspects}
        return tuple(sorted(aspects, key=lambda name: not any(cue in question for cue in cues.get(name, ()))))

    def _deeper(self, one: Round) -> PracticeQuestion | None:
        """A question of the same document about facts that this rehearsal does not ask for otherwise."""
        taken = frozenset[str]().union(*(r.question.matter for r in self.record.rounds))
        taken |= frozenset[str]().union(*(r.deeper.matter for r in self.record.rounds if r.deeper))
        found = [
            question
            for question in standing_questions(self._library, self.record.on)
            if question.document == one.question.document and not question.matter & taken
        ]
        return with_line(self._dice(one).choice(found), self._library, self.record.on) if found else None

    def _parting(self, one: Round) -> str:
        last = one.turns[-1]
        if last.grade.verdict is Verdict.CANNOT_GRADE:
            return ""
        persona = cast().personas[one.persona]
        return self._dice(one).choice(persona.thanks if is_content(last) else persona.gives_up)


def masked(grade: Grade) -> Grade:
    """The grade with personal data in the reply, and where it is quoted, replaced by its kind."""
    return replace(
        grade,
        reply=mask(grade.reply),
        facts=tuple(replace(mark, said=mask(mark.said)) for mark in grade.facts),
        remarks=tuple(replace(remark, said=mask(remark.said)) for remark in grade.remarks),
    )


def shortened(text: str, longest: int) -> str:
    """The text for quoting: one line, without the mark at its end, cut where it is too long."""
    text = " ".join(text.split()).rstrip("。！!；;，,？?")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
