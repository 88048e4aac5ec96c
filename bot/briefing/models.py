"""Values of a briefing: the event, the forecast, the lines to take, what was found wrong with them.

Every value is frozen. All dates of validity are those of the day of the event, not of the day of writing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.models import Citation, OfficeCard


class EventKind(StrEnum):
    """What a briefing is for."""

    HOTLINE = "hotline"
    """12345 热线领导接听."""
    INTERVIEW = "interview"
    """在线访谈."""
    PRESS = "press"
    """新闻发布会."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event to prepare for. ``offices`` are names of the offices whose staff sit beside the leader;
    ``topics`` are free Chinese words (义务教育入学), empty for all of the library."""

    kind: EventKind
    date: date
    topics: tuple[str, ...] = ()
    leader: str = ""
    minutes: int = 60
    title: str = ""
    channel: str = ""
    """Where it takes place: 12345 热线平台, 市政府网站 …"""
    offices: tuple[str, ...] = ()
    id: str = ""
    """Given by the store: ``20261210-hotline``; empty before it is kept."""


class WhySource(StrEnum):
    """Where a forecast question comes from."""

    POLICY = "policy"
    """New, changed or soon to expire (政策变动)."""
    CALENDAR = "calendar"
    """The school year (学年日历)."""
    HOT = "hot"
    """Hot topics of citizens' messages (诉求热点)."""
    BOT = "bot"
    """Asked of the assistant (机器人问答记录)."""
    GAP = "gap"
    """Asked, and no published text answers (公开缺口)."""
    EARLIER = "earlier"
    """Asked at an earlier event (往期活动)."""
    STANDING = "standing"
    """Part of the event's topics, asked at all times (常见问题)."""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a forecast question. ``weight`` is the probability, 0..1, that it alone would bring the
    question up; ``text`` says it in Chinese with its numbers."""

    source: WhySource
    text: str
    weight: float


class Difficulty(StrEnum):
    """How hard it is to answer aloud."""

    EASY = "easy"
    """One fact."""
    MEDIUM = "medium"
    """Several facts, or conditions."""
    HARD = "hard"
    """Forks, conflicts, an open point, or a fact that ends soon."""


class Risk(StrEnum):
    """What can go wrong with an answer."""

    MONEY = "money"
    """涉及金额、收费、退费."""
    ENROLMENT = "enrolment"
    """涉及入学资格和学位."""
    PENALTY = "penalty"
    """涉及处罚和定性."""
    MINORS = "minors"
    """涉及未成年人安全和隐私."""
    DEADLINE = "deadline"
    """涉及办理期限."""
    STALE = "stale"
    """依据到期、将到期或有新旧两个版本."""
    REGION = "region"
    """由县（市、区）定，不是市里定."""
    OPEN = "open"
    """公开文件没有写明."""


@dataclass(frozen=True, slots=True)
class ForecastQuestion:
    """A question that will probably be asked. ``facts`` are refs (``document#key``) in force on the day of
    the event that answer it, empty for a gap; ``faq`` the id of the FAQ entry that words the answer."""

    question: str
    likelihood: float
    why: tuple[Why, ...]
    variants: tuple[str, ...] = ()
    """Other wordings that were merged into it, citizens' own words masked."""
    facts: tuple[str, ...] = ()
    faq: str | None = None
    document: str = ""
    """Document that answers, or comes nearest."""
    office: str = ""
    """Office id."""
    topic: str = ""
    """The topic of the event that it belongs to; empty: none of them."""
    difficulty: Difficulty = Difficulty.EASY
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFigure:
    """A figure in a line with the time for which it holds. ``text`` as it is said: 20000元."""

    text: str
    meaning: str
    """What it measures, in a few words."""
    fact: str
    """Ref of the fact that holds it."""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class LineToTake:
    """答复口径: what the leader can say aloud in 30–60 seconds, and what stands behind it."""

    text: str
    speak_seconds: int
    basis: tuple[Citation, ...]
    figures: tuple[LineFigure, ...] = ()
    office: OfficeCard | None = None
    co_offices: tuple[str, ...] = ()
    """Names of the co-responsible offices."""
    do_not_promise: tuple[str, ...] = ()
    if_pressed: str = ""
    """What to say when the caller insists."""
    transfer: str = ""
    """Where the caller is sent (转办去向)."""
    open: bool = False
    """The published text leaves part of the question open; the line says so."""


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A forecast question with its line."""

    forecast: ForecastQuestion
    line: LineToTake


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """缺口: a question that no published text in force answers. Never gets an invented line."""

    question: str
    likelihood: float
    why: tuple[Why, ...]
    office: str
    """Name of the office to ask before the event."""
    ask: str
    """What to ask it."""
    hold: str
    """What can be said until then: that it is noted and who will answer; no policy."""
    variants: tuple[str, ...] = ()
    history: Citation | None = None
    """A statement whose time is over, where there is one."""


class ChangeKind(StrEnum):
    """What happened to a text around the event."""

    NEW = "new"
    CHANGED = "changed"
    """A fact was replaced by a newer one."""
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class RecentChange:
    """A change that callers may ask about."""

    kind: ChangeKind
    document: str
    title: str
    on: date | None
    what: str


class ConflictKind(StrEnum):
    """Two texts that seem to say different things."""

    OLD_NEW = "old_new"
    CITY_COUNTY = "city_county"
    EARLIER_ANSWER = "earlier_answer"


@dataclass(frozen=True, slots=True)
class Conflict:
    """新旧、市县或前后答复不一致: both sides and what to say."""

    kind: ConflictKind
    question: str
    """The card that it touches."""
    first: str
    """The one that holds on the day of the event, with its source."""
    second: str
    advice: str


class FindingKind(StrEnum):
    """What a check found in a line."""

    OVERCLAIM = "overclaim"
    """Stronger than its basis: 应当→必须, 一律, 保证, 全部."""
    UNDERCLAIM = "underclaim"
    """Weaker than its basis: 应当→可以, 不得→一般不."""
    FIGURE = "figure"
    """An amount, share or period that is not in the basis."""
    DATE = "date"
    """A date or document number that is not in the basis."""
    STALE = "stale"
    """The basis does not hold on the day of the event, or ends soon after."""
    CONFLICT = "conflict"
    EARLIER_ANSWER = "earlier_answer"
    PERSONAL = "personal"
    """Personal data in the text."""
    PROMISE = "promise"
    """Says what must not be promised."""
    NO_BASIS = "no_basis"
    """A statement that no cited clause carries."""
    POLARITY = "polarity"
    """Says yes where the basis says no, or the other way."""
    LENGTH = "length"
    """Longer or shorter than can be said in 30–60 seconds."""


class Severity(StrEnum):
    """Whether it must be mended before review (``error``) or looked at (``warning``)."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a line. ``start`` and ``end`` are places in the text of the line (Python indexes); both 0
    where it is about the line as a whole. ``clause`` names the document and clause it was checked against."""

    kind: FindingKind
    severity: Severity
    message: str
    start: int = 0
    end: int = 0
    clause: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What the bureau answered before: at an event, or to a message. Masked."""

    question: str
    answer: str
    on: date | None
    source: str


class ReviewStep(StrEnum):
    """三审: the steps in their order."""

    FIRST = "first_review"
    SECOND = "second_review"
    FINAL = "final_review"


@dataclass(frozen=True, slots=True)
class ReviewAct:
    """What a reviewer did. ``at`` is local time."""

    step: ReviewStep
    by: str
    passed: bool
    comment: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Review:
    """Where a kept briefing stands in 三审. ``waiting``: the step that is next, ``None`` when sealed."""

    briefing: str = ""
    """Id of the kept briefing; empty: not kept, a preview."""
    version: int = 0
    drafted_by: str = ""
    acts: tuple[ReviewAct, ...] = ()
    waiting: ReviewStep | None = ReviewStep.FIRST
    sha256: str = ""
    """Hash of the sealed text."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing as reviewed and exported. ``as_of`` is the day on which it was made."""

    event: Event
    as_of: date
    questions: tuple[QuestionCard, ...]
    gaps: tuple[OpenQuestion, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    recent_changes: tuple[RecentChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    documents: tuple[Citation, ...] = ()
    """The documents behind the lines, each once, as cards without a quote."""
    notices: tuple[str, ...] = ()
    """What a reader must know: basis to be verified, working days not known for a year."""
    review: Review = field(default_factory=Review)
