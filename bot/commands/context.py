"""What commands work with. ``run_bot.py`` fills it in: it alone chooses the engine and the channels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.assistant import Assistant
from bot.commands.progress import progress_bar
from bot.settings import Settings
from index.build import passages
from index.engines.base import SearchEngine
from index.models import IndexStats
from index.repair import RepairingEngine
from knowledge.library import Library
from knowledge.loading import load

OpenEngine = Callable[[Path], SearchEngine]


@dataclass(frozen=True, slots=True)
class Context:
    """Settings, the as-of date and the chosen engine."""

    settings: Settings
    as_of: date | None
    open_engine: OpenEngine

    def today(self) -> date:
        """The as-of date: the one asked for, else the day of the call."""
        return self.as_of or date.today()

    def library(self) -> Library:
        return load(self.settings.library)

    def refreshed(self, library: Library) -> tuple[SearchEngine, IndexStats]:
        """The engine holding exactly the library's passages."""
        wanted = tuple(passages(library))
        engine = RepairingEngine(self.open_engine(self.settings.index_dir), wanted)
        with progress_bar("建立索引", len(wanted)) as progress:
            stats = engine.refresh(wanted, progress)
        return engine, stats

    def assistant(self) -> Assistant:
        library = self.library()
        engine, _ = self.refreshed(library)
        return Assistant(library, engine, self.today, self.settings.data_dir / "prepared")
