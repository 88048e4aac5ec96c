"""Step 1: a message → what is asked. Nothing is looked up yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.spelling import Speller
from index.analysis import normalise

LONGEST_MESSAGE = 2000
"""Characters that are read; the rest of a longer message is left out, and the answer says so."""

_CLAUSE_ENDS = re.compile(r"[,，。！？!?；;、\n~…]+|\s{1,}")
_QUESTION_ENDS = re.compile(r"(?<=[?？。!！；;])|(?:还有|另外|顺便|再问一下|同时想问|以及)")
_YEAR = re.compile(
    r"(?<![\d〔\[(（])((?:19|20)\d\d)(?!\d)(?=年|学年|的时候|那|以|之|$|[^\d元号])"
    r"(?:年|学年)?(?:的)?(?:(1[0-2]|[1-9])月|(春|上半年|上学期|年初)|(秋|下半年|下学期|年底))?"
)
_SENTENCE_ENDS = re.compile(r"(?<=[?？。!！;；\n])")
_ASKS = re.compile(
    r"[?？吗呢]|请问|想问|问问|多少|怎么|咋|什么|能不能|可不可以|是不是|有没有|几[个天时点月年]|哪"
)
_SHORT_ENOUGH = 50
_MOST_PIECES = 12
"""Pieces of a message that are compared beside the whole: bounds the time that a long story takes."""
_SHORT_YEAR = re.compile(r"(?<![\d.])([12]\d)年(?!级|[前后内来]|制|以)")
_RELATIVE_YEARS = (("大前年", 3), ("前年", 2), ("去年", 1), ("上一年", 1))
_LATE, _EARLY = 12, 4
"""The month that stands for a year, and for its spring term."""
_PAST = re.compile(
    r"以前|之前|当年|那年|那时|原来|过去|早先|往年|历史|旧的|旧标准|老标准|老政策|那会儿|先前|从前"
)
_NOW = re.compile(r"今年|现在|目前|如今|眼下|当前|现行|最新")
_SPACED_OUT = re.compile(r"(?:[\u4e00-\u9fff] ){3,}[\u4e00-\u9fff]")
"""Characters set apart one by one; a blank between phrases stays, it ends a clause."""
_VISIBLE = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Question:
    """What a message asks, in the library's words.

    ``text`` is normalised and corrected; ``clauses`` are its parts between punctuation marks.
    """

    raw: str
    text: str
    clauses: tuple[str, ...]
    focus: str
    """The sentences that ask; the whole text where it is short or none asks."""
    focus_terms: frozenset[str]
    terms: frozenset[str]
    wider_terms: frozenset[str]
    aspects: frozenset[str]
    slots: frozenset[str]
    moments: tuple[date, ...] = ()
    """Past days that the message asks about: a year stands for its end, a spring term for April."""
    asks_past: bool = False
    truncated: bool = False
    corrected: bool = False
    parts: tuple[str, ...] = field(default=())
    """Separate questions of one message, where there are several."""

    @property
    def empty(self) -> bool:
        return not self.raw.strip()

    @property
    def wordless(self) -> bool:
        """Only digits, punctuation, symbols or emoji."""
        return not _VISIBLE.search(self.text)


class Understander:
    """Reads messages with a library's lexicon and speller."""

    def __init__(self, lexicon: Lexicon, speller: Speller) -> None:
        self.lexicon = lexicon
        self._speller = speller

    def understand(self, raw: str, today: date) -> Question:
        """Never raises, whatever the text holds."""
        plain = _SPACED_OUT.sub(lambda m: m.group().replace(" ", ""), normalise(raw[:LONGEST_MESSAGE]))
        text = normalise(self._speller.correct(plain))
        terms = self.lexicon.terms(text)
        focus = _focus(text)
        moments = _moments(text, today)
        return Question(
            raw=raw,
            text=text,
            clauses=tuple(part for part in _CLAUSE_ENDS.split(text) if part),
            focus=focus,
            focus_terms=self.lexicon.terms(focus),
            terms=terms,
            wider_terms=self.lexicon.wider(terms),
            aspects=self.lexicon.aspects(focus),
            slots=self.lexicon.slots(text) - _elsewhere(self.lexicon.slots(text)) | self.lexicon.slots(focus),
            moments=moments,
            asks_past=bool(_PAST.search(text)) and not (_NOW.search(text) and not moments),
            truncated=len(raw) > LONGEST_MESSAGE,
            corrected=text != plain,
            parts=self._parts(text),
        )

    def _parts(self, text: str) -> tuple[str, ...]:
        """Pieces that each ask something; empty where there is one question only."""
        pieces = [
            piece.strip(" ,，") for piece in _QUESTION_ENDS.split(text) if piece and piece.strip(" ,，")
        ]
        asking = [p for p in pieces if len(p) >= 4 and (self.lexicon.aspects(p) or _ASKS.search(p))]
        return tuple(asking) if len(asking) > 1 else ()


def _focus(text: str) -> str:
    """The sentences of a long message that ask something."""
    if len(text) <= _SHORT_ENOUGH:
        return text
    asking = [sentence for sentence in _SENTENCE_ENDS.split(text) if sentence and _ASKS.search(sentence)]
    return " ".join(asking) or text


def _elsewhere(slots: frozenset[str]) -> frozenset[str]:
    """Places outside of the city; in a story they only matter where the question itself names them."""
    return frozenset(value for value in slots if value.startswith("外地="))


def _moments(text: str, today: date) -> tuple[date, ...]:
    """Days named by year, term or month that lie before this year."""
    found = set()
    for year, month, spring, _ in _YEAR.findall(text):
        number = int(month) if month else _EARLY if spring else _LATE
        if int(year) < today.year:
            found.add(date(int(year), number, 28))
    found |= {date(2000 + int(year), _LATE, 28) for year in _SHORT_YEAR.findall(text)}
    relative = next((years for word, years in _RELATIVE_YEARS if word in text), 0)
    if relative:
        found.add(date(today.year - relative, _LATE, 28))
    return tuple(sorted(day for day in found if day.year < today.year))


def asks(text: str) -> bool:
    """Whether a piece of a message asks something, by its words."""
    return _ASKS.search(text) is not None


def windows(question: Question) -> tuple[str, ...]:
    """The pieces of a message that could be its question: all of it, each clause, neighbouring clauses.

    Of a long story those that ask come first, and no more than ``_MOST_PIECES`` are kept.
    """
    if len(question.clauses) <= 1:
        return (question.text,)
    neighbours = [f"{a} {b}" for a, b in pairwise(question.clauses)]
    pieces = (*question.clauses, *neighbours)
    if len(pieces) > _MOST_PIECES:
        pieces = tuple(sorted(pieces, key=lambda piece: not asks(piece)))[:_MOST_PIECES]
    return tuple(dict.fromkeys((question.text, question.focus, *pieces)))
