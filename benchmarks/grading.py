"""Grading of replies against labelled replies of an independent author.

    python -m benchmarks.grading             development set, with what disagrees
    python -m benchmarks.grading --blind     the set that nobody reads: totals only

Printed: agreement of verdicts with its Wilson interval (Wilson 1927) and Cohen's kappa (Cohen 1960), the
confusion matrix, agreement of the marks of facts, the share graded, and apart from it how many wrong replies
are called good and good ones wrong. The baseline knows only how many of a fact's words a reply has in the
same order (longest common subsequence); its bands are fitted on the development set.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from rapidfuzz.distance import LCSseq
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from bot.assistant import Assistant
from bot.rehearsal.grading.grader import Grader
from bot.rehearsal.models import Grade, Verdict
from index.analysis import words
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from knowledge.loading import load

DATA = Path(__file__).parent.parent / "tests" / "data"
EVENT_DAY = date(2026, 12, 10)
_BANDS = 4


@dataclass(frozen=True, slots=True)
class Labelled:
    """A reply with the verdict and marks of its author."""

    id: str
    question: str
    reply: str
    verdict: Verdict
    facts: dict[str, str]


def read(path: Path) -> tuple[Labelled, ...]:
    """The rows of a labelled set."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return tuple(
        Labelled(row["id"], row["question"], row["reply"], Verdict(row["verdict"]), row["facts"])
        for row in rows
    )


def graded(rows: Sequence[Labelled]) -> tuple[list[Grade], list[float]]:
    """Grades of all replies on the day of the event, and the time of each in milliseconds."""
    library = load()
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.refresh(passages(library))
        grader = Grader(library, Assistant(library, engine, lambda: EVENT_DAY), EVENT_DAY)
        grader.grade(rows[0].question, rows[0].reply)  # reads what is read once
        grades, times = [], []
        for row in rows:
            start = time.perf_counter()
            grades.append(grader.grade(row.question, row.reply))
            times.append((time.perf_counter() - start) * 1000)
        engine.close()
    return grades, times


def share(hits: int, trials: int) -> str:
    """``0.912 [0.85, 0.95] (114/125)``."""
    if not trials:
        return "none"
    bounds = binomtest(hits, trials).proportion_ci(method="wilson")
    return f"{hits / trials:.3f} [{bounds.low:.3f}, {bounds.high:.3f}] ({hits}/{trials})"


def overlap(row: Labelled, library: Library) -> float:
    """Share of a fact's words that the reply has in the same order; the best of the row's facts."""
    said = words(row.reply)
    facts = [words(library.facts[ref].brief or library.facts[ref].statement) for ref in row.facts]
    return max((LCSseq.similarity(said, fact) / len(fact) for fact in facts if fact), default=0.0)


class Baseline:
    """Bands of overlap, each with the commonest verdict of the set on which it was fitted."""

    def __init__(self, rows: Sequence[Labelled], library: Library) -> None:
        self._library = library
        values = [overlap(row, library) for row in rows]
        self._edges = [-1.0, *np.quantile(values, np.linspace(0, 1, _BANDS + 1)[1:-1]), 2.0]
        self._verdicts: list[Verdict] = []
        for low, high in pairwise(self._edges):
            band = [row.verdict for row, value in zip(rows, values, strict=True) if low < value <= high]
            self._verdicts.append(Counter(band).most_common(1)[0][0] if band else Verdict.PARTIAL)

    def verdict(self, row: Labelled) -> Verdict:
        value = overlap(row, self._library)
        place = sum(value > edge for edge in self._edges[1:-1])
        return self._verdicts[int(place)]


def report(rows: Sequence[Labelled], found: Sequence[Verdict], name: str) -> None:
    """Agreement of verdicts, with the two worst confusions apart."""
    given = [row.verdict for row in rows]
    agreed = sum(a is b for a, b in zip(given, found, strict=True))
    print(f"{name}: verdicts agree {share(agreed, len(rows))}, kappa {cohen_kappa_score(given, found):.3f}")
    pairs = Counter(zip(given, found, strict=True))
    print(f"  wrong called good  {share(pairs[Verdict.WRONG, Verdict.GOOD], given.count(Verdict.WRONG))}")
    print(f"  good called wrong  {share(pairs[Verdict.GOOD, Verdict.WRONG], given.count(Verdict.GOOD))}")


def matrix(rows: Sequence[Labelled], found: Sequence[Verdict]) -> None:
    """Rows: the author's verdict; columns: ours."""
    pairs = Counter(zip((row.verdict for row in rows), found, strict=True))
    print(f"{'':15}" + "".join(f"{verdict.value[:9]:>10}" for verdict in Verdict))
    for given in Verdict:
        print(f"{given.value:15}" + "".join(f"{pairs[given, ours]:10}" for ours in Verdict))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--blind", action="store_true", help="the blind set: totals only")
    blind = parser.parse_args().blind
    rows = read(DATA / f"grading_{'blind' if blind else 'dev'}.jsonl")
    grades, times = graded(rows)
    found = [grade.verdict for grade in grades]
    report(rows, found, "grader")
    library = load()
    baseline = Baseline(read(DATA / "grading_dev.jsonl"), library)
    report(rows, [baseline.verdict(row) for row in rows], "baseline")
    matrix(rows, found)
    marks = [
        {mark.fact: mark.mark.value for mark in grade.facts}.get(ref) == mark
        for row, grade in zip(rows, grades, strict=True)
        for ref, mark in row.facts.items()
    ]
    print(f"marks of facts agree {share(sum(marks), len(marks))}")
    print(f"graded {share(sum(v is not Verdict.CANNOT_GRADE for v in found), len(found))}")
    print(
        f"ms a grade: p50 {np.percentile(times, 50):.1f}, p99 {np.percentile(times, 99):.1f}, "
        f"max {max(times):.1f}"
    )
    if not blind:
        for row, grade in zip(rows, grades, strict=True):
            if grade.verdict is not row.verdict:
                print(f"{row.id} {row.verdict.value} → {grade.verdict.value}: {grade.reason}")


if __name__ == "__main__":
    main()
