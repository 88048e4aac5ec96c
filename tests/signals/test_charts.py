"""Charts: real files, drawn by matplotlib."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.errors import UsageError
from bot.signals.charts import Trend, chart_format, draw_topics, weekly
from bot.signals.models import HotTopic, Urgency, WeekCount

MONDAY = date(2026, 3, 2)


def topic(number: int, title: str) -> HotTopic:
    return HotTopic(
        f"t{number}", title, "m", (), 30 - number, 20 - number, 0, MONDAY, MONDAY, (), 1.0, 90.0 - 7 * number,
        urgency=list(Urgency)[number % 3],
    )  # fmt: skip


def trend() -> Trend:
    weeks = weekly([MONDAY, date(2026, 3, 9), date(2026, 3, 11)], MONDAY, date(2026, 3, 22))
    return Trend(weeks, tuple(WeekCount(week.monday, 1) for week in weeks))


def test_weeks_without_messages_are_counted_too() -> None:
    counts = weekly([date(2026, 3, 8), date(2026, 3, 23)], date(2026, 3, 4), date(2026, 3, 24))
    assert [(week.monday.day, week.messages) for week in counts] == [(2, 1), (9, 0), (16, 0), (23, 1)]


def test_an_svg_keeps_its_words_and_reads_no_markup(tmp_path: Path) -> None:
    path = tmp_path / "热点.svg"
    titles = ["<script>alert(1)</script>", "校服收$200与$300", "云岭小学要求统一购买校服并且指定唯一商家"]
    draw_topics(path, trend(), [topic(n, title) for n, title in enumerate(titles)], "走势 & 热点")
    root = ElementTree.parse(path).getroot()
    words = ["".join(element.itertext()).strip() for element in root.iter() if element.tag.endswith("}text")]
    assert "<script>alert(1)<…" in words
    assert any("校服收$200与$300" in word for word in words), "a dollar sign is no formula"
    assert "云岭小学要求统一购买校服并且指定唯…" in words
    assert "走势 & 热点" in words
    assert not [element for element in root.iter() if element.tag.endswith("}script")]
    assert "30 件，20 人" in words


def test_the_same_chart_is_the_same_file(tmp_path: Path) -> None:
    drawn = []
    for name in ("a.svg", "b.svg"):
        draw_topics(tmp_path / name, trend(), [topic(1, "校服")], "走势")
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0] == drawn[1]


def test_a_png_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib import image

    from bot.signals.charts import _families

    try:
        _families("png")
    except UsageError as error:
        pytest.skip(str(error))
    path = tmp_path / "c.png"
    draw_topics(path, trend(), [topic(0, "校服"), topic(1, "课后服务")], "走势")
    pixels = image.imread(path)
    assert pixels.shape[0] > 800
    assert pixels[..., :3].std() > 0.05, "not an empty sheet"


def test_nothing_to_show_is_still_a_chart(tmp_path: Path) -> None:
    draw_topics(tmp_path / "empty.svg", Trend((), ()), [], "没有来件")
    assert "没有来件" in (tmp_path / "empty.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["chart.jpg", "nowhere/chart.svg", "chart"])
def test_a_name_that_cannot_be_drawn(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        chart_format(tmp_path / name)
