"""Plain test collections: a JSONL corpus, JSONL queries, TSV relevance judgements, plain or gzipped."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, cast

from index.errors import SearchError
from index.models import Passage, PassageKind

_SCORE = re.compile(r"-?[0-9]{1,9}")
Judgements = dict[str, dict[str, int]]
"""Query id → passage id → relevance, relevant pairs only."""


class CorpusError(SearchError):
    """A file of a test collection cannot be read; names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class TestQuery:
    """A question of a test collection."""

    __test__ = False
    id: str
    text: str


def read_corpus(path: Path) -> Iterator[Passage]:
    """The rows ``{"id", "title", "text"}`` as passages of kind TEXT. ``title`` may be missing."""
    seen: set[str] = set()
    for line, row in _rows(path):
        passage_id = _text(path, line, row, "id")
        if passage_id in seen:
            raise CorpusError(f"{path} 第 {line} 行：编号 {passage_id} 重复")
        seen.add(passage_id)
        title = _text(path, line, row, "title", optional=True)
        text = _text(path, line, row, "text")
        yield Passage(id=passage_id, document=passage_id, kind=PassageKind.TEXT, title=title, text=text)


def read_queries(path: Path) -> tuple[TestQuery, ...]:
    """The rows ``{"id", "text"}``."""
    return tuple(
        TestQuery(_text(path, line, row, "id"), _text(path, line, row, "text")) for line, row in _rows(path)
    )


def read_judgements(path: Path) -> Judgements:
    """Lines ``query-id <TAB> corpus-id <TAB> score`` after a header line."""
    found: Judgements = {}
    for line, content in _lines(path):
        cells = content.split("\t")
        if len(cells) != 3:
            raise CorpusError(f"{path} 第 {line} 行：应有 3 列，以制表符分隔，实有 {len(cells)} 列")
        query, passage, score = (cell.strip() for cell in cells)
        if line == 1 and not _SCORE.fullmatch(score):
            continue
        if not _SCORE.fullmatch(score):
            raise CorpusError(f"{path} 第 {line} 行：第 3 列应为整数，实为 {score!r}")
        if int(score) > 0:
            found.setdefault(query, {})[passage] = int(score)
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, content in _lines(path):
        try:
            row = json.loads(content)
        except (ValueError, RecursionError) as exc:
            raise CorpusError(f"{path} 第 {line} 行：不是合法的 JSON（{exc}）") from exc
        if not isinstance(row, dict):
            raise CorpusError(f"{path} 第 {line} 行：应为 JSON 对象")
        yield line, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, numbered from 1."""
    line = 0
    try:
        with _opened(path) as file:
            for line, content in enumerate(file, start=1):
                if content.strip():
                    yield line, content.rstrip("\r\n")
    except UnicodeDecodeError as exc:
        raise CorpusError(f"{path} 第 {line + 1} 行附近：不是 UTF-8 文本") from exc
    except (OSError, EOFError, zlib.error) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
        raise CorpusError(f"无法读取 {path}：{reason}") from exc


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig"))
    return path.open(encoding="utf-8-sig")


def _text(path: Path, line: int, row: dict[str, Any], key: str, optional: bool = False) -> str:
    value = row.get(key)
    if value is None and optional:
        return ""
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or (key == "id" and not value):
        problem = f"缺少 {key!r}" if value is None else f"{key!r} 不是文本"
        raise CorpusError(f"{path} 第 {line} 行：{problem}")
    return value
