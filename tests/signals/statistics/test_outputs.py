"""Table, workbook and draft: every number with its source, gaps and conflicts shown, text never run."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from bot.errors import UsageError
from bot.signals.statistics.drafting import as_draft
from bot.signals.statistics.keys import key_of
from bot.signals.statistics.models import Figure, Origin, SourceRow, Unnamed
from bot.signals.statistics.report import Report, make_report
from bot.signals.statistics.table import as_table, width
from bot.signals.statistics.workbook import write_workbook

EVIL = '=HYPERLINK("http://x.invalid","点我")\n# 标题 <script>|[x](y)`'


def figure(key: str, value: str, line: int = 1, text: str = "") -> Figure:
    found = key_of(key)
    source = SourceRow("页.txt", line, text=text)
    return Figure(key, found.name, Decimal(value), found.unit, "2024年", Origin.PAGE, (source,))


@pytest.fixture
def report() -> Report:
    return make_report(
        2024,
        [
            figure("interpretations.local", "6", 2),
            figure("interpretations.forwarded", "12", 2),
            figure("interpretations", "17", 1, EVIL),
            figure("channel.weibo.posts", "94", 3),
        ],
        unnamed=[Unnamed("56人", "培训信息员56人", 4, "不认识的名称")],
    )


def test_the_table_shows_value_source_conflict_gap_and_unnamed(report: Report) -> None:
    text = as_table(report)
    assert re.search(r"微博发布 +94 条 +网页：页\.txt第3行", text)
    assert "不等于“政策解读”的17" in text
    assert "未填报】" in text
    assert "第4行 56人（不认识的名称）" in text
    assert not [line for line in text.splitlines() if line.startswith("#")]


def test_columns_are_aligned_for_the_eye(report: Report) -> None:
    lines = [
        line for line in as_table(report).splitlines() if "网页：页.txt" in line and line.startswith("  ")
    ]
    rows = [line for line in lines if re.search(r"\d (?:条|篇) ", line)]
    assert len(rows) == 4
    assert len({width(line.partition("网页：")[0]) for line in rows}) == 1


def test_the_draft_shows_both_numbers_and_chooses_none(report: Report) -> None:
    draft = as_draft(report)
    assert draft.count("【数字待核：17／18】") == 2
    assert "微博发布94[^" in draft
    assert "【待填：微博关注数】" in draft
    assert "三" not in draft or "初审、复审、终审" in draft
    assert "草稿" in draft


def test_every_number_of_the_draft_has_its_footnote(report: Report) -> None:
    body, _, _ = as_draft(report).partition("## 附")
    marks = re.findall(r"\[\^(\d+)\]", body)
    notes = re.findall(r"(?m)^\[\^(\d+)\]: ", as_draft(report))
    assert marks == notes == [str(n) for n in range(1, len(notes) + 1)]
    for number in re.findall(r"(\d+)(?:】)?(?:条|篇|次|件)", re.sub(r"\[\^\d+\]", "", body)):
        assert number in {"94", "6", "12", "17", "18"}


def test_text_of_a_source_is_no_markdown_and_starts_no_line(report: Report) -> None:
    draft = as_draft(report)
    assert "\n# 标题" not in draft
    assert "<script>" not in draft.replace(r"\<script\>", "")
    assert "[x](y)" not in draft


def test_one_value_in_two_pages_stays_one_and_two_values_are_both_shown() -> None:
    same = [figure("items", "818", 1), replace(figure("items", "818"), origin=Origin.ENTRY)]
    assert "信息818[^1][^2]条" in as_draft(make_report(2024, same))
    differing = [figure("items", "818", 1), replace(figure("items", "820"), origin=Origin.ENTRY)]
    assert "【数字待核：818／820】" in as_draft(make_report(2024, differing))


def test_an_empty_year_has_gaps_and_no_number() -> None:
    draft = as_draft(make_report(2024, []))
    assert "[^" not in draft
    assert re.sub(r"2024|12345", "", draft).isascii() is False
    assert re.findall(r"\d", re.sub(r"2024|12345", "", draft)) == []


def test_the_workbook_links_each_number_to_its_source_row(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "年度.xlsx"
    write_workbook(report, path)
    with CalamineWorkbook.from_path(path) as book:
        assert book.sheet_names == ["汇总", "明细", "校验", "来源"]
        summary = book.get_sheet_by_name("汇总").to_python()
        sources = book.get_sheet_by_name("来源").to_python()
        details = book.get_sheet_by_name("明细").to_python()
    filled = [row for row in summary[1:] if row[5] != "未填报"]
    assert len(filled) == 4
    for row in filled:
        assert str(sources[int(str(row[6]))][1]) == "页.txt"
    assert {row[0]: row[1] for row in details[1:]}["微博发布"] == 94.0
    assert "未填报" in {row[5] for row in summary}


def test_no_cell_is_a_formula(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "年度.xlsx"
    write_workbook(report, path)
    with ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 4
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    assert "=HYPERLINK" in texts


def test_a_place_that_cannot_be_written_is_refused(report: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="无法写入"):
        write_workbook(report, tmp_path / "none" / "a.xlsx")
