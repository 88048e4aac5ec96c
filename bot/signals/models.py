"""Values that pass between the steps: a message, its class, a hot topic. Texts are masked already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Answerer(StrEnum):
    """Who answers a message (承办层级)."""

    CITY = "city"
    """市教体局."""
    COUNTY = "county"
    """县（市、区）教体局."""
    SCHOOL = "school"
    """The school, kindergarten or training institution itself."""
    OTHER = "other"
    """Another bureau (其他部门)."""


class Urgency(StrEnum):
    """How soon somebody must look at it."""

    URGENT = "urgent"
    """紧急: life or health in danger now, or a crowd gathering. Today."""
    RAISED = "raised"
    """重点: minors harmed or at risk, many people, a deadline that is near. Before the ordinary ones."""
    NORMAL = "normal"


class Alarm(StrEnum):
    """Why a message is urgent."""

    DANGER = "danger"
    """Danger to life or health (人身安全)."""
    MINORS = "minors"
    """A minor is harmed or at risk (涉未成年人)."""
    GROUP = "group"
    """Many people act together or threaten to (群体性事件)."""


class Stage(StrEnum):
    """Stage of schooling (学段), in the words of ``knowledge/slots.yaml``."""

    KINDERGARTEN = "幼儿园"
    PRIMARY = "小学"
    JUNIOR = "初中"
    SENIOR = "高中"
    VOCATIONAL = "中职"
    HIGHER = "高校"


@dataclass(frozen=True, slots=True)
class Message:
    """One citizen's message (工单、诉求) as it is stored: masked, its writer a keyed hash.

    ``id`` is the same whenever the same row is read again. ``row`` counts as a person does, the first line of
    the file being 1. ``at`` is local time without a zone; ``None`` where the file gives no readable time.
    """

    id: str
    title: str
    text: str
    at: datetime | None = None
    user: str = ""
    number: str = ""
    """Number of the work order in its own system."""
    channel: str = ""
    """12345, 局长信箱, 微博 … as the file says."""
    area: str = ""
    """县（市、区）, where a column says so."""
    up: int = 0
    down: int = 0
    reply: str = ""
    replied_at: datetime | None = None
    file: str = ""
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message was classed so: the words in it that spoke for the class, strongest first."""

    what: str
    """``matter``, ``answerer``, ``urgency`` or ``stage``."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classified:
    """The class of one message.

    ``matter`` is a column of the catalogue (``c08``) or another bureau (``b-police``) of
    ``bot/signals/classification/matters.yaml``; ``office`` an id of ``knowledge/offices.yaml``, empty for
    another bureau. ``confidence`` is the probability of ``matter``, 0..1.
    """

    matter: str
    answerer: Answerer
    office: str
    urgency: Urgency
    alarms: tuple[Alarm, ...]
    stages: tuple[Stage, ...]
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Messages of one week; ``monday`` is its first day."""

    monday: date
    messages: int


@dataclass(frozen=True, slots=True)
class HotTopic:
    """Messages about the same matter (热点), hottest first in every list.

    ``heat`` is 0..100; ``parts`` are the shares that add up to it: number, people, growth, duration, urgency.
    ``growth`` is the messages of the newest four weeks by those of the four weeks before (+1 in both).
    """

    id: str
    title: str
    representative: str
    """Id of the message that says it best."""
    members: tuple[str, ...]
    messages: int
    people: int
    near_duplicates: int
    """Messages among them that repeat another one almost word for word."""
    first: date | None
    last: date | None
    weeks: tuple[WeekCount, ...]
    growth: float
    heat: float
    parts: Mapping[str, float] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    matter: str = ""
    office: str = ""
    answerer: Answerer = Answerer.OTHER
    urgency: Urgency = Urgency.NORMAL
