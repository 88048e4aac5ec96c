"""The sentences of the forecast (``why.yaml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.dialogue.wording import Wording
from knowledge.errors import LibraryInvalid, Problem
from knowledge.yaml_reader import read_entry

_FILE = Path(__file__).with_name("why.yaml")


@cache
def _wording() -> Wording:
    """The sentences by name.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    problems: list[Problem] = []
    top = read_entry(_FILE, _FILE.name, problems)
    found = {name: top.text(name) for name in top.names} if top else {}
    if problems:
        raise LibraryInvalid(tuple(problems))
    return Wording(found)


def say(sentence: str, /, **values: str) -> str:
    """A sentence with its blanks filled."""
    return _wording().say(sentence, **values)
