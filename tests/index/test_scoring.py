"""Our scores against plain Python and against Whoosh's own exhaustive ones."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from index.analysis import tokens, words
from index.engines.ranking import Ranked, best
from index.engines.scoring import FrequentTerm, ScoreCache, TermScores
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.models import Passage, PassageKind, SearchQuery

ALL = 10_000
SPLITTERS = {"grams": tokens, "words": words}


def passage(passage_id: str, text: str, title: str = "") -> Passage:
    return Passage(id=passage_id, document="d", kind=PassageKind.TEXT, title=title, text=text)


def reference(passages: list[Passage], query: str, settings: EngineSettings) -> dict[str, float]:
    """BM25 of every passage, term by term, as the formula is written down."""
    scores = dict.fromkeys((p.id for p in passages), 0.0)
    for name, split in SPLITTERS.items():
        share = settings.words if name == "words" else 1.0
        counted = {p.id: counts_of(p, split, settings) for p in passages}
        mean = sum(c.total() for c in counted.values()) / len(passages)
        for term, times in Counter(split(query)).items():
            holders = sum(term in c for c in counted.values())
            idf = math.log(1 + (len(passages) - holders + 0.5) / (holders + 0.5))
            for p in passages:
                tf = counted[p.id][term]
                if tf:
                    norm = settings.k1 * (1 - settings.b + settings.b * counted[p.id].total() / mean)
                    scores[p.id] += share * times * idf * tf * (settings.k1 + 1) / (tf + norm)
    return {passage_id: score for passage_id, score in scores.items() if score > 1e-4}


def counts_of(p: Passage, split: object, settings: EngineSettings) -> Counter[str]:
    """Term counts of the parts, each times its weight."""
    total: Counter[str] = Counter()
    for part, weight in ((p.title, settings.title), (p.text, settings.text)):
        for term, count in Counter(split(part)).items():  # type: ignore[operator]
            total[term] += weight * count
    return total


def found(engine: WhooshEngine, query: str) -> dict[str, float]:
    return {h.passage.id: h.score for h in engine.search(SearchQuery(query, top_k=ALL)).hits}


texts = st.text(alphabet="政策助学贷款额度2万元年第一条，a", max_size=14)
corpora = st.dictionaries(st.sampled_from("abcdefghijkl"), st.tuples(texts, texts), min_size=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(corpora, min_size=1, max_size=4), texts, st.sampled_from([1.0, 0.3]))
def test_scores_are_those_of_the_formula_after_any_changes(
    states: list[dict[str, tuple[str, str]]], query: str, title_weight: float
) -> None:
    """Adds, changes, deletions and several segments leave exact BM25 of the live passages."""
    chosen = EngineSettings(title=title_weight, segment_postings=30, small_segment=0, rescue=False)
    with tempfile.TemporaryDirectory() as directory:
        engine = WhooshEngine(Path(directory), chosen)
        for state in states:
            passages = [passage(key, text, title) for key, (title, text) in state.items()]
            engine.refresh(passages)
        scores = found(engine, query)
        engine.close()
    assert scores == pytest.approx(reference(passages, query, chosen), abs=2e-3)
    ranked = list(scores.items())
    assert ranked == sorted(ranked, key=lambda pair: (-pair[1], pair[0]))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(alphabet="政策助学贷", max_size=5), min_size=1, max_size=30),
    st.text("政策助学贷", max_size=6),
)
def test_scores_are_those_of_whoosh_scoring_everything(texts: list[str], query: str) -> None:
    """One field, no cut-off: Whoosh's matchers and BM25F over the same postings, with our idf."""

    class OurIdf(BM25F):  # type: ignore[misc]
        def idf(self, searcher: object, fieldname: str, text: object) -> float:
            holders = searcher.doc_frequency(fieldname, text)  # type: ignore[attr-defined]
            return math.log(1 + (len(texts) - holders + 0.5) / (holders + 0.5))

    with tempfile.TemporaryDirectory() as directory:
        engine = WhooshEngine(Path(directory), EngineSettings(words=0, segment_postings=60, rescue=False))
        engine.refresh([passage(str(n), text) for n, text in enumerate(texts)])
        ours = found(engine, query)
        engine.close()
        terms = Or([Term("grams", term) for term in set(tokens(query))])
        boosts = Counter(tokens(query))
        for term in terms.subqueries:
            term.boost = float(boosts[term.text])
        opened = whoosh_index.open_dir(directory, "passages")
        with opened.searcher(weighting=OurIdf(B=0.75, K1=1.2)) as searcher:
            hits = searcher.search(terms, limit=None, optimize=False) if terms.subqueries else []
            theirs = {hit["passage"][0]: hit.score for hit in hits}
    assert ours == pytest.approx(theirs, abs=1e-3)


def test_a_short_list_is_the_head_of_the_long_one(tmp_path: Path) -> None:
    """Enough passages for frequent terms and bounds to work: ten hits are the first ten of all hits."""
    random = np.random.default_rng(11)
    sounds = np.array(list("助学贷款额度政策条申请学校教育服务时间安全"))
    shares = 1 / np.arange(1, len(sounds) + 1)
    rows = [
        passage(f"{n:04}", "".join(random.choice(sounds, random.integers(4, 60), p=shares / shares.sum())))
        for n in range(6_000)
    ]
    engine = WhooshEngine(tmp_path, EngineSettings(rescue=False, segment_postings=150_000))
    engine.refresh(rows)
    engine.refresh(rows[100:])
    for query in ("助学贷款申请安全", "学校教育服务时间安全政策", "助", "安全间", "助学助学贷款"):
        everything = list(found(engine, query).values())
        few = [hit.score for hit in engine.search(SearchQuery(query)).hits]
        assert len(everything) > 500
        assert few == pytest.approx(everything[:10], abs=1e-3)
    engine.close()


BOILERPLATE = """
import sys, tempfile
from pathlib import Path
from index.engines.whoosh import WhooshEngine
from index.models import Passage, PassageKind, SearchQuery
row = dict(document="d", kind=PassageKind.TEXT, title="")
rows = [Passage(id=f"{i:03}", text=f"政策 条款 t{i % 7}", **row) for i in range(300)]
with tempfile.TemporaryDirectory() as directory:
    engine = WhooshEngine(Path(directory))
    engine.refresh(rows)
    hits = engine.search(SearchQuery("政策 t3")).hits
    engine.close()
print(*(hit.passage.id for hit in hits))
"""


def test_equal_boilerplate_returns(repository: Path) -> None:
    """300 nearly equal passages: Whoosh 2.7.4's own collector never returns on them."""
    done = subprocess.run(
        [sys.executable, "-c", BOILERPLATE],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout.split() == [f"{n:03}" for n in range(3, 73, 7)]


@pytest.fixture
def repository() -> Path:
    return Path(__file__).parents[2]


def pairs(ranked: Ranked) -> list[tuple[int, float]]:
    numbers, scores = ranked
    return list(zip(numbers.tolist(), scores.tolist(), strict=True))


@given(st.lists(st.integers(0, 40), max_size=3000), st.integers(1, 20))
def test_best_is_the_head_of_the_sorted_list(numbers: list[int], top_k: int) -> None:
    """Whatever the ties, the same as sorting everything."""
    scores = np.array(numbers, dtype=np.float32)
    everything = sorted(((-score, f"{n:05}", n) for n, score in enumerate(numbers) if score))
    expected = [(n, -negative) for negative, _, n in everything[:top_k]]
    assert pairs(best(scores, top_k, lambda n: f"{n:05}")) == expected


def test_best_finds_the_head_of_many_scores() -> None:
    """Enough passages for the bound by block maxima to work."""
    scores = np.random.default_rng(7).random(50_000).astype(np.float32) * 30
    expected = np.argsort(-scores, kind="stable")[:10].tolist()
    assert best(scores, 10, lambda n: f"{n:06}")[0].tolist() == expected


def test_the_cache_keeps_within_its_bound() -> None:
    """The least recently used terms go first; what is gone is read again."""
    loaded: list[str] = []

    def load(field: str, term: str) -> TermScores:
        loaded.append(term)
        return FrequentTerm(np.zeros(900, dtype=np.uint8), np.ones(900, dtype=np.float32), np.float32(1), 0.0)

    cache = ScoreCache(max_bytes=4_000)
    for term in "abcabd":
        cache.get([("grams", term)], load)
    assert cache.nbytes <= 4_000
    assert loaded == ["a", "b", "c", "d"]
    cache.get([("grams", "a"), ("grams", "c")], load)
    assert loaded == ["a", "b", "c", "d", "c"]


def test_a_tiny_cache_answers_the_same(tmp_path: Path) -> None:
    """No room for a single term: slower, not different."""
    rows = [passage(str(n), f"助学贷款第{n}条额度") for n in range(30)]
    roomy, cramped = WhooshEngine(tmp_path), WhooshEngine(tmp_path, EngineSettings(cache_mb=0))
    roomy.refresh(rows)
    assert found(cramped, "助学贷款第7条") == found(roomy, "助学贷款第7条")
    roomy.close()
    cramped.close()


def test_explain_adds_up_to_the_score(tmp_path: Path) -> None:
    """Shares by field and term, largest first."""
    engine = WhooshEngine(tmp_path)
    engine.refresh(
        [passage("a", "助学贷款额度"), passage("b", "课后服务"), replace(passage("c", ""), title="贷款")]
    )
    shares = engine.explain("助学贷款", "a")
    assert sum(shares.values()) == pytest.approx(found(engine, "助学贷款")["a"], abs=1e-3)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert "grams:助学" in shares
    assert engine.explain("课后", "a") == {}
    engine.close()
