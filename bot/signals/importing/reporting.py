"""The account of an import as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.signals.importing.models import FIELD_NAMES, ImportReport, SheetReport, Tally
from bot.signals.importing.records import RECORDS


def lines(report: ImportReport) -> list[str]:
    """What was read, how its columns were understood, and what became of the rows, in Chinese."""
    return [line for sheet in report.sheets for line in _sheet(sheet)]


def _sheet(sheet: SheetReport) -> Iterator[str]:
    place = f"{sheet.file} 工作表「{sheet.sheet}」" if sheet.sheet else sheet.file
    if sheet.left_out:
        yield f"{place}：未导入，{sheet.left_out}"
        return
    header = f"表头在第 {sheet.header_row} 行" if sheet.header_row else "没有表头"
    if sheet.form.startswith(RECORDS):
        header = "每行一条记录"
    yield f"{place}（{sheet.form}；{header}）"
    for field, choice in sheet.columns.items():
        yield f"  {FIELD_NAMES[field]} ← {choice.column}（{choice.why}）"
    if sheet.personal:
        yield f"  未导入的个人信息列：{'、'.join(map(str, sheet.personal))}"
    if sheet.unused:
        yield f"  未使用的列：{'、'.join(map(str, sheet.unused))}"
    yield (
        f"  共 {sheet.rows} 行：导入 {sheet.taken}，重复 {sheet.duplicates.count}，"
        f"拒绝 {sheet.rejected_rows}，空行 {sheet.blank}"
    )
    for word, tallies in (("已修复", sheet.repaired), ("已拒绝", sheet.rejected)):
        for reason, tally in tallies.items():
            yield f"  {word}：{reason}，{_counted(tally)}"
    if sheet.duplicates.count:
        yield f"  重复：编号、标题、内容和时间与前面的行相同，{_counted(sheet.duplicates)}"


def _counted(tally: Tally) -> str:
    shown = "、".join(map(str, tally.rows))
    more = " 等" if tally.count > len(tally.rows) else ""
    return f"{tally.count} 行（第 {shown} 行{more}）"
