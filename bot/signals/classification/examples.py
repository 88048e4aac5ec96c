"""Messages with their class, written for training (``examples_*.jsonl``: no citizen's words)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.errors import UsageError
from bot.signals.models import Alarm, Answerer, Stage, Urgency

BUNDLED = tuple(Path(__file__).parent / f"examples_{part}.jsonl" for part in ("education", "others"))

EnumT = TypeVar("EnumT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Example:
    """One message with the class that it should get."""

    id: str
    title: str
    text: str
    matter: str
    answerer: Answerer
    urgency: Urgency
    alarms: tuple[Alarm, ...]
    stages: tuple[Stage, ...]


def read_examples(path: Path, matters: Collection[str]) -> list[Example]:
    """All examples of a file.

    Raises:
        UsageError: the file cannot be read, or a line lacks something: file, line and field.
    """
    return list(_examples(path, matters))


def _examples(path: Path, matters: Collection[str]) -> Iterator[Example]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"读不了归类示例 {path}，请检查文件是否存在、是否为 UTF-8：{exc}") from exc
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _example(json.loads(line), matters)
            except json.JSONDecodeError as exc:
                raise UsageError(f"{path.name} 第 {number} 行不是完整的 JSON，请改正：{exc.msg}") from exc
            except _FieldWrong as exc:
                raise UsageError(f"{path.name} 第 {number} 行：{exc}") from exc


class _FieldWrong(ValueError):
    """A field with what is wrong about it."""


def _example(record: object, matters: Collection[str]) -> Example:
    if not isinstance(record, dict):
        raise _FieldWrong("应为一条记录（{…}）")
    matter = _text(record, "matter")
    if matter not in matters:
        raise _FieldWrong(f"matter 的值 {matter} 不在 matters.yaml 里")
    return Example(
        id=_text(record, "id"),
        title=_text(record, "title"),
        text=_text(record, "text"),
        matter=matter,
        answerer=_choice("answerer", record.get("answerer"), Answerer),
        urgency=_choice("urgency", record.get("urgency"), Urgency),
        alarms=_choices(record, "alarms", Alarm),
        stages=_choices(record, "stages", Stage),
    )


def _text(record: dict[str, object], field: str) -> str:
    value = record.get(field)
    if not isinstance(value, str):
        raise _FieldWrong(f"{field} 应为文字")
    return value


def _choice(field: str, value: object, kind: type[EnumT]) -> EnumT:
    if value not in {member.value for member in kind}:
        raise _FieldWrong(f"{field} 应为其中之一：" + "、".join(member.value for member in kind))
    return kind(str(value))


def _choices(record: dict[str, object], field: str, kind: type[EnumT]) -> tuple[EnumT, ...]:
    values = record.get(field)
    if not isinstance(values, list):
        raise _FieldWrong(f"{field} 应为列表，没有的写 []")
    return tuple(_choice(field, value, kind) for value in values)
