"""Metrics by hand-computed values, and a run on a collection of three passages."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from index.corpus import CorpusError, read_corpus, read_judgements, read_queries
from index.engines.whoosh import WhooshEngine
from index.evaluation import evaluate, ndcg, percentile, recall, reciprocal_rank
from index.models import PassageKind

KEYS = (
    "docs queries recall@1 recall@5 recall@10 recall@100 mrr@10 ndcg@10 index_s docs_per_s "
    "p50_ms p95_ms p99_ms rss_mb engine semantic"
)
RANKED = ("d", "a", "x", "b", "y")


def test_recall_is_the_share_of_relevant_passages_found() -> None:
    """a and b of three relevant passages stand in the first four."""
    assert recall(RANKED, {"a", "b", "c"}, 4) == pytest.approx(2 / 3)
    assert recall(RANKED, {"a", "b", "c"}, 1) == 0
    assert recall(RANKED, (), 4) == 0


def test_reciprocal_rank_is_of_the_first_relevant_passage() -> None:
    """The first one stands second; beyond the cut-off nothing counts."""
    assert reciprocal_rank(RANKED, {"a", "b"}) == 0.5
    assert reciprocal_rank(RANKED, {"y"}, k=4) == 0


def test_ndcg_discounts_by_rank() -> None:
    """Ranks 2 and 4 of two relevant: (1/log2 3 + 1/log2 5) / (1 + 1/log2 3)."""
    assert ndcg(RANKED, {"a", "b"}) == pytest.approx((0.63093 + 0.43068) / (1 + 0.63093), abs=1e-4)
    assert ndcg(("a", "b"), {"a", "b"}) == 1
    assert ndcg(RANKED, {"none"}) == 0


def test_percentile_is_a_measured_value() -> None:
    """Nearest rank: half of four values do not exceed the second."""
    assert percentile([4, 1, 3, 2], 50) == 2
    assert percentile([4, 1, 3, 2], 99) == 4
    assert percentile([], 50) == 0


@pytest.fixture
def collection(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Three passages, two judged queries and one that is not judged."""
    corpus, queries, qrels = tmp_path / "corpus.jsonl.gz", tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    rows = [
        {"id": "a", "title": "助学贷款", "text": "每学年申请额度不超过两万元"},
        {"id": "b", "title": "课后服务", "text": "课后服务每学期收费"},
        {"id": "c", "text": "中考体育考试"},
    ]
    with gzip.open(corpus, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    asked = [("q1", "贷款能贷20000元吗"), ("q2", "體育考試"), ("q3", "没有标注的问题")]
    queries.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in asked), encoding="utf-8")
    qrels.write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tc\t1\nq2\tb\t0\n", encoding="utf-8")
    return corpus, queries, qrels


def test_evaluate_reports_the_agreed_figures(collection: tuple[Path, Path, Path]) -> None:
    """The JSON has the keys of the contract; a query without judgement is left out."""
    report = evaluate(WhooshEngine, *collection)
    found = report.as_json()
    assert list(found) == KEYS.split()
    assert (found["docs"], found["queries"]) == (3, 2)
    assert (found["recall@1"], found["mrr@10"], found["ndcg@10"]) == (1, 1, 1)
    assert [row.id for row in report.per_query] == ["q1", "q2"]
    assert json.dumps([row.as_json() for row in report.per_query])


def test_corpus_rows_become_text_passages(collection: tuple[Path, Path, Path]) -> None:
    """A title may be missing; gzip is read as it is."""
    passages = list(read_corpus(collection[0]))
    assert [(p.id, p.document, p.kind, p.title) for p in passages] == [
        ("a", "a", PassageKind.TEXT, "助学贷款"),
        ("b", "b", PassageKind.TEXT, "课后服务"),
        ("c", "c", PassageKind.TEXT, ""),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "a", "text": "x"}\n{oops\n', "第 2 行：不是合法的 JSON"),
        ('{"id": "a"}\n', "第 1 行：缺少 'text'"),
        ('\n["a"]\n', "第 2 行：应为 JSON 对象"),
        ('{"id": "a", "text": 5}\n', "第 1 行：'text' 不是文本"),
        ('{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}\n', "第 2 行：编号 a 重复"),
    ],
)
def test_a_malformed_corpus_names_file_line_and_fault(tmp_path: Path, content: str, said: str) -> None:
    """Whoever prepared the file can find the place."""
    path = tmp_path / "corpus.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        list(read_corpus(path))
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("query-id\tcorpus-id\tscore\nq1 a 1\n", "第 2 行：应有 3 列"),
        ("query-id\tcorpus-id\tscore\nq1\ta\tyes\n", "第 2 行：第 3 列应为整数"),
    ],
)
def test_malformed_judgements_name_the_line(tmp_path: Path, content: str, said: str) -> None:
    """Spaces for tabs, words for scores."""
    path = tmp_path / "qrels.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=said):
        read_judgements(path)


def test_unreadable_files_are_reported(tmp_path: Path) -> None:
    """Missing, not UTF-8, and not gzip."""
    with pytest.raises(CorpusError, match="无法读取"):
        read_queries(tmp_path / "none.jsonl")
    (tmp_path / "gb.jsonl").write_bytes('{"id": "a", "text": "政策"}'.encode("gb18030"))
    with pytest.raises(CorpusError, match="不是 UTF-8"):
        read_queries(tmp_path / "gb.jsonl")
    (tmp_path / "not.jsonl.gz").write_bytes(b"plain")
    with pytest.raises(CorpusError, match="无法读取"):
        read_queries(tmp_path / "not.jsonl.gz")
