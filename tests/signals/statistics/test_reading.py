"""Which number of a page means what: summaries of invented bureaus in different wordings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.signals.statistics.pages import read_page
from bot.signals.statistics.reading import Reading, name_of, read_figures

SUMMARIES = Path(__file__).parents[2] / "fixtures" / "summaries"


def values(reading: Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for figure in reading.figures:
        found.setdefault(figure.key, []).append(figure.shown)
    return found


def read(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "页.txt"
    path.write_text(text, encoding="utf-8")
    return read_figures(read_page(path))


def test_a_summary_with_chinese_numerals_ten_thousands_and_comparisons() -> None:
    page = read_page(SUMMARIES / "consistent.txt")
    reading = read_figures(page)
    assert page.year == 2024
    assert values(reading) == {
        "items": ["1204"],
        "items.key_areas": ["680"],
        "items.responses": ["26"],
        "items.supervision": ["40"],
        "interpretations": ["21"],
        "interpretations.local": ["9"],
        "interpretations.forwarded": ["12"],
        "interpretations.form.graphic": ["11"],
        "interpretations.form.expert": ["4"],
        "foi.received": ["12"],
        "foi.carried": ["1"],
        "foi.handled": ["13"],
        "foi.granted": ["7"],
        "foi.partial": ["2"],
        "foi.refused": ["1"],
        "foi.unavailable": ["3"],
        "foi.extended": ["1"],
        "foi.on_time": ["13"],
        "foi.rate": ["100"],
        "channel.weibo.posts": ["320"],
        "channel.weibo.followers": ["约12000"],
        "channel.wechat.posts": ["1025"],
        "channel.wechat.followers": ["32000"],
        "channel.douyin.posts": ["46"],
        "events.press": ["2"],
        "events.interview": ["3"],
        "events.hotline": ["4"],
    }
    assert [(found.value, found.reason) for found in reading.unnamed] == [
        ("12%", "与往年比较的数"),
        ("3篇", "与往年比较的数"),
        ("3篇", "规定或要求中的数"),
        ("20个", "规定或要求中的数"),
        ("56人", "不认识的名称"),
        ("210条", "其他年份的数"),
        ("80元", "不认识的名称"),
    ]


def test_an_html_page_with_a_table_and_numbers_before_their_names() -> None:
    reading = read_figures(read_page(SUMMARIES / "conflicting.html"))
    found = values(reading)
    assert found["interpretations"] == ["15", "18"]
    assert (found["events.press"], found["events.interview"], found["events.hotline"]) == (
        ["2"],
        ["1"],
        ["1"],
    )
    assert found["events"] == ["5"]
    assert (found["channel.weibo.posts"], found["channel.wechat.posts"]) == (["94"], ["834"])
    assert [(each.value, each.reason) for each in reading.unnamed] == [
        ("990条", "同时说到微博、微信"),
        ("9件", "其他年份的数"),
    ]


def test_a_figure_names_its_line_and_sentence() -> None:
    reading = read_figures(read_page(SUMMARIES / "consistent.txt"))
    source = next(figure for figure in reading.figures if figure.key == "events.press").sources[0]
    assert (source.file, source.row) == ("consistent.txt", 8)
    assert source.text.startswith("召开新闻发布会两次")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政策解读、新闻发布分别为17条、8条。", {"interpretations": ["17"], "items.press": ["8"]}),
        ("发布政策解读，共计十八篇。", {"interpretations": ["18"]}),
        ("微信推送图文同比增长12%，达1204篇。", {"channel.wechat.posts": ["1204"]}),
        ("依据第711号令和教办〔2021〕30号，12345热线、1月5日、一是两个方面。", {}),
        ("2024年1月1日至2024年12月31日，微博发布94条。", {"channel.weibo.posts": ["94"]}),
        ("每年发布政策解读不少于10篇。", {}),
        ("开展政策解读培训2次。", {}),
        ("发布政策解读12篇，转发上级文件30份。", {"interpretations": ["12"]}),
    ],
)
def test_wordings(tmp_path: Path, text: str, expected: dict[str, list[str]]) -> None:
    assert values(read(tmp_path, f"青禾市教育局2024年度政务公开工作总结\n{text}")) == expected


def test_no_number_is_dropped(tmp_path: Path) -> None:
    """Each count is either a figure or listed as unnamed."""
    reading = read(tmp_path, "走访学校45所，微博发布7条，整改问题8个，政策解读9篇，慰问教师10名。")
    named = [figure.shown for figure in reading.figures]
    assert sorted([*named, *(found.value[:-1] for found in reading.unnamed)], key=int) == [
        "7",
        "8",
        "9",
        "10",
        "45",
    ]
    assert named == ["7", "9"]


def test_a_figure_in_a_line_with_lost_characters_is_doubtful(tmp_path: Path) -> None:
    reading = read(tmp_path, "取得成效?，F(xiàn)将情况报告如下，政策解读17篇。\n微博发布5条。")
    assert {figure.key: figure.doubtful for figure in reading.figures} == {
        "interpretations": True,
        "channel.weibo.posts": False,
    }


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("微博发布", "channel.weibo.posts"),
        ("微信粉丝数", "channel.wechat.followers"),
        ("在线访谈", "events.interview"),
    ],
)
def test_names_that_people_type(name: str, key: str) -> None:
    found = name_of(name)
    assert found is not None
    assert found.id == key


@pytest.mark.parametrize("content", [b"", b"  \n", b"\x00\x01", b"\xff\xfe\xff\xff\x81"])
def test_what_is_no_page_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"x\.bin"):
        read_page(path)
    with pytest.raises(UsageError, match="找不到"):
        read_page(tmp_path / "none.txt")


def test_gb18030_pages_are_read(tmp_path: Path) -> None:
    path = tmp_path / "gb.txt"
    path.write_bytes("发布政策解读17篇。".encode("gb18030"))
    assert values(read_figures(read_page(path))) == {"interpretations": ["17"]}
