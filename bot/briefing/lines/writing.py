"""Lines to take (答复口径): written from facts in force on the day of the event, each with its basis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.briefing.lines.choosing import Choice, Piece
from bot.briefing.lines.figures import line_figures
from bot.briefing.lines.grounding import Ground, Grounds
from bot.briefing.lines.opening import Opener
from bot.briefing.lines.pressing import Presser, Situation
from bot.briefing.lines.speaking import speak_seconds
from bot.briefing.lines.telling import MOST_FACTS, Teller, joined
from bot.briefing.lines.wording import line_wording
from bot.briefing.models import ForecastQuestion, LineToTake, OpenQuestion, QuestionCard, Risk
from bot.dialogue.composing import Composer
from bot.dialogue.evidence import Evidence
from bot.dialogue.units import pairs
from bot.dialogue.wording import wording
from bot.models import Citation
from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.models import Fact, Office

_MOST_WARNINGS, _MOST_GENERAL = 3, 2
"""What must not be promised, of the documents and of the risks: more is not read on the way."""
_HOTLINE = "rexian"


class LineWriter:
    """Writes lines for one day.

    Args:
        library: the published text.
        on: the day of the event; only facts in force on it are said.
    """

    def __init__(self, library: Library, on: date) -> None:
        self._library = library
        self._on = on
        choice = Choice(library, on)
        self._grounds = Grounds(library, on, choice)
        self._teller = Teller(library, choice, self._grounds)
        self._presser = Presser(choice)
        self._opener = Opener(library, on)
        self._composer = Composer(library, wording())
        self._words = line_wording()

    def write(self, question: ForecastQuestion) -> LineToTake | None:
        """The line to take; ``None`` where no fact in force answers: that is an open question.

        A text whose figures are not all in its facts is replaced by the bare statements of these facts.
        """
        ground = self._grounds.of(question)
        if ground is None:
            return None
        pieces, past = self._teller.tell(ground)
        used = self._used(ground, pieces)
        if unsupported(joined(pieces), self._grounds.evidence(used, ground.office)):
            pieces = self._teller.bare(used)
        text = joined(pieces)
        pressed, remedies = self._presser.write(self._situation(ground, text, past))
        basis = self._citations((*used, *remedies))
        return LineToTake(
            text=text,
            speak_seconds=speak_seconds(text),
            basis=basis,
            figures=line_figures(text, used, basis, self._library),
            office=self._composer.card(ground.office),
            co_offices=self._co_offices(ground),
            do_not_promise=self._do_not_promise(ground, text),
            if_pressed=pressed,
            transfer=self._transfer(ground.office),
            open=ground.open,
        )

    def open_question(self, question: ForecastQuestion) -> OpenQuestion:
        """What to ask which office before the event, and what can be said until then."""
        return self._opener.write(question, self._grounds.faq.get(question.faq or ""))

    def documents(self, cards: Iterable[QuestionCard]) -> tuple[Citation, ...]:
        """The texts behind the lines, each once, in the order of the lines, without a quote.

        A law or notice that a document only reports stands for itself, with its own time.
        """
        found: dict[tuple[str, str], Citation] = {}
        for cited in (citation for card in cards for citation in card.line.basis):
            key = (cited.document, cited.title)
            if key in found:
                continue
            if cited.title == self._library.documents[cited.document].title:
                (whole,) = self._composer.citations((Evidence(cited.document, card=True),), self._on)
                found[key] = replace(whole, quote="")
            else:
                found[key] = replace(cited, clause="", quote="", facts=())
        return tuple(found.values())

    def _used(self, ground: Ground, pieces: Sequence[Piece]) -> tuple[Fact, ...]:
        """The facts that the pieces rest on, those that answer first."""
        answering = ground.facts if ground.faq else ground.facts[:MOST_FACTS]
        more = (self._library.facts[piece.fact] for piece in pieces if piece.fact)
        return tuple(dict.fromkeys((*answering, *more)))

    def _citations(self, facts: Iterable[Fact]) -> tuple[Citation, ...]:
        pieces = tuple(Evidence(fact.document, current=(fact,)) for fact in facts)
        return self._composer.citations(pieces, self._on)

    def _situation(self, ground: Ground, said: str, past: tuple[str, ...]) -> Situation:
        return Situation(
            facts=ground.facts,
            risks=ground.question.risks,
            said=said,
            past=past,
            source="" if ground.open else self._grounds.source_name(ground.facts[0]),
            office=ground.office,
            open=ground.open,
        )

    def _co_offices(self, ground: Ground) -> tuple[str, ...]:
        documents = [self._library.document_of(fact) for fact in ground.facts]
        ids = dict.fromkeys(office for document in documents for office in document.co_offices)
        ids |= dict.fromkeys(document.office for document in documents)
        return tuple(self._library.offices[office].name for office in ids if office != ground.office.id)

    def _do_not_promise(self, ground: Ground, text: str) -> tuple[str, ...]:
        """The documents' warnings, nearest to the question first, then the general ones of its risks."""
        told = pairs(ground.question.question + text)
        documents = dict.fromkeys(fact.document for fact in ground.facts)
        listed = [line for name in documents for line in self._library.documents[name].do_not_promise]
        listed.sort(key=lambda line: -len(pairs(line) & told))
        risks = dict.fromkeys([*ground.question.risks, *([Risk.OPEN] if ground.open else [])])
        return tuple(
            dict.fromkeys(
                (*listed[:_MOST_WARNINGS], *[self._words.promises[risk] for risk in risks][:_MOST_GENERAL])
            )
        )

    def _transfer(self, office: Office) -> str:
        """Where the caller is sent; a telephone number only where the bureau has confirmed it."""
        if office.id == _HOTLINE:
            return self._words.sentences.say("transfer_direct")
        if office.confirmed and office.phone:
            return f"{office.name} {office.phone}"
        return self._words.sentences.say("transfer", office=office.name)
