"""Step 4: evidence → what the citizen reads. Direct answer, conditions, source, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.dates import in_words
from bot.dialogue.evidence import Evidence
from bot.dialogue.guardrails import evidence_text, unsupported_figures
from bot.dialogue.understanding import Question
from bot.dialogue.units import content, pairs
from bot.dialogue.wording import Wording
from bot.models import Citation, OfficeCard
from bot.phrasing.verification import Published
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Document, Fact, Nature, Office, Status
from knowledge.validity import document_status, fact_status, is_past, is_unverified, last_day

_MOST_DETAILS = 3
_REACHED_DIRECTLY = frozenset({"rexian"})
_ALREADY_SAID = 0.35
"""Share of a statement's character pairs from which it repeats what was said."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed answer. Where ``direct`` is given, that part of ``text`` may be said more shortly.

    ``evidence``: everything that the text may draw figures from.
    """

    text: str
    evidence: str
    before: str = ""
    direct: Published | None = None
    after: str = ""

    def phrased(self, wording: str) -> str:
        """The text with ``wording`` as its direct part; the bare ``text`` where that names a figure without
        a basis."""
        text = "\n".join(part for part in (self.before, wording, self.after) if part)
        return self.text if unsupported_figures(text, self.evidence) else text


@dataclass(frozen=True, slots=True)
class _Body:
    """What one piece says: fixed words before, reviewed wording, fixed words and former figures after."""

    before: tuple[str, ...]
    direct: Published
    after: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join((*self.before, *self.direct.paragraphs, *self.after))


class Composer:
    """Puts answers together. Every sentence is a fact, a reviewed FAQ answer or fixed wording."""

    def __init__(self, library: Library, wording: Wording) -> None:
        self._library = library
        self._wording = wording

    def compose(self, pieces: tuple[Evidence, ...], question: Question, on: date, safety_first: bool) -> str:
        """The answer as plain text."""
        return self.draft(pieces, question, on, safety_first).text

    def draft(self, pieces: tuple[Evidence, ...], question: Question, on: date, safety_first: bool) -> Draft:
        """The answer, and which part of it may be shortened: that of a single piece which is no card.

        A text whose figures are not all in its facts is replaced by the bare statements of these facts.
        """
        bodies = [self._body(piece, question, on) for piece in pieces]
        lead = [self._wording.say("safety_first")] if safety_first else []
        office = self.office_of(pieces)
        closing = self._closing(pieces, on, office)
        text = "\n".join([*lead, *(body.text for body in bodies), *closing])
        facts = [fact for piece in pieces for fact in self._spoken_facts(piece)]
        cards = [self._library.documents[piece.document] for piece in pieces if piece.card]
        evidence = evidence_text(self._library, facts, cards, [office.id])
        if unsupported_figures(text, evidence):
            bare = [line for piece in pieces for line in self._bare(piece, on)]
            return Draft("\n".join([*lead, *bare, *closing]), evidence)
        if len(pieces) > 1 or cards:
            return Draft(text, evidence)
        (body,) = bodies
        before, after = "\n".join([*lead, *body.before]), "\n".join([*body.after, *closing])
        return Draft(text, evidence, before, body.direct, after)

    def _named_background(self, piece: Evidence, on: date) -> list[Fact]:
        """Background facts whose figures the prepared answer names: they must be cited too."""
        if piece.faq is None:
            return []
        missing = figures(piece.faq.answer) - figures(" ".join(fact.statement for fact in piece.facts))
        background = [self._library.facts[ref] for ref in piece.faq.background]
        return [
            fact
            for fact in background
            if missing & figures(fact.statement)
            and fact_status(fact, self._library.document_of(fact), on) is not Status.NOT_YET
        ]

    def _spoken_facts(self, piece: Evidence) -> tuple[Fact, ...]:
        background = [self._library.facts[ref] for ref in piece.faq.background] if piece.faq else []
        return (*piece.facts, *background)

    def _body(self, piece: Evidence, question: Question, on: date) -> _Body:
        if piece.card:
            return _Body((), Published((self.card_text(self._library.documents[piece.document], on),)), ())
        before: list[str] = []
        if piece.ended and not piece.current:
            before.append(self._ended_notice(piece.ended, on))
        if piece.before_start:
            before.append(self._wording.say("before_start", date=in_words(piece.before_start)))
        if piece.faq:
            lead = [piece.faq.answer]
        else:
            lead = [fact.brief or fact.statement for fact in (*piece.current, *piece.ended)]
        details = self._details(piece, "\n".join([*before, *lead]), question)
        after = [self._former(fact) for fact in piece.former]
        if piece.ended:
            office = self._library.offices[self._library.documents[piece.document].office]
            after.append(self._wording.say("latest_unknown", office=office.name))
        return _Body(tuple(before), Published(tuple(lead), tuple(details)), tuple(after))

    def card_text(self, document: Document, on: date) -> str:
        """What is known of a document itself: issuer, number, dates, status."""
        number = document.doc_no or self._wording.say("number_unknown")
        days = [("成文", document.written), ("发布", document.published), ("施行", document.effective)]
        dates = "，".join(f"{in_words(day)}{name}" for name, day in days if day)
        status = self._wording.say(f"status_{document_status(document, on).value}")
        newer = document.superseded_by
        how = "replaced_by" if newer and newer.whole else "amended_by"
        replaced = self._wording.say(how, title=newer.title) if newer else ""
        return self._wording.say(
            "document_card",
            title=_titled(document.title),
            issuer=document.issuer,
            number=number,
            dates=f"{dates}。" if dates else "",
            status=f"{status}{replaced}",
        )

    def _details(self, piece: Evidence, said: str, question: Question) -> list[str]:
        """Statements that add something to what was said: conditions, exceptions, other groups."""
        found: list[str] = []
        for fact in (*piece.current, *piece.ended)[:_MOST_DETAILS]:
            if not _repeats(fact.statement, said, question.text) and fact.statement not in found:
                found.append(fact.statement)
        return found

    def _ended_notice(self, facts: tuple[Fact, ...], on: date) -> str:
        fact = facts[0]
        document = self._library.document_of(fact)
        status = document_status(document, on)
        title = fact.own_basis.title if fact.own_basis else document.title
        if fact.valid_to and on > fact.valid_to and document.expires != fact.valid_to:
            reason = self._wording.say("expired_fact", date=in_words(fact.valid_to))
        elif status is Status.EXPIRED and document.expires:
            reason = self._wording.say(
                "expired_document", title=document.title, date=in_words(document.expires)
            )
        else:
            reason = self._wording.say("superseded_document", title=title)
            return self._wording.say("annual_only", reason=reason)
        return self._wording.say("only_expired", reason=reason)

    def _former(self, fact: Fact) -> str:
        brief = fact.brief or fact.statement
        return self._wording.say("former", period=period(fact.valid_from, fact.valid_to), brief=brief)

    def _bare(self, piece: Evidence, on: date) -> list[str]:
        """The statements of a piece, past ones marked, and nothing else."""
        notice = [self._ended_notice(piece.ended, on)] if piece.ended and not piece.current else []
        return [*notice, *(self._marked(fact, on) for fact in piece.facts)]

    def _marked(self, fact: Fact, on: date) -> str:
        if is_past(fact_status(fact, self._library.document_of(fact), on)):
            return self._former(fact)
        return fact.statement

    def _closing(self, pieces: tuple[Evidence, ...], on: date, office: Office) -> list[str]:
        lines = []
        named = dict.fromkeys(self._source(fact, on) for piece in pieces for fact in piece.facts)
        if named:
            sources = self._wording.say("source_link").join(named)
            lines.append(self._wording.say("source", sources=sources))
        lines.append(self._contact(office))
        if any(is_unverified(f) for p in pieces for f in (*p.facts, *self._named_background(p, on))):
            lines.append(f"（{self._wording.say('notice_unverified')}）")
        return lines

    def _source(self, fact: Fact, on: date) -> str:
        """《title》（文号）第几条（现行有效）; points that we numbered ourselves are not shown."""
        document = self._library.document_of(fact)
        state = self._wording.say(f"status_{fact_status(fact, document, on).value}")
        if fact.nature is Nature.RECORD and is_past(fact_status(fact, document, on)):
            state = self._wording.say("status_record")
        if fact.own_basis:
            title, number, clause = fact.own_basis.title, fact.own_basis.doc_no, fact.own_basis.clause
        else:
            title, number = document.title, document.doc_no
            clause = fact.clause if fact.clause.startswith("第") else ""
        number = f"（{number}）" if number else ""
        return f"{_titled(title)}{number}{clause}（{state}）"

    def _contact(self, office: Office) -> str:
        phone = self._wording.say("contact_switchboard") if office.id not in _REACHED_DIRECTLY else ""
        if office.phone:
            phone = self._wording.say("contact_phone", phone=office.phone, note=office.phone_note)
        return self._wording.say("contact", office=office.name, phone=phone)

    def office_of(self, pieces: tuple[Evidence, ...]) -> Office:
        """The office of the first piece: its FAQ entry's, else its document's."""
        first = pieces[0]
        office = first.faq.office if first.faq and first.faq.office else None
        return self._library.offices[office or self._library.documents[first.document].office]

    def citations(self, pieces: tuple[Evidence, ...], on: date) -> tuple[Citation, ...]:
        """One citation per fact, current ones first, each fact once."""
        facts = dict.fromkeys(fact for piece in pieces for fact in (*piece.current, *piece.ended))
        facts |= dict.fromkeys(fact for piece in pieces for fact in piece.former)
        facts |= dict.fromkeys(fact for piece in pieces for fact in self._named_background(piece, on))
        cards = (self._card_citation(piece.document, on) for piece in pieces if piece.card)
        return (*(self._citation(fact, on) for fact in facts), *cards)

    def _card_citation(self, document_id: str, on: date) -> Citation:
        document = self._library.documents[document_id]
        return Citation(
            document=document.id,
            title=document.title,
            doc_no=document.doc_no,
            issuer=document.issuer,
            clause="",
            quote=self.card_text(document, on),
            facts=(),
            status=document_status(document, on).value,
            valid_from=document.effective,
            valid_to=last_day(document),
        )

    def _citation(self, fact: Fact, on: date) -> Citation:
        document = self._library.document_of(fact)
        status = fact_status(fact, document, on)
        basis = fact.own_basis
        return Citation(
            document=document.id,
            title=basis.title if basis else document.title,
            doc_no=basis.doc_no if basis else document.doc_no,
            issuer=basis.issuer if basis else document.issuer,
            clause=basis.clause or fact.clause if basis else fact.clause,
            quote=fact.statement,
            facts=(fact.key,),
            status=status.value,
            valid_from=fact.valid_from or (None if basis else document.effective),
            valid_to=fact.valid_to or (None if basis else last_day(document)),
        )

    def notices(self, pieces: tuple[Evidence, ...], on: date) -> tuple[str, ...]:
        """Warnings that go with the answer: unverified basis, past content, limited region."""
        facts = [f for piece in pieces for f in (*piece.facts, *self._named_background(piece, on))]
        found = []
        if any(is_unverified(fact) for fact in facts):
            found.append(self._wording.say("notice_unverified"))
        if any(is_past(fact_status(f, self._library.document_of(f), on)) for f in facts):
            found.append(self._wording.say("notice_past"))
        regions = sorted({fact.region for fact in facts if fact.region})
        if regions:
            found.append(self._wording.say("notice_region", region="、".join(regions)))
        return tuple(found)

    def card(self, office: Office) -> OfficeCard:
        """An office as channels show it."""
        return OfficeCard(id=office.id, name=office.name, phone=office.phone, note=office.phone_note)


def _repeats(statement: str, said: str, asked: str) -> bool:
    """Whether a statement adds neither a figure, nor anything asked for, nor much else to what was said."""
    told, known = pairs(statement), pairs(said)
    if figures(statement) - figures(said) or (told - known) & pairs(content(asked)):
        return False
    return len(told & known) >= _ALREADY_SAID * len(told)


def period(start: date | None, end: date | None) -> str:
    """A stretch of time in words: 2023年9月1日至2024年8月31日."""
    if start and end:
        return f"{in_words(start)}至{in_words(end)}"
    if end:
        return f"到{in_words(end)}为止"
    return f"{in_words(start)}起" if start else "时间不详"


def _titled(title: str) -> str:
    return title if title.startswith("《") or "》" in title else f"《{title}》"
