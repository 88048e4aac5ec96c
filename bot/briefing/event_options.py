"""An event as it is given on the command line or in a message."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable

from rapidfuzz import process

from bot.briefing.models import Event, EventKind
from bot.errors import UsageError
from knowledge.library import Library

_BETWEEN_TOPICS = re.compile(r"[、，,；;/|\s]+")
_LONGEST_TOPIC = 40


def split_topics(words: Iterable[str]) -> tuple[str, ...]:
    """Topics from words that may hold several: 义务教育入学、学生资助."""
    parts = (part for text in words for part in _BETWEEN_TOPICS.split(text))
    return tuple(dict.fromkeys(part[:_LONGEST_TOPIC] for part in parts if part))


def office_names(names: Iterable[str], library: Library) -> tuple[str, ...]:
    """Names of offices that are given by name or id.

    Raises:
        UsageError: there is no such office; names the nearest.
    """
    known = {office.name for office in library.offices.values()}
    found = []
    for name in names:
        if name not in library.offices and name not in known:
            near = process.extractOne(name, sorted(known))
            raise UsageError(f"没有科室“{name}”，是不是“{near[0]}”？" if near else f"没有科室“{name}”")
        found.append(name if name in known else library.offices[name].name)
    return tuple(dict.fromkeys(found))


def event_from(arguments: argparse.Namespace, library: Library) -> Event:
    """The event that ``--kind --date --leader --topic`` and the like describe."""
    given = vars(arguments)
    return Event(
        kind=EventKind(arguments.kind),
        date=arguments.date,
        topics=split_topics(arguments.topic),
        leader=arguments.leader,
        minutes=given.get("minutes") or 60,
        title=given.get("title", ""),
        channel=given.get("place", ""),
        offices=office_names(given.get("office") or (), library),
    )
