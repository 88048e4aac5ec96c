"""Recall of the forecast over invented events (``tests/data/asked_events.jsonl``), against two baselines.

The events were written by an author who did not see the code. Nothing was tuned on single questions.

    python -m benchmarks.briefing_forecast
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

import numpy as np

from bot.assistant import Assistant
from bot.briefing.forecast.making import forecast
from bot.briefing.forecast.models import ForecastInputs
from bot.briefing.forecast.resting import Reader
from bot.briefing.forecast.scoring import DEPTHS, ForecastScore, score
from bot.briefing.forecast.topics import Topics, topics_of
from bot.briefing.models import Event, EventKind, ForecastQuestion
from bot.models import Answer
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from knowledge.loading import load

EVENTS = Path(__file__).parent.parent / "tests" / "data" / "asked_events.jsonl"
MOST = 40
SEEDS = 20
NOTICE = timedelta(days=14)
"""The forecast is made so long before the event."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """Figures of one list of one event."""

    event: str
    score: ForecastScore


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=Path, default=EVENTS)
    options = parser.parse_args(arguments)
    library = load()
    with tempfile.TemporaryDirectory() as directory:
        engine = WhooshEngine(Path(directory))
        engine.refresh(passages(library))
        lines = options.events.read_text(encoding="utf-8").splitlines()
        measured = [_measure(json.loads(line), library, engine) for line in lines if line.strip()]
        engine.close()
    for name in ("forecast", "FAQ order", "random"):
        _print(name, [found[name] for found in measured])
    return 0


def _measure(row: dict[str, object], library: Library, engine: WhooshEngine) -> dict[str, list[_Measured]]:
    on = date.fromisoformat(str(row["date"]))
    topics, asked = row["topics"], row["asked"]
    assert isinstance(topics, list)
    assert isinstance(asked, list)
    event = Event(EventKind(str(row["kind"])), on, tuple(topics))
    assistant = Assistant(library, engine, lambda: on)
    known: dict[str, Answer] = {}

    def answer(question: str) -> Answer:
        if question not in known:
            known[question] = assistant.reply(question).answer
        return known[question]

    start = time.perf_counter()
    made = forecast(ForecastInputs(event, on - NOTICE, library, answer), MOST)
    seconds = time.perf_counter() - start
    name = str(row["id"])
    print(f"{name}: {len(made)} questions in {seconds:.2f} s, {sum(not one.facts for one in made)} gaps")
    listed = _faq_order(event, library, answer)
    shuffled = []
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(len(listed))[:MOST]
        shuffled.append([listed[place] for place in order])

    def scored(questions: Sequence[ForecastQuestion]) -> _Measured:
        return _Measured(name, score(questions, [str(one) for one in asked], library, event, answer))

    return {
        "forecast": [scored(made)],
        "FAQ order": [scored(listed[:MOST])],
        "random": [scored(one) for one in shuffled],
    }


def _faq_order(event: Event, library: Library, answer: Callable[[str], Answer]) -> list[ForecastQuestion]:
    """The FAQ entries of the documents that are called or filed as the topics, first entries first, the
    documents taking turns."""
    topics, reader = Topics(library), Reader(library, event.date, answer)
    wanted = topics_of(event)
    empty: frozenset[str] = frozenset()
    near = {
        document: max(topics.near(topic, document, empty) for topic in wanted)
        for document in sorted(library.published)
    }
    chosen = {document for document, value in near.items() if value >= 0.5} or set(near)
    place: dict[str, int] = {}
    entries = []
    for entry in library.citable_faq:
        place[entry.document] = place.get(entry.document, 0) + 1
        if entry.document in chosen:
            entries.append((place[entry.document], entry))
    entries.sort(key=lambda pair: (pair[0], pair[1].document))
    return [
        ForecastQuestion(entry.question, 0.0, (), (), reader.published(entry).facts, entry.id, entry.document)
        for _, entry in entries
    ]


def _print(name: str, events: Sequence[Sequence[_Measured]]) -> None:
    print(f"\n{name}")
    print(
        "event      "
        + "".join(f"  R@{k:<3} R@{k}w  =@{k:<3} P@{k:<3}" for k in DEPTHS)
        + "  asked distinct others"
    )
    rows = [(runs[0].event, [run.score for run in runs]) for runs in events]
    for event, scores in rows:
        print(f"{event:<11}" + _cells(scores) + _counts(scores[0]))
    print(f"{'mean':<11}" + _cells([one for _, scores in rows for one in scores]))


def _cells(scores: Sequence[ForecastScore]) -> str:
    cells = []
    for place in range(len(DEPTHS)):
        at = [one.at[place] for one in scores]
        for values in (
            [one.distinct for one in at],
            [one.weighted for one in at],
            [one.exact for one in at],
            [one.precision for one in at],
        ):
            cells.append(f"  {mean(value or 0.0 for value in values):.3f}")
    return "".join(cells)


def _counts(one: ForecastScore) -> str:
    return f"  {one.asked:>5} {one.distinct:>8} {len(one.left_out):>6}"


if __name__ == "__main__":
    raise SystemExit(main())
