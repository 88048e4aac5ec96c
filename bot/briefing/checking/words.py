"""The word classes of the checks (``words.yaml``), ready for matching."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.errors import LibraryInvalid, Problem
from knowledge.yaml_reader import read_entry

_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True, slots=True)
class Words:
    """One pattern for each class; what each class means stands in ``words.yaml``."""

    universal: re.Pattern[str]
    support: re.Pattern[str]
    hedge: re.Pattern[str]
    softening: re.Pattern[str]
    obligation: re.Pattern[str]
    prohibition: re.Pattern[str]
    permission: re.Pattern[str]
    asserting: re.Pattern[str]
    unneeded: re.Pattern[str]
    advice: re.Pattern[str]
    leeway: re.Pattern[str]
    achieved: re.Pattern[str]
    planned: re.Pattern[str]
    not_negation: re.Pattern[str]
    either: re.Pattern[str]
    negation: re.Pattern[str]
    charging: re.Pattern[str]
    free: re.Pattern[str]
    guarantee: re.Pattern[str]
    soon: re.Pattern[str]
    outcome: re.Pattern[str]
    not_promised: re.Pattern[str]
    process: re.Pattern[str]
    asking: re.Pattern[str]
    acts: re.Pattern[str]
    address: re.Pattern[str]
    reported: re.Pattern[str]
    restraint: re.Pattern[str]
    deferring: re.Pattern[str]
    unsaid: re.Pattern[str]
    meta: re.Pattern[str]
    ended: re.Pattern[str]
    issuing: re.Pattern[str]
    weighty: re.Pattern[str]
    past: re.Pattern[str]
    current: re.Pattern[str]
    period: re.Pattern[str]
    opposites: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@cache
def words() -> Words:
    """All classes.

    Raises:
        LibraryInvalid: the file is broken; names line and field.
    """
    problems: list[Problem] = []
    entry = read_entry(_FILE, _FILE.name, problems)
    if entry is None:
        raise LibraryInvalid(tuple(problems))
    classes: dict[str, re.Pattern[str]] = {}
    for name in Words.__dataclass_fields__:
        if name != "opposites":
            try:
                classes[name] = re.compile("|".join(entry.texts(name)) or "(?!)")
            except re.error as exc:
                entry.problem(name, f"不是正则表达式：{exc}")
    pairs = []
    for child in entry.entries("opposites", required=True):
        pairs.append((re.compile(child.text("one")), re.compile(child.text("other"))))
        child.finish()
    entry.finish()
    if problems:
        raise LibraryInvalid(tuple(problems))
    return Words(**classes, opposites=tuple(pairs))
