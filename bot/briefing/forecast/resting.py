"""What the answer to a question rests on, as of the day of the event."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from rapidfuzz import fuzz, process

from bot.briefing.forecast.models import Resting
from bot.briefing.forecast.topics import unpublished
from bot.dialogue.wording import wording
from bot.models import Answer, Outcome
from index.analysis import normalise
from knowledge.library import Library
from knowledge.models import Boundary, Fact, FaqEntry, Status
from knowledge.validity import current_successor, fact_status, is_past, successor_ref

_TONE = re.compile(r"[^\w]+|(?:请问|想问|咨询)(?:一下)?|[吗呢吧啊呀]$")
_WORDED_ALIKE = 50.0
"""Likeness (rapidfuzz ratio) from which a wording on the same facts is that FAQ entry's question."""
_MOST_CHOICES = 4
_CERTAIN = 1.0
"""Confidence with which the assistant asks back where nothing was asked: a greeting, a lone symbol."""


class Reader:
    """Says what answers rest on. ``answer`` is the assistant as of ``on``; each text is asked once."""

    def __init__(self, library: Library, on: date, answer: Callable[[str], Answer]) -> None:
        self._library = library
        self._on = on
        self._answer = answer
        self._known: dict[str, Resting] = {}
        self._faq = library.citable_faq
        self._replaced: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in library.citable_facts.values():
            if fact.superseded_by:
                self._replaced[successor_ref(fact)].append(fact)
        self._off_topic = wording().say("off_topic")

    def asked(self, question: str) -> Resting:
        """What the assistant's answer to a citizen's wording rests on."""
        if question not in self._known:
            self._known[question] = self._resting(question, self._answer(question), may_choose=True)
        return self._known[question]

    def published(self, entry: FaqEntry) -> Resting:
        """What an FAQ entry rests on: its own facts or those that replaced them."""
        office = entry.office or self._library.documents[entry.document].office
        facts = self.in_force(entry.facts)
        return Resting(
            entry.id, facts, entry.id, entry.document, office, reason=f"常见问题“{entry.question}”"
        )

    def fact(self, fact: Fact) -> Resting:
        """What a fact without an FAQ entry stands for."""
        office = self._library.document_of(fact).office
        return Resting(_key((fact.ref,)), self.in_force((fact.ref,)), None, fact.document, office)

    def unpublished(self, boundary: Boundary) -> Resting:
        """What a matter of ours without a published text stands for."""
        reason = f"公开文件没有写：{boundary.matter}"
        return Resting(f"boundary:{boundary.id}", office=boundary.office or "", reason=reason)

    def in_force(self, refs: Iterable[str]) -> tuple[str, ...]:
        """Refs in force on the day: each itself, what replaced it, or what held before it; others are left
        out."""
        found = (self._valid(self._library.facts[ref]) for ref in refs)
        return tuple(dict.fromkeys(fact.ref for fact in found if fact))

    def _valid(self, fact: Fact) -> Fact | None:
        library = self._library
        if self._status(fact) is Status.NOT_YET:
            former = (self._valid(past) for past in self._replaced.get(fact.ref, ()))
            return next((past for past in former if past), None)
        newest = current_successor(fact, library.facts, library.documents, self._on)
        return newest if self._status(newest) is Status.IN_FORCE else None

    def ended(self, refs: Iterable[str]) -> bool:
        """Whether one of the facts is past, with nothing in force in its place."""
        return any(
            is_past(self._status(self._library.facts[ref])) and not self.in_force((ref,)) for ref in refs
        )

    def _status(self, fact: Fact) -> Status:
        return fact_status(fact, self._library.document_of(fact), self._on)

    def _resting(self, question: str, given: Answer, may_choose: bool) -> Resting:
        entry = self._worded_by(given)
        if entry is not None:
            return self.published(entry)
        if given.outcome is Outcome.CLARIFY:
            forks = may_choose and given.suggestions and given.confidence < _CERTAIN
            return self._chosen(question, given) if forks else _NOTHING
        if given.outcome is Outcome.REDIRECT or given.answer.startswith(self._off_topic):
            return Resting("", others=True, reason=given.answer.partition("\n")[0])
        office = given.office.id if given.office else ""
        cited = [f"{one.document}#{key}" for one in given.citations for key in one.facts]
        if given.outcome is Outcome.ANSWERED and cited:
            return self._answered(question, cited, office)
        if given.outcome is Outcome.ANSWERED:
            card = given.citations[0].document if given.citations else ""
            return Resting(f"card:{card}", (), None, card, office, reason="问的是文件本身")
        return self._unanswered(question, given, office)

    def _worded_by(self, given: Answer) -> FaqEntry | None:
        """The FAQ entry whose prepared answer was given."""
        return next((entry for entry in self._faq if given.answer.startswith(entry.answer)), None)

    def _chosen(self, question: str, given: Answer) -> Resting:
        """Where the assistant asks back: what all choices rest on, named after the first."""
        found = []
        for choice in given.suggestions[:_MOST_CHOICES]:
            text = choice if len(choice) > len(question) / 2 else f"{choice}{question}"
            found.append(self._resting(text, self._answer(text), may_choose=False))
        known = [resting for resting in found if resting.facts]
        if not known:
            return found[0]
        refs = tuple(dict.fromkeys(ref for resting in known for ref in resting.facts))
        first = known[0]
        return Resting(first.key, refs, first.faq, first.document, first.office, reason=first.reason)

    def _answered(self, question: str, cited: list[str], office: str) -> Resting:
        document = cited[0].partition("#")[0]
        facts = self.in_force(cited)
        if not facts:
            return Resting(_key(cited), (), None, document, office, reason="依据已到期，没有新的")
        entry = self._alike(question, facts)
        if entry is not None:
            return Resting(entry.id, facts, entry.id, document, office, reason=f"常见问题“{entry.question}”")
        names = "、".join(self._library.facts[ref].brief or ref for ref in facts[:2])
        return Resting(_key(facts), facts, None, document, office, reason=f"依据“{names}”")

    def _alike(self, question: str, facts: tuple[str, ...]) -> FaqEntry | None:
        """The FAQ entry on the same facts that is worded most like the question, where one is."""
        wordings: dict[str, FaqEntry] = {}
        for entry in self._faq:
            if not entry.undetermined and set(self.in_force(entry.facts)) == set(facts):
                wordings |= {bare(text): entry for text in (entry.question, *entry.variants)}
        best = process.extractOne(
            bare(question), list(wordings), scorer=fuzz.ratio, score_cutoff=_WORDED_ALIKE
        )
        return wordings[best[0]] if best else None

    def _unanswered(self, question: str, given: Answer, office: str) -> Resting:
        first = given.answer.partition("\n")[0]
        for boundary in unpublished(self._library):
            if boundary.matter in first:
                return self.unpublished(boundary)
        near = given.citations[0].document if given.citations else ""
        return Resting(f"gap:{bare(question)}", (), None, near, office, reason="公开文件没有写")


_NOTHING = Resting("", others=True, reason="没有说明要问什么")


def bare(question: str) -> str:
    """A question without punctuation and words of mere tone, to compare wordings."""
    return _TONE.sub("", normalise(question))


def _key(refs: Iterable[str]) -> str:
    return "facts:" + "+".join(sorted(refs))
