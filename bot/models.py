"""What goes into and comes out of the assistant. Channels know these and nothing deeper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    ABSTAINED = "abstained"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer's statement stands. ``status`` is as of the day of the answer."""

    document: str
    title: str
    doc_no: str | None
    issuer: str
    clause: str
    quote: str
    facts: tuple[str, ...]
    status: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """Who answers for the matter, as shown to a citizen."""

    id: str
    name: str
    phone: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, the same for every channel.

    ``suggestions`` are the button labels: the choices of a clarifying question (outcome ``clarify``),
    otherwise related questions. Sending a label back as the next message chooses it.
    ``confidence`` is 0..1; ``ms`` is the time of answering in milliseconds.
    """

    outcome: Outcome
    answer: str
    citations: tuple[Citation, ...] = ()
    office: OfficeCard | None = None
    suggestions: tuple[str, ...] = ()
    confidence: float = 0.0
    notices: tuple[str, ...] = ()
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer with the id under which the store keeps the exchange (for feedback)."""

    id: int
    answer: Answer


class Conversationalist(Protocol):
    """What a channel talks to. Thread-safe; a call may take some milliseconds, so async channels use
    ``asyncio.to_thread``."""

    def ask(self, channel: str, user: str, text: str) -> Exchange:
        """Answer one message of one user, remembering the conversation. Never raises for bad input."""
        ...

    def forget(self, channel: str, user: str) -> None:
        """Drop the conversation's memory (``/start``, «换个话题»)."""
        ...

    def rate(self, channel: str, user: str, exchange: int, helpful: bool) -> bool:
        """Keep 👍/👎 for an exchange of this user. False where there is no such exchange of this user."""
        ...

    def greeting(self) -> str:
        """What /start says."""
        ...

    def help_text(self) -> str:
        """What /help says."""
        ...

    def topics(self) -> tuple[TopicGroup, ...]:
        """The catalogue for browsing: groups, columns, questions."""
        ...

    def sources(self) -> tuple[SourceLine, ...]:
        """The documents the assistant answers from, with their status today."""
        ...


@dataclass(frozen=True, slots=True)
class Topic:
    """A catalogue column that holds something, with questions one can ask."""

    id: str
    name: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """A group of catalogue columns."""

    name: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One document of the library as /sources shows it. ``status_text`` is plain Chinese."""

    document: str
    title: str
    doc_no: str | None
    issuer: str
    origin: str
    status: str
    status_text: str


@dataclass(frozen=True, slots=True)
class StaffFile:
    """A document for a member of the staff. ``name`` has its ending; ``content`` are its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StaffReply:
    """What a member of the staff is told, as plain text, with documents where there are any."""

    text: str
    files: tuple[StaffFile, ...] = ()


class StaffDesk(Protocol):
    """What a channel knows of the staff functions. Nobody but the staff may learn that there are any.

    Thread-safe. Calls of one person come one after another; a call may take many seconds.
    """

    def is_staff(self, channel: str, user: str) -> bool:
        """Whether this is a member of the staff. Quick: asked for every message."""
        ...

    def users(self, channel: str) -> tuple[str, ...]:
        """The members of the staff on a channel."""
        ...

    def former(self, channel: str) -> tuple[str, ...]:
        """Who was a member at an earlier start and no longer is."""
        ...

    def commands(self, channel: str, user: str) -> tuple[tuple[str, str], ...]:
        """Names (without a slash) and descriptions; empty for who is not staff."""
        ...

    def run(self, channel: str, user: str, command: str, words: Sequence[str]) -> StaffReply:
        """Run a command of :meth:`commands` for a member. What cannot be done is told in the reply.

        Raises:
            PermissionError: not a member of the staff, or no such command.
        """
        ...

    def is_listening(self, channel: str, user: str) -> bool:
        """Whether plain messages go to :meth:`continue_`: a live look-up or a rehearsal is on. Quick."""
        ...

    def continue_(self, channel: str, user: str, text: str) -> StaffReply:
        """Take one message for what is on.

        Raises:
            PermissionError: not a member of the staff, or nothing is on.
        """
        ...
