"""The forecast: what will probably be asked at an event, why, and how good an earlier forecast was."""

from bot.briefing.forecast.making import forecast
from bot.briefing.forecast.scoring import score
from bot.briefing.forecast.topics import unmatched_topics

__all__ = ["forecast", "score", "unmatched_topics"]
