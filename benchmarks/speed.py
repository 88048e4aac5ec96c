"""Part ``speed``: our engine and its peers in one run, in interleaved rounds, on one thread each.

Passages are those of all collections, shuffled; beyond their number, new ones are made of the first half of
one and the second half of another. Questions are real ones of three collections.
"""

from __future__ import annotations

import gc
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.datasets import questions_of
from benchmarks.engines import ENGINES, Engine, Search, terms_of
from benchmarks.exhaustive import Exhaustive
from index.corpus import read_corpus
from index.evaluation import percentile
from index.models import Passage, PassageKind

SIZES = (200, 2_000, 20_000, 100_000)
QUESTIONS = 240
WARM_ROUNDS = 3
CHECKED = 60
"""Questions whose hits are compared with exhaustive scoring."""
SECONDS_A_ROUND = 20.0
"""An engine that needs longer answers fewer questions; the row says how many."""
SPLITTING = "splitting the question alone"
_CORPORA = ("stard/corpus", "laws_edu/articles", "cmrc2018/corpus", "drcd/corpus")
Figures = dict[str, Any]
Times = dict[Engine, list[tuple[float, float]]]
"""By engine, a question's CPU time (of all threads) and wall time, in ms."""


def measure(data: Path, sizes: Sequence[int] = SIZES, questions: int = QUESTIONS) -> Figures:
    """Rows by size and engine; ``exact`` says on how many questions ours equals exhaustive BM25."""
    chooser = random.Random(3)  # noqa: S311 - a sample, not a secret
    asked = [query.text for query in chooser.sample(questions_of(data), questions)]
    found: Figures = {"rows": [], "exact": [], "questions": questions, "rounds": WARM_ROUNDS}
    pool = list(_pool(data, max(sizes)))
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="speed-") as directory:
            searches, rows = _built(pool[:size], Path(directory))
            _time_all(searches, asked, rows)
            found["rows"] += [{"passages": size} | row for row in rows.values()]
            found["exact"] += _exactness(pool[:size], searches, asked[:CHECKED])
    return found


def _pool(data: Path, size: int) -> Iterator[Passage]:
    chooser = random.Random(4)  # noqa: S311 - a sample, not a secret
    files = [data / f"{name}.jsonl.gz" for name in _CORPORA]
    real = list(chain.from_iterable(read_corpus(path) for path in files if path.exists()))
    chooser.shuffle(real)
    yield from real[:size]
    for number in range(len(real), size):
        first, second = chooser.sample(real, 2)
        text = first.text[: len(first.text) // 2] + second.text[len(second.text) // 2 :]
        yield Passage(f"made-{number}", f"made-{number}", PassageKind.TEXT, first.title, text)


def _built(
    passages: Sequence[Passage], directory: Path
) -> tuple[dict[Engine, Search], dict[Engine, Figures]]:
    """Every engine that is installed; CPU seconds and bytes of its index, None where it shares one."""
    searches: dict[Engine, Search] = {}
    rows: dict[Engine, Figures] = {}
    for number, engine in enumerate(ENGINES):
        print(f"{len(passages):,} passages: {engine.name}, {engine.terms}", file=sys.stderr)
        before, started = _bytes(directory), time.process_time()
        try:
            searches[engine] = engine.build(passages, directory / str(number))
        except ImportError as exc:
            print(
                f"left out, {exc.name} is not installed: uv pip install --group benchmarks", file=sys.stderr
            )
            continue
        seconds, size = time.process_time() - started, _bytes(directory) - before
        rows[engine] = {"engine": engine.name, "terms": engine.terms}
        rows[engine] |= {"build s": seconds if size else None, "index bytes": size or None}
    return searches, rows


def _bytes(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def _time_all(searches: dict[Engine, Search], asked: Sequence[str], rows: dict[Engine, Figures]) -> None:
    """One round for terms seen the first time, then warm rounds; each round starts with another engine."""
    splitting = Engine(SPLITTING, "all", lambda _passages, _directory: lambda _text: [])
    timed = {**searches, splitting: lambda text: terms_of(text, "all")}
    rows[splitting] = {"engine": SPLITTING, "terms": "all", "build s": None, "index bytes": None}
    gc.collect()
    gc.freeze()
    first = _round(timed, asked, 0)
    warm: Times = {engine: [] for engine in timed}
    for turn in range(1, WARM_ROUNDS + 1):
        for engine, times in _round(timed, asked, turn).items():
            warm[engine] += times
    gc.unfreeze()
    for engine, row in rows.items():
        row["asked"] = len(first[engine])
        for name, times in (("first", first[engine]), ("warm", warm[engine])):
            cpu, wall = zip(*times, strict=True)
            row |= {f"{name} p{p}": percentile(cpu, p) for p in (50, 99)}
            row |= {f"{name} wall p{p}": percentile(wall, p) for p in (50, 99)}
    for engine, row in rows.items():
        base = next((e for e in rows if e.name == "tantivy" and e.terms == engine.terms), None)
        if base:
            row |= {f"tantivy p{p}": row[f"warm p{p}"] / rows[base][f"warm p{p}"] for p in (50, 99)}


def _round(searches: dict[Engine, Search], asked: Sequence[str], turn: int) -> Times:
    """One engine answers all questions, then the next one."""
    engines = list(searches)
    times: Times = {}
    for engine in engines[turn % len(engines) :] + engines[: turn % len(engines)]:
        search, taken, began = searches[engine], [], time.perf_counter()
        for text in asked:
            started, worked = time.perf_counter(), time.process_time()
            search(text)
            worked, ended = time.process_time() - worked, time.perf_counter()
            taken.append((worked * 1000, (ended - started) * 1000))
            if ended - began > SECONDS_A_ROUND:
                break
        times[engine] = taken
    return times


def _exactness(
    passages: Sequence[Passage], searches: dict[Engine, Search], asked: Sequence[str]
) -> list[Figures]:
    yardstick = Exhaustive(passages, asked)
    return [
        {
            "passages": len(passages),
            "terms": engine.terms,
            "questions": len(asked),
            "same": sum(yardstick.agrees(search, text, engine.terms) for text in asked),
        }
        for engine, search in searches.items()
        if engine.name == "ours"
    ]
