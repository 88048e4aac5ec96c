"""Our engine beside plain Whoosh, and beside bm25s and tantivy where they are installed, in one run.

    .venv/bin/python benchmarks/engines.py --data ../shared/data/stard

Every engine gets the same passages and the same 200 questions. Rounds are interleaved, engine after
engine, so that what else the machine does falls on all alike. Peers get our dictionary words; our engine
is measured on words alone, where the work is the same, and as the product uses it (characters, bigrams
and words).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from whoosh import fields, query
from whoosh import index as whoosh_index

from index.analysis import words
from index.corpus import TestQuery, read_corpus, read_queries
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.evaluation import percentile
from index.models import Passage, SearchQuery

TOP_K = 10
WARM_ROUNDS = 3
Search = Callable[[str], object]
Build = Callable[[Sequence[Passage], Path], Search]


def our_engine(settings: EngineSettings) -> Build:
    """Built once with all fields; ``settings`` say which of them are searched."""

    def build(passages: Sequence[Passage], directory: Path) -> Search:
        engine = WhooshEngine(directory, settings)
        engine.refresh(passages)
        return lambda text: engine.search(SearchQuery(text, top_k=TOP_K))

    return build


def plain_whoosh(passages: Sequence[Passage], directory: Path) -> Search:
    """Whoosh as most people use it: its writer, an Or of all words, its collector. Pre-tokenised."""
    directory.mkdir()
    schema = fields.Schema(id=fields.ID(stored=True), body=fields.KEYWORD(scorable=True))
    opened = whoosh_index.create_in(str(directory), schema)
    writer = opened.writer(limitmb=256)
    for passage in passages:
        writer.add_document(id=passage.id, body=" ".join(spoken(passage)))
    writer.commit()
    searcher = opened.searcher()

    def search(text: str) -> object:
        wanted = query.Or([query.Term("body", word) for word in set(words(text))])
        return [hit["id"] for hit in searcher.search(wanted, limit=TOP_K)]

    return search


def bm25s_numpy(passages: Sequence[Passage], _directory: Path) -> Search:
    """bm25s with its NumPy backend."""
    import bm25s

    retriever = bm25s.BM25(k1=1.2, b=0.75)
    retriever.index([list(spoken(passage)) for passage in passages], show_progress=False)
    return lambda text: retriever.retrieve([list(words(text))], k=TOP_K, show_progress=False)


def tantivy_words(passages: Sequence[Passage], _directory: Path) -> Search:
    """tantivy in memory, pre-tokenised."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    opened = tantivy.Index(schema)
    writer = opened.writer(256_000_000, 1)
    for passage in passages:
        writer.add_document(tantivy.Document(id=passage.id, body=" ".join(spoken(passage))))
    writer.commit()
    opened.reload()
    searcher = opened.searcher()

    def search(text: str) -> object:
        terms = [tantivy.Query.term_query(schema, "body", word, "freq") for word in set(words(text))]
        wanted = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        return [searcher.doc(address)["id"] for _, address in searcher.search(wanted, TOP_K).hits]

    return search


ENGINES: dict[str, Build] = {
    "plain Whoosh, OrGroup, words": plain_whoosh,
    "ours, words only": our_engine(EngineSettings(grams=0)),
    "ours, characters + bigrams + words": our_engine(EngineSettings()),
    "bm25s NumPy, words": bm25s_numpy,
    "tantivy, words": tantivy_words,
}


def spoken(passage: Passage) -> tuple[str, ...]:
    """The words of a passage."""
    return words(f"{passage.title}\n{passage.text}")


def compare(passages: Sequence[Passage], questions: Sequence[TestQuery]) -> None:
    """Build every engine, ask in turn, print a table with ratios to plain Whoosh."""
    print(f"\n{len(passages):,} passages, {len(questions)} questions, top {TOP_K}, ms a question")
    print(f"{'':36}{'build':>9}{'first time':>20}{'warm':>19}{'faster':>19}")
    print(f"{'engine':36}{'s':>9}{'p50':>11}{'p99':>9}{'p50':>10}{'p99':>9}{'p50':>11}{'p99':>8}")
    with tempfile.TemporaryDirectory(prefix="engines-") as directory:
        searches, built = build_all(passages, Path(directory))
        first = ask_in_turn(searches, questions)
        warm: dict[str, list[float]] = {name: [] for name in searches}
        for _ in range(WARM_ROUNDS):
            for name, times in ask_in_turn(searches, questions).items():
                warm[name] += times
    base = next(iter(warm))
    for name in searches:
        cells = [percentile(first[name], 50), percentile(first[name], 99)]
        cells += [percentile(warm[name], 50), percentile(warm[name], 99)]
        ratios = [percentile(warm[base], p) / percentile(warm[name], p) for p in (50, 99)]
        print(
            f"{name:36}{built[name]:9.1f}{cells[0]:11.2f}{cells[1]:9.2f}{cells[2]:10.2f}{cells[3]:9.2f}"
            f"{ratios[0]:10.1f}×{ratios[1]:7.1f}×"
        )


def build_all(passages: Sequence[Passage], directory: Path) -> tuple[dict[str, Search], dict[str, float]]:
    """Every engine that is installed, with the seconds that its build took."""
    searches, seconds = {}, {}
    for number, (name, build) in enumerate(ENGINES.items()):
        started = time.perf_counter()
        try:
            searches[name] = build(passages, directory / str(number))
        except ImportError as exc:
            print(f"{name:36}skipped: {exc.name} is not installed")
            continue
        seconds[name] = time.perf_counter() - started
    return searches, seconds


def ask_in_turn(searches: dict[str, Search], questions: Sequence[TestQuery]) -> dict[str, list[float]]:
    """Milliseconds by engine: one engine answers all questions, then the next one."""
    times: dict[str, list[float]] = {name: [] for name in searches}
    for name, search in searches.items():
        for question in questions:
            started = time.perf_counter()
            search(question.text)
            times[name].append((time.perf_counter() - started) * 1000)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/stard"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--queries", type=int, default=200)
    chosen = parser.parse_args()
    questions = read_queries(chosen.data / "queries.jsonl")[: chosen.queries]
    for size in chosen.sizes:
        compare(list(islice(read_corpus(chosen.data / "corpus.jsonl.gz"), size)), questions)


if __name__ == "__main__":
    main()
