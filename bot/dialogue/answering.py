"""Steps 2–4 for a policy question: retrieve, match, decide. Composing is in :mod:`bot.dialogue.composing`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from bot.dialogue.answerability import ANSWERABLE_FEATURES, answerable_features, probability
from bot.dialogue.evidence import Evidence, EvidenceReader
from bot.dialogue.matching import FEATURES, VERBATIM, Match, Matcher
from bot.dialogue.understanding import Question, Understander
from index.engines.base import SearchEngine
from index.models import PassageKind, SearchFilter, SearchQuery
from knowledge.errors import LibraryInvalid, Problem
from knowledge.models import Boundary
from knowledge.yaml_reader import read_entry

_PROPOSALS = 40
_MOST_PARTS = 4
_MOST_OPTIONS = 4
_MOST_RELATED = 3
_LONGEST_VAGUE = 10
_FIGURE_ASPECTS = frozenset({"金额", "收费", "时长", "时间", "期限"})
_STAGE = "学段="
_STAGE_ORDER = ("幼儿园", "小学", "初中", "高中", "中职", "本专科", "研究生")
_FORK_DEPTH = 8
_LEVEL = 0.9
"""From this share of the best one's confidence another matter is as near: both are said."""
_FORK_SHARE = 0.55
"""A match is close enough to make a fork from this share of the best one's confidence."""
_ASKING = re.compile(r"[?？几吗呢谁哪]|多少|怎|什么|啥|如何|能不能|可以|是不是|有没有|多久|多长|为何")
_UNITS = SearchFilter(kinds=frozenset({PassageKind.FACT, PassageKind.FAQ, PassageKind.DOCUMENT}))
_GROUPS = {
    "match": ("intercept", *FEATURES),
    "answerable": ("intercept", *ANSWERABLE_FEATURES),
    "thresholds": ("answer_from", "sure_from", "clarify_from", "suggest_from"),
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights of the two models, and the probabilities at which the outcome changes."""

    match: Mapping[str, float]
    answerable: Mapping[str, float]
    thresholds: Mapping[str, float]


@cache
def ranking(path: Path = Path(__file__).parent / "ranking.yaml") -> Ranking:
    """``ranking.yaml``, read strictly."""
    problems: list[Problem] = []
    entry = read_entry(path, path.name, problems)
    groups: dict[str, dict[str, float]] = {}
    for name, keys in _GROUPS.items():
        group = entry.entry(name) if entry else None
        if group is None:
            problems.append(Problem(path.name, 0, name, "缺少这一组"))
            continue
        groups[name] = {key: group.decimal(key) for key in keys}
        group.finish()
    if entry:
        entry.finish()
    if problems:
        raise LibraryInvalid(tuple(problems))
    return Ranking(**groups)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a question. Exactly one of the fields says it: ``evidence`` → answered,
    ``options`` → clarify, ``boundary`` → redirect or abstain, none → abstain (``near``: the closest unit)."""

    confidence: float
    evidence: tuple[Evidence, ...] = ()
    options: tuple[str, ...] = ()
    slot: str = ""
    """The options are values of this slot rather than questions."""
    boundary: Boundary | None = None
    near: Match | None = None
    related: tuple[str, ...] = ()
    """Questions that can be answered, to offer with an abstention."""
    not_yet: bool = False
    """What would answer came into force only after the as-of date."""


class Answerer:
    """Finds evidence for policy questions."""

    def __init__(
        self, engine: SearchEngine, matcher: Matcher, reader: EvidenceReader, understander: Understander
    ) -> None:
        self._engine = engine
        self._matcher = matcher
        self._reader = reader
        self._understander = understander
        self._ranking = ranking()
        self._limits = self._ranking.thresholds

    def matches(self, question: Question) -> tuple[Match, ...]:
        """Proposals of the engine, compared with the question; surest first."""
        query = " ".join((question.text, *sorted(question.terms)))
        hits = self._engine.search(SearchQuery(query, top_k=_PROPOSALS, filter=_UNITS, corrected=True)).hits
        return self._matcher.match(question, {hit.passage.id: hit.score for hit in hits})

    def decide(
        self, question: Question, boundary: Boundary | None, on: date, may_ask: bool = True
    ) -> Decision:
        """Choose between answering, asking back, sending on and abstaining (DESIGN §5 rules 1, 4, 5).

        Args:
            question: what is asked.
            boundary: a matter that is not ours, named in the question.
            on: the as-of date.
            may_ask: False after a clarifying question: the assistant asks back once.
        """
        if question.parts:
            together = self._several(question, on)
            if together:
                return together
        matches = self.matches(question)
        best = matches[0] if matches else None
        confidence = self._probability(matches, boundary)
        if boundary and confidence < self._limits["sure_from"]:
            return Decision(1 - confidence, boundary=boundary)
        if best and confidence >= self._limits["answer_from"]:
            fork = self._fork(question, matches, confidence, on) if may_ask else None
            if fork:
                return fork
            evidence = self._evidence(question, matches, on)
            if evidence:
                further = self._options(matches[1:], on, said=evidence)
                return Decision(confidence, evidence=evidence, related=further[:_MOST_RELATED])
            if self._reader.not_yet(best.unit, on):
                return Decision(confidence, near=best, not_yet=True)
        if best and confidence >= self._limits["clarify_from"] and self._vague(question):
            return Decision(confidence, options=self._options(matches, on))
        related = self._options(matches, on) if confidence >= self._limits["suggest_from"] else ()
        return Decision(1 - confidence, near=best, related=related[:_MOST_RELATED])

    def _probability(self, matches: Sequence[Match], boundary: Boundary | None) -> float:
        if not matches:
            return 0.0
        if matches[0].features["close"] >= VERBATIM:
            return matches[0].confidence
        return probability(answerable_features(matches, boundary is not None), self._ranking.answerable)

    def _several(self, question: Question, on: date) -> Decision | None:
        """Answer each question of a message on its own; ``None`` where fewer than two can be answered."""
        found: list[Evidence] = []
        confidences = []
        for part in question.parts[:_MOST_PARTS]:
            decision = self.decide(self._part(part, question, on), None, on, may_ask=False)
            known = {fact.ref for piece in found for fact in piece.facts}
            given = {piece.faq.id for piece in found if piece.faq}
            for evidence in decision.evidence:
                new_facts = {fact.ref for fact in evidence.facts} - known
                new_guidance = not evidence.facts and (evidence.faq is None or evidence.faq.id not in given)
                if new_facts or new_guidance:
                    found.append(_without(evidence, known))
                    confidences.append(decision.confidence)
        if len(confidences) < 2:
            return None
        return Decision(min(confidences), evidence=tuple(found))

    def _part(self, part: str, question: Question, on: date) -> Question:
        """One question of several; without a topic of its own it has that of the whole message."""
        asked = self._understander.understand(part, on)
        if not asked.terms:
            asked = self._understander.understand(" ".join((part, *sorted(question.terms))), on)
        return replace(asked, parts=())

    def _evidence(self, question: Question, matches: tuple[Match, ...], on: date) -> tuple[Evidence, ...]:
        """What the best unit says as it stands on the day, and the next matter where it is as near."""
        best = matches[0]
        level = next((m for m in matches[1:] if not m.unit.same_matter(best.unit)), None)
        first = self._reader.read(best.unit, question, on)
        if first.empty:
            return ()
        if (
            level is None
            or level.confidence < _LEVEL * best.confidence
            or not (_states(level) and _states(best))
        ):
            return (first,)
        second, known = self._reader.read(level.unit, question, on), {fact.ref for fact in first.facts}
        return (first, _without(second, known)) if {f.ref for f in second.facts} - known else (first,)

    def _vague(self, question: Question) -> bool:
        """A few words that name a topic and ask nothing particular."""
        named = question.terms and len(question.terms) <= 2 and len(question.text) <= _LONGEST_VAGUE
        return bool(named) and not _ASKING.search(question.text)

    def _options(
        self, matches: Sequence[Match], on: date, said: tuple[Evidence, ...] = ()
    ) -> tuple[str, ...]:
        """Questions that get an answer, one for each set of facts, none about what was said already."""
        chosen: dict[tuple[str, ...], str] = {}
        known = {fact.ref for piece in said for fact in piece.facts}
        for match in matches:
            unit = match.unit
            open_question = unit.is_card or (unit.faq is not None and unit.faq.undetermined)
            if open_question or self._reader.over(unit, on) or set(unit.facts) & known:
                continue
            chosen.setdefault(match.unit.facts or (match.unit.id,), match.unit.questions[0])
        return tuple(dict.fromkeys(chosen.values()))[:_MOST_OPTIONS]

    def _fork(
        self, question: Question, matches: tuple[Match, ...], confidence: float, on: date
    ) -> Decision | None:
        """A question back, where the answer depends on something that was not said."""
        options = self._matters(question, matches, on)
        if options:
            return Decision(confidence, options=options)
        stages = self._stages(question, matches)
        if stages:
            return Decision(confidence, options=stages, slot="学段")
        return None

    def _matters(self, question: Question, matches: tuple[Match, ...], on: date) -> tuple[str, ...]:
        """Options where nearly equal matches answer different matters and a bare topic chooses none."""
        if not self._vague(question) or question.aspects:
            return ()
        top = matches[0].confidence
        close = [m for m in matches[:8] if top - m.confidence < 0.25]
        if len({match.unit.facts for match in close}) < 3:
            return ()
        return self._options(close, on)

    def _stages(self, question: Question, matches: tuple[Match, ...]) -> tuple[str, ...]:
        """学段 to choose from, where the figure asked for depends on it and the question names none.

        That is so where a close match about other facts speaks of other stages than the best one.
        """
        asks_figure = question.aspects & _FIGURE_ASPECTS
        if not asks_figure or any(slot.startswith(_STAGE) for slot in question.slots):
            return ()
        best = matches[0]
        stages = _stages_of(best)
        if not stages:
            return ()
        found = set(stages)
        for match in matches[1:_FORK_DEPTH]:
            near = match.confidence >= _FORK_SHARE * best.confidence
            other = _stages_of(match)
            differs = not set(match.unit.facts) & set(best.unit.facts)
            same_topic = question.terms <= match.unit.terms | match.unit.topic_terms
            if near and differs and same_topic and other and not other & stages:
                found |= other
        return tuple(sorted(found, key=_STAGE_ORDER.index))[:_MOST_OPTIONS] if found != stages else ()


def _states(match: Match) -> bool:
    """Whether a unit rests on facts and answers."""
    return bool(match.unit.facts) and not match.unit.is_open


def _stages_of(match: Match) -> frozenset[str]:
    """学段 that a unit's statements speak of; empty for guidance."""
    told = match.unit.told_slots if match.unit.facts else frozenset()
    return frozenset(slot.partition("=")[2] for slot in told if slot.startswith(_STAGE))


def _without(evidence: Evidence, known: set[str]) -> Evidence:
    """A further piece of evidence without the facts that were said already."""
    return replace(
        evidence,
        current=tuple(f for f in evidence.current if f.ref not in known),
        former=tuple(f for f in evidence.former if f.ref not in known),
        ended=tuple(f for f in evidence.ended if f.ref not in known),
    )
