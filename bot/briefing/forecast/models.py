"""What a forecast is made from, and the values between its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.briefing.models import Event, WhySource
from bot.models import Answer
from bot.signals.gaps import Gap
from bot.signals.models import Answerer, HotTopic, Message
from bot.signals.questions import question_of
from knowledge.library import Library

_RECENT = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class HotQuestion:
    """What the citizens of a hot topic ask. ``question`` is empty where they complain and ask nothing."""

    question: str
    title: str
    messages: int
    recent: int
    """Messages of the newest four weeks."""
    growth: float
    """Newest four weeks by the four before, as in :class:`bot.signals.models.HotTopic`."""
    heat: float
    """0..100."""
    matter: str
    office: str
    ours: bool


def hot_question(topic: HotTopic, message: Message, as_of: date) -> HotQuestion:
    """The question of a topic in the words of its representative message."""
    newest = as_of - _RECENT
    return HotQuestion(
        question=question_of(message.title, message.text) or "",
        title=topic.title,
        messages=topic.messages,
        recent=sum(week.messages for week in topic.weeks if newest < week.monday <= as_of),
        growth=topic.growth,
        heat=topic.heat,
        matter=topic.matter,
        office=topic.office,
        ours=topic.answerer is not Answerer.OTHER,
    )


@dataclass(frozen=True, slots=True)
class BotQuestion:
    """A question to the assistant with how often it was asked; masked."""

    question: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class EarlierQuestion:
    """A question of an earlier event. ``event`` is the title or kind of it."""

    question: str
    event: str
    days_ago: int


@dataclass(frozen=True, slots=True)
class ForecastInputs:
    """What is known before an event. ``answer`` is the assistant as of the day of the event; everything
    after it may be empty."""

    event: Event
    as_of: date
    library: Library
    answer: Callable[[str], Answer]
    hot: tuple[HotQuestion, ...] = ()
    gaps: tuple[Gap, ...] = ()
    bot: tuple[BotQuestion, ...] = ()
    earlier: tuple[EarlierQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Resting:
    """What the answer to a question rests on, on a given day.

    ``key`` says which matter it is: two questions with the same key are the same question.
    ``facts`` are refs in force on the day; empty: a gap.
    """

    key: str
    facts: tuple[str, ...] = ()
    faq: str | None = None
    document: str = ""
    office: str = ""
    others: bool = False
    """Another bureau's matter, a personal record or no question at all: nothing to prepare."""
    reason: str = ""
    """In Chinese, what was found; for lists of matches and misses."""


@dataclass(slots=True)
class Matter:
    """A question that may be asked, in all its wordings."""

    resting: Resting
    question: str
    refs: frozenset[str] = frozenset()
    """Facts of its wording in the library, also those that have ended."""
    aspects: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    columns: frozenset[str] | None = None
    """Columns of the catalogue, for what is known not to be published."""
    rank: int = 0
    """Place among the questions of its document, as editors ordered them; 0 for what only citizens say."""
    open: bool = False
    """The published text leaves it open, or does not speak of it."""
    ended: bool = False
    """What it rested on has ended, with nothing newer in the library."""
    merged: list[str] = field(default_factory=list)
    """Questions of the library that say the same."""
    said: list[str] = field(default_factory=list)
    """Citizens' wordings, masked."""
    office: str = ""
    """Id of the office that such messages go to, where no published text names one."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One source's word for one matter: ``strength`` is relative to the source's others, ``count`` what was
    counted (messages, askings, changes), as far as it is of the event's topics."""

    source: WhySource
    key: str
    strength: float
    text: str
    count: float = 0.0


@dataclass(frozen=True, slots=True)
class Rated:
    """A matter with the number of times that each source expects it at the event."""

    matter: Matter
    topic: str
    rates: Mapping[WhySource, float]
    texts: Mapping[WhySource, str]

    @property
    def rate(self) -> float:
        return sum(self.rates.values())
