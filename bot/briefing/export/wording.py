"""The words around a briefing's content (``wording.yaml``)."""

from __future__ import annotations

from pathlib import Path

from bot.dialogue.wording import read_wording

_FILE = Path(__file__).with_name("wording.yaml")


def say(key: str, **values: object) -> str:
    """The wording of that name with its blanks filled."""
    return read_wording(_FILE).say(key, **{name: str(value) for name, value in values.items()})
