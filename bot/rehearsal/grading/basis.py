"""Which published facts a reply is held against: those that answer the question on the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.assistant import Assistant
from bot.models import Answer, Outcome
from knowledge.library import Library
from knowledge.models import Fact, FaqEntry, Nature, Status
from knowledge.validity import current_successor, fact_status, is_past

_DOUBTED = 0.8
"""An abstention that is less sure than this stands for a question put in unusual words, not for one that no
text answers: then the nearest fact counts, if there is one."""
_NEAREST = 5
_CLEARLY_MORE = 1.0
"""How much more the reply must speak of another near fact (a value that agrees counts one) for the question
to be taken as asking for that one."""

Spoken = Callable[[Fact], float]
"""How much a reply speaks of a fact: values that agree, each one, and the share of words."""


@dataclass(frozen=True, slots=True)
class Basis:
    """``current``: facts in force that answer; ``ended``: facts whose time is over and nothing newer is
    published; ``near``: other facts that the question may touch. ``refused``: why nothing can be graded."""

    current: tuple[Fact, ...] = ()
    ended: tuple[Fact, ...] = ()
    near: tuple[Fact, ...] = ()
    faq: FaqEntry | None = None
    refused: str = ""


class BasisFinder:
    """Finds the facts by asking the assistant, as a citizen would."""

    def __init__(self, library: Library, assistant: Assistant, on: date) -> None:
        self._library = library
        self._assistant = assistant
        self._on = on

    def given(self, refs: Sequence[str]) -> Basis:
        """The facts that a briefing names for its question; refs that the library lacks are left out."""
        facts = [self._library.citable_facts[ref] for ref in refs if ref in self._library.citable_facts]
        return self._dated(facts, (), None) if facts else Basis(refused="简报没有给这个问题列出依据")

    def found(self, question: str, spoken: Spoken) -> Basis:
        """The facts that answer a question, near wordings decided by what the reply speaks of."""
        answer = self._assistant.reply(question).answer
        matches = self._assistant.explain(question)[:_NEAREST]
        cited = tuple(f"{c.document}#{key}" for c in answer.citations for key in c.facts)
        groups = [match.unit.facts for match in matches if match.unit.facts]
        if not cited and groups and _in_doubt(answer):
            cited = groups[0]
        if not (chosen := self._spoken_of(cited, groups, spoken)):
            return Basis(refused=_refusal(answer))
        near = [ref for group in groups for ref in group if ref not in chosen]
        documents = {self._library.facts[ref].document for ref in chosen if ref in self._library.facts}
        near += [fact.ref for name in sorted(documents) for fact in self._library.documents[name].facts]
        faq = next((m.unit.faq for m in matches if m.unit.faq and set(m.unit.faq.facts) & set(chosen)), None)
        return self._dated(self._facts(chosen), self._facts(near), faq)

    def _spoken_of(
        self, cited: tuple[str, ...], groups: Sequence[tuple[str, ...]], spoken: Spoken
    ) -> tuple[str, ...]:
        def score(refs: Iterable[str]) -> float:
            return max((spoken(fact) for fact in self._facts(refs)), default=0.0)

        best = max(groups, key=score, default=())
        return best if score(best) >= score(cited) + _CLEARLY_MORE else cited

    def _facts(self, refs: Iterable[str]) -> tuple[Fact, ...]:
        known = self._library.citable_facts
        return tuple(known[ref] for ref in dict.fromkeys(refs) if ref in known)

    def _dated(self, facts: Iterable[Fact], near: Iterable[Fact], faq: FaqEntry | None) -> Basis:
        current: dict[str, Fact] = {}
        ended: dict[str, Fact] = {}
        for fact in facts:
            valid = self._valid(fact)
            if valid:
                current[valid.ref] = valid
            elif is_past(self._status(fact)):
                ended[fact.ref] = fact
        others = {f.ref: f for f in near if self._valid(f) is f and f.ref not in {**current, **ended}}
        if not current and not ended:
            return Basis(refused="相关规定在这一天还没有施行")
        return Basis(tuple(current.values()), tuple(ended.values()), tuple(others.values()), faq)

    def _status(self, fact: Fact) -> Status:
        return fact_status(fact, self._library.document_of(fact), self._on)

    def _valid(self, fact: Fact) -> Fact | None:
        """The fact, or what replaced it, in force on the day. A record outlives its document."""
        status = self._status(fact)
        dated = fact.valid_to is not None and self._on > fact.valid_to
        if status is Status.IN_FORCE or (fact.nature is Nature.RECORD and is_past(status) and not dated):
            return fact
        newer = current_successor(fact, self._library.facts, self._library.documents, self._on)
        return newer if self._status(newer) is Status.IN_FORCE else None


def _in_doubt(answer: Answer) -> bool:
    if answer.outcome is Outcome.CLARIFY:
        return True
    return answer.outcome is Outcome.ABSTAINED and answer.confidence < _DOUBTED


def _refusal(answer: Answer) -> str:
    if answer.outcome is Outcome.REDIRECT:
        return "这个问题要转别的部门或者查个人记录，公开文件里没有可以对照的规定"
    return "公开文件里没有能回答这个问题的规定，没有依据可以对照"
