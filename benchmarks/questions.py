"""Quality on the question sets in ``tests/data``.

``python benchmarks/questions.py [dev|calibration|heldout] [--wrong]``;
``--wrong`` prints what went wrong, never for the held-out set: it is measured, not read.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.assistant import Assistant
from bot.commands.asking import conversation
from bot.quality import Verdict, judge, read_expectations, summarise
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.loading import load

WRITTEN_FOR = date(2026, 11, 23)
DATA = Path(__file__).parent.parent / "tests" / "data"


def run(name: str) -> tuple[list[Verdict], dict[str, list[float]]]:
    """Ask every question of a set on the day it names; the verdicts, and each step's times in ms."""
    library = load()
    day = [WRITTEN_FOR]
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.refresh(passages(library))
        assistant = Assistant(library, engine, lambda: day[0])
        verdicts, steps = [], {}
        for expectation in read_expectations(DATA / f"questions_{name}.jsonl"):
            day[0] = expectation.as_of or WRITTEN_FOR
            turns = conversation(assistant, expectation.turns)
            for turn in turns:
                for step, ms in turn.timings.items():
                    steps.setdefault(step, []).append(ms)
            verdicts.append(judge(expectation, turns[-1].answer))
        engine.close()
    return verdicts, steps


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("set", nargs="?", default="dev", choices=["dev", "calibration", "heldout"])
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    verdicts, steps = run(arguments.set)
    if arguments.wrong and arguments.set != "heldout":
        for verdict in verdicts:
            if not verdict.right:
                show(verdict)
    figures = summarise(verdicts)
    times = sorted(v.answer.ms for v in verdicts)
    for name in figures.__slots__:
        print(f"{name}: {getattr(figures, name)}")
    print(f"ms p50 {times[len(times) // 2]:.2f}  p99 {times[int(len(times) * 0.99)]:.2f}")
    medians = (f"{step} {sorted(ms)[len(ms) // 2]:.2f}" for step, ms in steps.items())
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
