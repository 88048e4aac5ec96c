"""The forecast of an event."""

from __future__ import annotations

from bot.briefing.forecast.choosing import Chosen, choose, rates
from bot.briefing.forecast.matters import Matters
from bot.briefing.forecast.models import ForecastInputs, Matter, Rated
from bot.briefing.forecast.resting import Reader
from bot.briefing.forecast.signals import Signals
from bot.briefing.forecast.tagging import Tagger
from bot.briefing.forecast.topics import Topics, nearest
from bot.briefing.forecast.weights import weights
from bot.briefing.models import ForecastQuestion

_GENERAL_OFFICE = "rexian"
"""Takes what no office of the bureau is named for."""


def forecast(inputs: ForecastInputs, most: int = 40) -> tuple[ForecastQuestion, ...]:
    """The questions that will probably be asked, most likely first, in all their wordings.

    Questions without facts are gaps: nothing published answers them on the day of the event. The same inputs
    give the same list.

    Args:
        most: so many questions at most.
    """
    topics = Topics(inputs.library)
    reader = Reader(inputs.library, inputs.event.date, inputs.answer)
    signals = Signals(inputs, reader, topics, Matters(inputs.library, reader, topics))
    by_key = rates(inputs.event, signals.all())
    rated = [
        Rated(matter, nearest(signals.near(matter)), *by_key[matter.resting.key])
        for matter in signals.matters
        if matter.resting.key in by_key
    ]
    tagger = Tagger(inputs.library, inputs.event.date)
    return tuple(_question(one, tagger) for one in choose(rated, most, signals.any_topic()))


def _question(chosen: Chosen, tagger: Tagger) -> ForecastQuestion:
    matter = chosen.rated.matter
    resting = matter.resting
    office = _office(matter)
    risks = tagger.risks(matter, office)
    return ForecastQuestion(
        question=matter.question,
        likelihood=chosen.likelihood,
        why=chosen.why,
        variants=(*matter.merged, *matter.said)[: weights().most_variants],
        facts=resting.facts,
        faq=resting.faq,
        document=resting.document,
        office=office,
        topic=chosen.rated.topic,
        difficulty=tagger.difficulty(matter, risks),
        risks=risks,
    )


def _office(matter: Matter) -> str:
    """The office that the library names; for what only citizens say, where such messages go."""
    if matter.rank:
        return matter.resting.office or _GENERAL_OFFICE
    return matter.office or matter.resting.office or _GENERAL_OFFICE
