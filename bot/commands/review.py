"""``review``: 三审 of kept briefings: who passed what, what an edit changed, the sealed text."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.briefing.clock import KIND_NAMES
from bot.briefing.gathering import earlier_answers
from bot.briefing.models import Briefing, Finding, Review, ReviewStep, Severity
from bot.briefing.reviewing import (
    STEP_NAMES,
    Difference,
    differences,
    errors,
    finding_lines,
    require_open,
    require_sound,
    state_text,
    with_line,
)
from bot.briefing.serial import to_json
from bot.commands.context import Context
from bot.commands.events import trail_line
from bot.commands.faq_drafts import review_draft
from bot.commands.output import jsonable, print_json, say
from bot.errors import UsageError
from bot.followup.showing import draft_line
from bot.staff import Role, StaffMember
from bot.store_events import EventStore, TrailEntry
from bot.store_followups import FollowUpStore

_DRAFT_ID = re.compile(r"[Ff]\d+")
_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "提醒"}


def review(arguments: argparse.Namespace, context: Context) -> int:
    """List briefings, show one, review it, change a line, compare, export or verify it.

    0, or with ``--verify`` 1 where the sealed text was changed.
    """
    if _DRAFT_ID.fullmatch(arguments.briefing or ""):
        return review_draft(arguments, context)
    _require_sensible(arguments)
    with EventStore(context.settings.data_dir) as store:
        for path in store.damaged:
            say(f"活动数据文件损坏，已移到 {path} 保存，并新建了一个；请从备份恢复。")
        desk = _Desk(arguments, context, store)
        if not arguments.briefing:
            return desk.listing()
        if arguments.passed or arguments.returned:
            return desk.act()
        if arguments.line:
            return desk.edit()
        if arguments.diff:
            return desk.compare()
        if arguments.verify:
            return desk.verify()
        return desk.export() if arguments.out else desk.show()


def _require_sensible(arguments: argparse.Namespace) -> None:
    acting = arguments.passed or arguments.returned or arguments.line
    asked = acting or arguments.diff or arguments.verify or arguments.out
    if not arguments.briefing and asked:
        raise UsageError("要写是哪一份简报：review 编号 --选项；review 列出全部编号")
    if bool(arguments.line) != (arguments.text is not None):
        raise UsageError("改口径要同时写 --line 序号 和 --text 新的口径")
    if arguments.comment and not (arguments.passed or arguments.returned):
        raise UsageError("--comment 要和 --pass 或 --return 一起写")
    if arguments.verify and arguments.version:
        raise UsageError("--verify 核对的是封存的那一版，不用写 --version")


@dataclass(frozen=True, slots=True)
class _Desk:
    """One call of the command: what was asked, and where briefings are kept."""

    arguments: argparse.Namespace
    context: Context
    store: EventStore

    def listing(self) -> int:
        self._member(Role.VIEWER)
        found = self.store.briefings()
        if self.arguments.json:
            print_json({"briefings": [self._listed(each) for each in found]})
            return 0
        lines = [
            f"{each.briefing}  {self._event_text(each)}  第 {each.version} 版  {state_text(each)}"
            f"  起草人 {each.drafted_by}"
            for each in found
        ]
        empty = "还没有待审的简报。写一份并存下：brief --event 活动编号 --keep"
        with FollowUpStore(self.context.settings.data_dir) as followups:
            lines += [draft_line(draft) for draft in followups.drafts()]
        sys.stdout.write("\n".join(lines or [empty]) + "\n")
        return 0

    def show(self) -> int:
        """The lines in short, findings, acts and what was done."""
        briefing = self._readable()
        trail = self._trail(briefing.review)
        if self.arguments.json:
            print_json({**to_json(briefing), "state": state_text(briefing.review), "trail": jsonable(trail)})
        else:
            sys.stdout.write("\n".join(_overview(briefing, trail)) + "\n")
        if briefing.review.sha256:
            self._warn_of_changes(briefing.review)
        return 0

    def act(self) -> int:
        """Pass or return the step that is next."""
        member = self._member(Role.REVIEWER)
        seen = self._newest()
        if self.arguments.passed:
            briefing = self.store.briefing(seen.briefing)
            self._look_at_errors(briefing, seen.waiting)
        after = self.store.act(seen, member.name, self.arguments.passed, self.arguments.comment)
        step = STEP_NAMES[after.acts[-1].step]
        done = "通过" if self.arguments.passed else "退回"
        say(f"{member.name} {step}{done}：{after.briefing} 第 {after.version} 版，现在{state_text(after)}")
        if after.sha256:
            say(f"已封存，此后只读。SHA-256：{after.sha256}")
        return self._answer(after)

    def edit(self) -> int:
        """Change one line: a new version, checked anew."""
        member = self._member(Role.EDITOR)
        seen = self._newest()
        require_open(seen)
        before = self.store.briefing(seen.briefing)
        changed = with_line(before, self.arguments.line, self.arguments.text, self._check)
        after = self.store.edit(changed, seen, member.name)
        say(f"已存为 {after.briefing} 第 {after.version} 版，三审重新开始")
        for line in finding_lines(changed, changed.findings):
            say(f"  检查：{line}")
        return self._answer(after)

    def compare(self) -> int:
        """A version against the one before it."""
        newer = self._readable()
        number = newer.review.version
        if number < 2:
            raise UsageError(f"{newer.review.briefing} 第 1 版之前没有别的版本，没有可比较的")
        older = self.store.briefing(newer.review.briefing, number - 1)
        found = differences(older, newer)
        if self.arguments.json:
            said = {"briefing": newer.review.briefing, "old": number - 1, "new": number}
            print_json({**said, "differences": found})
        else:
            heading = f"{newer.review.briefing} 第 {number - 1} 版 → 第 {number} 版，{len(found)} 处不同"
            sys.stdout.write("\n".join([heading, *_difference_lines(found)]) + "\n")
        return 0

    def verify(self) -> int:
        """Whether the sealed text is as it was sealed."""
        self._member(Role.VIEWER)
        changes = self.store.verify(self.arguments.briefing)
        found = self.store.review(self.arguments.briefing)
        if self.arguments.json:
            intact = not changes
            print_json(
                {"briefing": found.briefing, "intact": intact, "sha256": found.sha256, "changes": changes}
            )
        elif changes:
            sys.stdout.write(f"{found.briefing} 封存后被改动：{'；'.join(changes)}\n")
        else:
            sys.stdout.write(f"{found.briefing} 第 {found.version} 版和封存时一致，SHA-256：{found.sha256}\n")
        return 1 if changes else 0

    def export(self) -> int:
        """Write a version with its review as a file."""
        from bot.briefing.export import write

        briefing = self._readable()
        if briefing.review.sha256 and self._warn_of_changes(briefing.review):
            return 1
        for notice in write(briefing, self.arguments.out):
            say(f"注意：{notice}")
        state = f"第 {briefing.review.version} 版，{state_text(briefing.review)}"
        say(f"{briefing.review.briefing} {state}，已写到 {self.arguments.out}")
        return self._answer(briefing.review) if self.arguments.json else 0

    def _member(self, role: Role) -> StaffMember:
        return self.context.settings.staff.on_this_machine(role, self.arguments.by)

    def _newest(self) -> Review:
        """What an act or edit is about. ``--version``, where it is given, was read: it must be the newest."""
        seen = self.store.review(self.arguments.briefing)
        if self.arguments.version not in (None, seen.version):
            raise UsageError(
                f"{seen.briefing} 最新是第 {seen.version} 版，不是第 {self.arguments.version} 版，请看过再办"
            )
        return seen

    def _readable(self) -> Briefing:
        """The wanted version; drafts are for those who may write them."""
        self._member(Role.VIEWER)
        briefing = self.store.briefing(self.arguments.briefing, self.arguments.version)
        self._member(Role.VIEWER if briefing.review.sha256 else Role.EDITOR)
        return briefing

    def _look_at_errors(self, briefing: Briefing, step: ReviewStep | None) -> None:
        """Check the lines as the library stands today: it may have changed since the version was made."""
        fresh = replace(briefing, findings=self._check(briefing))
        if step is ReviewStep.FINAL:
            require_sound(fresh)
        for line in finding_lines(fresh, errors(fresh.findings)):
            say(f"警告：{line}（终审前必须改好）")

    def _check(self, briefing: Briefing) -> tuple[Finding, ...]:
        from bot.briefing.checking.lines import check_briefing

        earlier = earlier_answers(self.context.settings.data_dir)
        return check_briefing(briefing, self.context.library(), earlier)

    def _trail(self, found: Review) -> tuple[TrailEntry, ...]:
        of_event = self.store.trail(self.store.event_of(found.briefing).id)
        return tuple(entry for entry in of_event if entry.briefing == found.briefing)

    def _event_text(self, found: Review) -> str:
        event = self.store.event_of(found.briefing)
        return f"{event.id}（{event.date} {event.title or KIND_NAMES[event.kind]}）"

    def _warn_of_changes(self, found: Review) -> bool:
        changes = self.store.verify(found.briefing)
        if changes:
            say(f"警告：{found.briefing} 封存后被改动，不能使用：{'；'.join(changes)}")
        return bool(changes)

    def _listed(self, found: Review) -> dict[str, Any]:
        return {
            **jsonable(found),
            "event": self.store.event_of(found.briefing).id,
            "state": state_text(found),
        }

    def _answer(self, found: Review) -> int:
        if self.arguments.json:
            print_json(self._listed(found))
        return 0


def _overview(briefing: Briefing, trail: Sequence[TrailEntry]) -> Iterator[str]:
    found = briefing.review
    event = briefing.event
    yield f"{found.briefing}  第 {found.version} 版，{state_text(found)}，起草人 {found.drafted_by}"
    yield f"  {event.title or KIND_NAMES[event.kind]}，{event.date}；成稿 {briefing.as_of}"
    if found.sha256:
        yield f"  SHA-256：{found.sha256}"
    yield f"口径 {len(briefing.questions)} 题，缺口 {len(briefing.gaps)} 个："
    for number, card in enumerate(briefing.questions, start=1):
        yield f"{number:3}. {card.forecast.question}"
        yield f"     {card.line.text}（{card.line.speak_seconds} 秒）"
    if briefing.findings:
        yield "检查："
        for finding, line in zip(briefing.findings, finding_lines(briefing, briefing.findings), strict=True):
            yield f"  {_SEVERITIES[finding.severity]}：{line}"
    yield "经过："
    yield from (f"  {trail_line(entry)}" for entry in trail)
    yield f"导出全文：review {found.briefing} --out 文件.docx"


def _difference_lines(found: Sequence[Difference]) -> Iterator[str]:
    for each in found:
        yield each.question if each.question == each.what else f"{each.question}（{each.what}）"
        for mark, text in (("旧", each.old), ("新", each.new)):
            if text:
                yield f"  {mark}：{text}"
