"""How far the confidence can be trusted: ``python benchmarks/reliability.py [--write]``.

For the questions of the training sets, by weights that saw neither the question nor its document, and for
the sets held back: how sure the model was, and how often its surest unit really answers. ``--write`` draws
``docs/reliability.svg``; the table goes to standard output (docs/decisions/0003-answering.md holds it).
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.fit_ranking import HELD_BACK, SETS, Prediction, cross_validated, rows_of
from benchmarks.ranking_examples import ROOT, UNANSWERABLE, ask_all
from knowledge.loading import load

BINS = 10
SIDE, MARGIN = 360, 44
"""Side of the square plot and the space around it, in pixels."""


@dataclass(frozen=True)
class Bin:
    """The questions whose probability lies in one tenth."""

    questions: int
    confidence: float
    right: float

    @property
    def error(self) -> float:
        """Half of the 95 % interval of the share (normal approximation)."""
        return 1.96 * math.sqrt(self.right * (1 - self.right) / self.questions)


def bins(found: Sequence[Prediction]) -> list[Bin]:
    """Tenths of the probability that hold a question."""
    tenths: list[list[Prediction]] = [[] for _ in range(BINS)]
    for one in found:
        tenths[min(BINS - 1, int(one.probability * BINS))].append(one)
    return [
        Bin(len(some), sum(p.probability for p in some) / len(some), sum(p.right for p in some) / len(some))
        for some in tenths
        if some
    ]


def expected_error(some: Sequence[Bin]) -> float:
    """Expected calibration error: mean distance of confidence and share right, weighted by questions."""
    total = sum(one.questions for one in some)
    return sum(one.questions * abs(one.confidence - one.right) for one in some) / total


def svg(some: Sequence[Bin]) -> str:
    """The reliability diagram: the diagonal is perfect; the area of a dot is its number of questions."""

    def x(value: float) -> float:
        return MARGIN + value * SIDE

    def y(value: float) -> float:
        return MARGIN / 2 + (1 - value) * SIDE

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE + 2 * MARGIN}" height="{SIDE + 2 * MARGIN}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<rect x="{x(0)}" y="{y(1)}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#999" stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(f'<text x="{x(tick)}" y="{y(0) + 16}" text-anchor="middle">{tick:.1f}</text>')
        parts.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:.1f}</text>')
    for one in some:
        low, high = max(0.0, one.right - one.error), min(1.0, one.right + one.error)
        centre = f"{x(one.confidence):.1f}"
        parts.append(
            f'<line x1="{centre}" x2="{centre}" y1="{y(low):.1f}" y2="{y(high):.1f}" stroke="#1f5fa8"/>'
            f'<circle cx="{centre}" cy="{y(one.right):.1f}" r="{1 + math.sqrt(one.questions) / 2:.1f}" '
            f'fill="#1f5fa8" fill-opacity="0.7"><title>n = {one.questions}</title></circle>'
        )
    parts.append(f'<text x="{x(0.5)}" y="{y(0) + 34}" text-anchor="middle">confidence</text>')
    turned = f'text-anchor="middle" transform="rotate(-90 12 {y(0.5)})"'
    parts.append(f'<text x="12" y="{y(0.5)}" {turned}>share right</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="draw docs/reliability.svg")
    arguments = parser.parse_args()
    origins = {name + end for name in (*SETS, *HELD_BACK) for end in ("", UNANSWERABLE)}
    rows = rows_of(ask_all(load(), (*SETS, *HELD_BACK)))
    found = [one for one in cross_validated(rows) if one.asked.example.origin in origins and one.probability]
    some = bins(found)
    print("| confidence | questions | mean confidence | share right |\n|---|---:|---:|---:|")
    for one in some:
        tenth = min(BINS - 1, int(one.confidence * BINS)) / BINS
        print(
            f"| {tenth:.1f}–{tenth + 1 / BINS:.1f} | {one.questions} | {one.confidence:.2f} "
            f"| {one.right:.2f} ± {one.error:.2f} |"
        )
    print(f"expected calibration error {expected_error(some):.3f} over {len(found)} questions")
    if arguments.write:
        (ROOT / "docs" / "reliability.svg").write_text(svg(some), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
