"""The development collections in ``../shared/data`` as files that :func:`index.evaluation.evaluate` reads.

What a README there asks for is done here: the robustness variants get the judgements of the question that
they come from, the education laws are filtered to national laws in their newest version.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from index.corpus import Judgements, TestQuery, read_judgements, read_queries

CIVIL_CODE = "中华人民共和国民法典"
VARIANTS = ("typo1", "typo2", "drop", "pinyin", "trad", "wordy")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Questions with judgements over one corpus."""

    name: str
    queries: Path
    qrels: Path


@dataclass(frozen=True, slots=True)
class Collection:
    """A corpus, indexed once, with all that is asked of it.

    ``subsets`` name some of the questions of ``sets``; ``unanswerable`` are texts by kind.
    """

    name: str
    corpus: Path
    sets: tuple[QuerySet, ...]
    subsets: dict[str, frozenset[str]]
    unanswerable: dict[str, tuple[str, ...]]


def collections(data: Path, work: Path, quick: int | None = None) -> Iterator[Collection]:
    """Every collection whose folder is there.

    Args:
        data: the folder of the collections.
        work: where derived files are written.
        quick: keep about so many questions of each set, and the passages that they need with some others.
    """
    makers: dict[str, Callable[[Path, Path], Collection]] = {
        "stard": _stard,
        "laws_edu": _laws_edu,
        "cmrc2018": _plain,
        "drcd": _plain,
    }
    for name, make in makers.items():
        if (data / name).is_dir():
            folder = work / name
            folder.mkdir(parents=True, exist_ok=True)
            collection = make(data / name, folder)
            yield _cut(collection, folder, quick) if quick else collection


def read_rows(path: Path) -> Iterator[Row]:
    """The objects of a JSONL file, plain or gzipped."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            yield json.loads(line)


def _plain(folder: Path, _work: Path) -> Collection:
    files = QuerySet(folder.name, folder / "queries.jsonl.gz", folder / "qrels.tsv")
    return Collection(folder.name, folder / "corpus.jsonl.gz", (files,), {}, {})


def _stard(folder: Path, work: Path) -> Collection:
    sets = [QuerySet("stard", folder / "queries.jsonl", folder / "qrels.tsv")]
    robust = folder.parent / "stard_robust" / "queries.jsonl.gz"
    if robust.exists():
        sets.append(_robust(robust, read_judgements(folder / "qrels.tsv"), work))
    cites = folder.parent / "citizen_messages"
    if cites.is_dir():
        sets.append(
            QuerySet("citizen_cites", cites / "cites_queries.jsonl", cites / "cites_qrels.tsv"),
        )
    questions = _out_of_scope(folder.parent, lambda kind: kind.startswith("far_"))
    return Collection("stard", folder / "corpus.jsonl.gz", tuple(sets), stard_subsets(folder), questions)


def stard_subsets(folder: Path) -> dict[str, frozenset[str]]:
    """Query ids: with and without articles of the Civil Code, and those whose articles nobody else needs.

    The last stands for «relevant articles not seen while tuning»: no other question here points to them.
    """
    civil = {row["id"] for row in read_rows(folder / "corpus.jsonl.gz") if row["meta"]["law"] == CIVIL_CODE}
    judgements = read_judgements(folder / "qrels.tsv")
    uses: dict[str, int] = {}
    for passage in chain.from_iterable(judgements.values()):
        uses[passage] = uses.get(passage, 0) + 1
    return {
        "without Civil Code": frozenset(q for q, found in judgements.items() if not civil & set(found)),
        "only Civil Code": frozenset(q for q, found in judgements.items() if set(found) <= civil),
        "articles of no other question": frozenset(
            q for q, found in judgements.items() if all(uses[passage] == 1 for passage in found)
        ),
    }


def _robust(queries: Path, judgements: Judgements, work: Path) -> QuerySet:
    found = {row["id"]: judgements[row["base"]] for row in read_rows(queries) if row["base"] in judgements}
    return QuerySet("stard_robust", queries, _write_judgements(work / "robust_qrels.tsv", found))


def _laws_edu(folder: Path, work: Path) -> Collection:
    newest = (
        row
        for row in read_rows(folder / "articles.jsonl.gz")
        if row["meta"]["region"] == "全国" and row["meta"]["is_latest_in_repo"]
    )
    corpus = _write_rows(work / "articles.jsonl", newest)
    sets = []
    for name, queries, qrels in (
        ("edu_citizen", "edu_citizen/queries.jsonl", "edu_citizen/qrels.tsv"),
        (
            "stard_in_laws_edu",
            "out_of_scope/in_scope_laws_edu.jsonl",
            "out_of_scope/in_scope_laws_edu_qrels.tsv",
        ),
    ):
        if (folder.parent / queries).exists():
            sets.append(QuerySet(name, folder.parent / queries, folder.parent / qrels))
    return Collection("laws_edu", corpus, tuple(sets), {}, _out_of_scope(folder.parent, lambda _kind: True))


def _out_of_scope(data: Path, wanted: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
    path = data / "out_of_scope" / "oos.jsonl"
    found: dict[str, list[str]] = {}
    for row in read_rows(path) if path.exists() else ():
        if wanted(row["kind"]):
            found.setdefault(row["kind"], []).append(row["text"])
    return {kind: tuple(texts) for kind, texts in found.items()}


def _cut(collection: Collection, work: Path, quick: int) -> Collection:
    """A small collection: the first questions, their passages, and twenty other passages a question."""
    needed: set[str] = set()
    sets = []
    for given in collection.sets:
        judged = read_judgements(given.qrels)
        kept = [query for query in read_queries(given.queries) if query.id in judged][:quick]
        needed.update(*(judged[query.id] for query in kept))
        rows = ({"id": query.id, "text": query.text} for query in kept)
        queries = _write_rows(work / f"quick_{given.name}.jsonl", rows)
        qrels = {query.id: judged[query.id] for query in kept}
        sets.append(QuerySet(given.name, queries, _write_judgements(work / f"quick_{given.name}.tsv", qrels)))
    corpus = _write_rows(
        work / "quick_corpus.jsonl", _some_rows(read_rows(collection.corpus), needed, 20 * quick)
    )
    texts = {kind: found[:quick] for kind, found in collection.unanswerable.items()}
    return Collection(collection.name, corpus, tuple(sets), collection.subsets, texts)


def _some_rows(rows: Iterable[Row], needed: set[str], others: int) -> Iterator[Row]:
    for row in rows:
        if row["id"] in needed:
            yield row
        elif others:
            others -= 1
            yield row


def _write_rows(path: Path, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


def _write_judgements(path: Path, judgements: Judgements) -> Path:
    lines = [
        f"{query}\t{passage}\t{score}\n"
        for query, found in judgements.items()
        for passage, score in found.items()
    ]
    path.write_text("".join(["query-id\tcorpus-id\tscore\n", *lines]), encoding="utf-8")
    return path


def questions_of(data: Path) -> Sequence[TestQuery]:
    """The questions of all collections that stand for real use, in a fixed order."""
    files = ("stard/queries.jsonl", "cmrc2018/queries.jsonl.gz", "drcd/queries.jsonl.gz")
    found = (query for name in files if (data / name).exists() for query in read_queries(data / name))
    return [query for query in found if query.text.strip()]
