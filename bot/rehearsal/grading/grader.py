"""Grading a reply: the facts that answer, each with what the reply did with it, and one verdict.

Precedence of verdicts: empty, cannot_grade, off_topic, wrong, stale, over_promising, partial, good. A wrong
figure stays wrong however kindly it is wrapped; a promise only decides where nothing stated is wrong.
Score: good 100, partial 40 and up to 50 more by the share of decisive facts stated, over_promising 40,
stale 20, wrong 10, off_topic and empty 0, cannot_grade none; 5 less for each remark on tone, length or
personal data, never below 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.assistant import Assistant
from bot.dialogue.lexicon import Lexicon
from bot.rehearsal.grading.asked import Asked, read_question
from bot.rehearsal.grading.basis import Basis, BasisFinder
from bot.rehearsal.grading.clauses import Clause, ClauseReader
from bot.rehearsal.grading.comparison import Findings, Reply, compare, recall
from bot.rehearsal.grading.points import FactPoints, Points
from bot.rehearsal.grading.relevance import Relevance
from bot.rehearsal.grading.remarks import (
    names_deadline,
    names_office,
    overclaiming,
    remarks,
    speak_seconds,
)
from bot.rehearsal.grading.subjects import subjects
from bot.rehearsal.grading.wordlists import wordlists
from bot.rehearsal.models import FactMark, Grade, Mark, Remark, Verdict
from knowledge.library import Library
from knowledge.models import Fact

_SCORES = {
    Verdict.GOOD: 100,
    Verdict.PARTIAL: 40,
    Verdict.OVER_PROMISING: 40,
    Verdict.STALE: 20,
    Verdict.WRONG: 10,
    Verdict.OFF_TOPIC: 0,
    Verdict.EMPTY: 0,
}
_PARTIAL_SPAN = 50
_PER_REMARK = 5
_TOUCHED = 0.35
"""Share of a fact's words from which a reply speaks of it."""
_NEIGHBOUR_STATED = 1.4
"""How much a reply must speak of a fact that the question does not ask for, to count as stating it: one
value and four tenths of its words."""


@dataclass(frozen=True, slots=True)
class _Held:
    """One fact with what the reply did with it."""

    points: FactPoints
    findings: Findings
    decisive: bool
    mark: Mark
    said: str


class Grader:
    """Grades replies on one day. Deterministic; a grade takes some milliseconds."""

    def __init__(self, library: Library, assistant: Assistant, on: date) -> None:
        self._library = library
        lexicon = Lexicon(library)
        self._reader = ClauseReader(lexicon)
        self._points = Points(library, lexicon, self._reader)
        self._relevance = Relevance(library, self._points)
        self._finder = BasisFinder(library, assistant, on)
        self._lists = wordlists()

    def grade(self, question: str, reply: str, facts: Sequence[str] | None = None) -> Grade:
        """The grade of one reply.

        Args:
            facts: refs (``document#key``) that answer the question, where a briefing names them; otherwise
                the assistant is asked.
        """
        said = self._read(reply)
        asked = read_question(question, self._reader)
        if facts is None:
            basis = self._finder.found(question, lambda fact: self._spoken(said, fact))
        else:
            basis = self._finder.given(facts)
        held = self._held(said, asked, basis)
        claims = tuple(overclaiming(said, [one.points for one in held], self._lists))
        verdict, reason = self._verdict(said, asked, basis, held, claims)
        if verdict in {Verdict.EMPTY, Verdict.OFF_TOPIC}:
            held = tuple(_Held(h.points, h.findings, h.decisive, Mark.MISSED, "") for h in held)
        if verdict is Verdict.CANNOT_GRADE:
            held = ()
        return self._grade(question, said, basis, held, claims, verdict, reason)

    def _grade(
        self,
        question: str,
        said: Reply,
        basis: Basis,
        held: tuple[_Held, ...],
        claims: tuple[Remark, ...],
        verdict: Verdict,
        reason: str,
    ) -> Grade:
        notes = remarks(said, claims, self._lists)
        points = [one.points for one in held if one.decisive]
        documents = {self._library.document_of(one.points.fact).office for one in held}
        return Grade(
            question=question,
            reply=said.raw,
            verdict=verdict,
            score=_score(verdict, held, notes),
            facts=tuple(self._mark(one) for one in held),
            remarks=notes,
            office_given=names_office(said, [self._library.offices[office] for office in documents]),
            deadline_given=names_deadline(said, points),
            seconds=speak_seconds(said.raw),
            reason=reason,
            better=self._better(basis, held),
        )

    def _read(self, text: str) -> Reply:
        clauses = self._reader.read(text)
        stated, promised = [], -1
        for clause in clauses:
            if clause.promise:
                promised = clause.sentence
            if clause.sentence != promised and not clause.quoted:
                stated.append(clause)
        return Reply(
            raw=text,
            all_clauses=clauses,
            clauses=tuple(stated),
            said=tuple(subjects(stated, self._points.lexicon)),
            words=frozenset(word for clause in clauses for word in clause.words),
            text="".join(clause.text for clause in clauses),
        )

    def _spoken(self, reply: Reply, fact: Fact) -> float:
        points = self._points.of(fact)
        agreeing = sum(
            any(one.quantity.equals(said.quantity) for one in points.current) for said in reply.said
        )
        return agreeing + recall(points.words, reply, self._points)

    def _held(self, reply: Reply, asked: Asked, basis: Basis) -> tuple[_Held, ...]:
        decisive = self._decisive(basis.current or basis.ended, asked)
        held = []
        for fact in basis.current:
            points = self._points.of(fact)
            held.append(_judged(points, self._compared(reply, points, asked), fact.ref in decisive))
        for fact in basis.ended:
            held.append(self._judged_as_ended(reply, asked, fact, fact.ref in decisive))
        return (*_settled(held), *self._neighbours(reply, asked, basis))

    def _neighbours(self, reply: Reply, asked: Asked, basis: Basis) -> Iterator[_Held]:
        """Facts that the question does not ask for and the reply states all the same."""
        for fact in basis.near:
            if self._spoken(reply, fact) >= _NEIGHBOUR_STATED:
                points = self._points.of(fact)
                findings = self._compared(reply, points, asked)
                if not findings.wrong and not findings.stale:
                    yield _Held(points, findings, False, Mark.STATED, _first(findings.told))

    def _compared(self, reply: Reply, points: FactPoints, asked: Asked) -> Findings:
        return compare(reply, points, asked, self._points, self._points.neighbours(points.fact))

    def _decisive(self, facts: Sequence[Fact], asked: Asked) -> frozenset[str]:
        """The facts that the question asks for: those that hold the kind asked for, and share most of its
        words."""
        fit = {fact.ref: self._points.total(asked.words & self._points.vocabulary(fact)) for fact in facts}
        holding = {
            fact.ref
            for fact in facts
            if any(s.quantity.kind in asked.kinds for s in self._points.of(fact).brief)
        }
        best = max(fit.values(), default=0.0)
        close = {ref for ref, weight in fit.items() if weight >= 0.7 * best}
        return frozenset(close & holding or holding or close)

    def _judged_as_ended(self, reply: Reply, asked: Asked, fact: Fact, decisive: bool) -> _Held:
        """A fact whose time is over: stale where the reply says it as if it still held."""
        points = self._points.of(fact)
        findings = self._compared(reply, points, asked)
        clauses = findings.told or reply.clauses
        touched = max(clauses, key=lambda clause: len(clause.words & points.words), default=None)
        if findings.wrong and not findings.told:
            return _Held(points, findings, decisive, Mark.WRONG, findings.wrong[0].raw)
        if touched is None or not (findings.told or findings.recall >= _TOUCHED):
            return _Held(points, findings, decisive, Mark.MISSED, "")
        sentence = [clause for clause in reply.clauses if clause.sentence == touched.sentence]
        now = any(clause.current for clause in sentence)
        past = any(clause.past or clause.dated for clause in reply.clauses)
        mark = Mark.STALE if now or not past else Mark.STATED
        return _Held(points, findings, decisive, mark, touched.raw)

    def _verdict(
        self, reply: Reply, asked: Asked, basis: Basis, held: tuple[_Held, ...], claims: tuple[Remark, ...]
    ) -> tuple[Verdict, str]:
        if self._relevance.is_empty(reply, asked, [one.points for one in held]):
            return Verdict.EMPTY, "没有说到实际内容，只有礼貌话或套话"
        if basis.refused:
            return Verdict.CANNOT_GRADE, basis.refused
        marks = {one.mark for one in held}
        if not basis.current and not marks & {Mark.STALE, Mark.STATED, Mark.WRONG}:
            return Verdict.CANNOT_GRADE, "公开文件里只有过去的说法，没有现在的规定可以对照"
        told = any(one.findings.told or one.findings.stale for one in held)
        if not told and not claims and self._relevance.elsewhere(reply, [one.points for one in held], asked):
            return Verdict.OFF_TOPIC, "说的不是所问的事"
        if Mark.WRONG in marks:
            one = next(one for one in held if one.mark is Mark.WRONG)
            return Verdict.WRONG, f"“{one.said}”和依据不符：{_should(one)}"
        if Mark.STALE in marks:
            one = next(one for one in held if one.mark is Mark.STALE)
            return Verdict.STALE, f"“{one.said}”是过去的说法，不能当现在的说"
        if claims:
            return Verdict.OVER_PROMISING, claims[0].message
        wanted = [one for one in held if one.decisive]
        stated = [one for one in wanted if one.mark is Mark.STATED]
        if len(stated) >= min(asked.parts if not asked.everything else len(wanted), len(wanted)):
            return Verdict.GOOD, "该说的说到了，没有说错"
        missed = next(one for one in wanted if one.mark is not Mark.STATED)
        return Verdict.PARTIAL, f"没有说到“{missed.findings.lacking}”，依据是：{_should(missed)}"

    def _mark(self, one: _Held) -> FactMark:
        fact = one.points.fact
        document = self._library.document_of(fact)
        basis = fact.own_basis
        named = basis.text if basis else " ".join(p for p in (document.title, document.doc_no) if p)
        clause = "" if basis else fact.clause
        return FactMark(
            fact.ref, one.mark, one.decisive, fact.statement, f"{named} {clause}".strip(), one.said
        )

    def _better(self, basis: Basis, held: tuple[_Held, ...]) -> str:
        """The prepared answer where it rests on the decisive facts, else their short statements."""
        facts = [one.points.fact for one in held if one.decisive and one.points.fact in basis.current]
        entry, current = basis.faq, {fact.ref for fact in basis.current}
        if entry and not entry.undetermined and {f.ref for f in facts} & set(entry.facts) <= current:
            return entry.answer
        return "".join(fact.brief or fact.statement for fact in facts)


def _settled(held: Sequence[_Held]) -> tuple[_Held, ...]:
    """What agrees with one fact, or with what it replaced, does not contradict another."""
    settled = []
    for one in held:
        known = [
            c for other in held if other is not one for c in (*other.findings.told, *other.findings.stale)
        ]
        wrong = [clause for clause in one.findings.wrong if clause not in known]
        if one.mark is Mark.WRONG and not wrong:
            one = _judged(one.points, replace(one.findings, wrong=()), one.decisive)
        settled.append(one)
    return tuple(settled)


def _judged(points: FactPoints, findings: Findings, decisive: bool) -> _Held:
    if findings.wrong:
        return _Held(points, findings, decisive, Mark.WRONG, findings.wrong[0].raw)
    if findings.stale:
        return _Held(points, findings, decisive, Mark.STALE, findings.stale[0].raw)
    mark = Mark.MISSED if findings.lacking else Mark.STATED
    return _Held(points, findings, decisive, mark, _first(findings.told))


def _first(clauses: Sequence[Clause]) -> str:
    return clauses[0].raw if clauses else ""


def _should(one: _Held) -> str:
    return one.points.fact.brief or one.points.fact.statement


def _score(verdict: Verdict, held: tuple[_Held, ...], notes: Sequence[Remark]) -> int | None:
    if verdict is Verdict.CANNOT_GRADE:
        return None
    score = _SCORES[verdict]
    wanted = [one for one in held if one.decisive]
    if verdict is Verdict.PARTIAL and wanted:
        stated = sum(len(one.findings.covered) / len(one.points.clauses) for one in wanted)
        score += round(_PARTIAL_SPAN * min(1.0, stated / len(wanted)))
    lapses = sum(note.kind in {"tone", "length", "personal"} for note in notes)
    return max(0, score - _PER_REMARK * lapses)
