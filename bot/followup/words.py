"""The words by which columns, speakers and promises of a later answer are told (``words.yaml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.signals.importing.headers import plain
from knowledge.yaml_reader import Entry, strict_entry

_FILE = Path(__file__).with_name("words.yaml")
FIELDS = ("question", "answer", "at", "caller", "office", "asker", "event", "counter")


@dataclass(frozen=True)
class Words:
    """The lists of ``words.yaml``. ``fields`` maps plain headers to fields."""

    fields: dict[str, str]
    endings: dict[str, str]
    asks: tuple[str, ...]
    asks_exactly: tuple[str, ...]
    asks_ending: tuple[str, ...]
    answers_exactly: tuple[str, ...]
    answers_ending: tuple[str, ...]
    host_asks: re.Pattern[str]
    blank_answers: frozenset[str]
    promises: re.Pattern[str]
    others: re.Pattern[str]
    addresses: re.Pattern[str]
    courtesies: re.Pattern[str]

    def field_of(self, header: str) -> str | None:
        """The field that a column or a name of JSON stands for."""
        name = plain(header)
        by_end = (field for ending, field in self.endings.items() if name.endswith(ending))
        return self.fields.get(name) or next(by_end, None)


@cache
def words() -> Words:
    """The bundled lists.

    Raises:
        LibraryInvalid: names file, line and field of what is wrong.
    """
    with strict_entry(_FILE) as entry:
        return Words(
            fields=_fields(entry, "columns"),
            endings=_fields(entry, "endings"),
            asks=entry.texts("asks"),
            asks_exactly=entry.texts("asks_exactly"),
            asks_ending=entry.texts("asks_ending"),
            answers_exactly=entry.texts("answers_exactly"),
            answers_ending=entry.texts("answers_ending"),
            host_asks=_any(entry, "host_asks"),
            blank_answers=frozenset(entry.texts("blank_answers")),
            promises=_any(entry, "promises"),
            others=_any(entry, "others"),
            addresses=_any(entry, "addresses"),
            courtesies=_any(entry, "courtesies"),
        )


def _fields(entry: Entry, key: str) -> dict[str, str]:
    columns = entry.entry(key)
    if columns is None:
        entry.problem(key, "缺少必填字段")
        return {}
    named = {plain(name): field for field in FIELDS for name in columns.texts(field)}
    columns.finish()
    return named


def _any(entry: Entry, key: str) -> re.Pattern[str]:
    """One pattern for the list of patterns."""
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in entry.texts(key)))
    except re.error as error:
        entry.problem(key, f"正则表达式不对：{error}")
        return re.compile("(?!)")
