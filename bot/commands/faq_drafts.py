"""``review F1``: 三审 of an FAQ draft."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from bot.briefing.models import ReviewStep
from bot.briefing.reviewing import STEP_NAMES, state_text
from bot.commands.context import Context
from bot.commands.output import jsonable, print_json, say
from bot.errors import UsageError
from bot.followup.draft_checks import faults, require_sound
from bot.followup.models import DraftKind, FaqDraft
from bot.followup.showing import draft_lines
from bot.staff import Role
from bot.store_followups import FollowUpStore

_NOT_FOR_DRAFTS = ("line", "diff", "out", "version")


def review_draft(arguments: argparse.Namespace, context: Context) -> int:
    """Show, pass, return or change an FAQ draft; ``arguments.briefing`` holds its id (``F1``).

    0, or with ``--verify`` 1 where it was changed after it passed.
    """
    if any(vars(arguments)[name] for name in _NOT_FOR_DRAFTS):
        raise UsageError(
            "常见问题草稿只能用 --pass、--return、--text、--verify；全文用 followup --drafts 文件 写出"
        )
    if arguments.text is not None and (arguments.passed or arguments.returned or arguments.verify):
        raise UsageError("改文字（--text）和审核（--pass、--return）请分开办")
    if arguments.comment and not (arguments.passed or arguments.returned):
        raise UsageError("--comment 要和 --pass 或 --return 一起写")
    with FollowUpStore(context.settings.data_dir) as store:
        if arguments.verify:
            return _verify(arguments, context, store)
        if arguments.passed or arguments.returned:
            found = _act(arguments, context, store)
        elif arguments.text is not None:
            found = _edit(arguments, context, store)
        else:
            context.settings.staff.on_this_machine(Role.VIEWER, arguments.by)
            found = store.draft(arguments.briefing)
        _show(arguments, context, store, found)
    return 0


def _act(arguments: argparse.Namespace, context: Context, store: FollowUpStore) -> FaqDraft:
    by = context.settings.staff.on_this_machine(Role.REVIEWER, arguments.by).name
    seen = store.draft(arguments.briefing)
    if arguments.passed and seen.review.waiting is ReviewStep.FINAL:
        require_sound(seen, context.library(), context.today())
    found = store.act(seen.review, by, arguments.passed, arguments.comment)
    step = STEP_NAMES[found.review.acts[-1].step]
    done = "通过" if arguments.passed else "退回"
    say(f"{by} {step}{done}：{found.id} 第 {found.review.version} 版，现在{state_text(found.review)}")
    return found


def _edit(arguments: argparse.Namespace, context: Context, store: FollowUpStore) -> FaqDraft:
    """Another wording, or another answer, which may hold no figure that the facts do not hold."""
    by = context.settings.staff.on_this_machine(Role.EDITOR, arguments.by).name
    seen = store.draft(arguments.briefing)
    if seen.kind is DraftKind.ENTRY:
        changed = replace(seen, answer=arguments.text)
        require_sound(changed, context.library(), context.today())
    found = store.edit_draft(seen, arguments.text, by)
    say(f"已存为 {found.id} 第 {found.review.version} 版，三审重新开始")
    return found


def _verify(arguments: argparse.Namespace, context: Context, store: FollowUpStore) -> int:
    context.settings.staff.on_this_machine(Role.VIEWER, arguments.by)
    altered = store.is_altered(arguments.briefing)
    found = store.draft(arguments.briefing)
    if arguments.json:
        print_json({"draft": found.id, "intact": not altered, "sha256": found.review.sha256})
    else:
        state = "通过三审后被改动" if altered else "和通过三审时一致"
        sys.stdout.write(f"{found.id} {state}，SHA-256：{found.review.sha256}\n")
    return 1 if altered else 0


def _show(arguments: argparse.Namespace, context: Context, store: FollowUpStore, found: FaqDraft) -> None:
    trail = store.draft_trail(found.id)
    wrong = faults(found, context.library(), context.today())
    if arguments.json:
        print_json(
            {**jsonable(found), "state": state_text(found.review), "faults": wrong, "trail": jsonable(trail)}
        )
    else:
        sys.stdout.write("\n".join(draft_lines(found, trail, wrong)) + "\n")
