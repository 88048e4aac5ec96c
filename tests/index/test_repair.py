"""The engine that mends itself: whoever meets damage rebuilds, and nobody gets a wrong answer meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.engines.base import Progress
from index.engines.whoosh import WhooshEngine
from index.errors import IndexBusy, IndexDamaged, IndexNotFound, SearchError
from index.models import IndexStats, Passage, PassageKind, SearchHit, SearchQuery, SearchResults
from index.repair import RepairingEngine

LOAN = Passage("loan", "d", PassageKind.TEXT, "", "助学贷款额度")
SLEEP = Passage("sleep", "d", PassageKind.TEXT, "", "小学生睡眠时间")
QUERY = SearchQuery("助学贷款")


class BreakableEngine:
    """Holds passages in memory; while ``fault`` is set every search raises it. A refresh mends, or not."""

    def __init__(self, *, mendable: bool = True) -> None:
        self.fault: SearchError | None = None
        self.held: tuple[Passage, ...] = ()
        self.refreshed = 0
        self.closed = False
        self._mendable = mendable

    def refresh(self, passages: Iterable[Passage], progress: Progress | None = None) -> IndexStats:
        self.held = tuple(passages)
        self.refreshed += 1
        if self._mendable:
            self.fault = None
        return IndexStats(len(self.held), 0, 0, 0, 0.0, rebuilt=True)

    def search(self, query: SearchQuery) -> SearchResults:
        if self.fault:
            raise self.fault
        return SearchResults(tuple(SearchHit(p, 1.0, rank) for rank, p in enumerate(self.held, start=1)))

    def close(self) -> None:
        self.closed = True


def found(engine: RepairingEngine, query: SearchQuery = QUERY) -> list[str]:
    return [hit.passage.id for hit in engine.search(query).hits]


@pytest.mark.parametrize("fault", [IndexDamaged("cut short"), IndexNotFound("deleted")])
def test_damage_found_while_searching_is_mended(fault: SearchError, caplog: pytest.LogCaptureFixture) -> None:
    """The citizen gets the hits; the log says what happened."""
    inner = BreakableEngine()
    engine = RepairingEngine(inner, [LOAN])
    inner.fault = fault
    with caplog.at_level(logging.WARNING):
        assert found(engine) == ["loan"]
    assert inner.refreshed == 1
    assert type(fault).__name__ in caplog.text


def test_a_sound_index_is_left_alone() -> None:
    inner = BreakableEngine()
    engine = RepairingEngine(inner, [LOAN])
    engine.refresh([LOAN])
    for _ in range(3):
        assert found(engine) == ["loan"]
    assert inner.refreshed == 1


@pytest.mark.parametrize("disturbance", [IndexBusy("somebody writes"), IndexDamaged("somebody deleted it")])
def test_a_repair_that_is_disturbed_is_tried_again(disturbance: SearchError) -> None:
    """Whoever deletes the index deletes its lock: two processes then mend at once."""

    class Disturbed(BreakableEngine):
        def refresh(self, passages: Iterable[Passage], progress: Progress | None = None) -> IndexStats:
            stats = super().refresh(passages, progress)
            if self.refreshed < 3:
                self.fault = IndexDamaged("again")
                raise disturbance
            return stats

    inner = Disturbed()
    inner.fault = IndexDamaged("deleted")
    assert found(RepairingEngine(inner, [LOAN])) == ["loan"]
    assert inner.refreshed == 3


def test_other_faults_are_passed_on() -> None:
    inner = BreakableEngine()
    engine = RepairingEngine(inner, [LOAN])
    inner.fault = IndexBusy("another process writes")
    with pytest.raises(IndexBusy):
        engine.search(QUERY)
    assert inner.refreshed == 0


def test_a_repair_that_does_not_help_is_an_error() -> None:
    """Once is enough: no endless rebuilding."""
    inner = BreakableEngine(mendable=False)
    inner.fault = IndexDamaged("the disk is gone")
    with pytest.raises(IndexDamaged):
        RepairingEngine(inner, [LOAN]).search(QUERY)
    assert inner.refreshed == 1


def test_the_repair_restores_the_newest_passages() -> None:
    """A refresh changes what a later repair restores; passages may come as an iterator."""
    inner = BreakableEngine()
    engine = RepairingEngine(inner, iter([LOAN]))
    engine.refresh(iter([SLEEP]))
    inner.held = ()
    inner.fault = IndexDamaged("cut short")
    assert found(engine) == ["sleep"]


def test_closing_closes_the_engine_inside() -> None:
    inner = BreakableEngine()
    RepairingEngine(inner, []).close()
    assert inner.closed


def real(directory: Path) -> RepairingEngine:
    engine = RepairingEngine(WhooshEngine(directory), [LOAN, SLEEP])
    engine.refresh([LOAN, SLEEP])
    return engine


def wipe(directory: Path) -> None:
    for path in directory.iterdir():
        if path.name != "lock":
            path.unlink()


def test_deleted_files_are_rebuilt_on_the_next_start(tmp_path: Path) -> None:
    real(tmp_path).close()
    wipe(tmp_path)
    reopened = RepairingEngine(WhooshEngine(tmp_path), [LOAN, SLEEP])
    assert found(reopened)[0] == "loan"
    reopened.close()
    fresh = WhooshEngine(tmp_path)
    assert fresh.search(QUERY).hits, "the repair must have reached the disk"
    fresh.close()


def test_files_cut_short_are_rebuilt(tmp_path: Path) -> None:
    real(tmp_path).close()
    for path in tmp_path.iterdir():
        if path.name != "lock":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    engine = RepairingEngine(WhooshEngine(tmp_path), [LOAN, SLEEP])
    assert found(engine)[0] == "loan"
    engine.close()


def test_files_deleted_under_a_running_engine_do_no_harm(tmp_path: Path) -> None:
    engine = real(tmp_path)
    assert found(engine)[0] == "loan"
    wipe(tmp_path)
    assert found(engine)[0] == "loan"
    assert found(engine, SearchQuery("睡眠"))[0] == "sleep"
    engine.close()


def test_many_searches_meet_the_damage_at_once(tmp_path: Path) -> None:
    """All eight get the right hits, none an error."""
    real(tmp_path).close()
    wipe(tmp_path)
    engine = RepairingEngine(WhooshEngine(tmp_path), [LOAN, SLEEP])
    together = threading.Barrier(8)

    def search(_: int) -> list[str]:
        together.wait()
        return found(engine)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(search, range(8)))
    engine.close()
    assert results == [results[0]] * 8
    assert results[0][0] == "loan"
