"""``stats`` from registers and pages to figures, findings and files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.commands.context import Context
from bot.commands.stats import stats
from bot.errors import UsageError
from bot.models import Answer, Outcome
from bot.settings import Settings
from bot.store import Store
from index.engines.whoosh import WhooshEngine

SUMMARIES = Path(__file__).parents[1] / "fixtures" / "summaries"
SEED = Path(__file__).parents[3] / "shared" / "policies" / "seed-2023-summary.txt"
DEFAULTS: dict[str, object] = {
    "year": None,
    "json": False,
    "template": None,
    "imports": None,
    "page": None,
    "set": None,
    "source": None,
    "by": None,
    "xlsx": None,
    "draft": None,
    "check": False,
}


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The command with options as the parser gives them, on a data directory of its own."""

    def ran(**options: object) -> Ran:
        context = Context(Settings(data_dir=tmp_path / "data"), date(2025, 1, 10), WhooshEngine)
        code = stats(argparse.Namespace(**DEFAULTS | options), context)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


def errors(ran: Ran) -> list[dict[str, Any]]:
    return [finding for finding in ran.json["findings"] if finding["severity"] == "error"]


@pytest.mark.skipif(not SEED.is_file(), reason="../shared is absent")
def test_the_conflict_of_the_real_page_is_flagged(run: Callable[..., Ran]) -> None:
    ran = run(year=2023, json=True, page=[SEED])
    assert ran.code == 0
    (finding,) = errors(ran)
    assert finding["code"] == "sum_differs"
    assert "18" in finding["message"]
    assert "17" in finding["message"]
    assert [place["row"] for place in finding["places"]] == [19, 31]
    page = {figure["key"]: figure["value"] for figure in ran.json["figures"] if figure["origin"] == "page"}
    assert page == {
        "items": 818,
        "items.key_areas": 506,
        "items.responses": 29,
        "interpretations": 17,
        "items.press": 8,
        "items.supervision": 31,
        "channel.weibo.posts": 94,
        "channel.weibo.followers": 5673,
        "channel.wechat.posts": 834,
        "channel.wechat.followers": 49305,
        "foi.handled": 3,
        "catalogue.key_areas": 31,
        "events.press": 2,
        "events.interview": 1,
        "events.hotline": 1,
        "interpretations.local": 6,
        "interpretations.forwarded": 12,
    }


def test_a_page_that_contradicts_itself_is_flagged(run: Callable[..., Ran]) -> None:
    ran = run(year=2022, json=True, page=[SUMMARIES / "conflicting.html"], check=True)
    assert ran.code == 1
    assert {finding["code"] for finding in errors(ran)} == {"told_differently", "sum_differs"}


def test_a_consistent_page_is_not_flagged(run: Callable[..., Ran]) -> None:
    ran = run(year=2024, json=True, page=[SUMMARIES / "consistent.txt"], check=True)
    assert ran.code == 0
    assert errors(ran) == []
    assert list(ran.json) == ["year", "figures", "findings", "unfilled", "unnamed"]


def test_a_page_of_another_year_is_flagged(run: Callable[..., Ran]) -> None:
    ran = run(year=2023, json=True, page=[SUMMARIES / "consistent.txt"])
    assert [finding["code"] for finding in errors(ran)] == ["other_year"]


def test_nothing_entered_is_unfilled_and_not_zero(run: Callable[..., Ran]) -> None:
    ran = run(year=2024, json=True)
    assert 0 not in [figure["value"] for figure in ran.json["figures"]]
    assert "interpretations" in [key["key"] for key in ran.json["unfilled"]]


def register(path: Path, interpretations: int) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("信息发布")
        sheet.write_row(0, 0, ["发布日期", "标题", "类别", "来源"])
        for n in range(interpretations):
            origin = "本级" if n < 6 else "转发"
            sheet.write_row(n + 1, 0, ["2024-03-01", f"解读{n}", "政策解读", origin])
        sheet.write_row(interpretations + 1, 0, ["某天", "坏行", "政策解读", ""])
    return path


def test_a_register_is_imported_once_and_compared_with_what_was_entered(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    path = register(tmp_path / "台账.xlsx", 18)
    first = run(year=2024, json=True, imports=[path])
    assert "新增 18 行" in first.err
    assert "台账.xlsx「信息发布」第20行" in first.err
    assert errors(first) == []
    second = run(year=2024, json=True, imports=[path])
    assert "新增 0 行，更新 0 行，已有 18 行" in second.err
    assert second.json == first.json
    third = run(year=2024, json=True, set=["政策解读=17"], source="年终统计表", by="甲")
    assert [finding["code"] for finding in errors(third)] == ["told_differently"]
    (entered,) = [figure for figure in third.json["figures"] if figure["origin"] == "entry"]
    assert entered["sources"][0]["file"] == "手工录入"
    assert "年终统计表" in entered["sources"][0]["text"]
    assert "甲" in entered["sources"][0]["text"]
    counted = next(figure for figure in third.json["figures"] if figure["origin"] == "register")
    assert len(counted["sources"]) == 18


def test_followers_that_fall_against_the_year_before_are_noticed(run: Callable[..., Ran]) -> None:
    run(year=2023, set=["微博粉丝=3.2万"], source="后台")
    ran = run(year=2024, json=True, set=["微博粉丝=31000"], source="后台")
    assert [finding["code"] for finding in ran.json["findings"]] == ["changed"]
    assert errors(ran) == []


def test_the_chat_log_of_the_year_only(run: Callable[..., Ran], tmp_path: Path) -> None:
    middle = datetime(2024, 7, 1, tzinfo=UTC)
    with Store(tmp_path / "data") as store:
        for outcome in (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.ABSTAINED):
            store.add_exchange("web", "甲", "问", Answer(outcome, "答"), middle)
        store.add_exchange("web", "甲", "问", Answer(Outcome.ANSWERED, "答"), middle + timedelta(days=365))
    ran = run(year=2024, json=True)
    chat = {figure["key"]: figure["value"] for figure in ran.json["figures"] if figure["origin"] == "log"}
    assert chat == {"chat.asked": 3, "chat.answered": 2, "chat.abstained": 1}


def test_files_are_written_and_named(run: Callable[..., Ran], tmp_path: Path) -> None:
    ran = run(
        year=2022,
        page=[SUMMARIES / "conflicting.html"],
        xlsx=tmp_path / "表.xlsx",
        draft=tmp_path / "草稿.md",
    )
    assert "2022年度数字" in ran.out
    assert (tmp_path / "表.xlsx").read_bytes()[:2] == b"PK"
    assert "【数字待核：15／18】" in (tmp_path / "草稿.md").read_text("utf-8")
    assert "表.xlsx" in ran.err


def test_the_template_can_be_imported_as_it_is(run: Callable[..., Ran], tmp_path: Path) -> None:
    assert run(template=tmp_path / "模板.xlsx").code == 0
    assert "新增 0 行" in run(year=2024, imports=[tmp_path / "模板.xlsx"]).err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"set": ["微博发布=94"]}, "--source"),
        ({"set": ["微博发布"], "source": "x"}, "项目=数值"),
        ({"set": ["微博发布=很多"], "source": "x"}, "不是数字"),
        ({"set": ["学生人数=94"], "source": "x"}, "相近的有"),
        ({"page": [Path("none.html")]}, "找不到文件"),
        ({"imports": [Path("none.xlsx")]}, "找不到文件"),
        ({"year": 3}, "--year"),
    ],
)
def test_bad_input_is_one_clear_line(run: Callable[..., Ran], options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        run(**{"year": 2024} | options)
    assert "\n" not in str(raised.value)


def test_nothing_is_kept_where_one_of_the_files_is_bad(run: Callable[..., Ran], tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(UsageError, match="坏"):
        run(year=2024, imports=[register(tmp_path / "台账.xlsx", 3), bad])
    figures = run(year=2024, json=True).json["figures"]
    assert "register" not in {figure["origin"] for figure in figures}
