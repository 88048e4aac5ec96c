"""``search``: ranked documents and clauses, narrowed by what the library knows about them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from bot.commands.choices import STATUSES
from bot.commands.context import Context
from bot.commands.output import print_json, say
from bot.errors import UsageError
from index.highlights import Highlighter, marked
from index.models import EVERYTHING, Passage, PassageKind, SearchFilter, SearchHit, SearchQuery, status_on
from knowledge.library import Library
from knowledge.models import Status

_BOLD = ("\x1b[1m", "\x1b[0m")
_BRACKETS = ("【", "】")
_STATUS_NAMES = {identifier: name for name, identifier in STATUSES.items()}
_SHOWN = ("title", "clause", "text")
"""The parts of a hit in which matches are marked."""


def search(arguments: argparse.Namespace, context: Context) -> int:
    """Ranked documents and clauses; ``--explain`` also says what makes the order, and what would answer."""
    words = " ".join(arguments.words)
    library = context.library()
    wanted = _filter(arguments, context, library)
    engine = context.ranked_library(library)
    query = SearchQuery(words, top_k=arguments.top, filter=wanted, as_of=context.today())
    explained = engine.explain(query)
    rows = [_row(hit, context) | ({"parts": parts} if arguments.explain else {}) for hit, parts in explained]
    engine.close()
    if arguments.highlight:
        highlighter = Highlighter(words)
        for row in rows:
            row["highlights"] = {part: highlighter.spans(row[part]) for part in _SHOWN}
    found: dict[str, Any] = {"query": words, "filter": _chosen(wanted), "hits": rows}
    if arguments.explain:
        found["answering"] = _answering(words, library, context)[: arguments.top]
    if arguments.json:
        print_json(found)
        return 0
    _show(found, arguments.explain)
    if not rows:
        say("没有找到相关内容，换个说法试试。" if wanted == EVERYTHING else "没有找到，放宽筛选条件试试。")
    return 0


def _answering(words: str, library: Library, context: Context) -> list[dict[str, Any]]:
    """What would answer these words as a question, with what speaks for it."""
    engine, _ = context.refreshed(library)
    matches = context.assistant_on(library, engine).explain(words)
    return [{"id": m.unit.id, "confidence": m.confidence, "features": m.features} for m in matches]


def _show(found: dict[str, Any], explain: bool) -> None:
    """Hits as a terminal shows them, then, where asked for, what would answer."""
    for row in found["hits"]:
        sys.stdout.write(_lines(row))
        if explain:
            sys.stdout.write(f"    {_numbers(row['parts'])}\n")
    for match in found.get("answering", ()):
        numbers = _numbers(match["features"])
        sys.stdout.write(f"答题把握 {match['confidence']:.3f}  {match['id']}\n    {numbers}\n")


def _numbers(parts: Mapping[str, float]) -> str:
    return "  ".join(f"{name}={value:.2f}" for name, value in parts.items())


def _filter(arguments: argparse.Namespace, context: Context, library: Library) -> SearchFilter:
    """What the options narrow the search to.

    Raises:
        UsageError: there is no such category, or the days are in the wrong order.
    """
    if arguments.first and arguments.last and arguments.first > arguments.last:
        raise UsageError(f"--from {arguments.first} 晚于 --to {arguments.last}，请把前后两天对调")
    status = Status(arguments.status) if arguments.status else None
    return SearchFilter(
        kinds=frozenset({PassageKind(arguments.kind)} if arguments.kind else ()),
        origin=arguments.origin,
        category=_category(arguments.category, library),
        status=status,
        as_of=context.today() if status else None,
        published_from=arguments.first,
        published_to=arguments.last,
    )


def _category(wanted: str | None, library: Library) -> str | None:
    """The id of the category that is named so."""
    if wanted is None or wanted in library.categories:
        return wanted
    ids = {category.name: category.id for category in library.categories.values()}
    if wanted not in ids:
        raise UsageError(f"公开目录里没有“{wanted}”这个栏目，可以写：{'；'.join(ids)}")
    return ids[wanted]


def _chosen(wanted: SearchFilter) -> dict[str, object]:
    """The limits that are set."""
    found = {name: getattr(wanted, name) for name in SearchFilter.__slots__}
    return {name: value for name, value in found.items() if value}


def _row(hit: SearchHit, context: Context) -> dict[str, Any]:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "document": passage.document,
        "title": passage.title,
        "kind": passage.kind.value,
        "clause": _place(passage),
        "text": passage.text,
        "facts": list(passage.facts),
        "status": status_on(passage, context.today()).value,
    }


def _place(passage: Passage) -> str:
    return passage.heading or (passage.questions[0] if passage.questions else "")


def _lines(row: dict[str, Any]) -> str:
    """A hit as a terminal shows it: bold where it can, brackets where it goes into a file."""
    before, after = _BOLD if sys.stdout.isatty() else _BRACKETS
    spans = row.get("highlights", {})
    title, clause, text = (marked(row[part], spans.get(part, ()), before, after) for part in _SHOWN)
    status = "" if row["status"] == Status.IN_FORCE else f"（{_STATUS_NAMES[row['status']]}）"
    return f"{row['rank']:>2}. 《{title}》{status} {clause}  [{row['score']}]\n    {text}\n"
