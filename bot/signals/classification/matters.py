"""Where messages can go (``matters.yaml``), with the words of each matter (``keywords.yaml``)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.signals.models import Answerer
from knowledge.errors import LibraryInvalid, Problem
from knowledge.yaml_reader import Entry, read_entry

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Matter:
    """One destination: a column of our catalogue, or another bureau."""

    id: str
    name: str
    """Name for staff; empty for a column, whose name stands in the catalogue."""
    office: str
    """Id of the office that takes it by default; empty for another bureau."""
    answerer: Answerer
    keywords: tuple[str, ...]

    @property
    def ours(self) -> bool:
        """Whether it is the bureau's own business."""
        return self.answerer is not Answerer.OTHER


def read_matters(
    columns: Collection[str], offices: Collection[str], directory: Path = _HERE
) -> dict[str, Matter]:
    """All matters by id.

    Args:
        columns: Ids of the catalogue's columns; every one must have its entry.
        offices: Ids of offices.
        directory: Where both files lie.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    problems: list[Problem] = []
    top = read_entry(directory / "matters.yaml", "matters.yaml", problems)
    words = read_entry(directory / "keywords.yaml", "keywords.yaml", problems)
    found: dict[str, Matter] = {}
    if top is not None and words is not None:
        for entry in top.entries("education", required=True):
            _add(found, entry, _own(entry, words, columns, offices))
        for entry in top.entries("others", required=True):
            matter = entry.text("id")
            keywords = words.texts(matter)
            _add(found, entry, Matter(matter, entry.text("name"), "", Answerer.OTHER, keywords))
        for column in sorted(set(columns) - set(found)):
            top.problem("education", f"公开目录的栏目 {column} 没有列出，请补上")
        top.finish()
        words.finish()
    if problems:
        raise LibraryInvalid(tuple(problems))
    return found


def _own(entry: Entry, words: Entry, columns: Collection[str], offices: Collection[str]) -> Matter:
    matter, office = entry.text("id"), entry.text("office")
    answerer = entry.choice("answerer", Answerer)
    if matter not in columns:
        entry.problem("id", f"公开目录（catalogue.yaml）里没有 {matter}")
    if office not in offices:
        entry.problem("office", f"科室名单（offices.yaml）里没有 {office}")
    if answerer is Answerer.OTHER:
        entry.problem("answerer", "教育体育事项不能由其他部门答复，请写 city、county 或 school")
    return Matter(matter, "", office, answerer, words.texts(matter))


def _add(found: dict[str, Matter], entry: Entry, matter: Matter) -> None:
    if matter.id in found:
        entry.problem("id", f"{matter.id} 写了两次，请删去一个")
    entry.finish()
    found[matter.id] = matter
