"""``forecast score``: how much of what was asked at an event its briefing had foreseen."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.briefing.forecast.scoring import AtDepth, ForecastScore, Missed, forecast_of, score
from bot.briefing.models import Briefing
from bot.briefing.serial import from_json
from bot.commands.context import Context
from bot.commands.output import print_json
from bot.errors import UsageError
from bot.followup.asked_files import read_asked
from bot.masking import mask
from bot.staff import Role
from bot.store_events import EventStore


def forecast(arguments: argparse.Namespace, context: Context) -> int:
    """Score the forecast of a briefing. 0.

    Raises:
        UsageError: no such briefing or file, or nothing was asked.
    """
    context.settings.staff.on_this_machine(Role.VIEWER)
    briefing = _briefing(arguments.briefing, context)
    asked = _from_file(arguments.asked) if arguments.asked else _recorded(briefing, context)
    library = context.library()
    assistant = replace(context, as_of=briefing.event.date).assistant()
    found = score(
        forecast_of(briefing), asked, library, briefing.event, lambda text: assistant.reply(text).answer
    )
    if arguments.json:
        print_json(found)
    else:
        sys.stdout.write("\n".join(_lines(found)) + "\n")
    return 0


def _briefing(name: str, context: Context) -> Briefing:
    """The briefing of an id, or of a file that ``brief --json`` wrote."""
    path = Path(name)
    if not path.is_file():
        if path.suffix:
            raise UsageError(f"找不到文件 {path}，请检查路径")
        with EventStore(context.settings.data_dir) as store:
            return store.briefing(name)
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"{path} 不是 brief --json 写出的文件：{error}") from None
    except OSError as error:
        raise UsageError(f"无法读取 {path}：{error.strerror or error}") from None


def _from_file(path: Path) -> tuple[str, ...]:
    """The questions of a file, masked: they are printed."""
    return tuple(mask(row.question) for row in read_asked(path).rows)


def _recorded(briefing: Briefing, context: Context) -> tuple[str, ...]:
    """What was entered after the event."""
    from bot.store_followups import FollowUpStore  # only wanted where no file is given

    event = briefing.event.id
    with FollowUpStore(context.settings.data_dir) as store:
        asked = tuple(one.question for one in store.asked(event)) if event else ()
    if not asked:
        raise UsageError("这个活动还没有录入实际问题：用 --asked 文件 给出，或先用 followup 录入")
    return asked


def _lines(found: ForecastScore) -> Iterator[str]:
    yield f"实际提问 {found.asked} 次，合并同义的为 {found.distinct} 个；另有 {len(found.left_out)} 个不计"
    yield ""
    yield "预测的前几个  问到的问题占比  按次数计  其中同一个问题  预测命中率"
    yield from (_row(at) for at in found.at)
    yield ""
    yield f"预测到 {len(found.matches)} 个："
    for match in found.matches:
        how = "同一个问题" if match.exact else "同一个依据"
        yield f"  {match.asked}{_times(match.times)}"
        yield f"    → 第 {match.rank} 个：{match.question}（{how}；{match.reason}）"
    yield ""
    yield f"没有预测到 {len(found.missed)} 个："
    yield from map(_missed, found.missed)
    if found.left_out:
        yield ""
        yield f"不计的 {len(found.left_out)} 个："
        yield from map(_missed, found.left_out)


def _row(at: AtDepth) -> str:
    shares = "  ".join(_percent(share) for share in (at.distinct, at.weighted, at.exact, at.precision))
    return f"前 {at.k:>2} 个  {shares}"


def _percent(share: float | None) -> str:
    return "   无" if share is None else f"{share:6.1%}"


def _missed(one: Missed) -> str:
    return f"  {one.asked}{_times(one.times)}（{one.reason}）"


def _times(times: int) -> str:
    return f"（问了 {times} 次）" if times > 1 else ""
