"""Forecasts of the real library with the real assistant, on whatever day a test asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from bot.briefing.forecast.making import forecast
from bot.briefing.forecast.models import ForecastInputs
from bot.briefing.models import Event, EventKind, ForecastQuestion
from knowledge.library import Library

DECEMBER = date(2026, 12, 10)
Foresee = Callable[..., tuple[ForecastQuestion, ...]]


@pytest.fixture(scope="session")
def inputs(library: Library, hotline: Any) -> Callable[..., ForecastInputs]:
    """Inputs for topics; ``heard`` names the sources that are not empty."""

    def made(*topics: str, on: date = DECEMBER, **heard: object) -> ForecastInputs:
        event = Event(EventKind.HOTLINE, on, topics)
        answer = lambda question: hotline.ask(question, on=on)  # noqa: E731
        return ForecastInputs(event, on - timedelta(days=14), library, answer, **heard)  # type: ignore[arg-type]

    return made


@pytest.fixture(scope="session")
def foresee(inputs: Callable[..., ForecastInputs]) -> Foresee:
    """The forecast for topics, made once for the same inputs."""

    @cache
    def made(*topics: str, most: int = 40, **given: object) -> tuple[ForecastQuestion, ...]:
        return forecast(inputs(*topics, **given), most)

    return made
