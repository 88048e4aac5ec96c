"""What the readers of the formats hand over: a sheet with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.signals.importing.models import CellValue


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row; ``number`` counts as a person does, the first line of the file being 1.

    In a CSV file it is the line on which the row starts. ``repaired`` says what had to be mended to read it.
    """

    number: int
    cells: tuple[CellValue, ...]
    repaired: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; ``rows`` can be run through once. ``last`` is the number of its last row, for progress."""

    name: str
    """Empty for CSV, which has a single one."""
    form: str
    """How it is read, for the report: ``XLSX``, ``CSV，编码 GB18030，逗号分隔``."""
    rows: Iterator[Row]
    last: int
    left_out: str = ""
    """Why it is not read (a hidden sheet); empty for the others."""
    place: int = 0
    """How many sheets stand before it in the file."""
    of: int = 1
    """How many sheets the file has."""
