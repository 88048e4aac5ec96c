"""``/hot`` and ``/gaps``: what citizens write about, and what of it the published library cannot answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.models import StaffReply
from bot.signals.gaps import GapReport
from bot.signals.models import Urgency
from bot.staff import StaffMember
from bot.staff_desk.bench import Bench
from bot.store_messages import FILE_NAME, MessageStore
from knowledge.library import Library

if TYPE_CHECKING:
    from bot.signals.overview import Overview

_SHOWN = 10
_QUESTIONS_ASKED = 300
"""The newest; put to the assistant in some two seconds."""
_MARKS = {Urgency.URGENT: "【紧急】", Urgency.RAISED: "【重点】", Urgency.NORMAL: ""}


def hot(bench: Bench, member: StaffMember, words: Sequence[str]) -> StaffReply:
    """The hottest topics of the stored messages.

    Raises:
        UsageError: nothing is stored.
    """
    with _messages(bench) as store:
        from bot.signals.overview import overview  # needs scipy, which is an extra and slow to load

        found = overview(store, bench.data_dir, None, most=_SHOWN)
    return StaffReply("\n".join(_hot_lines(found, bench.library())))


def gaps(bench: Bench, member: StaffMember, words: Sequence[str]) -> StaffReply:
    """Questions without a published answer.

    Raises:
        UsageError: nothing is stored.
    """
    with _messages(bench) as store:
        from bot.signals.overview import gap_report

        found = gap_report(store, bench.answer(), None, bench.today(), limit=_QUESTIONS_ASKED)
    return StaffReply("\n".join(_gap_lines(found, bench.library())))


def _messages(bench: Bench) -> MessageStore:
    if find_spec("scipy") is None:
        raise UsageError("归类和找热点需要 scipy，请先安装：pip install 'scipy>=1.13,<2'")
    if not (bench.data_dir / FILE_NAME).exists():
        raise UsageError("还没有导入诉求。请在电脑上导入：run_bot.py messages 文件")
    return MessageStore(bench.data_dir)


def _hot_lines(found: Overview, library: Library) -> Iterator[str]:
    yield f"共 {found.messages} 件诉求，教体系统 {found.ours} 件；热度按 {found.as_of} 计算，满分 100"
    if not found.topics:
        yield "没有三件以上说同一件事的诉求。"
    for number, topic in enumerate(found.topics, start=1):
        span = f"，{topic.first} 至 {topic.last}" if topic.first else ""
        yield f"{number}. {_MARKS[topic.urgency]}{topic.title}"
        yield (
            f"   热度 {topic.heat:.0f}；{topic.messages} 件，{topic.people} 人{span}；"
            f"{_office(topic.office, library)}"
        )


def _gap_lines(found: GapReport, library: Library) -> Iterator[str]:
    yield (
        f"看了最近 {found.looked_at} 个问题：已公布的文件能答 {found.answered} 个，"
        f"查个人记录或归别的部门 {found.redirected} 个，答不了的归并为 {len(found.gaps)} 类"
    )
    for number, gap in enumerate(found.gaps[:_SHOWN], start=1):
        near = f"；最接近《{gap.near}》" if gap.near else ""
        yield f"{number}. {gap.question}"
        yield f"   问过 {gap.times} 次；应由{_office(gap.office, library)}公开{near}"


def _office(office_id: str, library: Library) -> str:
    """Another bureau has no office of ours: 12345 passes the matter on."""
    return library.offices[office_id].name if office_id in library.offices else "12345 转办"
