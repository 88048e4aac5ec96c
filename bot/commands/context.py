"""What commands work with. ``run_bot.py`` fills it in: it alone chooses the engine and the channels."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.assistant import Assistant
from bot.commands.progress import progress_bar
from bot.phrasing.verification import Phrase
from bot.settings import Settings
from index.build import passages
from index.engines.base import Progress, SearchEngine
from index.errors import IndexBusy
from index.models import IndexStats, Passage
from index.relevance.engine import RankedEngine, SnapshotEngine
from index.repair import RepairingEngine
from index.semantic.base import Embedder
from index.semantic.cache import VectorCache
from index.semantic.choose import Semantic, choose_embedder
from index.semantic.vectors import DenseIndex
from knowledge.library import Library
from knowledge.loading import load

OpenEngine = Callable[[Path], SnapshotEngine]

_PATIENCE_SECONDS = 10.0
"""How long a command waits for another process that is writing the index."""


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
            stats = _refresh(engine, wanted, progress)
        return engine, stats

    def embedder(self, default: Semantic = Semantic.OFF) -> Embedder | None:
        """The embedder that is set, else ``default``.

        Raises:
            EmbedderError: it cannot be used here; says what to install or set.
        """
        wanted = default if self.settings.semantic is Semantic.OFF else self.settings.semantic
        return choose_embedder(wanted, self.settings.embeddings)

    def ranked_engine(self, directory: Path, embedder: Embedder | None) -> RankedEngine:
        """Search as ``search`` and ``evaluate`` do it; vectors are kept under the data directory."""
        engine = self.open_engine(directory)
        if embedder is None:
            return RankedEngine(engine)
        return RankedEngine(engine, DenseIndex(embedder, VectorCache(self.settings.data_dir / "vectors.db")))

    def ranked_library(self, library: Library) -> RankedEngine:
        """Search over exactly the library's passages, by meaning too where that is set."""
        wanted = tuple(passages(library))
        engine = self.ranked_engine(self.settings.index_dir, self.embedder())
        with progress_bar("建立索引", len(wanted)) as progress:
            _refresh(engine, wanted, progress)
        return engine

    def assistant(self) -> Assistant:
        library = self.library()
        engine, _ = self.refreshed(library)
        return self.assistant_on(library, engine)

    def assistant_on(self, library: Library, engine: SearchEngine) -> Assistant:
        """The assistant on an engine that is open already, with what was prepared at an earlier start."""
        return Assistant(library, engine, self.today, self.settings.data_dir / "prepared", self._phrase())

    def _phrase(self) -> Phrase | None:
        """The language model, where one is set."""
        settings = self.settings
        if not settings.llm_url:
            return None
        from bot.phrasing.endpoint import ChatEndpoint  # the HTTP client takes a tenth of a second
        from bot.phrasing.phraser import Phraser

        return Phraser(
            ChatEndpoint(settings.llm_url, settings.llm_model, settings.llm_key, settings.llm_timeout_seconds)
        )


def _refresh(engine: SearchEngine, wanted: tuple[Passage, ...], progress: Progress | None) -> IndexStats:
    """Refresh once the others are done: commands that run side by side all look through the index first.

    Raises:
        IndexBusy: another process has been writing for too long.
    """
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return engine.refresh(wanted, progress)
        except IndexBusy:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
