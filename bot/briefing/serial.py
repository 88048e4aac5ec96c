"""A briefing as JSON (the contract of ``brief --json``) and back, and the text that is sealed."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from bot.briefing.models import Briefing
from bot.errors import UsageError

_SPOKEN = ("question", "why", "likelihood", "variants")
"""What a card shows of its forecast; the rest stands under ``forecast``."""


def to_json(briefing: Briefing) -> dict[str, Any]:
    """Plain values. Each card is flat: the question and its likelihood beside the line with its basis."""
    plain: dict[str, Any] = msgspec.to_builtins(briefing)
    plain["questions"] = [_flat(card) for card in plain["questions"]]
    return plain


def from_json(plain: object) -> Briefing:
    """The briefing that :func:`to_json` wrote.

    Raises:
        UsageError: it is something else; names the place.
    """
    try:
        if not isinstance(plain, dict):
            raise TypeError("不是一个 JSON 对象")
        cards = [_card(flat) for flat in plain["questions"]]
        return msgspec.convert({**plain, "questions": cards}, Briefing)
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError) as error:
        raise UsageError(f"这不是 brief --json 写出的简报：{error}") from error


def canonical(briefing: Briefing) -> str:
    """The text whose hash is sealed: everything but the review, in one spelling for any order of keys."""
    plain = to_json(briefing)
    del plain["review"]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _flat(card: dict[str, Any]) -> dict[str, Any]:
    forecast, line = card["forecast"], card["line"]
    shown = {key: forecast.pop(key) for key in _SPOKEN}
    text = line.pop("text")
    return {**shown, "line": text, **line, "forecast": forecast}


def _card(flat: dict[str, Any]) -> dict[str, Any]:
    line = {key: value for key, value in flat.items() if key not in (*_SPOKEN, "forecast", "line")}
    shown = {key: flat[key] for key in _SPOKEN}
    return {"forecast": {**flat["forecast"], **shown}, "line": {**line, "text": flat["line"]}}
