"""The registers: the template, reading it back, the store behind it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from bot.errors import UsageError
from bot.signals.statistics.registers import REGISTERS
from bot.signals.statistics.sheets import read_registers, write_template
from bot.store_figures import FILE_NAME, Added, FigureStore
from bot.store_file import StoreError

NOW = datetime(2025, 1, 10, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FigureStore:
    return FigureStore(tmp_path / "data", now=lambda: NOW)


def filled(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A template with rows, as somebody saves it."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def test_the_template_has_a_sheet_for_each_register_and_reads_back_empty(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path)
    with CalamineWorkbook.from_path(path) as book:
        assert book.sheet_names == [register.title for register in REGISTERS]
        rows = book.get_sheet_by_name("信息发布").to_python()
    assert rows[0][:3] == ["发布日期", "标题", "类别"]
    assert str(rows[1][0]).startswith("说明：必填")
    imported = read_registers(path)
    assert (imported.rows, imported.rejected, imported.notices) == ((), (), ())


ITEMS: list[list[object]] = [
    ["发布日期", "标题", "类别", "栏目编号", "来源", "备注"],
    [date(2024, 3, 1), "甲解读", "政策解读", "c08", "本级", "x"],
    ["2024年3月2日", "乙解读", "政策解读", "c08", "转发", ""],
    ["2024-03-02", "乙解读", "政策解读", "c08", "转发", ""],
    ["下周", "丙", "政策解读", "", "", ""],
    ["2024-03-04", "丁", "小说", "", "", ""],
    ["2024-03-05", "", "政策解读", "", "", ""],
    ["2024-03-02", "乙解读", "新闻发布", "c08", "", ""],
]


def test_good_rows_are_taken_and_bad_ones_named_with_row_and_reason(tmp_path: Path) -> None:
    imported = read_registers(filled(tmp_path / "a.xlsx", {"信息发布": ITEMS, "说明页": [["随便写的"]]}))
    assert [(row.values["title"], row.source.row) for row in imported.rows] == [("甲解读", 2), ("乙解读", 3)]
    assert imported.rows[0].values["date"] == "2024-03-01"
    assert [(each.source.row, each.reason[:6]) for each in imported.rejected] == [
        (5, "“发布日期”"),
        (6, "“类别”写的"),
        (7, "“标题”是空"),
        (8, "与a.xls"),
    ]
    assert any("备注" in notice for notice in imported.notices)
    assert any("说明页" in notice for notice in imported.notices)


def test_a_csv_is_told_by_its_titles(tmp_path: Path) -> None:
    path = tmp_path / "新媒体.csv"
    path.write_bytes(
        "统计截止日期,渠道,本期发布条数,关注人数\n2024-12-31,微博,1024,3.2万\n".encode("gb18030")
    )
    (row,) = read_registers(path).rows
    assert (row.register, row.year, row.values["channel"]) == ("channels", 2024, "weibo")
    assert (row.values["posts"], row.values["followers"]) == ("1024", "32000")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["A1", "2024-05-01", "", "", "2024-04-01", "予以公开", ""], "早于"),
        (["A1", "2024-05-01", "", "", "", "予以公开", ""], "没有填“答复日期”"),
        (["A1", "2024-05-01", "", "也许", "", "", ""], "只能写 是 或 否"),
        (["A1", "2024-05-01", "", "", "2024-05-03", "予以公开", "-5"], "不是数字"),
    ],
)
def test_requests_that_contradict_themselves_are_rejected(
    tmp_path: Path, row: list[object], reason: str
) -> None:
    titles: list[object] = [column.title for column in REGISTERS[2].columns]
    imported = read_registers(filled(tmp_path / "r.xlsx", {"依申请公开": [titles, row]}))
    assert imported.rows == ()
    assert reason in imported.rejected[0].reason


def test_a_table_that_is_no_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--template"):
        read_registers(filled(tmp_path / "x.xlsx", {"表": [["姓名", "分数"], ["甲", 3]]}))


def test_the_same_file_twice_changes_nothing_and_a_correction_is_kept_beside(
    tmp_path: Path, store: FigureStore
) -> None:
    rows = read_registers(filled(tmp_path / "a.xlsx", {"信息发布": ITEMS})).rows
    assert store.add(rows) == Added(new=2)
    before = store.rows(2024)
    assert store.add(rows) == Added(known=2)
    assert store.rows(2024) == before
    corrected = [[*ITEMS[1][:4], "转发", ""]]
    newer = read_registers(filled(tmp_path / "b.xlsx", {"信息发布": [ITEMS[0], *corrected]})).rows
    assert store.add(newer) == Added(updated=1)
    held = {row.values["title"]: row for row in store.rows(2024)}
    assert (held["甲解读"].values["origin"], held["甲解读"].source.file) == ("forwarded", "b.xlsx")
    assert len(held) == 2
    assert store.rows(2023) == ()


def test_rows_survive_a_restart_and_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    rows = read_registers(filled(tmp_path / "a.xlsx", {"信息发布": ITEMS})).rows
    with FigureStore(tmp_path / "data") as store:
        store.add(rows)
    with FigureStore(tmp_path / "data") as store:
        assert store.rows(2024) == rows
    path = tmp_path / "data" / FILE_NAME
    path.write_bytes(b"no database" * 500)
    with FigureStore(tmp_path / "data") as store:
        assert store.rows(2024) == ()
        assert [aside.read_bytes()[:11] for aside in store.damaged] == [b"no database"]


def test_a_data_dir_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(StoreError, match="无法写入"):
        FigureStore(tmp_path / "data")
