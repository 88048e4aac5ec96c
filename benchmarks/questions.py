"""Part ``assistant``: quality on the question sets in ``tests/data``.

``python benchmarks/questions.py [dev|calibration|train|heldout|FILE.jsonl] [--wrong]``; ``--wrong`` prints
what went wrong, only for sets that may be read: the others are measured, not read.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.resampling import interval
from bot.assistant import Assistant
from bot.commands.asking import conversation
from bot.models import Outcome
from bot.quality import Expectation, Verdict, judge, read_expectations, summarise
from index.build import passages
from index.engines.whoosh import WhooshEngine
from index.evaluation import percentile
from knowledge.loading import load

WRITTEN_FOR = date(2026, 11, 23)
DATA = Path(__file__).parent.parent / "tests" / "data"
READABLE = ("dev", "calibration", "train")
FITTED = ("train",)
"""Sets that the weights have seen."""


def expectations(name: str) -> tuple[Expectation, ...]:
    """The rows of a set of ``tests/data``, or of a file."""
    path = Path(name) if name.endswith(".jsonl") else DATA / f"questions_{name}.jsonl"
    return tuple(read_expectations(path))


def run(name: str) -> tuple[list[Verdict], dict[str, list[float]]]:
    """Ask every question of a set on the day it names; the verdicts, and each step's times in ms."""
    library = load()
    day = [WRITTEN_FOR]
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.refresh(passages(library))
        assistant = Assistant(library, engine, lambda: day[0])
        verdicts: list[Verdict] = []
        steps: dict[str, list[float]] = {}
        for expectation in expectations(name):
            day[0] = expectation.as_of or WRITTEN_FOR
            turns = conversation(assistant, expectation.turns)
            for turn in turns:
                for step, ms in turn.timings.items():
                    steps.setdefault(step, []).append(ms)
            verdicts.append(judge(expectation, turns[-1].answer))
        engine.close()
    return verdicts, steps


def measure(names: Sequence[str]) -> dict[str, Any]:
    """Rows of figures by set, and the median of each step."""
    found: dict[str, Any] = {"rows": [], "kinds": [], "steps": []}
    for name in names:
        print(f"assistant: {Path(name).stem}", file=sys.stderr)
        verdicts, steps = run(name)
        times = [verdict.answer.ms for verdict in verdicts]
        found["rows"].append(figures(Path(name).stem, verdicts) | percentiles(times))
        for kind, (right, total) in summarise(verdicts).by_kind.items():
            found["kinds"].append({"set": Path(name).stem, "kind": kind, "right": right, "of": total})
        medians = {step: percentile(ms, 50) for step, ms in steps.items()}
        found["steps"].append({"set": Path(name).stem} | medians)
    return found


def figures(name: str, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The shares of :func:`bot.quality.summarise` with bootstrap intervals, as one table row."""
    sums = summarise(verdicts)
    must = [v for v in verdicts if v.expectation.outcomes == {"answered"}]
    must_not = [v for v in verdicts if "answered" not in v.expectation.outcomes]
    worded = [v for v in must if v.expectation.must]
    row: dict[str, Any] = {"set": name, "fitted on": name.removeprefix("questions_") in FITTED}
    row |= {"questions": sums.questions, "answerable": len(must), "unanswerable": len(must_not)}
    for column, of, held in (
        ("facts right", must, lambda v: v.right),
        ("figures right", worded, lambda v: _answered(v) and v.words_right and not v.stale),
        ("unanswerable answered", must_not, _answered),
        ("false refusals", must, lambda v: not _answered(v)),
    ):
        values = [float(held(verdict)) for verdict in of]
        row[column] = sum(values) / len(values) if values else None
        row[f"{column} interval"] = interval(values)
    lengths = [len(v.answer.answer) for v in verdicts if _answered(v)]
    row |= {"stale": sums.stale, "citation precision": sums.citation_precision}
    return row | {"characters": percentile(lengths, 50)}


def _answered(verdict: Verdict) -> bool:
    return verdict.answer.outcome is Outcome.ANSWERED


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """p50 and p99."""
    return {f"p{p} ms": percentile(times, p) for p in (50, 99)}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", nargs="?", default="dev")
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    verdicts, steps = run(arguments.set)
    if arguments.wrong and arguments.set in READABLE:
        for verdict in verdicts:
            if not verdict.right:
                show(verdict)
    sums = summarise(verdicts)
    for name in sums.__slots__:
        print(f"{name}: {getattr(sums, name)}")
    times = percentiles([verdict.answer.ms for verdict in verdicts])
    print("  ".join(f"{name} {value:.2f}" for name, value in times.items()))
    medians = (f"{step} {percentile(ms, 50):.2f}" for step, ms in steps.items())
    print("median ms by step: " + ", ".join(medians))
    return 0


def show(verdict: Verdict) -> None:
    """One wrong answer, for people."""
    want = verdict.expectation
    flags = [
        name
        for name, bad in (
            ("outcome", not verdict.outcome_right),
            ("facts", not verdict.facts_right),
            ("words", not verdict.words_right),
            ("stale", verdict.stale),
        )
        if bad
    ]
    cited = [f"{c.document[:6]}#{'/'.join(c.facts)}" for c in verdict.answer.citations]
    print(f"--- {want.id} {want.kind} {flags} conf={verdict.answer.confidence}")
    print("   ", " | ".join(want.turns))
    wanted = ["/".join(sorted(group)) for group in want.facts_any]
    print("    want", sorted(want.outcomes), wanted, want.must, want.not_current)
    print("    got ", verdict.answer.outcome.value, cited, verdict.answer.answer[:150].replace("\n", " / "))


if __name__ == "__main__":
    raise SystemExit(main())
