"""Strict YAML: every value has a type, a place (file and line), and no key goes unnoticed.

PyYAML builds a tree of nodes with line marks; :class:`Entry` reads one mapping of it. Problems are
collected rather than raised, so that an editor sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from knowledge.errors import LibraryInvalid, Problem
from knowledge.models import Source

EnumT = TypeVar("EnumT", bound=StrEnum)

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
_DATE = "tag:yaml.org,2002:timestamp"


class Entry:
    """One mapping of a YAML file. Reading a key marks it as known; :meth:`finish` reports the others."""

    def __init__(self, file: str, node: yaml.MappingNode, problems: list[Problem], path: str = "") -> None:
        self.file = file
        self.line = node.start_mark.line + 1
        self._path = path
        self._problems = problems
        self._nodes: dict[str, yaml.Node] = {}
        self._unread: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in self._nodes:
                self._add(line, key, "同一个字段写了两次，请删去一个")
            self._nodes[key] = value_node
            self._unread[key] = line

    @property
    def source(self) -> Source:
        return Source(self.file, self.line)

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that are there, in file order."""
        return tuple(self._nodes)

    def has(self, key: str) -> bool:
        return key in self._nodes

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _add(self, line: int, key: str, message: str) -> None:
        self._problems.append(Problem(self.file, line, self._name(key), message))

    def problem(self, key: str, message: str) -> None:
        """Report something wrong with the value of ``key``."""
        node = self._nodes.get(key)
        self._add(node.start_mark.line + 1 if node else self.line, key, message)

    def _node(self, key: str, required: bool = False) -> yaml.Node | None:
        self._unread.pop(key, None)
        node = self._nodes.get(key)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.tag == _NULL):
            if required:
                self._add(self.line, key, "缺少必填字段")
            return None
        return node

    def optional_text(self, key: str) -> str | None:
        """Text, or ``None`` where the key is missing or null."""
        return self._scalar_text(key, self._node(key))

    def text(self, key: str, default: str | None = None) -> str:
        """Text; without a default the key is required and may not be blank."""
        found = self._scalar_text(key, self._node(key, required=default is None))
        if found == "" and default is None:
            self.problem(key, "不能为空")
        return found or default or ""

    def _scalar_text(self, key: str, node: yaml.Node | None) -> str | None:
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TEXT:
            self.problem(key, "应为文字；数字、日期和 yes/no 请加引号")
            return None
        return str(node.value).strip()

    def flag(self, key: str, default: bool = False) -> bool:
        """``true`` or ``false``."""
        node = self._node(key)
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode) or node.tag != _BOOL:
            self.problem(key, "应为 true 或 false")
            return default
        return str(node.value).lower() in {"true", "yes", "on"}

    def number(self, key: str) -> int:
        """A whole number."""
        node = self._node(key, required=True)
        if node is None:
            return 0
        try:
            if not isinstance(node, yaml.ScalarNode) or node.tag != _INT:
                raise ValueError
            return int(node.value)  # YAML also knows 0x1F and 1:30, which we do not take
        except ValueError:
            self.problem(key, "应为整数")
            return 0

    def decimal(self, key: str) -> float:
        """A number, whole or not."""
        node = self._node(key, required=True)
        if node is None:
            return 0.0
        try:
            if not isinstance(node, yaml.ScalarNode) or node.tag not in {_INT, _FLOAT}:
                raise ValueError
            return float(node.value)  # YAML also knows .inf, 0x1F and 1:30.5, which we do not take
        except ValueError:
            self.problem(key, "应为数字")
            return 0.0

    def day(self, key: str) -> date | None:
        """A date ``YYYY-MM-DD``, or ``None``."""
        node = self._node(key)
        if node is None:
            return None
        try:
            if not isinstance(node, yaml.ScalarNode):
                raise ValueError
            return iso_day(str(node.value))
        except ValueError:
            self.problem(key, "应为日期，形如 2024-09-01；不知道的写 null")
            return None

    def choice(self, key: str, kind: type[EnumT], default: EnumT | None = None) -> EnumT:
        """One of the values of an enumeration; without a default the key is required."""
        members = list(kind)
        fallback = default or members[0]
        node = self._node(key, required=default is None)
        if node is None:
            return fallback
        value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if value not in {member.value for member in members}:
            self.problem(key, "应为其中之一：" + "、".join(member.value for member in members))
            return fallback
        return kind(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        node = self._node(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.problem(key, "应为列表")
            return ()
        found = []
        for child in node.value:
            text = str(child.value).strip() if isinstance(child, yaml.ScalarNode) else ""
            if text and child.tag != _NULL:
                found.append(text)
            else:
                self._add(child.start_mark.line + 1, key, "列表里只能是文字，不能为空")
        return tuple(found)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates ``YYYY-MM-DD``; empty where the key is missing."""
        found = []
        for text in self.texts(key):
            try:
                found.append(iso_day(text))
            except ValueError:
                self.problem(key, f"“{text}”应为日期，形如 2024-09-01")
        return tuple(found)

    def entries(self, key: str, required: bool = False) -> list[Entry]:
        """A list of mappings."""
        node = self._node(key, required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem(key, "应为列表")
            return []
        found = []
        for position, child in enumerate(node.value):
            if isinstance(child, yaml.MappingNode):
                found.append(Entry(self.file, child, self._problems, f"{self._name(key)}[{position + 1}]"))
            else:
                self._add(child.start_mark.line + 1, key, "列表的每一项应为“字段: 值”")
        return found

    def entry(self, key: str) -> Entry | None:
        """A nested mapping, or ``None``."""
        node = self._node(key)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.problem(key, "应为“字段: 值”")
            return None
        return Entry(self.file, node, self._problems, self._name(key))

    def finish(self) -> None:
        """Report the keys that nobody read: a misspelt key must not be lost in silence."""
        for key, line in self._unread.items():
            self._add(line, key, "没有这个字段，请检查拼写（见 docs/library-format.md）")


def iso_day(text: str) -> date:
    """The day that ``YYYY-MM-DD`` names; any other spelling is a :class:`ValueError`."""
    found = date.fromisoformat(text)
    if found.isoformat() != text:
        raise ValueError(text)
    return found


@contextmanager
def strict_entry(path: Path) -> Iterator[Entry]:
    """The mapping of one of the program's own files; every key of it must be read inside the ``with``.

    Raises:
        LibraryInvalid: on entering where it holds no mapping, on leaving with every complaint (file, line,
            field), keys that nobody read among them.
    """
    problems: list[Problem] = []
    entry = read_entry(path, path.name, problems)
    if entry is None:
        raise LibraryInvalid(tuple(problems))
    yield entry
    entry.finish()
    if problems:
        raise LibraryInvalid(tuple(problems))


def read_entry(path: Path, name: str, problems: list[Problem]) -> Entry | None:
    """Read a file whose top level is a mapping. ``name`` is how messages call the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        problems.append(Problem(name, 0, "", f"不是 UTF-8 编码（第 {exc.start} 字节），请另存为 UTF-8"))
        return None
    except OSError as exc:
        problems.append(Problem(name, 0, "", f"读不了这个文件：{exc.strerror or exc}"))
        return None
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 0
        problems.append(Problem(name, line, "", f"YAML 格式错误：{exc.problem}"))
        return None
    except yaml.YAMLError as exc:
        problems.append(Problem(name, 0, "", f"YAML 格式错误：{' '.join(str(exc).split())}"))
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(name, 1, "", "文件应以“字段: 值”开头，不能为空"))
        return None
    return Entry(name, node, problems)
