"""FAQ drafts as a YAML file in the format of ``knowledge/faq`` (``docs/library-format.md``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.briefing.export.plain_text import one_line
from bot.briefing.reviewing import state_text
from bot.followup.draft_checks import entry_of, faults, near_entries
from bot.followup.drafting import LeftOut, Proposals
from bot.followup.models import DraftKind, FaqDraft
from knowledge.library import Library

_HEAD = """\
# 常见问题草稿（{on}）。这是草稿，不是对外口径：要经初审、复审、终审三个不同的人通过，
# 才能并入政策库的 faq 目录。每一份 document 用 --- 隔开，格式同 docs/library-format.md。
# 审核：run_bot.py review F编号 --pass --by 姓名。“当场答复”只供核对，不是政策文本。
"""


def faq_yaml(
    drafts: Sequence[FaqDraft], left_out: Proposals, library: Library, on: date, altered: Iterable[str] = ()
) -> str:
    """The text of the file: passed drafts first, then those in review, then what must be published first.

    Args:
        altered: ids of drafts that were changed after they passed; they stand with those in review.
    """
    changed = frozenset(altered)
    passed = [draft for draft in drafts if draft.review.sha256 and draft.id not in changed]
    waiting = [draft for draft in drafts if draft not in passed]
    lines = [_HEAD.format(on=on.isoformat())]
    for title, part in (("通过三审", passed), ("待审", waiting)):
        lines.append(f"# ==== {title}（{len(part)} 条）====")
        lines += _section(part, library, on, changed, title)
    lines += _list("需先公布依据（没有现行的公开文本，不能写成常见问题）", left_out.unpublished)
    lines += _list("不归本局、查个人情况或没有问清，不列入", left_out.others)
    return "\n".join(lines) + "\n"


def _section(
    drafts: Sequence[FaqDraft], library: Library, on: date, altered: frozenset[str], title: str
) -> Iterator[str]:
    for document in dict.fromkeys(draft.document for draft in drafts):
        yield "---"
        held = library.documents.get(document)
        yield f"# {title}：{_plain(held.title if held else document)}"
        yield f"document: {_quoted(document)}"
        yield "entries:"
        for draft in drafts:
            if draft.document == document:
                yield from _comments(draft, library, on, altered)
                yield from _entry(draft, library)


def _comments(draft: FaqDraft, library: Library, on: date, altered: frozenset[str]) -> Iterator[str]:
    state = "通过三审后被改动，不能用" if draft.id in altered else state_text(draft.review)
    made = f"第 {draft.review.version} 版，起草人 {draft.review.drafted_by}"
    yield f"  # {draft.id}（{state}，{_plain(made)}；来自 {_plain(draft.event)} 第 {draft.number} 问）"
    if draft.kind is DraftKind.VARIANT:
        entry = entry_of(draft, library)
        yield f"  # 已有条目 {entry.id if entry else draft.entry}：只加下面 variants 里的问法"
    for near in near_entries(draft, library):
        yield f"  # 相近的已有条目 {near.id}（{_plain(near.question)}）：也许只加问法就够"
    if draft.spoken:
        yield f"  # 当场答复：{_plain(draft.spoken)}"
    if draft.doubts:
        yield f"  # 待核对，当场答复里这些数字在依据里找不到：{_plain('、'.join(draft.doubts))}"
    yield from (f"  # 须改：{_plain(fault)}" for fault in faults(draft, library, on))


def _entry(draft: FaqDraft, library: Library) -> Iterator[str]:
    variant = draft.kind is DraftKind.VARIANT
    entry = entry_of(draft, library) if variant else None
    variants = (draft.question,) if variant else draft.variants
    yield f"  - question: {_quoted(draft.entry_question if variant else draft.question)}"
    if variants:
        yield "    variants:"
        yield from (f"      - {_quoted(wording)}" for wording in variants)
    yield f"    answer: {_quoted(entry.answer if entry else draft.answer)}"
    yield f"    facts: {_flow(_keys(entry.facts if entry else draft.facts, draft.document))}"
    if entry and entry.background:
        yield f"    background: {_flow(_keys(entry.background, draft.document))}"
    if draft.aspects:
        yield f"    aspects: {_flow(draft.aspects)}"
    if entry and entry.office:
        yield f"    office: {_quoted(entry.office)}"
    if entry and entry.undetermined:
        yield "    undetermined: true"


def _keys(refs: Iterable[str], document: str) -> tuple[str, ...]:
    """Bare keys for facts of the same document."""
    return tuple(ref.removeprefix(f"{document}#") for ref in refs)


def _list(title: str, left_out: Sequence[LeftOut]) -> Iterator[str]:
    if left_out:
        yield f"# ==== {title}：{len(left_out)} 个 ===="
    for each in left_out:
        office = f"；科室：{each.office}" if each.office else ""
        why = _plain(f"{each.event} 第 {each.number} 问；{each.reason}{office}")
        yield f"# {_plain(each.question)}（{why}）"


def _plain(text: str) -> str:
    """Text as it may stand in a comment: nothing in it ends the line."""
    return one_line(text)


def _quoted(text: str) -> str:
    """A double-quoted scalar: JSON's are YAML's (YAML 1.2, §1.3)."""
    return json.dumps(one_line(text), ensure_ascii=False)


def _flow(texts: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(text) for text in texts)}]"
