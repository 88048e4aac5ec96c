"""The sentences of the forecast (``why.yaml``)."""

from __future__ import annotations

from pathlib import Path

from bot.dialogue.wording import read_wording

_FILE = Path(__file__).with_name("why.yaml")


def say(sentence: str, /, **values: str) -> str:
    """A sentence with its blanks filled."""
    return read_wording(_FILE).say(sentence, **values)
