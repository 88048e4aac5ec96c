"""Checks of lines to take: seeded faults found, and alarms on clean lines.

    python -m benchmarks.briefing_checks [--blind] [--show] [--json]

(a) lines written by an independent author, with seeded faults (``tests/data/line_faults_dev.jsonl``; with
``--blind`` the set on which nothing was tuned, of which only totals are printed); (b) every FAQ answer of
the library with its facts as a clean line, and the same with one fault put in by rule. A fault is found
when a finding of its kind overlaps it (figure and date count for each other; a stale basis is one of the
whole line); «at all»: any error overlaps it. A false alarm is an error on a clean line. Intervals are
Wilson's at 95 %.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bot.briefing.checking.lines import check_line
from bot.briefing.models import EarlierAnswer, Finding, FindingKind, LineToTake, Severity
from bot.models import Citation
from knowledge.library import Library
from knowledge.loading import load

DATA = Path("tests/data")
DAY = date(2026, 12, 10)
_ALIKE = {FindingKind.FIGURE: {FindingKind.FIGURE, FindingKind.DATE}}
_ALIKE[FindingKind.DATE] = _ALIKE[FindingKind.FIGURE]


@dataclass(frozen=True, slots=True)
class Fault:
    """A seeded fault; an empty ``quote`` is one of the whole line."""

    kind: FindingKind
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """A line with what is wrong with it."""

    id: str
    question: str
    text: str
    basis: tuple[str, ...]
    on: date
    earlier: tuple[EarlierAnswer, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_cases(path: Path) -> list[Case]:
    """Cases of a JSONL file as described in ``tests/data/README.md``."""
    return [_case(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _case(row: dict) -> Case:  # type: ignore[type-arg]
    return Case(
        row["id"],
        row["question"],
        row["text"],
        tuple(row["basis"]),
        date.fromisoformat(row["on"]),
        tuple(
            EarlierAnswer(one["question"], one["answer"], date.fromisoformat(one["on"]), one["source"])
            for one in row["earlier"]
        ),
        tuple(Fault(FindingKind(one["kind"]), one["quote"]) for one in row["faults"]),
    )


def line_of(case: Case) -> LineToTake:
    """A line whose citations name the facts and nothing else."""
    keys = [ref.partition("#") for ref in case.basis]
    basis = tuple(
        Citation(document, "", None, "", "", "", (key,), "in_force", None, None) for document, _, key in keys
    )
    return LineToTake(case.text, max(1, len(case.text) // 4), basis)


def found(case: Case, fault: Fault, findings: Iterable[Finding], any_error: bool) -> bool:
    """Whether a finding of the fault's kind (or any error) lies on the fault."""
    start = case.text.find(fault.quote) if fault.quote else 0
    end = start + len(fault.quote) if fault.quote else len(case.text)
    for one in findings:
        whole = not fault.quote or one.start == one.end
        overlaps = whole or (one.start < end and start < one.end)
        kind = one.kind in _ALIKE.get(fault.kind, {fault.kind})
        wanted = one.severity is Severity.ERROR if any_error else kind
        if overlaps and wanted:
            return True
    return False


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not trials:
        return 0.0, 1.0
    z = 1.959964
    share, scale = hits / trials, 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, centre - half), min(1.0, centre + half)


def faq_cases(library: Library) -> list[Case]:
    """FAQ answers with facts in force on the day, as clean lines."""
    return [
        Case(entry.id, entry.question, entry.answer, (*entry.facts, *entry.background), DAY)
        for entry in library.citable_faq
        if entry.facts
    ]


_FIGURE = re.compile(r"(?<![\d.〔第/-])\d+(?:\.\d+)?(?=元|个?工作日|分钟|%|所|个月|倍|课时|小时)")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_MUTATIONS: tuple[tuple[FindingKind, re.Pattern[str], str], ...] = (
    (FindingKind.POLARITY, re.compile(r"不得(?!不|超过|少于|早于|晚于|低于|高于)"), "可以"),
    (FindingKind.POLARITY, re.compile(r"不包括|不适用于?"), "包括"),
    (FindingKind.POLARITY, re.compile(r"严禁|禁止"), "允许"),
    (FindingKind.UNDERCLAIM, re.compile(r"不得(?!不|超过|少于|早于|晚于|低于|高于)"), "尽量不"),
    (FindingKind.UNDERCLAIM, re.compile(r"应当|必须"), "可以"),
    (FindingKind.UNDERCLAIM, re.compile(r"严禁|禁止"), "不提倡"),
    (FindingKind.OVERCLAIM, re.compile(r"原则上|一般"), "一律"),
    (FindingKind.OVERCLAIM, re.compile(r"鼓励"), "必须"),
    (FindingKind.OVERCLAIM, re.compile(r"逐步|力争"), "立即"),
)


def mutated(case: Case, library: Library) -> Iterator[Case]:
    """The case with one fault each, where its words allow it."""
    facts = " ".join(library.facts[ref].statement for ref in case.basis)
    changes = [(FindingKind.FIGURE, match, _other(match[0])) for match in _FIGURE.finditer(case.text)]
    changes += [(FindingKind.DATE, match, str(int(match[0]) + 1)) for match in _YEAR.finditer(case.text)]
    for kind, pattern, new in _MUTATIONS:
        changes += [(kind, match, new) for match in pattern.finditer(case.text) if match[0] in facts]
    for kind, match, new in changes:
        if kind in _ALIKE and new in facts:
            continue
        text = case.text[: match.start()] + new + case.text[match.end() :]
        around = re.split(r"[，。；：]", text[match.start() + len(new) :])[0]
        yield Case(case.id, case.question, text, case.basis, case.on, (), (Fault(kind, new + around),))


def _other(figure: str) -> str:
    value = float(figure) * 1.5 + 1
    return f"{value:.0f}" if "." not in figure else f"{value:.1f}"


def _shown(one: Finding, case: Case) -> str:
    return f"{one.kind} {one.severity}「{case.text[one.start : one.end]}」{one.message}"


def report(cases: Sequence[Case], library: Library, name: str, show: bool) -> dict[str, object]:
    """Measure and print one set."""
    seeded: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    by_error: Counter[str] = Counter()
    clean, alarms, remarks, times = 0, 0, 0, []
    for case in cases:
        start = time.perf_counter()
        findings = check_line(case.question, line_of(case), library, case.on, case.earlier)
        times.append((time.perf_counter() - start) * 1000)
        for fault in case.faults:
            seeded[fault.kind] += 1
            by_kind[fault.kind] += found(case, fault, findings, any_error=False)
            by_error[fault.kind] += found(case, fault, findings, any_error=True)
            if show and not found(case, fault, findings, any_error=False):
                print(f"未查出 {case.id} {fault.kind.value}「{fault.quote}」{case.text}")
                for one in findings:
                    print(f"      有：{_shown(one, case)}")
        if not case.faults:
            clean += 1
            errors = [one for one in findings if one.severity is Severity.ERROR]
            others = [one for one in findings if one.kind is not FindingKind.LENGTH]
            alarms += bool(errors)
            remarks += bool(others)
            for one in others if show else ():
                print(f"误报 {case.id} {_shown(one, case)}")
    rows: dict[str, object] = {}
    print(f"\n{name}: {len(cases)} lines, {sum(seeded.values())} faults, {clean} clean")
    for kind in [*sorted(seeded), "all"]:
        total = seeded[kind] if kind != "all" else sum(seeded.values())
        hits = by_kind[kind] if kind != "all" else sum(by_kind.values())
        errors_ = by_error[kind] if kind != "all" else sum(by_error.values())
        if total:
            low, high = wilson(hits, total)
            rows[kind] = [hits, errors_, total]
            print(
                f"  {kind:15} found {hits:4}/{total:<4} {hits / total:6.1%} [{low:.1%}, {high:.1%}]"
                f"  at all {errors_ / total:6.1%}"
            )
    if clean:
        low, high = wilson(alarms, clean)
        rows["alarms"] = [alarms, remarks, clean]
        print(f"  false alarms    {alarms}/{clean} {alarms / clean:.1%} [{low:.1%}, {high:.1%}]", end="")
        print(f"  any finding but length {remarks}/{clean} {remarks / clean:.1%}")
    print(f"  ms a line: p50 {np.percentile(times, 50):.1f}, p95 {np.percentile(times, 95):.1f}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blind", action="store_true", help="the blind set; only totals are printed")
    parser.add_argument("--show", action="store_true", help="every miss and alarm of the open sets")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    library = load()
    if given.blind:
        rows = {"blind": report(read_cases(DATA / "line_faults_blind.jsonl"), library, "blind", False)}
    else:
        cases = faq_cases(library)
        faulty = [one for case in cases for one in mutated(case, library)]
        rows = {
            "dev": report(read_cases(DATA / "line_faults_dev.jsonl"), library, "dev", given.show),
            "faq": report(cases, library, "FAQ", given.show),
            "generated": report(faulty, library, "generated faults", given.show),
        }
    if given.json:
        print(json.dumps(rows, ensure_ascii=False))


if __name__ == "__main__":
    main()
