"""A grader on the real library on the day of an event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.assistant import Assistant
from bot.rehearsal.grading.grader import Grader
from bot.rehearsal.models import Grade
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library

EVENT_DAY = date(2026, 12, 10)


@pytest.fixture(scope="session")
def grader(library: Library, engine: WhooshEngine) -> Grader:
    return Grader(library, Assistant(library, engine, lambda: EVENT_DAY), EVENT_DAY)


@pytest.fixture(scope="session")
def grade(grader: Grader) -> Callable[..., Grade]:
    return grader.grade
