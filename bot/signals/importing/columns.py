"""Which row is the header and which column is what: by the names, then by what the cells hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import UsageError
from bot.signals.importing import cells, headers
from bot.signals.importing.models import FIELD_NAMES, Choice, Column, Field, Why
from bot.signals.importing.profiles import Profile, profile
from bot.signals.importing.rows import Row

Overrides = Mapping[str, str | int]
"""Field (``text`` or 内容) → header, column letter or number from 1; an empty text: not imported."""

NO_COLUMN = -1
_SEARCHED = 30
"""Rows among which the header is looked for."""
_LONGEST_HEADER = 20
_MOST = 0.8
"""Share of the cells that makes a column a column of times, numbers, places."""
_SHORTEST_TEXT = 6.0
"""Mean characters of a column that can be what people wrote."""
_LONGEST_TITLE = 60.0


class NoMessages(Exception):
    """The table is none of messages; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows begin and what their cells are.

    ``header`` is the index of the header among the rows given, ``None`` without one; ``first`` that of the
    first row of data.
    """

    header: int | None
    first: int
    names: tuple[str, ...]
    columns: Mapping[Field, Choice]
    personal: tuple[Column, ...]
    unused: tuple[Column, ...]


def fields(overrides: Overrides) -> dict[Field, str | int]:
    """Overrides by field.

    Raises:
        UsageError: there is no such field.
    """
    known = {
        **{field.value: field for field in Field},
        **{name: field for field, name in FIELD_NAMES.items()},
    }
    if unknown := [name for name in overrides if name not in known]:
        listed = "、".join(f"{field.value}（{name}）" for field, name in FIELD_NAMES.items())
        raise UsageError(f"没有字段「{unknown[0]}」；可指定的字段：{listed}")
    return {known[name]: place for name, place in overrides.items()}


def lay_out(rows: Sequence[Row], given: Mapping[Field, str | int], by_content: bool) -> Layout:
    """The layout of a table by its first rows.

    Args:
        rows: enough of them to see what the columns hold.
        given: columns that somebody has named.
        by_content: whether a column may be taken for the texts by nothing but what it holds.

    Raises:
        NoMessages: there is no column of texts or titles, or one that was named is missing.
    """
    clean = [[cells.line(value) for value in row.cells] for row in rows]
    width = max((sum(map(bool, row)) for row in clean), default=0)
    if not width:
        raise NoMessages("没有数据")
    header = _header(clean, width, {headers.plain(str(place)) for place in given.values()})
    first = header + 1 if header is not None else _first_data(clean, width)
    names = tuple(clean[header]) if header is not None else ()
    total = len(names) or max(map(len, clean))
    table = [Column(index, names[index] if names else "") for index in range(total)]
    body = [row.cells for row in rows[first:]]
    profiles = [profile([row[at] if at < len(row) else "" for row in body]) for at in range(total)]
    guess = _Guess(table, profiles, given)
    if not guess.has_messages or not (by_content or guess.surely_messages):
        shown = "、".join(name for name in names if name)
        seen = f"（表头：{shown}）" if shown else "（没有可识别的表头）"
        raise NoMessages(f"找不到内容列或标题列{seen}，可按列名、列字母或列号指定")
    return Layout(header, first, names, guess.columns, guess.personal, guess.unused)


def _header(clean: Sequence[Sequence[str]], width: int, given: set[str]) -> int | None:
    """The row with most known names; without any, one that looks like names over other things."""
    candidates = [at for at, row in enumerate(clean[:_SEARCHED]) if _is_like_header(row, width)]
    scores = {at: _score(clean[at], given) for at in candidates}
    best = max(scores.values(), default=0)
    if best >= 2:
        return min(at for at, score in scores.items() if score == best)
    for at in candidates:
        if sum(map(bool, clean[at])) * 2 >= width and _differs(clean[at], clean[at + 1 :]):
            return at
    return None


def _is_like_header(row: Sequence[str], width: int) -> bool:
    filled = [cell for cell in row if cell]
    short = all(len(headers.plain(cell)) <= _LONGEST_HEADER for cell in filled)
    return len(filled) >= min(2, width) and short and not any(_is_figure(cell) for cell in filled)


def _is_figure(cell: str) -> bool:
    return cell.replace(".", "").isdigit() or cells.moment(cell)[0] is not None


def _score(row: Sequence[str], given: set[str]) -> int:
    """Two for a whole name, one for an end of one, each field once."""
    names = [headers.plain(cell) for cell in row if cell]
    known = sum(max((headers.rank(field, name) for name in names), default=0) for field in Field)
    return known + sum(2 for name in names if name in given)


def _differs(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether some column holds times, figures or long texts under a short name."""
    for at, name in enumerate(row):
        column = [line[at] for line in below if at < len(line) and line[at]]
        if name and column:
            figures = sum(map(_is_figure, column)) >= _MOST * len(column)
            if figures or sum(map(len, column)) > 3 * len(column) * max(len(name), 4):
                return True
    return False


def _first_data(clean: Sequence[Sequence[str]], width: int) -> int:
    """The first row that is filled at least by half: those before it are titles."""
    return next((at for at, row in enumerate(clean) if sum(map(bool, row)) * 2 >= width), 0)


class _Guess:
    """The columns of the fields: as given, else by name, else by content."""

    def __init__(
        self, table: Sequence[Column], profiles: Sequence[Profile], given: Mapping[Field, str | int]
    ) -> None:
        self._table = table
        self._profiles = profiles
        self._names = [headers.plain(column.header) for column in table]
        self._chosen: dict[Field, tuple[int, Why]] = {}
        self._refused: set[Field] = set()
        for field, place in given.items():
            self._give(field, place)
        self._personal = {at for at in range(len(table)) if at not in self._taken and self._is_personal(at)}
        self._by_name()
        self._by_content()

    @property
    def _taken(self) -> set[int]:
        return {at for at, _why in self._chosen.values()}

    @property
    def columns(self) -> dict[Field, Choice]:
        """In the order of the fields."""
        chosen = ((field, self._chosen[field]) for field in Field if field in self._chosen)
        return {field: Choice(self._table[at], why) for field, (at, why) in chosen}

    @property
    def personal(self) -> tuple[Column, ...]:
        return tuple(self._table[at] for at in sorted(self._personal))

    @property
    def unused(self) -> tuple[Column, ...]:
        """Columns with anything in them that no field takes."""
        rest = set(range(len(self._table))) - self._taken - self._personal
        return tuple(self._table[at] for at in sorted(rest) if self._names[at] or self._profiles[at].filled)

    @property
    def has_messages(self) -> bool:
        return Field.TEXT in self._chosen or Field.TITLE in self._chosen

    @property
    def surely_messages(self) -> bool:
        whys = [self._chosen[field][1] for field in (Field.TEXT, Field.TITLE) if field in self._chosen]
        return any(why != Why.CONTENT for why in whys)

    def _give(self, field: Field, place: str | int) -> None:
        if place == "":
            self._refused.add(field)
            return
        at = _place(place, self._table, self._names)
        if at == NO_COLUMN:
            there = "、".join(map(str, self._table))
            raise NoMessages(f"没有指定给「{FIELD_NAMES[field]}」的列「{place}」；表中有 {there}")
        self._chosen[field] = (at, Why.GIVEN)

    def _is_personal(self, at: int) -> bool:
        """By its name, or by what it holds unless it is named as something that can look alike."""
        name = self._names[at]
        if any(headers.rank(field, name) == 2 for field in Field if field != Field.USER):
            return False
        return headers.is_personal(name) or self._profiles[at].personal >= _MOST / 2

    def _open(self) -> list[int]:
        return [at for at in range(len(self._table)) if at not in self._taken | self._personal]

    def _by_name(self) -> None:
        """Whole names before ends of names; of several columns the first that holds anything."""
        for rank in (2, 1):
            for field in Field:
                if field in self._chosen or field in self._refused:
                    continue
                named = [at for at in self._open() if headers.rank(field, self._names[at]) == rank]
                if named:
                    self._chosen[field] = (min(named, key=lambda at: self._order(field, at)), Why.NAME)

    def _order(self, field: Field, at: int) -> tuple[bool, int, int]:
        names = headers.NAMES[field]
        name = self._names[at]
        return (not self._profiles[at].filled, names.index(name) if name in names else len(names), at)

    def _by_content(self) -> None:
        """The surest signs first; a column whose name says something else is left alone."""
        look = self._profiles
        self._choose(Field.AT, lambda at: look[at].times >= _MOST, self._by_time)
        self._choose(
            Field.REPLIED_AT, lambda at: look[at].times >= _MOST and self._is_later(at), self._by_time
        )
        self._choose(Field.REPLY, self._is_reply, lambda at: -look[at].length)
        self._choose(Field.AREA, lambda at: look[at].areas >= _MOST, float)
        self._choose(Field.CHANNEL, lambda at: look[at].channels >= _MOST, float)
        self._choose(Field.NUMBER, self._is_number, lambda at: -look[at].numeric)
        self._choose(Field.TEXT, self._is_text, lambda at: -look[at].length)
        self._choose(Field.USER, lambda at: look[at].people >= _MOST, float)
        self._choose(Field.TITLE, self._is_title, lambda at: -look[at].distinct)

    def _choose(self, field: Field, fits: Callable[[int], bool], order: Callable[[int], float]) -> None:
        if field in self._chosen or field in self._refused:
            return
        if found := [at for at in self._unknown() if fits(at)]:
            self._chosen[field] = (min(found, key=order), Why.CONTENT)

    def _unknown(self) -> Iterable[int]:
        for at in self._open():
            name, seen = self._names[at], self._profiles[at]
            named = headers.is_known_otherwise(name) or any(headers.rank(field, name) for field in Field)
            if seen.filled and not named and not seen.counting:
                yield at

    def _by_time(self, at: int) -> float:
        middle = self._profiles[at].middle
        return middle.timestamp() if middle else 0.0

    def _is_later(self, at: int) -> bool:
        asked = self._chosen.get(Field.AT)
        return asked is not None and self._by_time(at) > self._by_time(asked[0])

    def _is_prose(self, at: int) -> bool:
        seen = self._profiles[at]
        return seen.times < _MOST and seen.numeric < _MOST and seen.numbers < _MOST

    def _is_reply(self, at: int) -> bool:
        """Official phrases in it, and something else that people wrote."""
        seen = self._profiles[at]
        others = any(self._is_text(other) for other in self._unknown() if other != at)
        return seen.replies >= _MOST / 2 and (Field.TEXT in self._chosen or others)

    def _is_number(self, at: int) -> bool:
        seen = self._profiles[at]
        return seen.numbers >= _MOST and seen.distinct > 0.99

    def _is_text(self, at: int) -> bool:
        longest = self._profiles[at].length >= _SHORTEST_TEXT or len(self._table) == 1
        return longest and self._is_prose(at)

    def _is_title(self, at: int) -> bool:
        seen, text = self._profiles[at], self._chosen.get(Field.TEXT)
        shorter = text is not None and seen.length < self._profiles[text[0]].length
        varied = seen.distinct >= _MOST and self._is_prose(at)
        return shorter and varied and _SHORTEST_TEXT <= seen.length <= _LONGEST_TITLE


def _place(place: str | int, table: Sequence[Column], names: Sequence[str]) -> int:
    """The index of a column by its header, its letter or its number from 1."""
    written = str(place).strip()
    wanted = headers.plain(written)
    if wanted in names:
        return names.index(wanted)
    if written.isdecimal():
        return int(written) - 1 if 0 < int(written) <= len(table) else NO_COLUMN
    return next((at for at, column in enumerate(table) if column.letter == written.upper()), NO_COLUMN)
