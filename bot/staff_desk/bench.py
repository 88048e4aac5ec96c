"""What the staff desk works with. Given from outside: engines and the assistant are chosen at the entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.briefing.lookup import Lookup
from bot.briefing.models import Briefing, Event
from bot.models import Answer
from bot.rehearsal.records import Setup
from bot.rehearsal.session import Rehearsal
from bot.settings import Settings
from bot.store_rehearsals import RehearsalStore
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class Bench:
    """Nothing here is made before it is first called; all of it may be called from several threads.

    ``lookup``: the live look-up of today; ``answer``: the assistant of today; ``brief``: a briefing for an
    event with at most so many questions; ``rehearse``: the rehearsal that a person broke off, else a new one.
    """

    settings: Settings
    today: Callable[[], date]
    library: Callable[[], Library]
    lookup: Callable[[], Lookup]
    answer: Callable[[], Callable[[str], Answer]]
    brief: Callable[[Event, int], Briefing]
    rehearse: Callable[[Setup, str, RehearsalStore], Rehearsal]

    @property
    def data_dir(self) -> Path:
        return self.settings.data_dir
