"""What the benchmarks compute from what they measured: a wrong formula here would be a wrong claim."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.baisitong import Reply, read_answer
from benchmarks.datasets import collections, stard_subsets
from benchmarks.exhaustive import Exhaustive
from benchmarks.library_text import CHUNK, Line, text_files
from benchmarks.report import markdown, table
from benchmarks.resampling import auroc, coverage_at_rejection, interval, relative_loss
from bot.models import Outcome
from bot.quality import Expectation
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.models import Passage, PassageKind, SearchQuery
from knowledge.loading import load

SCORES = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=30)


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_order(positives: list[float], negatives: list[float]) -> None:
    won = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    assert auroc(positives, negatives) == pytest.approx(won / (len(positives) * len(negatives)))


@given(SCORES, SCORES, st.sampled_from([0.95, 0.99]))
def test_the_threshold_rejects_at_least_what_it_should(
    positives: list[float], negatives: list[float], rejected: float
) -> None:
    """No threshold that keeps more positives rejects as many negatives."""
    covered = coverage_at_rejection(positives, negatives, rejected)
    allowed = [
        sum(p > t for p in positives) / len(positives)
        for t in {*negatives, *positives}
        if sum(n <= t for n in negatives) >= rejected * len(negatives)
    ]
    assert covered == pytest.approx(max(allowed, default=0.0))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_an_interval_lies_within_the_values(values: list[float]) -> None:
    low, high = interval(values)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert interval(values) == (low, high)


def test_an_interval_is_as_wide_as_the_normal_approximation_says() -> None:
    low, high = interval([0.0, 1.0] * 200)
    assert high - low == pytest.approx(2 * 1.96 * 0.5 / 20, rel=0.1)


def test_relative_loss_is_taken_over_pairs() -> None:
    """Each pair loses a half, so every resample does."""
    before = [1.0, 0.5, 0.25, 0.75]
    assert relative_loss(before, [value / 2 for value in before]) == pytest.approx((0.5, 0.5, 0.5))


def test_the_engine_agrees_with_exhaustive_scoring_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    texts = ["义务教育入学年龄", "义务教育经费", "入学年龄和学区", "体育场馆开放", "学区划分办法", "入学报名"]
    passages = [Passage(f"p{n}", f"p{n}", PassageKind.TEXT, "", text) for n, text in enumerate(texts)]
    question = "义务教育的入学年龄是多少"
    yardstick = Exhaustive(passages, [question])
    for terms, settings in (
        ("all", EngineSettings(rescue=False)),
        ("words", EngineSettings(grams=0, rescue=False)),
    ):
        engine = WhooshEngine(tmp_path, settings)
        engine.refresh(passages)

        def search(text: str, engine: WhooshEngine = engine) -> list[str]:
            return [hit.passage.id for hit in engine.search(SearchQuery(text)).hits]

        assert len(search(question)) > 1
        assert yardstick.agrees(search, question, terms)
        assert not yardstick.agrees(lambda text, found=search: found(text)[::-1], question, terms)
        assert not yardstick.agrees(lambda text, found=search: found(text)[1:], question, terms)


def test_subsets_of_stard_by_what_is_relevant(tmp_path: Path) -> None:
    laws = {"a": "中华人民共和国民法典", "b": "中华人民共和国民法典", "c": "中华人民共和国教育法"}
    rows = [{"id": key, "title": law, "text": "文", "meta": {"law": law}} for key, law in laws.items()]
    _write(tmp_path / "corpus.jsonl.gz", rows)
    pairs = [("1", "a"), ("2", "a"), ("3", "b"), ("3", "c"), ("4", "c"), ("5", "b")]
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\n" + "".join(f"{q}\t{p}\t1\n" for q, p in pairs), "utf-8"
    )
    assert stard_subsets(tmp_path) == {
        "without Civil Code": {"4"},
        "only Civil Code": {"1", "2", "5"},
        "articles of no other question": frozenset(),
    }


def test_of_education_laws_only_national_ones_in_their_newest_version_are_indexed(tmp_path: Path) -> None:
    places = (("x1", "全国", True), ("x2", "全国", False), ("x3", "安徽", True))
    rows = [
        {"id": key, "title": "t", "text": "文", "meta": {"region": region, "is_latest_in_repo": newest}}
        for key, region, newest in places
    ]
    (tmp_path / "laws_edu").mkdir()
    _write(tmp_path / "laws_edu" / "articles.jsonl.gz", rows)
    (found,) = collections(tmp_path, tmp_path / "work")
    kept = [json.loads(line)["id"] for line in found.corpus.read_text("utf-8").splitlines()]
    assert (found.name, kept) == ("laws_edu", ["x1"])


def test_the_exported_library_fits_into_chunks_and_holds_every_wording() -> None:
    library = load()
    files = list(text_files(library, date(2026, 11, 23)))
    lines = [line for file in files for line in file.lines]
    refs = {ref for line in lines for ref in line.facts}
    assert refs == library.citable_facts.keys()
    statements = [part for line in lines for part in line.paragraphs(wordings=False)]
    paragraphs = [part for line in lines for part in line.paragraphs(wordings=True)]
    assert max(map(len, paragraphs)) <= CHUNK
    assert len(paragraphs) > len(statements)
    written = letters("".join(paragraphs))
    asked = [text for fact in library.citable_facts.values() for text in fact.asks]
    assert [text for text in asked if letters(text) not in written] == []


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def expectation(*outcomes: str) -> Expectation:
    return Expectation("q", "plain", ("问",), frozenset(outcomes), (), (), (), None)


LINES = [
    Line("助学贷款每人每年最高额度为两万元整。", frozenset({"d#quota"})),
    Line("没有公布过今年的审批日程，请咨询学校。", frozenset({"d#dates"}), Outcome.ABSTAINED),
    Line("社会保险事项由人力资源社会保障局负责。", outcome=Outcome.REDIRECT),
]


@pytest.mark.parametrize(
    ("text", "sources", "wanted", "outcome"),
    [
        ("助学贷款每人每年最高额度为两万元整。", 2, ["answered"], Outcome.ANSWERED),
        ("抱歉，没有找到。", 0, ["answered"], Outcome.ABSTAINED),
        # Where an answer is wanted, quoting an open point does not turn the reply into a refusal.
        ("没有公布过今年的审批日程，请咨询学校。", 1, ["answered"], Outcome.ANSWERED),
        ("没有公布过今年的审批日程，请咨询学校。", 1, ["abstained"], Outcome.ABSTAINED),
        ("社会保险事项由人力资源社会保障局负责。", 1, ["redirect"], Outcome.REDIRECT),
        # The first statement decides.
        (
            "助学贷款每人每年最高额度为两万元整。没有公布过今年的审批日程，请咨询学校。",
            2,
            ["abstained"],
            Outcome.ANSWERED,
        ),
        ("别的话。", 1, ["abstained"], Outcome.ANSWERED),
    ],
)
def test_what_a_plain_reply_counts_as(text: str, sources: int, wanted: list[str], outcome: Outcome) -> None:
    assert read_answer(Reply(text, sources, 1.0), LINES, expectation(*wanted)).outcome is outcome


def test_facts_count_where_their_text_is_quoted() -> None:
    reply = Reply("助学贷款每人每年最高额度为两万元整。", 1, 1.0)
    (citation,) = read_answer(reply, LINES, expectation("answered")).citations
    assert (citation.document, citation.facts) == ("d", ("quota",))


def test_a_page_of_nothing_is_only_its_head_and_an_empty_table_is_a_table() -> None:
    assert markdown({}).startswith("# Benchmarks\n")
    assert table([], [("a", str), ("b", str)]) == "| a | b |\n| --- | --- |"


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
