"""The text of a line, piece by piece: direct answer, its source, what limits it, context, where to go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from bot.briefing.lines.choosing import Choice, Piece, is_about_past, limits_lost, sayable, without_past
from bot.briefing.lines.grounding import Ground, Grounds
from bot.briefing.lines.speaking import LONGEST_SENTENCE, characters, in_breaths, spoken, units
from bot.briefing.lines.wording import line_wording
from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.models import Fact, Nature

SHORTEST, LONGEST = 120, 250
"""Characters of a line: half a minute to a minute aloud."""
_ENOUGH = 200
"""Characters from which nothing is added but where to go."""
MOST_FACTS = 3
"""Facts whose short answers make a direct answer."""
_SENT_ON = re.compile(
    r"请.{0,3}[问找向拨打看]|转.{0,12}(?:核|办|处理)|咨询|[请找].{2,14}(?:核实|办理|了解)|找.{2,8}(?:科|局|中心)"
)
_TAKEN_UP = re.compile("告诉我们|记下来|核[实查]后")
_SENDS_ON = ("请", "可以打", "具体找", "具体请", "具体以", "具体时限")
_COUNTY = "xianqu"
_HOTLINE = "rexian"


class Teller:
    """Tells what a ground holds."""

    def __init__(self, library: Library, choice: Choice, grounds: Grounds) -> None:
        self._library = library
        self._choice = choice
        self._grounds = grounds
        self._words = line_wording()

    def tell(self, ground: Ground) -> tuple[list[Piece], tuple[str, ...]]:
        """The pieces of a line in the order of speech, and what the reviewed wording says of the past."""
        direct, past = self._direct(ground)
        answer, closing = _parted(direct)
        named = self._named(ground, joined(answer))
        pieces = [*answer, *([named] if named else [])]
        added = self._added(ground, joined([*pieces, *closing]))
        if ground.open and added:
            added[0] = self._led("known", added[0])
        pieces += added
        pieces += self._context(ground, pieces, closing)
        said = joined([*pieces, *closing])
        told = [*pieces, *_sent_on(closing, self._where_to_go(ground, said))]
        return [*told, *self._invitation(ground, joined(told))], past

    def bare(self, facts: Iterable[Fact]) -> list[Piece]:
        """The statements and nothing else."""
        return [Piece("".join(sayable(fact)) or in_breaths(spoken(fact.brief)), fact.ref) for fact in facts]

    def _direct(self, ground: Ground) -> tuple[list[Piece], tuple[str, ...]]:
        shorts = [_short(fact) for fact in ground.facts[:MOST_FACTS]]
        if ground.faq is None:
            return shorts, ()
        supported = self._grounds.evidence(ground.facts, ground.office)
        kept: list[Piece] = []
        past: list[str] = []
        for number, unit in enumerate(units(ground.faq.answer)):
            present, former = without_past(unit)
            if number == 0:
                present = _until_unsupported(present, supported)
            held = not unsupported(spoken(present), supported) and (number == 0 or not is_about_past(present))
            if present.strip("。；，") and held:
                kept.append(Piece(in_breaths(spoken(present))))
                past += [former] if former else []
            elif number == 0:
                return shorts, ()
            else:
                past.append(unit)
        return kept, tuple(past)

    def _named(self, ground: Ground, said: str) -> Piece | None:
        """«依据是双减意见。» where the answer does not name its source and leaves nothing open."""
        fact = ground.facts[0]
        elsewhere = ground.faq is not None and ground.faq.document != fact.document
        name = self._grounds.source_name(fact)
        if ground.open or elsewhere or "依据" in fact.aspects or not name or name in said:
            return None
        target = fact.nature is Nature.TARGET and "目标" not in said
        return Piece(self._words.sentences.say("grounds_target" if target else "grounds", source=name))

    def _added(self, ground: Ground, said: str) -> list[Piece]:
        """What the answering facts add: exceptions as long as there is time, the rest until it is enough."""
        order = {fact.ref: place for place, fact in enumerate(ground.facts)}
        added: list[Piece] = []
        for piece in self._choice.additions(ground.facts, said, ground.faq is not None):
            length = characters(said + joined([*added, piece]))
            if length <= (_ENOUGH if piece.excepts else SHORTEST):
                added.append(piece)
        return sorted(added, key=lambda piece: order[piece.fact])

    def _context(self, ground: Ground, pieces: list[Piece], closing: list[Piece]) -> list[Piece]:
        """Facts that a caller asks next, until the line is long enough."""
        said = joined([*pieces, *closing])
        said += joined(self._where_to_go(ground, said))
        found: list[Piece] = []
        for piece in self._choice.context(ground.facts, said, ground.question.question):
            length = characters(said + joined(found))
            if length >= SHORTEST:
                break
            if length + characters(piece.text) <= LONGEST - len(self._words.sentences.say("known", said="")):
                found.append(self._led("context_more" if found else "context_first", piece))
        return found

    def _invitation(self, ground: Ground, said: str) -> list[Piece]:
        """In a line that is short, that the caller's own case will be looked into, unless it says so."""
        if characters(said) >= SHORTEST or ground.office.id == _HOTLINE or _TAKEN_UP.search(said):
            return []
        return [Piece(self._words.sentences.say("invitation", office=self._words.office(ground.office)))]

    def _led(self, name: str, piece: Piece) -> Piece:
        return replace(piece, text=self._words.sentences.say(name, said=piece.text))

    def _where_to_go(self, ground: Ground, said: str) -> list[Piece]:
        """Whom to ask; only the number where the reviewed wording has sent the caller on."""
        office = self._words.office(ground.office)
        say = self._words.sentences.say
        if "12345" in said and (ground.office.id == _HOTLINE or _SENT_ON.search(said)):
            return []
        if ground.office.id == _HOTLINE:
            return [Piece(say("office_direct"))]
        if _SENT_ON.search(said):
            return [Piece(say("office_call"))]
        if ground.open:
            return [Piece(say("office_open", office=office))]
        county = _COUNTY in self._library.document_of(ground.facts[0]).co_offices
        if county and ground.office.id != _COUNTY and characters(said) < SHORTEST:
            return [Piece(say("office_both", office=office))]
        complaint = ground.faq is not None and "投诉" in ground.faq.aspects
        return [Piece(say("office_report" if complaint else "office", office=office))]


def joined(pieces: Iterable[Piece]) -> str:
    """The pieces as one text."""
    return "".join(piece.text for piece in pieces)


def _short(fact: Fact) -> Piece:
    """A fact's short answer; its statement where the short one leaves out an exception."""
    told = "".join(sayable(fact))
    if told and (not fact.brief or (limits_lost(told, fact.brief) and characters(told) <= SHORTEST)):
        return Piece(told, fact.ref)
    brief, _ = without_past(fact.brief or fact.statement)
    return Piece(in_breaths(spoken(brief)), fact.ref)


def _until_unsupported(unit: str, supported: str) -> str:
    """A sentence up to the clause, after its first, that names a figure of no fact: the rest leans on it."""
    first, *others = unit.split("，")
    held = [first, *takewhile(lambda clause: not unsupported(spoken(clause), supported), others)]
    return "，".join(held)


def _sent_on(closing: list[Piece], where: list[Piece]) -> list[Piece]:
    """«请问市特殊教育中心。» and «打12345可以转接。» in one breath."""
    if not closing or not where or len(closing[-1].text) + len(where[0].text) > LONGEST_SENTENCE:
        return [*closing, *where]
    last = replace(closing[-1], text=f"{closing[-1].text.removesuffix('。')}，{where[0].text}")
    return [*closing[:-1], last]


def _parted(direct: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The answer, and the last sentences of it that send the caller on: these are said at the end."""
    last = len(direct)
    while last > 1 and direct[last - 1].text.startswith(_SENDS_ON):
        last -= 1
    return direct[:last], direct[last:]
