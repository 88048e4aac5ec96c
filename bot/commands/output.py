"""Values as JSON, the way outside checks read them."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date
from enum import Enum
from typing import Any


def jsonable(value: object) -> Any:  # Any: what json.dumps takes has no better name
    """Dataclasses, dates, enums and tuples as plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): jsonable(child) for key, child in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [jsonable(child) for child in value]
    return value


def to_json(value: object, indent: int | None = None) -> str:
    """One JSON text; characters outside Unicode (lone surrogates) are escaped, never an error."""
    text = json.dumps(jsonable(value), ensure_ascii=False, indent=indent)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(to_json(value, indent=2) + "\n")


def say(text: str) -> None:
    """A line on stderr: progress, hints, complaints."""
    sys.stderr.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")
