"""The word lists of grading (``wordlists.yaml``), read strictly and once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.errors import LibraryInvalid, Problem
from knowledge.yaml_reader import Entry, read_entry

_FILE = Path(__file__).parent / "wordlists.yaml"
_APART = 6
"""Characters that may stand between «肯定» and what is promised: «肯定给您退»."""


@dataclass(frozen=True)
class WordLists:
    """Patterns of the lists; each finds any of its words, the longest first."""

    empty: frozenset[str]
    promise: re.Pattern[str]
    denied: re.Pattern[str]
    """A promise denied («不能保证您一定…»), or a duty («学校要保证…»), up to the end of its clause."""
    sweeping: re.Pattern[str]
    absolute: re.Pattern[str]
    universal: re.Pattern[str]
    soft: re.Pattern[str]
    past: re.Pattern[str]
    current: re.Pattern[str]
    quoted: re.Pattern[str]
    negation: re.Pattern[str]
    neutral: re.Pattern[str]
    free: re.Pattern[str]
    paid: re.Pattern[str]
    authorities: re.Pattern[str]
    acting: re.Pattern[str]
    """An authority (in one of the groups) that decides or receives something."""
    stages: dict[str, tuple[str, ...]]
    """Stages of schooling that a word stands for."""
    tones: dict[str, re.Pattern[str]]

    def promised(self, text: str) -> str:
        """The first promise in a normalised clause that is not denied; empty: none."""
        return next((found[0] for found in self.promise.finditer(self.denied.sub("", text))), "")


@cache
def wordlists() -> WordLists:
    """The shipped lists.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    problems: list[Problem] = []
    entry = read_entry(_FILE, _FILE.name, problems)
    if entry is None:
        raise LibraryInvalid(tuple(problems))
    lists = _read(entry)
    entry.finish()
    if problems:
        raise LibraryInvalid(tuple(problems))
    return lists


def _read(entry: Entry) -> WordLists:
    words = {key: _any(_words(entry, key)) for key in entry.names if key not in {"empty", "stages"}}
    plain = {key: re.compile(pattern) for key, pattern in words.items()}
    certain = (
        rf"(?<!不)(?:{words['certain']})(?!{words['required']})"
        rf"(?=[^,;。]{{0,{_APART}}}?(?:{words['outcome']}))"
    )
    soon = rf"(?:{words['soon']})(?=[^,;。]{{0,{_APART}}}?(?:{words['done']}))"
    in_person = rf"(?:我|咱)们?[^,;。不没]{{0,6}}[给帮替为](?:您|你)[^,;。不没]{{0,4}}(?:{words['deed']})"
    return WordLists(
        empty=frozenset(_words(entry, "empty")),
        promise=re.compile(rf"{words['vouching']}|{certain}|{soon}|{in_person}"),
        denied=re.compile(
            rf"(?:(?:{words['unpromised']})[^,;。]{{0,2}}|(?:{words['obliging']}))"
            rf"(?:{words['certain']}|{words['vouching']})[^,;。]*"
        ),
        sweeping=plain["sweeping"],
        absolute=plain["absolute"],
        universal=plain["universal"],
        soft=plain["soft"],
        past=plain["past"],
        current=plain["current"],
        quoted=plain["quoted"],
        negation=plain["negation"],
        neutral=plain["neutral"],
        free=plain["free"],
        paid=plain["paid"],
        authorities=plain["authorities"],
        acting=re.compile(
            rf"(?:由|向|经|归|会同|报)[^,;。]{{0,6}}?({words['authorities']})|或者?({words['authorities']})"
            rf"|({words['authorities']})[^,;。]{{0,4}}(?:批准|负责|受理|实施|审批|认定|查处|发放)"
        ),
        stages=_stages(entry),
        tones={key: plain[key] for key in ("blaming", "impatient", "jargon")},
    )


def _words(entry: Entry, key: str) -> tuple[str, ...]:
    found = entry.texts(key)
    if not found:
        entry.problem(key, "至少要有一个词")
    return found


def _stages(entry: Entry) -> dict[str, tuple[str, ...]]:
    stages = entry.entry("stages")
    if stages is None:
        entry.problem("stages", "缺少必填字段")
        return {}
    found = {name: _words(stages, name) for name in stages.names}
    stages.finish()
    return found


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"
