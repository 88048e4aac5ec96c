"""Reading a library directory: every file, every problem, no opinion about links."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from knowledge import reading
from knowledge.errors import KnowledgeError, Problem
from knowledge.library import Library
from knowledge.models import Term
from knowledge.yaml_reader import Entry, read_entry

BUNDLED = Path(__file__).parent
"""The library that comes with the product."""

T = TypeVar("T")


def parse(directory: Path) -> tuple[Library, list[Problem]]:
    """Read every file and collect what is wrong with single entries; links are not looked at."""
    if not (directory / "documents").is_dir():
        raise KnowledgeError(f"这里没有政策库：{directory}（应有 documents 目录）")
    problems: list[Problem] = []
    files = _Files(directory, problems)
    documents = _by_id(files.each("documents", reading.read_document), lambda d: d.id, problems)
    return (
        Library(
            documents=documents,
            faq=tuple(faq for group in files.each("faq", reading.read_faq) for faq in group[1]),
            offices=_by_id(files.listed("offices", reading.read_office), lambda o: o.id, problems),
            categories=_by_id(
                files.listed("catalogue", reading.read_category, "categories"), lambda c: c.id, problems
            ),
            aspects=_by_id(files.listed("aspects", reading.read_aspect), lambda a: a.id, problems),
            slots=tuple(_by_id(files.listed("slots", reading.read_slot), lambda s: s.id, problems).values()),
            terms=tuple(t for group in files.each("synonyms", _read_terms) for t in group[1]),
            boundaries=tuple(
                _by_id(files.listed("boundaries", reading.read_boundary), lambda b: b.id, problems).values()
            ),
            calendar=tuple(
                _by_id(
                    files.listed("calendar", reading.read_calendar_entry, "entries"), lambda e: e.id, problems
                ).values()
            ),
            fingerprint=fingerprint(directory),
        ),
        problems,
    )


def fingerprint(directory: Path) -> str:
    """Hash over names and bytes of all YAML files of a library."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _visible(directory.rglob("*.yaml")):
        if path.is_file():
            digest.update(path.relative_to(directory).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _visible(paths: Iterable[Path]) -> list[Path]:
    """Files in order of their names, without those that editors hide (``.#x.yaml``, ``._x.yaml``)."""
    return sorted(path for path in paths if not path.name.startswith("."))


class _Files:
    """Reads files below a library directory, naming them relative to it in messages."""

    def __init__(self, directory: Path, problems: list[Problem]) -> None:
        self._directory = directory
        self._problems = problems

    def each(self, folder: str, read: Callable[[Entry], T]) -> list[tuple[Entry, T]]:
        """One value per file of a folder."""
        found = []
        for path in _visible((self._directory / folder).glob("*.yaml")):
            entry = read_entry(path, path.relative_to(self._directory).as_posix(), self._problems)
            if entry is not None:
                found.append((entry, read(entry)))
        return found

    def listed(self, stem: str, read: Callable[[Entry], T], key: str = "") -> list[tuple[Entry, T]]:
        """One value per entry of the single list in ``<stem>.yaml``; a missing file is an empty list."""
        path = self._directory / f"{stem}.yaml"
        top = read_entry(path, path.name, self._problems) if path.exists() else None
        if top is None:
            return []
        found = [(entry, read(entry)) for entry in top.entries(key or stem, required=True)]
        top.finish()
        return found


def _read_terms(entry: Entry) -> list[Term]:
    terms = [reading.read_term(child) for child in entry.entries("terms", required=True)]
    entry.finish()
    return terms


def _by_id(pairs: list[tuple[Entry, T]], id_of: Callable[[T], str], problems: list[Problem]) -> dict[str, T]:
    found: dict[str, T] = {}
    for entry, value in pairs:
        value_id = id_of(value)
        if value_id in found:
            problems.append(Problem(entry.file, entry.line, "id", f"编号重复：{value_id}"))
            continue
        found[value_id] = value
    return found
