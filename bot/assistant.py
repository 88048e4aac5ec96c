"""The assistant: one message in, one answer out. Knows no channel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from bot.dialogue.answering import Answerer, Decision, ranking
from bot.dialogue.composing import Composer, Draft
from bot.dialogue.evidence import Evidence, EvidenceReader
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.matching import Match, Matcher
from bot.dialogue.memory import Completed, Memory, complete, topics
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.routing import CRISIS, Route, route
from bot.dialogue.spelling import Speller
from bot.dialogue.timing import Stopwatch
from bot.dialogue.understanding import Question, Understander
from bot.dialogue.wording import wording
from bot.masking import mask
from bot.models import Answer, Outcome
from bot.phrasing.verification import Phrase
from index.analysis import normalise
from index.engines.base import SearchEngine
from knowledge.library import Library
from knowledge.models import Boundary

_SUGGESTIONS = 3
_STANDS_ALONE = 0.1
"""A follow-up is read on its own where that is this much surer."""
_OURS = re.compile(
    r"学校|学生|孩子|小孩|老师|教师|家长|班主任|入学|上学|读书|教育|体育|幼儿园|补课|贷款|号文|〔|公开"
    r"|机构|培训|辅导|补习|兴趣班|开班|办班|课时|作业|健身|运动|球场|操场|热线|[小大中]学|[大中小]班|校园|助学"
)
"""Words of our field: a message that holds one is never called off-topic."""
_GENERAL_OFFICE = "rexian"
_EXAMPLE_QUESTIONS = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer, what the conversation remembers after it, and how long each step took (milliseconds)."""

    answer: Answer
    memory: Memory
    timings: Mapping[str, float] = field(default_factory=dict)


class Assistant:
    """Answers questions from a library. Thread-safe: nothing changes after construction.

    Args:
        library: the published text.
        engine: an engine that holds the library's passages.
        today: gives the as-of date of answers.
        cache_dir: where prepared parts are kept between starts; ``None``: nowhere.
        phrase: may say composed answers more shortly; ``None``: they are said as composed.
    """

    def __init__(
        self,
        library: Library,
        engine: SearchEngine,
        today: Callable[[], date],
        cache_dir: Path | None = None,
        phrase: Phrase | None = None,
    ) -> None:
        self.library = library
        self.today = today
        self._say = wording().say
        self._lexicon = Lexicon(library)
        cache = PreparedCache(cache_dir, library)
        self._understander = Understander(
            self._lexicon, Speller(self._lexicon.domain_words, _sentences(library), cache)
        )
        self._reader = EvidenceReader(library)
        self._matcher = Matcher(library, self._lexicon, ranking().match, cache)
        self._answerer = Answerer(engine, self._matcher, self._reader, self._understander)
        self._slot_questions = {slot.id: slot.ask for slot in library.slots}
        self._composer = Composer(library, wording())
        self._phrase = phrase

    def reply(self, raw: str, memory: Memory | None = None) -> Turn:
        """Answer one message in its conversation. Never raises for bad input."""
        watch = Stopwatch()
        memory = memory or Memory()
        on = self.today()
        completed = complete(raw, memory, self._lexicon)
        watch.lap("complete")
        question = self._understander.understand(completed.text, on)
        watch.lap("understand")
        turn = self._turn(question, completed, memory, on, watch)
        text = turn.answer.answer
        if question.truncated:
            text = f"{text}\n{self._say('too_long')}"
        answer = replace(turn.answer, answer=text, ms=round(watch.total_ms, 3))
        return replace(turn, answer=answer, timings=watch.laps)

    def explain(self, raw: str) -> tuple[Match, ...]:
        """The matches behind an answer with their features, for ``search --explain``."""
        return self._answerer.matches(self._understander.understand(raw, self.today()))

    def has_boundary_cue(self, raw: str) -> bool:
        """Whether a message names a matter that is not ours (``boundaries.yaml``)."""
        return bool(self._lexicon.boundaries(self._understander.understand(raw, self.today()).focus))

    def _turn(
        self, question: Question, completed: Completed, memory: Memory, on: date, watch: Stopwatch
    ) -> Turn:
        where = route(question, self._lexicon.boundaries(question.focus))
        watch.lap("route")
        if completed.dangling and where.intent in {"policy", "symbols_only"}:
            text = self._say("clarify_unclear")
            choices = memory.options or self._examples()
            return Turn(Answer(Outcome.CLARIFY, text, suggestions=choices, confidence=1.0), memory)
        if where.intent != "policy":
            return Turn(self._routed(where), memory)
        may_ask = not memory.options
        decision = self._answerer.decide(question, where.boundary, on, may_ask)
        if completed.follow_up and not completed.chosen:
            alone = self._understander.understand(completed.alone, on)
            other = self._answerer.decide(alone, None, on, may_ask) if self._has_topic(alone) else decision
            if other.evidence and other.confidence > decision.confidence + _STANDS_ALONE:
                question, decision = alone, other
        watch.lap("decide")
        turn = self._decided(question, where, decision, memory, on, watch)
        watch.lap("compose")
        return turn

    def _has_topic(self, question: Question) -> bool:
        """Whether a message names a matter of its own, not only a stage, a place or what is asked."""
        return bool(topics(question.text, self._lexicon))

    def _decided(
        self,
        question: Question,
        where: Route,
        decision: Decision,
        memory: Memory,
        on: date,
        watch: Stopwatch,
    ) -> Turn:
        if decision.evidence:
            return self._answered(question, where, decision, on, watch)
        if decision.options:
            answer = Answer(
                Outcome.CLARIFY,
                self._slot_questions.get(decision.slot) or self._say("clarify_ambiguous"),
                suggestions=decision.options,
                confidence=round(decision.confidence, 3),
            )
            kept = Memory(question=question.text, options=decision.options, slot_options=bool(decision.slot))
            return Turn(answer, kept)
        answer = (
            self._bounded(decision.boundary) if decision.boundary else self._abstained(question, decision)
        )
        if where.safety_first:
            answer = replace(answer, answer=f"{self._say('safety_first')}\n{answer.answer}")
        kept = memory if answer.outcome is Outcome.REDIRECT else Memory(question=question.text)
        return Turn(replace(answer, confidence=round(decision.confidence, 3)), kept)

    def _answered(
        self, question: Question, where: Route, decision: Decision, on: date, watch: Stopwatch
    ) -> Turn:
        pieces = decision.evidence
        office = self._composer.office_of(pieces)
        outcome = self._outcome(question, pieces)
        draft = self._composer.draft(pieces, question, on, where.safety_first)
        answer = Answer(
            outcome=outcome,
            answer=self._phrased(question, draft, watch) if outcome is Outcome.ANSWERED else draft.text,
            citations=self._composer.citations(pieces, on),
            office=self._composer.card(office),
            suggestions=decision.related or self._related(decision),
            confidence=round(decision.confidence, 3),
            notices=self._composer.notices(pieces, on),
        )
        facts = tuple(fact.ref for piece in pieces for fact in piece.facts)
        return Turn(answer, Memory(question=question.text, document=pieces[0].document, facts=facts))

    def _phrased(self, question: Question, draft: Draft, watch: Stopwatch) -> str:
        """The answer's text, its direct part as a language model says it where there is a sound wording."""
        if self._phrase is None or draft.direct is None:
            return draft.text
        watch.lap("compose")
        wording = self._phrase(mask(question.text), draft.direct)
        watch.lap("phrase")
        return draft.phrased(wording) if wording else draft.text

    def _outcome(self, question: Question, pieces: tuple[Evidence, ...]) -> Outcome:
        """Guidance without a fact sends the citizen on; what the text leaves open is an abstention."""
        first = pieces[0]
        if first.card:
            number = self.library.documents[first.document].doc_no
            unknown = number is None and self._say("number_cue") in question.text
            return Outcome.ABSTAINED if unknown else Outcome.ANSWERED
        if any(piece.facts and not (piece.faq and piece.faq.undetermined) for piece in pieces):
            return Outcome.ANSWERED
        return Outcome.ABSTAINED if first.faq and first.faq.undetermined else Outcome.REDIRECT

    def _related(self, decision: Decision) -> tuple[str, ...]:
        """Other questions of the same document, not answered just now."""
        said = {fact.ref for piece in decision.evidence for fact in piece.facts}
        document = decision.evidence[0].document
        entries = [
            entry
            for entry in self.library.citable_faq
            if entry.document == document and not (set(entry.facts) & said)
        ]
        return tuple(entry.question for entry in entries[:_SUGGESTIONS])

    def _routed(self, where: Route) -> Answer:
        general = self._composer.card(self.library.offices[_GENERAL_OFFICE])
        intent = where.intent
        if intent in CRISIS:
            return Answer(Outcome.REDIRECT, self._say(intent), office=general, confidence=1.0)
        if intent in {"greeting", "thanks", "capability", "empty", "symbols_only"}:
            text = self._say("capability" if intent == "capability" else intent)
            return Answer(Outcome.CLARIFY, text, suggestions=self._examples(), confidence=1.0)
        if intent == "opinion":
            examples = self._examples()
            text = self._say("opinion", example=examples[0] if examples else "")
            return Answer(Outcome.ABSTAINED, text, suggestions=examples, confidence=1.0)
        if intent == "personal_record":
            text = self._say("personal_record", advice="", office="所在学校")
            return Answer(Outcome.REDIRECT, text, office=general, confidence=1.0)
        outcome = Outcome.ABSTAINED if intent == "injection" else Outcome.REDIRECT
        return Answer(outcome, self._say(intent), office=general, confidence=1.0)

    def _bounded(self, boundary: Boundary) -> Answer:
        office = self.library.offices[boundary.office or _GENERAL_OFFICE]
        values = {"matter": boundary.matter, "owner": boundary.owner, "advice": boundary.advice}
        if boundary.kind == "personal_record":
            text = self._say("personal_record", advice=boundary.advice, office=boundary.owner)
        else:
            text = self._say(boundary.kind, **values)
        outcome = Outcome.ABSTAINED if boundary.kind == "unpublished" else Outcome.REDIRECT
        return Answer(outcome, text, office=self._composer.card(office))

    def _abstained(self, question: Question, decision: Decision) -> Answer:
        """Right topic with the wrong detail, or nothing at all: said apart."""
        near = decision.near
        if decision.not_yet and near:
            office = self.library.offices[self.library.documents[near.unit.document].office]
            text = self._say("not_yet", date=f"{self.today():%Y-%m-%d}")
            return Answer(Outcome.ABSTAINED, text, office=self._composer.card(office))
        known = self._matcher.telling(question.terms & near.unit.terms) if near else ()
        if near is None or not known or 1 - decision.confidence < ranking().thresholds["clarify_from"] / 2:
            ours = question.terms or _OURS.search(question.text)
            name = "not_found" if ours or decision.related else "off_topic"
            general = self._composer.card(self.library.offices[_GENERAL_OFFICE])
            return Answer(Outcome.ABSTAINED, self._say(name), office=general, suggestions=decision.related)
        document = self.library.documents[near.unit.document]
        office = self.library.offices[document.office]
        missing = sorted(question.aspects - near.unit.aspects) or ["这一点"]
        text = self._say(
            "missing_detail",
            topic="、".join(known[:2]),
            detail="、".join(missing[:2]),
            office=office.name,
        )
        return Answer(
            Outcome.ABSTAINED,
            text,
            office=self._composer.card(office),
            suggestions=decision.related,
        )

    def _examples(self) -> tuple[str, ...]:
        """One question each from documents in turn, for people who do not know what to ask."""
        first: dict[str, str] = {}
        for entry in self.library.citable_faq:
            if entry.facts:
                first.setdefault(entry.document, entry.question)
        return tuple(first.values())[:: max(1, len(first) // _EXAMPLE_QUESTIONS)][:_EXAMPLE_QUESTIONS]


def _sentences(library: Library) -> Iterator[str]:
    """Normalised sentences of the library, whose words help to read pinyin."""
    facts = (text for f in library.citable_facts.values() for text in (f.statement, *f.asks, *f.keywords))
    faq = (text for e in library.citable_faq for text in (e.question, *e.variants))
    yield from (normalise(text) for text in (*facts, *faq))
