"""The words around a briefing's content (``wording.yaml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.dialogue.wording import Wording
from knowledge.errors import LibraryInvalid, Problem
from knowledge.yaml_reader import read_entry

_FILE = Path(__file__).with_name("wording.yaml")


def say(key: str, **values: object) -> str:
    """The wording of that name with its blanks filled."""
    return _wording().say(key, **{name: str(value) for name, value in values.items()})


@cache
def _wording() -> Wording:
    problems: list[Problem] = []
    entry = read_entry(_FILE, _FILE.name, problems)
    sentences = {key: entry.text(key) for key in entry.names} if entry else {}
    if problems:
        raise LibraryInvalid(tuple(problems))
    return Wording(sentences)
