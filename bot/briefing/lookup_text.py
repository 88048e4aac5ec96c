"""Live look-up as a terminal or a message shows it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.briefing.lookup import LookupEntry
from knowledge.models import Status

STATUS_NAMES = {
    Status.IN_FORCE: "现行",
    Status.SUPERSEDED: "已被取代",
    Status.EXPIRED: "已失效",
    Status.NOT_YET: "未施行",
}
_NOTHING = "没有查到。换个词试试；仍没有，就请来电人留下问题，会后答复。"


def lookup_text(found: Sequence[LookupEntry]) -> str:
    """The entries, or what to do where there is none."""
    return "\n".join(_block(number, entry) for number, entry in enumerate(found, start=1)) or _NOTHING


def _block(number: int, entry: LookupEntry) -> str:
    until = f"，到{entry.valid_to}" if entry.valid_to else ""
    since = f"，{entry.valid_from}起" if entry.valid_from else ""
    lines = [f"{number}. {entry.statement}"]
    if entry.ended:
        lines.append(f"   已被取代的说法：{entry.ended}")
    lines.append(f"   依据：{entry.source}（{STATUS_NAMES[entry.status]}{since}{until}）")
    if entry.line:
        lines.append(f"   口径：{entry.line.text}")
        lines += [f"   不能答应：{text}" for text in entry.line.do_not_promise[:2]]
    lines.append(f"   承办：{entry.office}")
    return "\n".join(lines)
