"""What every engine does. A new engine is done when it passes this file unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.engines.base import SearchEngine
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.models import IndexStats, Passage, PassageKind, SearchFilter, SearchQuery
from knowledge.models import Status

LOAN = Passage(
    id="loan#limit",
    document="loan",
    kind=PassageKind.FACT,
    title="国家助学贷款",
    heading="额度",
    text="本专科生每学年申请额度不超过20000元",
    questions=("大学生一年能贷多少钱",),
    keywords=("助学贷款", "额度"),
    facts=("loan#limit",),
    origin="forwarded",
    categories=("aid", "college"),
    valid_from=date(2024, 9, 1),
    valid_to=None,
    published=date(2024, 8, 30),
)
OLD_LOAN = replace(
    LOAN,
    id="loan#old",
    text="本专科生每学年申请额度不超过16000元",
    valid_from=None,
    valid_to=date(2024, 8, 31),
)
AFTER_SCHOOL = Passage(
    id="after/1",
    document="after",
    kind=PassageKind.CLAUSE,
    title="课后服务",
    text="课后服务结束时间与当地正常下班时间相衔接",
    origin="local",
    categories=("basic",),
)
PASSAGES = (LOAN, OLD_LOAN, AFTER_SCHOOL)


@pytest.fixture(params=["one segment", "many segments"])
def engine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SearchEngine]:
    many = EngineSettings(segment_postings=40, small_segment=0)
    made = WhooshEngine(tmp_path / "index", many if request.param == "many segments" else EngineSettings())
    made.refresh(PASSAGES)
    yield made
    made.close()


def ids(engine: SearchEngine, text: str, **wanted: object) -> list[str]:
    found = engine.search(SearchQuery(text, filter=SearchFilter(**wanted)))  # type: ignore[arg-type]
    return [hit.passage.id for hit in found.hits]


def counts(stats: IndexStats) -> tuple[int, int, int, int, bool]:
    return stats.passages, stats.added, stats.removed, stats.unchanged, stats.rebuilt


def test_a_passage_comes_back_whole(engine: SearchEngine) -> None:
    """Every field is stored, dates and tuples as they were."""
    assert engine.search(SearchQuery("20000元")).hits[0].passage == LOAN


def test_hits_are_ranked_from_one_with_falling_scores(engine: SearchEngine) -> None:
    """The better match stands first."""
    hits = engine.search(SearchQuery("本专科生额度20000元")).hits
    assert [hit.rank for hit in hits] == [1, 2]
    assert [hit.passage.id for hit in hits] == ["loan#limit", "loan#old"]
    assert hits[0].score > hits[1].score > 0


def test_search_returns_nothing_for_an_unknown_word(engine: SearchEngine) -> None:
    """A query whose words are not in the corpus gives no hits, and no error."""
    assert engine.search(SearchQuery("xylophone")).hits == ()
    assert engine.search(SearchQuery("")).hits == ()
    assert engine.search(SearchQuery("？*:(\"' AND NOT ~^")).hits == ()


@pytest.mark.parametrize("top_k", [0, -1, 1, 2, 50])
def test_no_more_hits_than_asked_for(engine: SearchEngine, top_k: int) -> None:
    """Nothing for nought; two passages match."""
    assert len(engine.search(SearchQuery("助学贷款", top_k=top_k)).hits) == max(0, min(top_k, 2))


def test_equal_scores_are_ordered_by_id(engine: SearchEngine) -> None:
    """Boilerplate passages keep one order, whatever order they were written in."""
    same = [replace(AFTER_SCHOOL, id=f"p{n:03}") for n in range(40)]
    engine.refresh([*same[20:], *same[:20]])
    assert ids(engine, "课后服务") == [f"p{n:03}" for n in range(10)]


def test_every_searchable_field_is_found(engine: SearchEngine) -> None:
    """Title, heading, text, questions and keywords."""
    parts = {
        "title": "甲乙丙",
        "heading": "丁戊己",
        "text": "庚辛壬",
        "questions": ("子丑寅",),
        "keywords": ("辰巳午",),
    }
    engine.refresh([replace(AFTER_SCHOOL, id="x", **parts), AFTER_SCHOOL])  # type: ignore[arg-type]
    for part in ("甲乙丙", "丁戊己", "庚辛壬", "子丑寅", "辰巳午"):
        assert ids(engine, part) == ["x"]


def test_spelling_variants_find_the_same(engine: SearchEngine) -> None:
    """Traditional characters, full width and Chinese numerals."""
    for text in ("兩萬元", "２００００元", "2万元", "每學年兩萬元"):
        assert ids(engine, text)[0] == "loan#limit"


def test_filters_narrow_before_ranking(engine: SearchEngine) -> None:
    """One passage is wanted, and it is not the best match."""
    query = SearchQuery("助学贷款额度20000元", top_k=1, filter=SearchFilter(valid_on=date(2023, 1, 1)))
    assert [hit.passage.id for hit in engine.search(query).hits] == ["loan#old"]


def test_each_filter_is_kept(engine: SearchEngine) -> None:
    """Kind, document, origin, category and validity with both end days counted in."""
    text = "助学贷款额度课后服务时间"
    assert set(ids(engine, text)) == {p.id for p in PASSAGES}
    assert ids(engine, text, kinds=frozenset({PassageKind.CLAUSE})) == ["after/1"]
    assert ids(engine, text, documents=frozenset({"after", "none"})) == ["after/1"]
    assert ids(engine, text, origin="local") == ["after/1"]
    assert set(ids(engine, text, category="college")) == {"loan#limit", "loan#old"}
    assert set(ids(engine, text, valid_on=date(2024, 8, 31))) == {"loan#old", "after/1"}
    assert set(ids(engine, text, valid_on=date(2024, 9, 1))) == {"loan#limit", "after/1"}
    assert ids(engine, text, kinds=frozenset({PassageKind.FAQ})) == []


def test_status_is_that_of_the_day(engine: SearchEngine) -> None:
    """What a passage is on a day, by the history that it carries."""
    turns = (
        (date.min, Status.NOT_YET),
        (date(2024, 9, 1), Status.IN_FORCE),
        (date(2025, 1, 1), Status.EXPIRED),
    )
    engine.refresh([replace(LOAN, validity=turns), OLD_LOAN])
    seen = {
        (day, status): ids(engine, "助学贷款", status=status, as_of=date.fromisoformat(day))
        for day in ("2024-08-31", "2024-09-01", "2024-12-31", "2025-01-01")
        for status in Status
    }
    history = {
        "2024-08-31": "not_yet",
        "2024-09-01": "in_force",
        "2024-12-31": "in_force",
        "2025-01-01": "expired",
    }
    for (day, status), found in seen.items():
        expected = {LOAN.id} if history[day] == status else set()
        assert set(found) - {OLD_LOAN.id} == expected
        assert (OLD_LOAN.id in found) == (status is Status.IN_FORCE)


def test_days_of_publication_limit_a_search(engine: SearchEngine) -> None:
    """Both days counted in; what has no known day is left out."""
    engine.refresh([LOAN, replace(OLD_LOAN, published=date(2023, 1, 1)), AFTER_SCHOOL])
    text = "助学贷款额度课后服务时间"
    first, last = date(2023, 1, 1), date(2024, 8, 30)
    assert set(ids(engine, text, published_from=first, published_to=last)) == {LOAN.id, OLD_LOAN.id}
    assert ids(engine, text, published_from=date(2023, 1, 2)) == [LOAN.id]
    assert ids(engine, text, published_to=date(2024, 8, 29)) == [OLD_LOAN.id]
    assert ids(engine, text, published_to=date(2022, 12, 31)) == []


def test_filters_join(engine: SearchEngine) -> None:
    """Every limit must be kept, and a changed index is filtered anew."""
    wanted = {"origin": "forwarded", "category": "aid", "kinds": frozenset({PassageKind.FACT})}
    assert set(ids(engine, "助学贷款", **wanted)) == {LOAN.id, OLD_LOAN.id}
    assert ids(engine, "助学贷款", **wanted, valid_on=date(2025, 1, 1)) == [LOAN.id]
    engine.refresh([replace(LOAN, origin="local"), OLD_LOAN])
    assert ids(engine, "助学贷款", **wanted) == [OLD_LOAN.id]


def test_a_status_without_a_day_is_no_filter() -> None:
    with pytest.raises(ValueError, match="as_of"):
        SearchFilter(status=Status.EXPIRED)


def test_refresh_writes_only_what_changed(engine: SearchEngine) -> None:
    """One changed, one new, one gone, one as it was."""
    changed = replace(LOAN, text="本专科生每学年申请额度不超过25000元")
    new = replace(AFTER_SCHOOL, id="after/2", text="午休服务")
    assert counts(engine.refresh(PASSAGES)) == (3, 0, 0, 3, False)
    assert counts(engine.refresh([changed, AFTER_SCHOOL, new])) == (3, 2, 1, 1, False)
    assert ids(engine, "25000元")[0] == "loan#limit"
    assert ids(engine, "16000") == []
    assert ids(engine, "午休") == ["after/2"]


def test_every_field_counts_as_a_change(engine: SearchEngine) -> None:
    """What filters look at is as much a change as the text."""
    for change in (
        {"valid_to": date(2030, 1, 1)},
        {"categories": ("aid",)},
        {"facts": ()},
        {"published": None},
        {"validity": ((date.min, Status.EXPIRED),)},
    ):
        new = replace(LOAN, **change)  # type: ignore[arg-type]
        assert engine.refresh([new, OLD_LOAN, AFTER_SCHOOL]).added == 1
        assert engine.search(SearchQuery("20000元")).hits[0].passage == new
        assert engine.refresh(PASSAGES).added == 1


def test_an_emptied_index_finds_nothing(engine: SearchEngine) -> None:
    """And fills again."""
    assert counts(engine.refresh([])) == (0, 0, 3, 0, False)
    assert ids(engine, "助学贷款") == []
    assert counts(engine.refresh(PASSAGES)) == (3, 3, 0, 0, False)
    assert ids(engine, "课后服务") == ["after/1"]


def test_passages_without_words_are_kept(engine: SearchEngine) -> None:
    """Empty text is not an error."""
    engine.refresh([replace(AFTER_SCHOOL, id="empty", title="", text="——")])
    assert ids(engine, "课后服务") == []
    assert counts(engine.refresh([replace(AFTER_SCHOOL, id="empty", title="", text="——")])) == (
        1,
        0,
        0,
        1,
        False,
    )


def test_progress_ends_at_the_number_written(engine: SearchEngine) -> None:
    """A progress bar can close."""
    told: list[tuple[int, int]] = []
    engine.refresh(
        [replace(LOAN, id=str(n)) for n in range(300)], lambda done, total: told.append((done, total))
    )
    assert told[-1] == (300, 300)
    assert told == sorted(told)


def test_a_closed_engine_opens_again(engine: SearchEngine) -> None:
    """Closing gives back files, not the index."""
    engine.close()
    assert ids(engine, "课后服务") == ["after/1"]


def test_a_very_long_question_is_answered(engine: SearchEngine) -> None:
    """A long story does not fail."""
    assert ids(engine, "我家孩子上大学，助学贷款能贷20000元吗？" * 500)[0] == "loan#limit"
