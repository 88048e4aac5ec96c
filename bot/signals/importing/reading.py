"""Files of messages as a stream of messages, with an account of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path

from bot.errors import UsageError
from bot.signals.importing import cells, columns, tables
from bot.signals.importing.columns import Layout, NoMessages, Overrides
from bot.signals.importing.models import CellValue, Field, ImportReport, RawMessage, SheetReport, Tally
from bot.signals.importing.rows import Row, Sheet

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then, in bytes of the files; (total, total) at the end."""

_LOOKED_AT = 300
"""Rows by which the columns are told."""
_PROGRESS_EVERY = 1000

NO_CONTENT = "没有标题也没有内容"
REPEATED_HEADER = "与表头相同"
TITLE_AS_TEXT = "没有内容，以标题代替"
LONGER = "格数多于表头，多出的格没有导入"
SHORTER = "格数少于表头，缺少的格按空白处理"


class Reading:
    """Messages of files; ``report`` grows while they are run through and is whole at the end.

    A row that repeats an earlier one comes out only where it brings a reply or votes.
    """

    def __init__(self, paths: Iterable[Path], overrides: Overrides, progress: Progress | None) -> None:
        self.report = ImportReport()
        self._given = columns.fields(overrides)
        self._progress = progress
        self._seen: set[bytes] = set()
        self._sizes = {}
        for path in paths:
            tables.check(path)
            self._sizes[path] = path.stat().st_size

    def __iter__(self) -> Iterator[RawMessage]:
        self._seen.clear()
        self.report.sheets.clear()
        done = 0
        for path, size in self._sizes.items():
            yield from self._file(path, done)
            done += size
            self._tell(done)

    def _file(self, path: Path, done: int) -> Iterator[RawMessage]:
        """Sheets whose names tell that they hold messages; if there is none, those that look so."""
        before = len(self.report.sheets)
        for by_content in (False, True):
            del self.report.sheets[before:]
            for sheet in tables.sheets(path):
                report = SheetReport(str(path), sheet.name, sheet.form, left_out=sheet.left_out)
                self.report.sheets.append(report)
                reader = _SheetReader(path.name, report, self._seen)
                for row, message in reader.messages(sheet, self._given, by_content or sheet.of == 1):
                    if row % _PROGRESS_EVERY == 0:
                        share = (sheet.place + min(row / sheet.last, 1.0)) / sheet.of
                        self._tell(done + int(share * self._sizes[path]))
                    if message:
                        yield message
            if not all(report.left_out for report in self.report.sheets[before:]):
                return
        raise UsageError(_nothing_read(path, self.report.sheets[before:]))

    def _tell(self, done: int) -> None:
        if self._progress:
            self._progress(done, sum(self._sizes.values()))


def read(
    paths: Iterable[Path], overrides: Overrides | None = None, progress: Progress | None = None
) -> Reading:
    """Messages of XLSX, XLSB, XLS, ODS and CSV files, cleaned up but **not masked**.

    A row that repeats number, title, text and time of another of this run is counted and left out; a file
    named twice is read once.

    Args:
        overrides: columns of fields, for all files; see :data:`bot.signals.importing.columns.Overrides`.

    Raises:
        UsageError: at once where a file is missing or a field unknown; while running where a file is
            damaged or holds no messages.
    """
    return Reading(paths, overrides or {}, progress)


def _nothing_read(path: Path, sheets: Sequence[SheetReport]) -> str:
    reasons = "；".join(
        f"工作表「{sheet.sheet}」{sheet.left_out}" if sheet.sheet else sheet.left_out for sheet in sheets
    )
    return f"{path} 没有可导入的留言：{reasons or '没有工作表'}"


class _SheetReader:
    """Finds the layout of a table by its first rows; then each row is a message or an entry of the report."""

    def __init__(self, file: str, report: SheetReport, seen: set[bytes]) -> None:
        self._file = file
        self._report = report
        self._seen = seen
        self._at: dict[Field, int] = {}
        self._names: tuple[str, ...] = ()

    def messages(
        self, sheet: Sheet, given: Mapping[Field, str | int], by_content: bool
    ) -> Iterator[tuple[int, RawMessage | None]]:
        """Row numbers with their messages, ``None`` where the row gives none."""
        if sheet.left_out:
            return
        ahead = list(islice(sheet.rows, _LOOKED_AT))
        try:
            layout = columns.lay_out(ahead, given, by_content)
        except NoMessages as reason:
            self._report.left_out = str(reason)
            return
        self._describe(layout, ahead)
        for row in chain(ahead[layout.first :], sheet.rows):
            yield row.number, self._row(row)
        if self._report.rows == self._report.blank:
            self._report.left_out = "只有表头，没有数据"

    def _describe(self, layout: Layout, ahead: Sequence[Row]) -> None:
        report = self._report
        report.header_row = ahead[layout.header].number if layout.header is not None else 0
        report.above = layout.first - (layout.header is not None)
        report.columns, report.personal, report.unused = layout.columns, layout.personal, layout.unused
        self._at = {field: choice.column.index for field, choice in layout.columns.items()}
        self._names = layout.names

    def _row(self, row: Row) -> RawMessage | None:
        """Counts the row as exactly one of blank, rejected, duplicate, taken."""
        report = self._report
        report.rows += 1
        message, repairs = self._message(row)
        if not message.text:
            if any(map(cells.text, row.cells)):
                self._reject(row, NO_CONTENT)
            else:
                report.blank += 1
            return None
        if self._names and message.text in self._names and self._names == tuple(map(cells.line, row.cells)):
            self._reject(row, REPEATED_HEADER)
            return None
        key = blake2b(message.identity().encode(), digest_size=16).digest()
        if key in self._seen:
            report.duplicates.add(row.number)
            return message if message.reply or message.up or message.down else None
        self._seen.add(key)
        report.taken += 1
        for repair in dict.fromkeys(filter(None, repairs)):
            report.repaired.setdefault(repair, Tally()).add(row.number)
        return message

    def _reject(self, row: Row, reason: str) -> None:
        self._report.rejected.setdefault(reason, Tally()).add(row.number)

    def _cell(self, row: Row, field: Field) -> CellValue:
        at = self._at.get(field)
        return row.cells[at] if at is not None and at < len(row.cells) else ""

    def _message(self, row: Row) -> tuple[RawMessage, tuple[str, ...]]:
        """The message, without text where the row has none, and what was mended in it."""
        number, bad_number = cells.number(self._cell(row, Field.NUMBER))
        at, bad_time = cells.moment(self._cell(row, Field.AT))
        replied_at, bad_reply_time = cells.moment(self._cell(row, Field.REPLIED_AT))
        up, bad_up = cells.count(self._cell(row, Field.UP))
        down, bad_down = cells.count(self._cell(row, Field.DOWN))
        title = cells.line(self._cell(row, Field.TITLE))
        text = cells.text(self._cell(row, Field.TEXT))
        message = RawMessage(
            title=title,
            text=text or title,
            at=at,
            user=cells.line(self._cell(row, Field.USER)),
            number=number,
            channel=cells.line(self._cell(row, Field.CHANNEL)),
            area=cells.line(self._cell(row, Field.AREA)),
            up=up,
            down=down,
            reply=cells.text(self._cell(row, Field.REPLY)),
            replied_at=replied_at,
            label=cells.line(self._cell(row, Field.LABEL)),
            file=self._file,
            sheet=self._report.sheet,
            row=row.number,
        )
        mended = "" if text or Field.TEXT not in self._at else TITLE_AS_TEXT
        ragged = self._ragged(row)
        later = f"答复{bad_reply_time}" if bad_reply_time else ""
        return message, (row.repaired, ragged, mended, bad_number, bad_time, later, bad_up, bad_down)

    def _ragged(self, row: Row) -> str:
        """What a row of another length than the header loses."""
        if not self._names or len(row.cells) == len(self._names):
            return ""
        if len(row.cells) < len(self._names):
            return SHORTER
        return LONGER if any(map(cells.text, row.cells[len(self._names) :])) else ""
