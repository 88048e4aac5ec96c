"""Values of the yearly figures: a figure, where it stands, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Origin(StrEnum):
    """What a figure was taken from."""

    REGISTER = "register"
    """Counted from the rows of the register (台账)."""
    LIBRARY = "library"
    """Counted from the published documents of the library (政策库)."""
    LOG = "log"
    """Counted from the chat log (问答记录)."""
    PAGE = "page"
    """Read in a page or a summary."""
    ENTRY = "entry"
    """Entered by hand (手工录入), or in the sheet of reported figures."""


ORIGIN_NAMES = {
    Origin.REGISTER: "台账",
    Origin.LIBRARY: "政策库",
    Origin.LOG: "问答记录",
    Origin.PAGE: "网页",
    Origin.ENTRY: "填报",
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The row or sentence behind a figure. ``row`` counts as a person does; 0 where there are no rows."""

    file: str
    row: int = 0
    sheet: str = ""
    text: str = ""

    @property
    def place(self) -> str:
        """台账.xlsx「信息发布」第5行."""
        sheet = f"「{self.sheet}」" if self.sheet else ""
        return f"{self.file}{sheet}{f'第{self.row}行' if self.row else ''}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value for one key from one origin. ``sources`` are all rows that it was counted from or stands in.

    ``about``: the source gives it as a round number (1200余条). ``doubtful``: characters were lost in the
    sentence where it stands.
    """

    key: str
    name: str
    value: Decimal
    unit: str
    period: str
    origin: Origin
    sources: tuple[SourceRow, ...]
    about: bool = False
    doubtful: bool = False

    @property
    def shown(self) -> str:
        """The value as people write it: 818, 3.2, 约1200."""
        return ("约" if self.about else "") + plain(self.value)


class Severity(StrEnum):
    """``error``: the figures cannot all be right. ``notice``: somebody should look."""

    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit. ``places`` are the sources of the figures that disagree."""

    code: str
    severity: Severity
    message: str
    advice: str
    keys: tuple[str, ...] = ()
    places: tuple[SourceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A number of a page that no figure was made of, and why."""

    value: str
    sentence: str
    line: int
    reason: str


def plain(value: Decimal) -> str:
    """No exponent, no trailing zeros."""
    return format(value.normalize(), "f") if value else "0"
