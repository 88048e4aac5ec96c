"""Open questions (缺口): what to ask which office before the event, and what can be said until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from bot.briefing.lines.wording import OTHER, line_wording
from bot.briefing.models import ForecastQuestion, OpenQuestion
from bot.dialogue.composing import Composer, period
from bot.dialogue.evidence import Evidence
from bot.dialogue.wording import wording
from bot.models import Citation
from index.analysis import normalise
from knowledge.library import Library
from knowledge.models import Boundary, Fact, FaqEntry
from knowledge.validity import fact_status, is_past

_GENERAL_OFFICE = "bangongshi"
"""Asked where nothing shows whose business a question is: it handles the hotline's cases."""
_SAME_MATTER = 60.0
"""Likeness (0..100) of a question to one that a past fact answers, from which the fact is its history."""
_MOST_POINTS = 3


@dataclass(frozen=True, slots=True)
class _Answerer:
    """Who has to confirm, as written, and as said aloud."""

    name: str
    spoken: str


class Opener:
    """Writes open questions for one day."""

    def __init__(self, library: Library, on: date) -> None:
        self._library = library
        self._on = on
        self._composer = Composer(library, wording())
        self._words = line_wording()

    def write(self, question: ForecastQuestion, faq: FaqEntry | None) -> OpenQuestion:
        """An open question without an invented line.

        Args:
            faq: the entry that says that no text answers, or whose facts have ended.
        """
        office = self._office(question, faq)
        history = self._history(question, faq)
        say = self._words.sentences.say
        return OpenQuestion(
            question=question.question,
            likelihood=question.likelihood,
            why=question.why,
            office=office.name,
            ask=self._ask(question, faq, history),
            hold=say("hold_past" if history else "hold", office=office.spoken),
            variants=question.variants,
            history=history,
        )

    def _office(self, question: ForecastQuestion, faq: FaqEntry | None) -> _Answerer:
        library = self._library
        document = library.documents.get(question.document)
        boundary = self._boundary(question.question)
        chosen = question.office or (faq.office if faq else None) or (boundary.office if boundary else None)
        if chosen is None and boundary:
            return _Answerer(boundary.owner, boundary.owner)
        if chosen is None and faq:
            document = library.documents[faq.document]
        office = library.offices[chosen or (document.office if document else _GENERAL_OFFICE)]
        return _Answerer(office.name, self._words.office(office))

    def _boundary(self, text: str) -> Boundary | None:
        """The matter that the library knows to be without a text, or another bureau's."""
        asked = normalise(text)
        for boundary in self._library.boundaries:
            named = any(normalise(cue) in asked for cue in boundary.cues)
            if named and not any(normalise(word) in asked for word in boundary.unless):
                return boundary
        return None

    def _ask(self, question: ForecastQuestion, faq: FaqEntry | None, history: Citation | None) -> str:
        say = self._words.sentences.say
        points = "；".join(self._words.points[aspect] for aspect in self._aspects(question.question, faq))
        found = [say("ask", points=points)]
        if history:
            time = period(history.valid_from, history.valid_to)
            found.append(say("ask_past", title=history.title, period=time))
        else:
            found.append(say("ask_open"))
        return "".join(found)

    def _aspects(self, text: str, faq: FaqEntry | None) -> list[str]:
        """What is asked about: by the words of the question, else as the editors marked the entry."""
        asked = normalise(text)
        shown = [
            aspect.id
            for aspect in self._library.aspects.values()
            if any(normalise(cue) in asked for cue in aspect.cues)
        ]
        marked = [*shown, *(faq.aspects if faq else ())]
        known = [aspect for aspect in dict.fromkeys(marked) if aspect in self._words.points]
        return known[:_MOST_POINTS] or [OTHER]

    def _history(self, question: ForecastQuestion, faq: FaqEntry | None) -> Citation | None:
        """The past statement that answered, where only past ones did."""
        refs = question.facts or ((*faq.facts, *faq.background) if faq else ())
        facts = [self._library.citable_facts[ref] for ref in refs if ref in self._library.citable_facts]
        past = [fact for fact in facts if self._is_past(fact)]
        found = past[0] if past else self._nearest_past(question)
        if found is None:
            return None
        (cited,) = self._composer.citations((Evidence(found.document, ended=(found,)),), self._on)
        return cited

    def _nearest_past(self, question: ForecastQuestion) -> Fact | None:
        """The past fact of the document that comes nearest whose questions are like this one."""
        document = self._library.documents.get(question.document)
        past = [fact for fact in (document.facts if document else ()) if self._is_past(fact)]
        scored = [(self._likeness(question.question, fact), fact) for fact in past]
        best, fact = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return fact if best >= _SAME_MATTER else None

    def _likeness(self, asked: str, fact: Fact) -> float:
        return max((fuzz.ratio(normalise(asked), normalise(ask)) for ask in fact.asks), default=0.0)

    def _is_past(self, fact: Fact) -> bool:
        document = self._library.document_of(fact)
        return fact.ref in self._library.citable_facts and is_past(fact_status(fact, document, self._on))
