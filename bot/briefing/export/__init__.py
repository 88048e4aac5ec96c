"""A briefing as a file: DOCX in the layout of GB/T 9704-2012, PDF, Markdown, JSON; a card of one page."""

from bot.briefing.export.files import markdown, write, write_card, write_page
from bot.briefing.export.page import GovernmentPage, Style

__all__ = ["GovernmentPage", "Style", "markdown", "write", "write_card", "write_page"]
