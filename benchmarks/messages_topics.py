"""Hot topics, measured: ``python -m benchmarks.messages_topics [--json] [--scale N]``.

Grouping is compared with given topics of messages; messages without one are background. Precision, recall and
F1 count pairs of messages: ``marked`` among messages with a topic, ``all`` with the background, where a pair
of a marked message with an unmarked one in one group is wrong and pairs of unmarked ones are left out, since
nobody knows. ``bcubed`` is the mean over marked messages (Bagga & Baldwin 1998), background in their groups
counted as wrong.

Baselines get the threshold that is best on the very messages they are measured on; ours is fixed. ``left one
out`` chooses ours by all topics but one, measures that one, and sums up.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from math import comb
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np

from benchmarks.datasets import read_rows
from benchmarks.generated_messages import generated_messages
from bot.signals.topics.features import Features, TopicInput, features_of, remembered_features
from bot.signals.topics.grouping import SAME_MATTER, group
from bot.signals.topics.hot import hot_topics
from bot.signals.words import cut

ROOT = Path(__file__).parents[1]
HOT = ROOT.parent / "shared" / "data" / "citizen_messages" / "hot.jsonl.gz"
OWN = ROOT / "tests" / "data" / "messages_topics.jsonl"
THRESHOLDS = (0.06, 0.07, 0.08, 0.09, 0.10, 0.11, 0.12, 0.14, 0.16)
BASELINE_THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(2, 31))
PIECES = 10
Labels = Mapping[str, Hashable]
Figures = dict[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Collection:
    """Messages in the order of time; ``truth`` has the topic of the marked ones, ``kinds`` topics by kind."""

    messages: tuple[TopicInput, ...]
    truth: Mapping[str, str]
    kinds: Mapping[str, frozenset[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--scale", type=int, default=100_000, help="generated messages; 0 for none")
    parser.add_argument("--own", action="store_true", help="measure tests/data/messages_topics.jsonl too")
    arguments = parser.parse_args()
    figures: Figures = {"threshold": SAME_MATTER}
    if HOT.is_file():
        figures["citizen_messages/hot"] = measured(hot_collection(HOT))
    if arguments.own and OWN.is_file():
        figures["own"] = measured(own_collection(OWN))
    if arguments.scale:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            figures["scale"] = pool.submit(scale, arguments.scale).result()
    print(json.dumps(figures, ensure_ascii=False, indent=1) if arguments.json else as_text(figures))


def hot_collection(path: Path) -> Collection:
    rows = sorted(read_rows(path), key=lambda row: str(row["time"]))
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["silver_cluster"]:
            kinds[row["silver_kind"]].add(row["silver_cluster"])
    return Collection(
        tuple(_input(row, row["time"]) for row in rows),
        {str(row["id"]): row["silver_cluster"] for row in rows if row["silver_cluster"]},
        {kind: frozenset(topics) for kind, topics in kinds.items()},
    )


def own_collection(path: Path) -> Collection:
    rows = sorted(read_rows(path), key=lambda row: str(row["at"]))
    truth = {str(row["id"]): row["topic"] for row in rows if row["topic"]}
    return Collection(tuple(_input(row, row["at"]) for row in rows), truth, {})


def _input(row: Mapping[str, Any], at: str) -> TopicInput:
    return TopicInput(str(row["id"]), row["title"], row["text"], datetime.fromisoformat(at), str(row["user"]))


def measured(collection: Collection) -> Figures:
    """Ours, at other thresholds, in pieces, and the baselines."""
    features = features_of(collection.messages)
    ours = group(features)
    by_threshold = {limit: group(features, same_matter=limit) for limit in THRESHOLDS}
    return {
        "messages": len(collection.messages),
        "marked": len(collection.truth),
        "topics": len(set(collection.truth.values())),
        "ours": scores(ours, collection),
        "ours by threshold": {
            str(limit): scores(labels, collection)["all"] for limit, labels in by_threshold.items()
        },
        "ours, left one out": left_one_out(by_threshold, collection.truth),
        "in pieces": agreement(in_pieces(collection.messages, PIECES), ours),
        "baselines": baselines(collection),
    }


def scores(labels: Labels, collection: Collection) -> Figures:
    truth = collection.truth
    found: Figures = {
        "marked": pairwise({one: labels[one] for one in truth}, truth),
        "all": pairwise(labels, truth),
        "bcubed": bcubed(labels, truth),
        "groups": len(set(labels.values())),
    }
    for kind, topics in collection.kinds.items():
        found[f"all, {kind}"] = pairwise(labels, truth, topics)
    return found


def pairwise(labels: Labels, truth: Mapping[str, str], only: Iterable[str] | None = None) -> Figures:
    """Precision, recall, F1 of pairs with at least one message of the topics ``only``."""
    wanted = set(truth.values()) if only is None else set(only)
    right = wrong = 0
    for counts in _contents(labels, truth).values():
        inside = sum(count for topic, count in counts.items() if topic in wanted)
        same = sum(comb(count, 2) for topic, count in counts.items() if topic in wanted)
        right += same
        wrong += comb(inside, 2) - same + inside * (sum(counts.values()) - inside)
    pairs = sum(comb(count, 2) for topic, count in Counter(truth.values()).items() if topic in wanted)
    return _f1(right, right + wrong, pairs)


def bcubed(labels: Labels, truth: Mapping[str, str]) -> Figures:
    sizes = Counter(truth.values())
    precision = recall = 0.0
    for counts in _contents(labels, truth).values():
        for topic, count in counts.items():
            if topic:
                precision += count * count / sum(counts.values())
                recall += count * count / sizes[topic]
    precision, recall = precision / len(truth), recall / len(truth)
    return {"P": precision, "R": recall, "F1": 2 * precision * recall / (precision + recall)}


def left_one_out(by_threshold: Mapping[float, Labels], truth: Mapping[str, str]) -> Figures:
    """Each topic at the threshold that is best for the others; pairs summed up."""
    right = found = pairs = 0
    for left in sorted(set(truth.values())):
        others = set(truth.values()) - {left}
        best = max(by_threshold, key=lambda limit: pairwise(by_threshold[limit], truth, others)["F1"])
        got = pairwise(by_threshold[best], truth, {left})
        right, found, pairs = right + got["right"], found + got["found"], pairs + got["pairs"]
    return _f1(right, found, pairs)


def agreement(labels: Labels, others: Labels) -> Figures:
    """Pairs together in both; every message counts."""
    return pairwise(labels, {one: str(label) for one, label in others.items()})


def in_pieces(messages: Sequence[TopicInput], pieces: int) -> dict[str, str]:
    """Grouped as they come, a piece at a time."""
    known: dict[str, str] = {}
    for piece in range(1, pieces + 1):
        known = group(features_of(messages[: len(messages) * piece // pieces]), known)
    return known


def _contents(labels: Labels, truth: Mapping[str, str]) -> dict[Hashable, Counter[str]]:
    """How many messages of each topic are in each group; background is ``""``."""
    found: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for one, label in labels.items():
        found[label][truth.get(one, "")] += 1
    return found


def _f1(right: int, found: int, pairs: int) -> Figures:
    precision, recall = right / max(found, 1), right / max(pairs, 1)
    f1 = 2 * right / max(found + pairs, 1)
    return {"P": precision, "R": recall, "F1": f1, "right": right, "found": found, "pairs": pairs}


def baselines(collection: Collection) -> Figures:
    """Each at the threshold with the best F1 on ``all``."""
    from sklearn.cluster import DBSCAN, AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer=lambda text: cut(text, stop_words=False), sublinear_tf=True)
    rows = vectors.fit_transform([f"{one.title}\n{one.text}" for one in collection.messages])
    distances = np.clip(1 - (rows @ rows.T).toarray(), 0, 2)

    def dbscan(limit: float) -> list[Hashable]:
        found = DBSCAN(eps=1 - limit, min_samples=2, metric="precomputed").fit_predict(distances)
        return [label if label >= 0 else f"alone {place}" for place, label in enumerate(found.tolist())]

    def average(limit: float) -> list[Hashable]:
        model = AgglomerativeClustering(
            None, metric="precomputed", linkage="average", distance_threshold=1 - limit
        )
        return list(model.fit_predict(distances).tolist())

    titles = ["".join(filter(str.isalnum, one.title)) or one.id for one in collection.messages]
    return {
        "same title": scores(_labelled(collection, titles), collection),
        "leader, tf-idf": _best(collection, lambda limit: _leaders(rows, limit)),
        "DBSCAN, tf-idf": _best(collection, dbscan),
        "average linkage, tf-idf": _best(collection, average),
    }


def _best(collection: Collection, cluster: Callable[[float], Sequence[Hashable]]) -> Figures:
    tried = []
    for limit in BASELINE_THRESHOLDS:
        found = scores(_labelled(collection, cluster(limit)), collection)
        tried.append({"threshold": limit, **found})
    return max(tried, key=lambda figures: figures["all"]["F1"])


def _leaders(rows: Any, limit: float) -> list[Hashable]:
    """A message joins the leader that is nearest, if near enough, or becomes one."""
    leaders: list[int] = [0]
    labels: list[Hashable] = [0]
    similarities = (rows @ rows.T).toarray()
    for place in range(1, rows.shape[0]):
        near = similarities[place, leaders]
        nearest = int(near.argmax())
        if near[nearest] < limit:
            leaders.append(place)
        labels.append(nearest if near[nearest] >= limit else len(leaders) - 1)
    return labels


def _labelled(collection: Collection, labels: Sequence[Hashable]) -> Labels:
    return {one.id: label for one, label in zip(collection.messages, labels, strict=True)}


def scale(many: int) -> Figures:
    """Generated messages: CPU seconds of one process, memory, truth found, and 1,000 more afterwards."""
    messages, truth = generated_messages(many + 1_000)
    before = _peak_megabytes()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "features.npz"
        features, cutting = _timed(lambda: remembered_features(messages[:many], file))
        topics, grouping = _timed(lambda: group(features))
        as_of = max(one.at for one in messages if one.at).date()
        hot, describing = _timed(lambda: hot_topics(messages[:many], topics, features, as_of))
        peak = _peak_megabytes()
        more: tuple[Features, float] = _timed(lambda: remembered_features(messages, file))
        again, adding = _timed(lambda: group(more[0], topics))
        size = file.stat().st_size / 1e6
    marked = {one: topic for one, topic in truth.items() if one in topics}
    return {
        "messages": many,
        "seconds": {"features": cutting, "grouping": grouping, "50 hot topics": describing},
        "seconds for 1,000 more": {"features": more[1], "grouping": adding},
        "MB before, peak": (before, peak),
        "MB file": size,
        "all": pairwise(topics, marked),
        "all, with 1,000 more": pairwise(again, truth),
        "hottest": hot[0].title,
    }


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """The result, and the seconds of processor time that it took, those of other processes too."""
    before = os.times()
    result = work()
    return result, sum(os.times()[:4]) - sum(before[:4])


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def as_text(figures: Any, indent: int = 0) -> str:
    """Nested figures as indented lines; a group of P, R, F1 on one."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict) and "F1" in value:
            said = "  ".join(f"{key} {value[key]:.3f}" for key in ("P", "R", "F1"))
            lines.append(f"{'  ' * indent}{name}: {said}")
        elif isinstance(value, dict):
            lines += [f"{'  ' * indent}{name}:", as_text(value, indent + 1)]
        else:
            said = f"{value:.2f}" if isinstance(value, float) else str(value)
            lines.append(f"{'  ' * indent}{name}: {said}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
