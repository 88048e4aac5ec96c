"""Pictures for people who would rather look than read: the trend of messages and the hottest topics."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.signals.models import HotTopic, Urgency, WeekCount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png")
_TOPICS = 10
_TITLE_WIDTH = 18
_OURS, _OTHERS = "#1f5f8b", "#c9ced6"
_COLOURS = {Urgency.URGENT: "#b3261e", Urgency.RAISED: "#d98200", Urgency.NORMAL: "#1f5f8b"}
_URGENCY_NAMES = {Urgency.URGENT: "紧急", Urgency.RAISED: "重点", Urgency.NORMAL: "一般"}
_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
)
"""Fonts with simplified Chinese letters, best first."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Messages a week, ours (市县教体系统和学校) apart from those of other bureaus; same weeks in both."""

    ours: tuple[WeekCount, ...]
    others: tuple[WeekCount, ...]


def chart_format(path: Path) -> str:
    """``svg`` or ``png``, by the name of the file.

    Raises:
        UsageError: another ending, no such directory, or the extra ``signals`` is not installed.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"图的文件名要以 .svg 或 .png 结尾：{path}")
    if not path.parent.is_dir():
        raise UsageError(f"没有这个目录：{path.parent}")
    if find_spec("matplotlib") is None:
        raise UsageError("画图需要 matplotlib，请先安装：pip install 'matplotlib>=3.9,<4'")
    return path.suffix.lower()[1:]


def draw_topics(path: Path, trend: Trend, topics: Sequence[HotTopic], title: str) -> None:
    """Trend above, hottest topics beneath, as SVG or PNG by the ending of ``path``.

    Raises:
        UsageError: see :func:`chart_format`; also where a PNG is wanted and no font has Chinese letters.
    """
    form = chart_format(path)
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "zhengcetong"}), _quiet():
        matplotlib.rcParams["font.family"] = _families(form)
        matplotlib.rcParams["axes.unicode_minus"] = False
        figure = Figure(figsize=(9, 7.6), layout="constrained")
        above, beneath = figure.subplots(2, 1, height_ratios=(1, 1.5))
        figure.suptitle(title, fontsize=14)
        _draw_trend(above, trend)
        _draw_heat(beneath, topics[:_TOPICS])
        _save(figure, path, form, title)


def _families(form: str) -> list[str]:
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    found = [name for name in _FONTS if name in installed]
    if form == "svg":  # letters stay letters: the reader's machine has a font for them
        return [*found, "sans-serif"]
    if not found:
        raise UsageError(
            "这台机器没有中文字体，PNG 里的字会成方块。请安装 fonts-noto-cjk，或把文件名改成 .svg"
        )
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """An SVG may be drawn where its fonts are not installed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def _draw_trend(axes: Axes, trend: Trend) -> None:
    weeks = [week.monday for week in trend.ours]
    ours = [week.messages for week in trend.ours]
    others = [week.messages for week in trend.others]
    axes.bar(weeks, ours, width=5.6, color=_OURS, label="教体系统")  # type: ignore[arg-type]
    axes.bar(weeks, others, width=5.6, bottom=ours, color=_OTHERS, label="其他部门")  # type: ignore[arg-type]
    axes.set_title("每周来件", loc="left", fontsize=11)
    axes.set_ylabel("件")
    axes.locator_params(axis="y", integer=True)
    _plain(axes)
    if weeks:
        axes.set_xlim(weeks[0] - timedelta(days=7), weeks[-1] + timedelta(days=7))  # type: ignore[arg-type]
        axes.legend(frameon=False, fontsize=9, loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
    _show_days(axes, weeks)


def _show_days(axes: Axes, weeks: Sequence[date]) -> None:
    """At most a dozen dates beneath the bars, the year with the first of each."""
    step = max(1, -(-len(weeks) // 12))
    shown = weeks[::step]
    names = [
        f"{day.month}月{day.day}日"
        if place and day.year == shown[place - 1].year
        else f"{day:%Y}年\n{day.month}月{day.day}日"
        for place, day in enumerate(shown)
    ]
    axes.set_xticks(shown, names, fontsize=8)  # type: ignore[arg-type]


def _draw_heat(axes: Axes, topics: Sequence[HotTopic]) -> None:
    axes.set_title("热点（横条为热度，满分 100）", loc="left", fontsize=11)
    places = range(len(topics), 0, -1)
    bars = axes.barh(
        list(places),
        [topic.heat for topic in topics],
        color=[_COLOURS[topic.urgency] for topic in topics],
        height=0.66,
    )
    axes.bar_label(bars, [f"{t.messages} 件，{t.people} 人" for t in topics], padding=4, fontsize=9)
    axes.set_yticks(list(places), [_shortened(topic.title) for topic in topics], fontsize=9)
    axes.set_xlim(0, 118)
    axes.set_xticks(range(0, 101, 20))
    _plain(axes)
    from matplotlib.patches import Patch

    used = [urgency for urgency in Urgency if any(topic.urgency is urgency for topic in topics)]
    handles = [Patch(color=_COLOURS[urgency], label=_URGENCY_NAMES[urgency]) for urgency in used]
    if handles:
        axes.legend(handles=handles, frameon=False, fontsize=9, loc="lower right")


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _shortened(title: str) -> str:
    """Topic titles hold citizens' words: ``$`` would be read as a formula."""
    short = title if len(title) <= _TITLE_WIDTH else title[: _TITLE_WIDTH - 1] + "…"
    return short.replace("$", r"\$")


def _save(figure: Figure, path: Path, form: str, title: str) -> None:
    metadata = {"Title": title, "Date": None} if form == "svg" else {"Title": title}
    try:
        figure.savefig(path, format=form, dpi=150, metadata=metadata)
    except OSError as exc:
        raise UsageError(f"无法写入 {path}：{exc.strerror or exc}") from exc


def weekly(moments: Sequence[date], first: date, last: date) -> tuple[WeekCount, ...]:
    """Counts of all weeks from the one of ``first`` to the one of ``last``, the empty ones too."""
    counts: dict[date, int] = {}
    for moment in moments:
        monday = moment - timedelta(days=moment.weekday())
        counts[monday] = counts.get(monday, 0) + 1
    start = first - timedelta(days=first.weekday())
    weeks = (last - start).days // 7 + 1
    mondays = (start + timedelta(weeks=n) for n in range(weeks))
    return tuple(WeekCount(monday, counts.get(monday, 0)) for monday in mondays)
