"""Our engine and its peers behind one shape: build from passages, then ids of the best ten for a question.

All get the same terms (:mod:`index.analysis`) of the same passages, and split the question themselves inside
the timed call. Ours also stores the passages and returns them; the peers return numbers or ids.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from whoosh import fields, query
from whoosh import index as whoosh_index

from index import analysis
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.models import Passage, SearchQuery
from index.relevance.engine import RankedEngine

TOP_K = 10
K1, B = 1.2, 0.75
Ids = list[str]
Search = Callable[[str], Ids]
Build = Callable[[Sequence[Passage], Path], Search]


@dataclass(frozen=True, slots=True)
class Engine:
    """``terms`` is ``words`` or ``all`` (characters, bigrams and words)."""

    name: str
    terms: str
    build: Build


def terms_of(text: str, terms: str) -> list[str]:
    """The terms of a text in one list; words are marked where both kinds are wanted."""
    normal = analysis.normalise(text)
    found = analysis.dictionary_words(normal)
    return found if terms == "words" else [f"={word}" for word in found] + analysis.grams(normal)


def text_of(passage: Passage) -> str:
    """What is searched of a passage."""
    return f"{passage.title}\n{passage.text}"


def ours_ranked(passages: Sequence[Passage], directory: Path) -> Search:
    """What the product searches with: the same index, its candidates ordered by the fitted model."""
    engine = RankedEngine(WhooshEngine(directory.parent / "ours"))
    engine.search(SearchQuery("", top_k=TOP_K))
    return lambda text: [h.passage.id for h in engine.search(SearchQuery(text, top_k=TOP_K)).hits]


def ours(settings: EngineSettings, passages: Sequence[Passage], directory: Path) -> Search:
    """One index holds all fields; ``settings`` say which of them are searched, so it is built once."""
    engine = WhooshEngine(directory.parent / "ours", settings)
    if not (directory.parent / "ours").exists():
        engine.refresh(passages)
    engine.search(SearchQuery("", top_k=TOP_K))  # opens the files, as every peer has done by now
    return lambda text: [h.passage.id for h in engine.search(SearchQuery(text, top_k=TOP_K)).hits]


def plain_whoosh(passages: Sequence[Passage], directory: Path) -> Search:
    """Whoosh as most people use it: its writer, an Or of all words, its collector. Pre-tokenised."""
    directory.mkdir()
    schema = fields.Schema(id=fields.ID(stored=True), body=fields.KEYWORD(scorable=True))
    opened = whoosh_index.create_in(str(directory), schema)
    writer = opened.writer(limitmb=256)
    for passage in passages:
        writer.add_document(id=passage.id, body=" ".join(terms_of(text_of(passage), "words")))
    writer.commit()
    searcher = opened.searcher()

    def search(text: str) -> Ids:
        wanted = query.Or([query.Term("body", word) for word in set(terms_of(text, "words"))])
        return [hit["id"] for hit in searcher.search(wanted, limit=TOP_K)]

    return search


def bm25s(terms: str, backend: str, passages: Sequence[Passage], directory: Path) -> Search:
    """bm25s with scores computed at indexing; ``backend`` is numpy or numba."""
    import bm25s

    if backend == "numba":
        import numba  # noqa: F401 bm25s falls back to NumPy without a word
    retriever = bm25s.BM25(k1=K1, b=B, backend=backend)
    retriever.index([terms_of(text_of(passage), terms) for passage in passages], show_progress=False)
    retriever.save(str(directory))
    if backend == "numba":
        retriever.retrieve([[0]], k=1, show_progress=False)  # compiles: seconds that belong to the build
    ids = [passage.id for passage in passages]
    k = min(TOP_K, len(ids))

    def search(text: str) -> Ids:
        known = retriever.get_tokens_ids(terms_of(text, terms))
        if not known:  # retrieve refuses an empty question
            return []
        found, _ = retriever.retrieve([known], k=k, show_progress=False)
        return [ids[number] for number in found[0]]

    return search


def tantivy(terms: str, passages: Sequence[Passage], directory: Path) -> Search:
    """tantivy on the disk, one writer thread, one segment after merging; fields as in ours."""
    import tantivy

    directory.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    names = ("words",) if terms == "words" else ("words", "grams")
    for name in names:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    opened = tantivy.Index(schema, path=str(directory))
    writer = opened.writer(256_000_000, 1)
    for passage in passages:
        split = _split(text_of(passage))
        writer.add_document(tantivy.Document(id=passage.id, **{n: " ".join(split[n]()) for n in names}))
    writer.commit()
    writer.wait_merging_threads()
    opened.reload()
    searcher = opened.searcher()

    def search(text: str) -> Ids:
        split = _split(text)
        wanted = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, name, term, "freq"))
            for name in names
            for term in set(split[name]())
        ]
        hits = searcher.search(tantivy.Query.boolean_query(wanted), TOP_K, count=False).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return search


def _split(text: str) -> dict[str, Callable[[], list[str]]]:
    normal = analysis.normalise(text)
    return {"words": partial(analysis.dictionary_words, normal), "grams": partial(analysis.grams, normal)}


def sqlite_fts5(passages: Sequence[Passage], directory: Path) -> Search:
    """SQLite's full-text index over words separated by spaces, ranked by its own bm25()."""
    directory.mkdir()
    base = sqlite3.connect(directory / "fts5.db")
    tokenizer = "unicode61 tokenchars '.%'"
    base.execute(f"CREATE VIRTUAL TABLE passages USING fts5(body, content='', tokenize=\"{tokenizer}\")")
    base.executemany(
        "INSERT INTO passages(rowid, body) VALUES (?, ?)",
        ((n, " ".join(terms_of(text_of(passage), "words"))) for n, passage in enumerate(passages)),
    )
    base.execute("INSERT INTO passages(passages) VALUES ('optimize')")
    base.commit()
    ids = [passage.id for passage in passages]

    def search(text: str) -> Ids:
        wanted = " OR ".join(f'"{word}"' for word in set(terms_of(text, "words")))
        sql = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
        return [ids[number] for (number,) in base.execute(sql, (wanted, TOP_K))] if wanted else []

    return search


ENGINES = (
    Engine("ours", "words", partial(ours, EngineSettings(grams=0, rescue=False))),
    Engine("ours", "all", partial(ours, EngineSettings(rescue=False))),
    Engine("ours, with rescue", "all", partial(ours, EngineSettings())),
    Engine("ours, ranked", "all", ours_ranked),
    Engine("ours, nothing cached", "all", partial(ours, EngineSettings(cache_mb=0, rescue=False))),
    Engine("tantivy", "words", partial(tantivy, "words")),
    Engine("tantivy", "all", partial(tantivy, "all")),
    Engine("bm25s, NumPy", "words", partial(bm25s, "words", "numpy")),
    Engine("bm25s, NumPy", "all", partial(bm25s, "all", "numpy")),
    Engine("bm25s, numba", "words", partial(bm25s, "words", "numba")),
    Engine("SQLite FTS5", "words", sqlite_fts5),
    Engine("plain Whoosh, Or", "words", plain_whoosh),
)
