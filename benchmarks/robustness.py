"""What slips and pinyin cost a search, with and without rescue, over one index of a corpus.

    .venv/bin/python benchmarks/robustness.py --data ../shared/data [--fit]

``--fit`` also estimates :class:`index.rescue.slips.SlipModel` on one half of the questions at a time and
measures on the other half; then on all of them, which gives the figures to write down there.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import rjieba

from benchmarks.resampling import interval, relative_loss
from index.analysis import normalise
from index.corpus import read_corpus, read_judgements, read_queries
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.evaluation import percentile, recall
from index.models import SearchQuery
from index.rescue.rescue import Rescuer
from index.rescue.slips import Evidence, SlipModel, slips
from index.rescue.vocabulary import HAN, Vocabulary

VARIANTS = ("clean", "typo1", "typo2", "drop", "pinyin", "trad", "wordy")
_FIT_ON = ("clean", "typo1", "drop")
_DEPTH = 10
_LEAST_WHEN_FITTING = -6.0
_PENALTY = 1e-3
_STEPS = 30
Texts = dict[str, dict[str, str]]
"""Variant → question id → text."""


@dataclass(frozen=True, slots=True)
class Run:
    """Recall@10 of each question, and the time that each took at its first search."""

    recall: dict[str, float]
    ms: list[float]


def read_texts(data: Path) -> Texts:
    texts: Texts = {"clean": {q.id: q.text for q in read_queries(data / "stard" / "queries.jsonl")}}
    with gzip.open(data / "stard_robust" / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            texts.setdefault(row["variant"], {})[row["base"]] = row["text"]
    return texts


def searched(engine: WhooshEngine, texts: dict[str, str], judged: dict[str, Sequence[str]]) -> Run:
    found: dict[str, float] = {}
    times = []
    for query_id, text in texts.items():
        started = time.thread_time()
        hits = engine.search(SearchQuery(text, top_k=_DEPTH)).hits
        times.append((time.thread_time() - started) * 1000)
        found[query_id] = recall([hit.passage.id for hit in hits], judged[query_id], _DEPTH)
    return Run(found, times)


def report(name: str, runs: dict[str, Run], only: set[str] | None = None) -> None:
    """One line a variant: recall@10, relative loss against clean in the same run with its 95 % interval."""
    clean = runs["clean"].recall
    for variant, run in runs.items():
        ids = sorted(key for key in run.recall if only is None or key in only)
        after, before = [run.recall[key] for key in ids], [clean[key] for key in ids]
        loss, low, high = relative_loss(before, after)
        shown = f"loss {loss:+.1%} [{low:+.1%}, {high:+.1%}]" if variant != "clean" else interval(after)
        speed = f"p50 {percentile(run.ms, 50):.2f} p99 {percentile(run.ms, 99):.2f} ms"
        print(f"{name:10} {variant:7} R@10 {np.mean(after):.4f} {shown} {speed}")


def report_corrections(rescuer: Rescuer, path: Path) -> None:
    """Sentences with and without typing errors: what is touched, and what is set right whole."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    touched: dict[bool, list[bool]] = {True: [], False: []}
    preferred: dict[bool, list[bool]] = {True: [], False: []}
    right = []
    for row in rows:
        noisy, clean = normalise(row["noisy"]), normalise(row["clean"])
        best = likeliest(rescuer, noisy)
        touched[row["has_error"]].append(bool(rescuer.corrections(noisy)))
        preferred[row["has_error"]].append(best != noisy)
        if row["has_error"]:
            right.append(best == clean)
    for wrong, name in ((False, "without errors"), (True, "with errors")):
        print(
            f"csc_law {name}: {len(touched[wrong])}, terms added {np.mean(touched[wrong]):.1%}, "
            f"a correction likelier than not {np.mean(preferred[wrong]):.1%}"
        )
    print(f"csc_law with errors: likeliest reading is the right sentence {np.mean(right):.1%}")


def likeliest(rescuer: Rescuer, text: str) -> str:
    for found in sorted(rescuer.corrections(text), key=lambda c: -c.start):
        choice, chance = found.choices[0]
        if chance > 1 - sum(chance for _, chance in found.choices):
            text = text[: found.start] + choice + text[found.end :]
    return text


def report_cost(rescuer: Rescuer, texts: Texts) -> None:
    """What rescue itself takes, without a memory of former questions."""
    for variant, questions in texts.items():
        normal = [normalise(text) for text in questions.values()]
        times = [_timed(lambda text=text: rescuer.corrections(text)) for text in normal]
        print(f"rescue alone, {variant:7} p50 {percentile(times, 50):.3f} p99 {percentile(times, 99):.3f} ms")


def _timed(step: Callable[[], object]) -> float:
    started = time.thread_time()
    step()
    return (time.thread_time() - started) * 1000


Choice = tuple[np.ndarray, np.ndarray]
"""Evidence of the corrections of one stretch, and which of them are right (none: what was typed is)."""


def choices(vocabulary: Vocabulary, pairs: Iterable[tuple[str, str]]) -> list[Choice]:
    """The choices of every doubtful stretch of (typed, meant) questions."""
    found = []
    for typed, meant in pairs:
        place = 0
        for han, group in groupby(rjieba.cut(typed, False), key=lambda token: bool(HAN.fullmatch(token))):
            tokens = list(group)
            stretch = "".join(tokens)
            possible = slips(tokens, vocabulary, SlipModel(), _LEAST_WHEN_FITTING) if han else []
            if possible:
                ends = typed[:place], typed[place + len(stretch) :]
                mended = [
                    ends[0] + stretch[: s.start] + s.word + stretch[s.end :] + ends[1] for s in possible
                ]
                evidence = np.array([s.evidence for s in possible], dtype=np.float64)
                found.append((evidence, np.array([text == meant for text in mended])))
            place += len(stretch)
    return found


def fitted(data: Sequence[Choice]) -> SlipModel:
    """Penalised conditional maximum likelihood by Fisher scoring."""
    weights = np.zeros(len(Evidence._fields))
    for _ in range(_STEPS):
        slope = -_PENALTY * len(data) * weights
        curvature = _PENALTY * len(data) * np.eye(len(weights))
        for evidence, right in data:
            chance = _chances(evidence @ weights)
            mean = chance @ evidence
            aim = _mean_of_right(evidence, right, chance)
            slope += aim - mean
            curvature += (evidence * chance[:, None]).T @ evidence - np.outer(mean, mean)
        weights += np.linalg.solve(curvature, slope)
    return SlipModel(*map(float, weights))


def _chances(log_odds: np.ndarray) -> np.ndarray:
    highest = max(0.0, float(log_odds.max()))
    scaled = np.exp(log_odds - highest)
    return np.asarray(scaled / (scaled.sum() + np.exp(-highest)))


def _mean_of_right(evidence: np.ndarray, right: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Expected evidence given that a right choice is made; nothing is the evidence of what was typed."""
    if not right.any():
        return np.zeros(evidence.shape[1])
    share = chance * right
    return np.asarray(share @ evidence / share.sum())


def cross_validate(engine: WhooshEngine, texts: Texts, judged: dict[str, Sequence[str]]) -> None:
    """Fit on every second question, measure on the others, and the other way round."""
    snapshot = engine._current().snapshot
    vocabulary = snapshot.rescuer._vocabulary
    ids = sorted(texts["clean"])
    merged: dict[str, Run] = {variant: Run({}, []) for variant in VARIANTS}
    for fold in (0, 1):
        held_out = set(ids[fold::2])
        snapshot.rescuer = Rescuer(vocabulary, fitted(choices(vocabulary, pairs(texts, set(ids) - held_out))))
        for variant in VARIANTS:
            chosen = {key: text for key, text in texts[variant].items() if key in held_out}
            run = searched(engine, chosen, judged)
            merged[variant].recall.update(run.recall)
            merged[variant].ms.extend(run.ms)
    report("held out", merged)
    print(fitted(choices(vocabulary, pairs(texts, set(ids)))))
    snapshot.rescuer = Rescuer(vocabulary)


def pairs(texts: Texts, ids: set[str]) -> list[tuple[str, str]]:
    """Questions as typed and as meant, normalised."""
    return [
        (normalise(texts[variant][key]), normalise(texts["clean"][key]))
        for variant in _FIT_ON
        for key in sorted(ids & set(texts[variant]))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--index", type=Path, help="keep the index here (default: a temporary directory)")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    texts, judged = read_texts(options.data), read_judgements(options.data / "stard" / "qrels.tsv")
    with tempfile.TemporaryDirectory() as temporary:
        directory = options.index or Path(temporary)
        plain = WhooshEngine(directory, EngineSettings(rescue=False))
        plain.refresh(read_corpus(options.data / "stard" / "corpus.jsonl.gz"))
        rescued = WhooshEngine(directory, EngineSettings())
        for name, engine in (("as typed", plain), ("rescued", rescued)):
            report(name, {variant: searched(engine, texts[variant], judged) for variant in VARIANTS})
        rescuer = rescued._current().snapshot.rescuer
        report_corrections(rescuer, options.data / "csc_law" / "pairs.jsonl")
        report_cost(rescuer, texts)
        if options.fit:
            cross_validate(rescued, texts, judged)


if __name__ == "__main__":
    main()
