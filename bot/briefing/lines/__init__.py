"""Lines to take (答复口径): from facts in force on the day of the event to what a leader says aloud."""

from bot.briefing.lines.speaking import characters, speak_seconds
from bot.briefing.lines.writing import LineWriter

__all__ = ["LineWriter", "characters", "speak_seconds"]
