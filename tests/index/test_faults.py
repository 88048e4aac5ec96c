"""Damage, death at any moment, two writers, readers beside a writer: the index survives or repairs itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index.engines.whoosh import EngineSettings, WhooshEngine
from index.errors import IndexBusy, IndexDamaged, IndexNotFound, SearchError
from index.models import Passage, PassageKind, SearchQuery

ROW = Passage(id="", document="d", kind=PassageKind.TEXT, title="", text="")
OLD = [replace(ROW, id=f"{n:02}", text=f"旧版助学贷款第{n}条") for n in range(20)]
NEW = [replace(ROW, id=f"{n:02}", text=f"新版助学贷款第{n}条") for n in range(20)]
ROOT = Path(__file__).parents[2]


def versions(engine: WhooshEngine) -> set[str]:
    """Which versions of the texts a search sees."""
    return {hit.passage.text[:2] for hit in engine.search(SearchQuery("助学贷款", top_k=50)).hits}


def built(directory: Path) -> WhooshEngine:
    engine = WhooshEngine(directory)
    engine.refresh(OLD)
    return engine


def index_files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.name != "lock")


def kind_of(path: Path) -> str:
    """The name without what is random in it."""
    return path.name.split(".", 1)[-1]


def test_searching_where_nothing_was_built_says_so(tmp_path: Path) -> None:
    """An empty or missing directory is no index."""
    with pytest.raises(IndexNotFound, match="build-index"):
        WhooshEngine(tmp_path / "none").search(SearchQuery("政策"))


@pytest.mark.parametrize("damage", ["delete", "empty", "halve", "overwrite"])
def test_every_damaged_file_is_repaired_by_refresh(tmp_path: Path, damage: str) -> None:
    """Each file in turn; a search tells of it or still answers right, and never wrong."""
    built(tmp_path).close()
    for kind in sorted(kind_of(path) for path in index_files(tmp_path)):
        (path,) = (p for p in index_files(tmp_path) if kind_of(p) == kind)
        content = path.read_bytes()
        if damage == "delete":
            path.unlink()
        else:
            path.write_bytes(
                {"empty": b"", "halve": content[: len(content) // 2]}.get(damage, b"#" * len(content))
            )
        engine = WhooshEngine(tmp_path)
        if damage != "overwrite":
            with pytest.raises((IndexDamaged, IndexNotFound)):
                engine.search(SearchQuery("助学贷款"))
        stats = engine.refresh(OLD)
        assert stats.rebuilt, kind
        assert (stats.passages, stats.added, bool(stats.reason)) == (20, 20, True)
        assert versions(engine) == {"旧版"}
        engine.close()


def test_overwritten_files_do_not_crash_a_search(tmp_path: Path) -> None:
    """Rubbish of the right size is found out when it is read, at the latest."""
    built(tmp_path).close()
    for path in index_files(tmp_path):
        if path.suffix != ".col" and path.name != "current":
            path.write_bytes(os.urandom(path.stat().st_size))
    with pytest.raises(IndexDamaged):
        WhooshEngine(tmp_path).search(SearchQuery("助学贷款"))


def test_deleting_the_index_while_it_is_open_is_reported_and_repaired(tmp_path: Path) -> None:
    """The running process neither crashes nor answers from what is gone."""
    engine = built(tmp_path)
    assert versions(engine) == {"旧版"}
    for path in index_files(tmp_path):
        path.unlink()
    with pytest.raises(IndexDamaged):
        engine.search(SearchQuery("助学贷款"))
    assert engine.refresh(OLD).rebuilt
    assert versions(engine) == {"旧版"}
    engine.close()


def test_cutting_files_short_while_open_is_reported_and_repaired(tmp_path: Path) -> None:
    """Cutting a mapped file ends a process; these are not mapped."""
    engine = built(tmp_path)
    for path in index_files(tmp_path):
        if path.name != "current":
            os.truncate(path, 0)
    with pytest.raises(IndexDamaged):
        engine.search(SearchQuery("助学贷款"))
    assert engine.refresh(OLD).rebuilt
    assert versions(engine) == {"旧版"}
    engine.close()


@pytest.mark.parametrize(
    "pointer", [b"", b"\xff\xfe", b"[]", b"{}", b'{"fingerprint": 1, "generation": "x", "files": 5}']
)
def test_a_garbage_pointer_is_rebuilt(tmp_path: Path, pointer: bytes) -> None:
    """Whatever stands in the pointer file."""
    built(tmp_path).close()
    (tmp_path / "current").write_bytes(pointer)
    engine = WhooshEngine(tmp_path)
    with pytest.raises(IndexDamaged):
        engine.search(SearchQuery("政策"))
    assert engine.refresh(OLD).rebuilt
    assert versions(engine) == {"旧版"}
    engine.close()


@pytest.mark.parametrize("settings", [EngineSettings(schema_version=99), EngineSettings(title=0.123)])
def test_an_index_made_otherwise_is_rebuilt(tmp_path: Path, settings: EngineSettings) -> None:
    """Another schema version or other weights; what only scores differently is no reason."""
    built(tmp_path).close()
    other = WhooshEngine(tmp_path, settings)
    with pytest.raises(IndexNotFound, match="旧的格式或设置"):
        other.search(SearchQuery("政策"))
    assert other.refresh(OLD).rebuilt
    assert not WhooshEngine(tmp_path, replace(settings, k1=0.9, cache_mb=1)).refresh(OLD).rebuilt
    other.close()


DYING_WRITER = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from index.engines.whoosh import WhooshEngine
from index.models import Passage, PassageKind
row = dict(document="d", kind=PassageKind.TEXT, title="")
rows = [Passage(id=f"{{n:02}}", text=f"新版助学贷款第{{n}}条", **row) for n in range(20)]
left = int(sys.argv[2])
def watch(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove") and sys.argv[1] in str(arguments[0]):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
WhooshEngine(Path(sys.argv[1])).refresh(rows)
print(int(sys.argv[2]) - left)
"""


def run_dying_writer(directory: Path, dies_at: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", DYING_WRITER.format(root=str(ROOT)), str(directory), str(dies_at)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_writer_killed_at_any_moment_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    """Killed at file operations spread over a refresh; the next start finds an index and repairs the rest."""
    built(tmp_path / "count").close()
    operations = int(run_dying_writer(tmp_path / "count", 10**6).stdout)
    seen = set()
    for dies_at in [*range(2, operations, max(1, operations // 6)), operations - 1]:
        directory = tmp_path / str(dies_at)
        built(directory).close()
        assert run_dying_writer(directory, dies_at).returncode == -signal.SIGKILL
        engine = WhooshEngine(directory)
        state = versions(engine)
        assert state in ({"旧版"}, {"新版"})
        seen |= state
        stats = engine.refresh(NEW)
        assert not stats.rebuilt
        assert versions(engine) == {"新版"}
        assert {p.name for p in index_files(directory)} == set(engine._current().commit.files) | {"current"}
        engine.close()
    assert seen == {"旧版", "新版"}


def test_a_writer_killed_during_the_first_build_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    """No pointer yet: not an index; the next refresh builds it and removes the rest."""
    directory = tmp_path / "first"
    directory.mkdir()
    assert run_dying_writer(directory, 8).returncode == -signal.SIGKILL
    engine = WhooshEngine(directory)
    with pytest.raises(IndexNotFound):
        engine.search(SearchQuery("政策"))
    assert engine.refresh(NEW).rebuilt
    assert versions(engine) == {"新版"}
    engine.close()


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    """While one refresh runs, another gets IndexBusy at once; searching goes on; afterwards it may write."""
    engine, other = built(tmp_path), WhooshEngine(tmp_path)

    def try_beside(_done: int, _total: int) -> None:
        with pytest.raises(IndexBusy, match="请稍后再试"):
            other.refresh(NEW)
        assert versions(other) == {"旧版"}
        tried.append(True)

    tried: list[bool] = []
    engine.refresh(NEW, try_beside)
    assert tried
    assert versions(other) == {"新版"}
    assert other.refresh(OLD).added == 20
    assert versions(engine) == {"旧版"}
    engine.close()
    other.close()


def test_searches_beside_a_writer_see_one_version_at_a_time(tmp_path: Path) -> None:
    """Four threads search while the texts are swapped ten times."""
    engine = built(tmp_path)
    over, mixed, failures = threading.Event(), [], []

    def keep_searching() -> None:
        while not over.is_set():
            try:
                state = versions(engine)
            except Exception as exc:
                failures.append(exc)
                return
            if len(state) != 1:
                mixed.append(state)

    threads = [threading.Thread(target=keep_searching) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(10):
        engine.refresh(OLD if n % 2 else NEW)
    over.set()
    for thread in threads:
        thread.join()
    assert (mixed, failures) == ([], [])
    engine.close()


def test_a_failing_source_changes_nothing(tmp_path: Path) -> None:
    """An error while passages are read leaves the committed state, and no lock."""
    engine = built(tmp_path)

    def failing_progress(_done: int, _total: int) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        engine.refresh(NEW, failing_progress)
    assert versions(engine) == {"旧版"}
    with pytest.raises(SearchError, match="同一个编号"):
        engine.refresh([*OLD, OLD[0]])
    assert engine.refresh(NEW).added == 20
    engine.close()


def test_a_directory_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """A file stands where the directory should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(SearchError, match="无法写入索引目录"):
        WhooshEngine(tmp_path / "file" / "index").refresh(OLD)


def test_small_changes_do_not_pile_up_segments(tmp_path: Path) -> None:
    """One change after another, and the files stay few."""
    engine = built(tmp_path)
    before = len(index_files(tmp_path))
    for n in range(15):
        engine.refresh([*OLD[:n], replace(OLD[n], text="改动"), *OLD[n + 1 :]])
    assert len(index_files(tmp_path)) == before
    engine.close()
