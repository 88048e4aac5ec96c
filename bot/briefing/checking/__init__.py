"""Checks of lines to take before anybody reads them."""

from bot.briefing.checking.conflicting import conflicts
from bot.briefing.checking.lines import check_briefing, check_line

__all__ = ["check_briefing", "check_line", "conflicts"]
