"""What a line says besides its direct answer: what adds something, and context of the same matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.briefing.lines.speaking import characters, in_breaths, spoken, units, without_lead
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Fact, Nature, Status
from knowledge.validity import fact_status, is_past, successor_ref

_TOLD = 0.6
"""Share of a clause's characters in one sentence that was said from which the clause says the same again.
Characters, not words: 停止举办 and 停办, 学科类培训 and 学科培训 are the same thing said shorter."""
_TOLD_TOGETHER = 0.5
"""The same where a fact's statement is held against its own short answer."""
_TOLD_WITH_FIGURE = 0.85
"""The same for a clause with a figure that was not said."""
_NEW = 0.6
"""Share of a piece that must be new clauses."""
_WEAK = frozenset("的了和与或及是有在等为按以并要应须可能被把对从到由中其也都则将个者所该这那")
"""Characters that say nothing of the matter."""
_LONGEST_PIECE = 110
"""Characters; a longer piece takes half a minute by itself."""
_LONGEST_ASIDE, _LONGEST_SENTENCE = 100, 60
"""Characters of context and of one sentence in it."""
_EXCEPTION = re.compile(r"除|但|不包括|不含|不适用|不得|不等于|不免|例外|只[管免在有]|另有|推迟|自愿")
_PAST = re.compile(r"此前|旧标准|旧办法|旧条例|当时|以前|再早|历史参考")
_INTERNAL = re.compile(r"待核|核对|本库|推算|不能用来答复|不可引用|征求意见稿|参考样例")
"""Notes of the editors for each other: not for the air, unless they are the answer itself."""
_CLAUSE = re.compile(r"[，。；：！？]")
_SENTENCE = re.compile(r"[。！？；]")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_PAST_CLAUSE = re.compile(
    r"，(此前[^；。]*)(?=[；。])|^(此前[^；。]*)|[；。](此前[^；。]*)(?=[；。])|（(此前[^（）]*)）"
)
_NEAR = 100
"""Rank of the same clause, above any number of keywords."""
_ABOUT_TEXT = frozenset({"依据", "施行"})
_NO_SUBJECT = re.compile(
    r"[没不是有要由可管指能应须只免先用按责规]|一般|情节|以|同|多|最|作出|收到|目标是|依据"
)
"""Beginnings of short answers that only make sense after their question."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that can be said, with the ref of the fact that carries it (empty: fixed words)."""

    text: str
    fact: str = ""

    @property
    def excepts(self) -> bool:
        """Whether it limits what was said before: worth more than background."""
        return _EXCEPTION.search(self.text) is not None


def is_about_past(text: str) -> bool:
    """Whether a text speaks of what held before: said only to who asks."""
    return _PAST.search(text) is not None


def without_past(text: str) -> tuple[str, str]:
    """A text without what it says of before («，此前是2000元», «（此前为2000元）»), and that."""
    past = "；".join(part for found in _PAST_CLAUSE.findall(text) for part in found if part)
    return _PAST_CLAUSE.sub("", text), past


def fit_to_say(text: str) -> bool:
    """Whether a statement's piece may be said unasked: present, finished, not too long, one title at most."""
    return not (
        is_about_past(text)
        or _INTERNAL.search(text)
        or text.count("《") > 1
        or "〔" in text
        or characters(text) > _LONGEST_PIECE
    )


def adds(piece: str, said: str, as_one: bool = False) -> bool:
    """Whether most of a piece was not said before, in these or other words.

    Args:
        as_one: compare with all that was said together: for a piece of the fact that was just answered from,
            which says the same more fully.
    """
    told = [_matter(said)] if as_one else [_matter(sentence) for sentence in _SENTENCE.split(said)]
    new = total = 0
    for clause in filter(None, _CLAUSE.split(piece)):
        matter = _matter(clause)
        total += len(clause)
        share = (
            max((len(matter & sentence) / len(matter) for sentence in told), default=0.0) if matter else 1.0
        )
        measured = figures(_YEAR.sub("", clause))
        told_figures = as_one and measured and measured <= figures(said)
        limit = _TOLD_TOGETHER if as_one else _TOLD
        if not told_figures and share < (_TOLD_WITH_FIGURE if measured - figures(said) else limit):
            new += len(clause)
    return new >= _NEW * total > 0


def _matter(text: str) -> frozenset[str]:
    return frozenset(char for char in text if char.isalnum()) - _WEAK


def _aside(fact: Fact) -> str:
    """A fact as something said by the way; empty where it is too long, or not for the air."""
    told = "".join(sayable(fact))
    if told and fit_to_say(fact.brief) and _easily_said(told):
        return told
    return _brief_aside(fact)


def _brief_aside(fact: Fact) -> str:
    """A fact's short answer where it can stand without its question."""
    if not fact.brief or not fit_to_say(fact.brief) or _NO_SUBJECT.match(fact.brief):
        return ""
    return in_breaths(spoken(fact.brief))


def _easily_said(text: str) -> bool:
    """Whether a text is short enough for something said by the way."""
    return characters(text) <= _LONGEST_ASIDE and all(
        len(sentence) <= _LONGEST_SENTENCE for sentence in _SENTENCE.split(text)
    )


def _second_title(piece: str, said: str) -> bool:
    """Whether a piece brings another title of a document into a line: one is enough for the ear."""
    return "《" in piece and "《" in said


def limits_lost(statement: str, brief: str) -> bool:
    """Whether a short answer leaves out an exception that its statement makes."""
    return bool(set(_EXCEPTION.findall(statement)) - set(_EXCEPTION.findall(brief)))


def sayable(fact: Fact) -> tuple[str, ...]:
    """The units of a fact's statement as one says them, without the name of the text they stand in."""
    told, _ = without_lead(fact.statement)
    told, _ = without_past(told)
    return tuple(in_breaths(spoken(unit)) for unit in units(told) if fit_to_say(unit))


class Choice:
    """Chooses pieces for lines of one day.

    Args:
        library: the published text.
        on: the day of the event.
    """

    def __init__(self, library: Library, on: date) -> None:
        self._library = library
        self._on = on

    def in_force(self, fact: Fact) -> bool:
        """Whether a fact may be said as current."""
        status = fact_status(fact, self._library.document_of(fact), self._on)
        return fact.ref in self._library.citable_facts and status is Status.IN_FORCE

    def additions(self, facts: Sequence[Fact], said: str, worded: bool) -> Iterator[Piece]:
        """Pieces of the facts that answer, exceptions first, that add something to what was said.

        Args:
            worded: the direct answer is a reviewed wording; the facts' own short answers may add to it.
        """
        offered = [Piece(unit, fact.ref) for fact in facts for unit in sayable(fact)]
        if worded:
            offered += [Piece(brief, fact.ref) for fact in facts if (brief := _brief_aside(fact))]
        for piece in sorted(offered, key=lambda piece: not piece.excepts):
            if adds(piece.text, said, as_one=True) and not _second_title(piece.text, said):
                said += piece.text
                yield piece

    def context(self, facts: Sequence[Fact], said: str, asked: str) -> Iterator[Piece]:
        """What a caller will ask next: other facts in force of the same clause, then of the same matter."""
        for fact in self._related(facts, asked):
            text = _aside(fact)
            if text and adds(text, said) and not _second_title(text, said):
                said += text
                yield Piece(text, fact.ref)

    def _related(self, facts: Sequence[Fact], asked: str) -> list[Fact]:
        """Other facts in force of the same document, nearest first: those of the same clause, then those with
        more keywords of the matter."""
        told = " ".join([asked, *(fact.statement for fact in facts), *(w for f in facts for w in f.keywords)])
        ranked: list[tuple[int, Fact]] = []
        for fact in self._library.document_of(facts[0]).facts:
            if fact in facts or not self.in_force(fact) or not _is_context(fact, facts[0]):
                continue
            shared = sum(word in told for word in fact.keywords)
            near = _NEAR * any(fact.clause == other.clause for other in facts)
            if near or shared:
                ranked.append((near + shared, fact))
        return [fact for _, fact in sorted(ranked, key=lambda pair: -pair[0])]

    def replaced(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts that these replaced last, newest first."""
        refs = {fact.ref for fact in facts}
        past = [
            fact
            for fact in self._library.citable_facts.values()
            if fact.superseded_by
            and successor_ref(fact) in refs
            and is_past(fact_status(fact, self._library.document_of(fact), self._on))
        ]
        return sorted(past, key=lambda fact: fact.valid_from or date.min, reverse=True)

    def remedies(self, facts: Sequence[Fact]) -> list[Fact]:
        """Facts in force about complaint, appeal and review of the same text."""
        first = facts[0]
        return [
            fact
            for fact in self._library.document_of(first).facts
            if "投诉" in fact.aspects
            and fact not in facts
            and self.in_force(fact)
            and _same_text(fact, first)
        ]


def _is_context(fact: Fact, first: Fact) -> bool:
    """Whether a fact may stand beside another: of the same place, and about the document itself (its number,
    its beginning, a press conference) only beside its like."""
    about_text = fact.nature is Nature.RECORD or _ABOUT_TEXT & set(fact.aspects)
    return fact.region == first.region and not (about_text and not set(fact.aspects) & set(first.aspects))


def _same_text(one: Fact, other: Fact) -> bool:
    if one.own_basis and other.own_basis:
        return one.own_basis.title == other.own_basis.title
    return one.own_basis is None and other.own_basis is None
