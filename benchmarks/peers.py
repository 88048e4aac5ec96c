"""Part ``peers``: our assistant and ``baisitong`` on the same questions, judged by the same code."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import questions
from benchmarks.baisitong import Baisitong, install
from benchmarks.library_text import text_files
from benchmarks.web_server import OurWeb
from bot.quality import Verdict, judge
from knowledge.loading import load

OURS = "ours"


def measure(names: Sequence[str], cache: Path) -> dict[str, Any]:
    """Rows by set and system. Questions are asked over HTTP in turn; ours are judged in process, where the
    day of the question can be set."""
    files = tuple(text_files(load(), questions.WRITTEN_FOR))
    environment = install(cache)
    rows = []
    with tempfile.TemporaryDirectory(prefix="peers-") as directory, ExitStack() as stack:
        work = Path(directory)
        ours = stack.enter_context(OurWeb(work / "ours"))
        peers = {
            name: stack.enter_context(Baisitong(environment, work / name, files, wordings))
            for name, wordings in (("baisitong", False), ("baisitong with all wordings", True))
        }
        for name in names:
            print(f"peers: {Path(name).stem}", file=sys.stderr)
            rows += _compared(name, ours, peers)
    return {"rows": rows, "files": len(files)}


def _compared(name: str, ours: OurWeb, peers: dict[str, Baisitong]) -> list[dict[str, Any]]:
    times: dict[str, list[float]] = {OURS: [], **{peer: [] for peer in peers}}
    verdicts: dict[str, list[Verdict]] = {OURS: questions.run(name)[0], **{peer: [] for peer in peers}}
    with_text = dict.fromkeys(peers, 0)
    for expectation in questions.expectations(name):
        times[OURS].append(ours.milliseconds(expectation.turns))
        for peer, server in peers.items():
            reply = server.converse(expectation.turns)
            times[peer].append(reply.ms)
            with_text[peer] += bool(reply.sources and "answered" not in expectation.outcomes)
            verdicts[peer].append(judge(expectation, server.judged_as(reply, expectation)))
    rows = []
    for system, judged in verdicts.items():
        row = {"system": system} | questions.figures(Path(name).stem, judged)
        row["unanswerable given text"] = with_text.get(system)
        rows.append(row | questions.percentiles(times[system]))
    return rows
