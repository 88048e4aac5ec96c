"""The ranker on top of an engine: what features say, how they add up, that order and filters hold."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.analysis import normalise, tokens
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.errors import SearchError
from index.models import Passage, PassageKind, SearchFilter, SearchQuery
from index.relevance import ranker as ranker_module
from index.relevance.engine import RankedEngine
from index.relevance.features import FEATURES, TEXT_FEATURES
from index.relevance.properties import PROPERTIES, properties
from index.relevance.ranker import ranker
from index.relevance.works import Works, mentions, work_of
from index.semantic.base import EmbedderError, Vectors
from index.semantic.cache import VectorCache
from index.semantic.vectors import DenseIndex
from knowledge.models import Status
from tests.index.toy_embedder import ToyEmbedder


def text(number: int, title: str, body: str) -> Passage:
    return Passage(id=f"p{number:03}", document=title, kind=PassageKind.TEXT, title=title, text=body)


LAW = tuple(
    text(number, f"教育法第{'一二三四五六七八九十'[number]}条", body)
    for number, body in enumerate(
        (
            "国家实行教育督导制度",
            "学校应当建立食堂管理制度，保障食品安全",
            "学生家长可以监督食堂",
            "设立学校应当有合格的教师",
            "教师享有寒暑假带薪休假",
            "受教育者应当遵守学校的管理制度",
        )
    )
)
NOTICE = tuple(
    text(100 + number, f"食堂通知第{'一二三'[number]}条", body)
    for number, body in enumerate(
        ("食堂明厨亮灶，依照《教育法》执行", "食堂陪餐，见《教育法》", "本通知自印发之日起施行")
    )
)
OTHER = tuple(text(200 + n, f"第{n}号材料", f"道路运输企业申请事项{n}") for n in range(30))
PASSAGES = (*LAW, *NOTICE, *OTHER)
QUESTION = "学校食堂谁来监督管理"


@pytest.fixture(params=["one segment", "many segments"])
def engine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[WhooshEngine]:
    many = EngineSettings(segment_postings=60, small_segment=0)
    made = WhooshEngine(tmp_path / "index", many if request.param == "many segments" else EngineSettings())
    made.refresh(PASSAGES)
    yield made
    made.close()


def values(engine: WhooshEngine, question: str = QUESTION) -> dict[str, dict[str, float]]:
    """Passage id → feature → value."""
    ids, rows = RankedEngine(engine).features(SearchQuery(question))
    return {
        found: dict(zip(FEATURES, row.tolist(), strict=True)) for found, row in zip(ids, rows, strict=True)
    }


@pytest.mark.parametrize(
    ("title", "work"),
    [
        ("中华人民共和国义务教育法第十二条", "中华人民共和国义务教育法"),
        ("中华人民共和国刑法第一百三十三条之一", "中华人民共和国刑法"),
        ("某规定第12条", "某规定"),
        ("第三条", ""),
        ("关于第一条主线的通知", "关于第一条主线的通知"),
        ("", ""),
    ],
)
def test_the_work_of_a_passage_is_its_title_without_the_article(title: str, work: str) -> None:
    assert work_of(title) == work


def test_a_text_mentions_each_work_once_and_the_states_name_does_not_matter() -> None:
    found = mentions("依照《中华人民共和国教育法》和《教育法》、《食品安全法》，《》不算")
    works = Works(["中华人民共和国教育法", "食品安全法", "无人提起"], [found, found, ""], tokens)
    assert works.cited == pytest.approx(np.log1p([2, 2, 0]))


def test_lexical_is_the_share_of_the_best_score(engine: WhooshEngine) -> None:
    hits = engine.search(SearchQuery(QUESTION, top_k=50)).hits
    found = values(engine)
    assert {hit.passage.id for hit in hits} == set(found)
    for hit in hits:
        assert found[hit.passage.id]["lexical"] == pytest.approx(hit.score / hits[0].score, abs=1e-4)


def test_a_work_speaks_by_its_ten_best_passages(engine: WhooshEngine) -> None:
    found = values(engine)
    for work in (LAW, NOTICE):
        shares = [found[p.id]["lexical"] for p in work if p.id in found]
        expected = sum(sorted(shares, reverse=True)[:10]) / 10
        assert {round(found[p.id]["work"], 4) for p in work if p.id in found} == {round(expected, 4)}


def test_neighbours_are_of_the_same_work_only(engine: WhooshEngine) -> None:
    found = values(engine)
    everywhere = [*LAW, *NOTICE]
    for place, passage in enumerate(everywhere):
        if passage.id not in found:
            continue
        near = [
            found[other.id]["lexical"]
            for step, other in enumerate(everywhere)
            if 0 < abs(step - place) <= 2
            and work_of(other.title) == work_of(passage.title)
            and other.id in found
        ]
        assert found[passage.id]["neighbours"] == pytest.approx(max(near, default=0.0), abs=1e-4)


def test_coverage_and_title_tell_who_has_the_words(engine: WhooshEngine) -> None:
    found = values(engine, "道路运输企业申请事项7")
    assert max(found, key=lambda passage: found[passage]["coverage"]) == "p207"
    assert all(0 <= row["coverage"] <= 1 + 1e-6 for row in found.values())
    titles = values(engine, "食堂通知里怎么说陪餐")
    assert min(titles[p.id]["title"] for p in NOTICE if p.id in titles) > max(
        titles[p.id]["title"] for p in LAW if p.id in titles
    )


def test_cited_counts_the_passages_that_mention_the_work(engine: WhooshEngine) -> None:
    found = values(engine)
    assert found[LAW[1].id]["cited"] == pytest.approx(np.log1p(2))
    assert found[NOTICE[0].id]["cited"] == 0


def test_the_parts_add_up_to_the_score_and_order_the_hits(engine: WhooshEngine) -> None:
    explained = RankedEngine(engine).explain(SearchQuery(QUESTION, top_k=5))
    assert len(explained) == 5
    for hit, parts in explained:
        assert set(parts) <= set(TEXT_FEATURES)
        assert hit.score == pytest.approx(sum(parts.values()), abs=1e-2)
    scores = [hit.score for hit, _ in explained]
    assert scores == sorted(scores, reverse=True)
    assert [hit.rank for hit, _ in explained] == list(range(1, 6))


def test_equal_passages_are_ordered_by_id(tmp_path: Path) -> None:
    same = [text(n, f"文件{n}", "延时服务每天两小时") for n in (5, 3, 9, 1)]
    plain = WhooshEngine(tmp_path)
    plain.refresh([replace(passage, title="文件") for passage in same])
    hits = RankedEngine(plain).search(SearchQuery("延时服务")).hits
    assert [hit.passage.id for hit in hits] == ["p001", "p003", "p005", "p009"]
    plain.close()


def test_filters_and_deletions_hold(engine: WhooshEngine) -> None:
    wanted = SearchFilter(documents=frozenset({NOTICE[0].document}))
    hits = RankedEngine(engine).search(SearchQuery(QUESTION, filter=wanted)).hits
    assert [hit.passage.id for hit in hits] == [NOTICE[0].id]
    engine.refresh([passage for passage in PASSAGES if passage not in NOTICE])
    found = values(engine)
    assert not {passage.id for passage in NOTICE} & set(found)
    assert found[LAW[1].id]["cited"] == 0, "a deleted passage mentions nothing"


def test_updates_in_steps_rank_like_one_build(tmp_path: Path) -> None:
    stepwise = WhooshEngine(tmp_path / "a", EngineSettings(small_segment=0))
    stepwise.refresh(PASSAGES[:12])
    stepwise.refresh(PASSAGES[:25])
    stepwise.refresh(PASSAGES)
    at_once = WhooshEngine(tmp_path / "b")
    at_once.refresh(PASSAGES)
    assert _ranked(RankedEngine(stepwise)) == _ranked(RankedEngine(at_once))
    stepwise.close()
    at_once.close()


def _ranked(engine: RankedEngine, question: str = QUESTION) -> list[tuple[str, float]]:
    return [(hit.passage.id, hit.score) for hit in engine.search(SearchQuery(question, top_k=50)).hits]


@pytest.mark.parametrize("question", ["", "   ", "！？。", "zzzz", "🙂", "\ud800", "食" * 5000])
def test_any_question_can_be_asked(engine: WhooshEngine, question: str) -> None:
    hits = RankedEngine(engine).search(SearchQuery(question)).hits
    assert all(hit.score > 0 for hit in hits)


FACT = Passage(
    id="loan#limit",
    document="loan",
    kind=PassageKind.FACT,
    title="助学贷款",
    text="每学年不超过20000元",
    questions=("一年能贷多少钱", "助学贷款的最高额度"),
    published=date(2024, 1, 1),
    validity=((date.min, Status.NOT_YET), (date(2024, 9, 1), Status.IN_FORCE)),
)


def test_properties_of_a_library_passage() -> None:
    clause = replace(FACT, id="loan/1", kind=PassageKind.CLAUSE, questions=(), published=None)
    rows = properties([FACT, clause], "一年能貸多少錢", date(2027, 1, 1))
    fact, plain = (dict(zip(PROPERTIES, row.tolist(), strict=True)) for row in rows)
    assert fact == {
        "wording": pytest.approx(1.0),
        "direct": 1.0,
        "in_force": 1.0,
        "recent": pytest.approx(0.5, abs=0.01),
    }
    assert plain == {"wording": 0.0, "direct": 0.0, "in_force": 1.0, "recent": 0.0}
    assert properties([FACT], "", date(2024, 8, 31))[0, 2] == 0
    assert properties([FACT], "", None)[0, 2:].tolist() == [0, 0]


def test_of_two_equal_facts_the_one_in_force_comes_first(tmp_path: Path) -> None:
    old = replace(FACT, id="loan#a", validity=((date.min, Status.SUPERSEDED),))
    plain = WhooshEngine(tmp_path)
    plain.refresh([old, FACT])
    hits = RankedEngine(plain).search(SearchQuery("助学贷款额度", as_of=date(2026, 1, 1))).hits
    assert [hit.passage.id for hit in hits] == ["loan#limit", "loan#a"]
    plain.close()


def test_the_weights_speak_for_passages_never_against() -> None:
    for semantic in (False, True):
        weights = ranker(semantic).weights
        assert set(weights) <= set(FEATURES)
        assert all(weight >= 0 for weight in weights.values())
        assert weights["lexical"] > 0
    assert "dense" not in ranker(False).weights
    assert ranker(True).weights["dense"] > 0


@pytest.mark.parametrize(
    "content", ["lexical: [", "lexical:\n  beauty: 1\nsemantic:\n  lexical: 1\n", "other: 1\n"]
)
def test_broken_weights_are_said_plainly(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(ranker_module, "WEIGHTS_FILE", path)
    with pytest.raises(SearchError, match="排序权重"):
        ranker.__wrapped__(False)


@pytest.fixture
def dense(tmp_path: Path) -> Callable[[ToyEmbedder], DenseIndex]:
    return lambda embedder: DenseIndex(embedder, VectorCache(tmp_path / "vectors.db"))


class SynonymEmbedder(ToyEmbedder):
    """Knows that two words mean the same."""

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        return super()._vectors([found.replace("饭馆", "食堂") for found in texts])


def test_what_shares_no_word_is_found_by_meaning(
    engine: WhooshEngine, dense: Callable[[ToyEmbedder], DenseIndex]
) -> None:
    by_words = RankedEngine(engine)
    by_words.refresh(PASSAGES)
    assert _ranked(by_words, "饭馆") == []
    by_meaning = RankedEngine(engine, dense(SynonymEmbedder(dimension=64)))
    by_meaning.refresh(PASSAGES)
    assert _ranked(by_meaning, "饭馆")[0][0] in {
        passage.id for passage in (*NOTICE, *LAW) if "食堂" in passage.text
    }
    wanted = SearchFilter(documents=frozenset({OTHER[3].document}))
    hits = by_meaning.search(SearchQuery("饭馆", filter=wanted)).hits
    assert {hit.passage.id for hit in hits} <= {OTHER[3].id}


def test_a_refresh_changes_what_is_found_by_meaning(
    engine: WhooshEngine, dense: Callable[[ToyEmbedder], DenseIndex]
) -> None:
    embedder = SynonymEmbedder(dimension=64)
    by_meaning = RankedEngine(engine, dense(embedder))
    by_meaning.refresh(PASSAGES)
    left = tuple(passage for passage in PASSAGES if "食堂" not in passage.text)
    by_meaning.refresh(left)
    assert {found for found, _ in _ranked(by_meaning, "饭馆")} <= {passage.id for passage in left}
    assert max(Counter(embedder.passages_embedded).values()) == 1, "every text is embedded once"


def test_when_the_embedder_fails_words_still_find(
    engine: WhooshEngine, dense: Callable[[ToyEmbedder], DenseIndex], caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(ToyEmbedder):
        def queries(self, texts: Sequence[str]) -> Vectors:
            raise EmbedderError("停电了")

    failing = RankedEngine(engine, dense(Failing()))
    failing.refresh(PASSAGES)
    with caplog.at_level(logging.WARNING):
        assert _ranked(failing) == _ranked(RankedEngine(engine))
    assert "words only" in caplog.text


@pytest.mark.parametrize("typed", ["學校食堂怎麼監督", "ＸＵＥＸＩＡＯ食堂", "学校实堂管理"])
def test_the_embedder_reads_what_was_meant(
    engine: WhooshEngine, dense: Callable[[ToyEmbedder], DenseIndex], typed: str
) -> None:
    """In normal spelling with probable slips mended; as it stands where the caller has mended it."""
    embedder = ToyEmbedder()
    by_meaning = RankedEngine(engine, dense(embedder))
    by_meaning.refresh(PASSAGES)
    by_meaning.search(SearchQuery(typed))
    by_meaning.search(SearchQuery(typed, corrected=True))
    rescuer = engine.read(lambda snapshot: snapshot.rescuer)
    assert embedder.queries_embedded[0] == rescuer.likeliest(normalise(typed))
    assert embedder.queries_embedded[-1] == normalise(typed)
