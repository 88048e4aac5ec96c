"""What can go wrong with the library of published text."""

from __future__ import annotations

from dataclasses import dataclass


class KnowledgeError(Exception):
    """The library cannot be read or is not consistent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the library: where it stands and what to do."""

    file: str
    line: int
    field: str
    message: str
    severity: str = "error"
    """``error`` stops the library from loading; ``warning`` is reported by ``check`` only."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        field = f" [{self.field}]" if self.field else ""
        return f"{where}{field} {self.message}"


class LibraryInvalid(KnowledgeError):
    """The library has errors; ``problems`` lists every one of them, the message only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first, count = (problems[0] if problems else ""), len(problems)
        more = f"（共 {count} 处，运行 python run_bot.py check 看全部）" if count > 1 else ""
        super().__init__(f"政策库有错：{first}{more}")
