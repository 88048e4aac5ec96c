"""What tests share: the real library in one Whoosh index, built once a run, and an assistant for any day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from bot.assistant import Assistant, Turn
from bot.dialogue.memory import Memory
from bot.models import Answer
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from knowledge.loading import load

TODAY = date(2026, 11, 23)
"""The day for which the library and the question sets were written."""


class Hotline:
    """The assistant on whatever day a test asks."""

    def __init__(self, library: Library, engine: WhooshEngine) -> None:
        self.day = TODAY
        self.assistant = Assistant(library, engine, lambda: self.day)

    def turn(self, message: str, memory: Memory | None = None, on: date = TODAY) -> Turn:
        self.day = on
        return self.assistant.reply(message, memory)

    def ask(self, message: str, on: date = TODAY) -> Answer:
        """The answer to a single message."""
        return self.turn(message, on=on).answer

    def talk(self, *messages: str, on: date = TODAY) -> Turn:
        """The last turn of a conversation."""
        turn = self.turn(messages[0], on=on)
        for message in messages[1:]:
            turn = self.turn(message, turn.memory, on)
        return turn


@pytest.fixture(scope="session")
def library() -> Library:
    return load()


@pytest.fixture(scope="session")
def engine(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    opened = WhooshEngine(tmp_path_factory.mktemp("library-index"))
    opened.refresh(passages(library))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def hotline(library: Library, engine: WhooshEngine) -> Hotline:
    return Hotline(library, engine)


@pytest.fixture(scope="session")
def ask(hotline: Hotline) -> Callable[..., Answer]:
    return hotline.ask
