"""Follow-ups, drafts and the account of an import in plain Chinese, for a terminal or a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from bot.briefing.reviewing import STEP_NAMES, state_text
from bot.followup.deadlines import days_late
from bot.followup.models import (
    AskedFile,
    ChangeWhat,
    DraftKind,
    FaqDraft,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    Kept,
    Rejected,
)
from bot.store_faq_drafts import DraftTrailEntry
from bot.store_followups import KeptQuestion
from bot.workdays import WorkCalendar

STATUS_NAMES = {
    FollowUpStatus.OPEN: "待办",
    FollowUpStatus.DONE: "已办结",
    FollowUpStatus.DROPPED: "不再办理",
}
CHANGE_NAMES = {
    ChangeWhat.OPENED: "立项",
    ChangeWhat.REASSIGNED: "改科室或期限",
    ChangeWhat.DONE: "办结",
    ChangeWhat.DROPPED: "不再办理",
}
DIFFERENT_ANSWER = "这个问题已录入过，答复不同，没有覆盖"
_TRAIL_NAMES = {"drafted": "起草", "edited": "改稿", "passed": "通过", "returned": "退回"}
_ROWS_SHOWN = 10


def followup_line(followup: FollowUp, as_of: date, calendar: WorkCalendar) -> str:
    """One follow-up: number, state, limit, owner, question."""
    state = STATUS_NAMES[followup.status]
    if followup.status is FollowUpStatus.OPEN and followup.due < as_of:
        late = days_late(followup, as_of, calendar)
        state = f"超期 {late} 个工作日" if late else "已过期限"
    ended = f"（{followup.closed}：{followup.note}）" if followup.closed else ""
    head = f"{followup.id}. [{state}] 期限 {followup.due}  {followup.owner}"
    return f"{head}\n   {followup.question}{ended}（{followup.event}）"


def account_lines(
    file: AskedFile, kept: Sequence[KeptQuestion], rejected: Sequence[Rejected]
) -> Iterator[str]:
    """What became of every row of a file."""
    counts = Counter(each.what for each in kept)
    refused = [*file.rejected, *rejected, *different(kept)]
    yield f"{file.path}（{file.form}）"
    yield from (f"  {column}" for column in file.columns)
    if file.unused:
        yield f"  未使用的列：{'、'.join(file.unused)}"
    total = len(file.rows) + len(file.rejected) + file.blank
    yield (
        f"  共 {total} 条：新增 {counts[Kept.NEW]}，已有 {counts[Kept.KNOWN]}，"
        f"补上答复 {counts[Kept.ANSWERED]}，拒绝 {len(refused)}，空行 {file.blank}"
    )
    for reason in dict.fromkeys(each.reason for each in refused):
        places = [each.place for each in refused if each.reason == reason]
        more = " 等" if len(places) > _ROWS_SHOWN else ""
        yield f"  已拒绝：{reason}，{len(places)} 条（{'、'.join(places[:_ROWS_SHOWN])}{more}）"
    opened = sum(each.followup is not None for each in kept)
    if opened:
        yield f"  没有答复的 {opened} 个已转为待办"


def different(kept: Sequence[KeptQuestion]) -> list[Rejected]:
    """Questions that have another answer already, which stays."""
    return [Rejected(each.place, DIFFERENT_ANSWER) for each in kept if each.what is Kept.DIFFERENT]


def history_lines(changes: Sequence[FollowUpChange]) -> Iterator[str]:
    """Who did what with a follow-up, and when."""
    for change in changes:
        note = f"：{change.note}" if change.note else ""
        yield (
            f"{change.at:%Y-%m-%d %H:%M} {change.by} {CHANGE_NAMES[change.what]}"
            f"（{change.owner}，期限 {change.due}）{note}"
        )


def draft_line(draft: FaqDraft) -> str:
    """One draft in short."""
    what = f"补充问法（{draft.entry_question}）" if draft.kind is DraftKind.VARIANT else "新条目"
    return f"{draft.id}  {state_text(draft.review)}  {what}\n   问：{draft.question}"


def draft_lines(draft: FaqDraft, trail: Sequence[DraftTrailEntry], faults: Sequence[str]) -> Iterator[str]:
    """One draft with everything that a reviewer must see."""
    yield draft_line(draft)
    yield from (f"   问：{wording}" for wording in draft.variants)
    yield f"   答：{draft.answer}"
    yield f"   依据：{'、'.join(draft.facts)}"
    if draft.spoken:
        yield f"   当场答复（只供核对）：{draft.spoken}"
    if draft.doubts:
        yield f"   当场答复里这些数字在依据里找不到：{'、'.join(draft.doubts)}"
    yield from (f"   须改：{fault}" for fault in faults)
    yield "经过："
    for entry in trail:
        step = STEP_NAMES[entry.step] if entry.step else ""
        comment = f"：{entry.comment}" if entry.comment else ""
        done = f"{step}{_TRAIL_NAMES[entry.what]} 第 {entry.version} 版"
        yield f"  {entry.at:%Y-%m-%d %H:%M} {entry.by} {done}{comment}"
