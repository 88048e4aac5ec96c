"""三审: the rules. Who may review what, when a version is sealed, and what an edit changes.

Nothing here reads or writes a file; :mod:`bot.store_events` keeps what comes of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from bot.briefing.models import (
    Briefing,
    Finding,
    FindingKind,
    QuestionCard,
    Review,
    ReviewAct,
    ReviewStep,
    Severity,
)
from bot.briefing.serial import canonical
from bot.errors import UsageError
from bot.staff import name_key

STEP_NAMES = {
    ReviewStep.FIRST: "初审",
    ReviewStep.SECOND: "复审",
    ReviewStep.FINAL: "终审",
}

_PARTS = {
    "event": "活动",
    "as_of": "成稿日期",
    "questions": "问题与口径",
    "gaps": "缺口",
    "conflicts": "口径不一致处",
    "recent_changes": "近期变动",
    "findings": "检查结果",
    "documents": "依据文件",
    "notices": "提示",
    "acts": "审核记录",
}

Check = Callable[[Briefing], tuple[Finding, ...]]


def acts_on(acts: Sequence[ReviewAct], version: int) -> tuple[ReviewAct, ...]:
    """The acts on one version, in their order."""
    return tuple(act for act in acts if act.version == version)


def waiting_step(acts: Sequence[ReviewAct], version: int) -> ReviewStep | None:
    """The step that a version waits for; ``None`` after the final one. A version that was sent back starts
    again with its next version."""
    passed = {act.step for act in acts_on(acts, version) if act.passed}
    if is_sent_back(acts, version):
        return ReviewStep.FIRST
    return next((step for step in ReviewStep if step not in passed), None)


def is_sent_back(acts: Sequence[ReviewAct], version: int) -> bool:
    """Whether a version was returned: only a new version can be reviewed."""
    return any(not act.passed for act in acts_on(acts, version))


def state_text(review: Review) -> str:
    """Where it stands, in a few words: 待初审, 已退回, 已定稿."""
    if review.waiting is None:
        return "已定稿"
    return "已退回" if is_sent_back(review.acts, review.version) else f"待{STEP_NAMES[review.waiting]}"


def require_reviewer(review: Review, editor: str, by: str) -> None:
    """Whether somebody may do the step that is next.

    Three different persons review, and none of them wrote what they review. Two spellings of a name are
    one person.

    Args:
        editor: who made this version.

    Raises:
        UsageError: says who has done what already.
    """
    require_name(by)
    require_open(review)
    if is_sent_back(review.acts, review.version):
        raise UsageError(
            f"{review.briefing} 第 {review.version} 版已退回，要先改出新的一版（review {review.briefing} "
            "--line 序号 --text 口径）再审"
        )
    key = name_key(by)
    if key == name_key(review.drafted_by):
        raise UsageError(f"{by} 是 {review.briefing} 的起草人，不能审自己起草的稿子")
    if key == name_key(editor):
        raise UsageError(f"{by} 改出了 {review.briefing} 第 {review.version} 版，不能审自己改的稿子")
    for act in acts_on(review.acts, review.version):
        if name_key(act.by) == key:
            raise UsageError(f"{by} 已经做过{STEP_NAMES[act.step]}，三审要由三个不同的人做")


def require_open(review: Review) -> None:
    """Raises UsageError where the briefing is sealed."""
    if review.waiting is None:
        raise UsageError(f"{review.briefing} 已定稿封存，只能查看和导出；要改请重新写一份（brief --keep）")


def require_name(by: str) -> None:
    """Raises UsageError where a name has nothing by which a person could be told."""
    if not name_key(by):
        raise UsageError("没有写明办理人，请用 --by 写上姓名")


def require_unchanged(seen: Review, found: Review) -> None:
    """Raises UsageError where somebody else acted between looking and acting."""
    if (seen.version, len(seen.acts)) == (found.version, len(found.acts)):
        return
    if found.version != seen.version:
        what = f"已经有了第 {found.version} 版"
    else:
        last = found.acts[-1]
        done = "通过了" if last.passed else "退回了"
        what = f"{last.by}刚才{done}{STEP_NAMES[last.step]}，现在是“{state_text(found)}”"
    raise UsageError(f"{found.briefing} {what}，这次没有办成，请重新看过再办")


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What must be mended before the final review."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def finding_lines(briefing: Briefing, findings: Sequence[Finding]) -> Iterator[str]:
    """Each finding with the number of its question and the clause it was checked against."""
    numbers = {card.forecast.question: n for n, card in enumerate(briefing.questions, start=1)}
    for finding in findings:
        number = numbers.get(finding.question)
        where = f"第 {number} 题" if number else "全文"
        clause = f"（依据：{finding.clause}）" if finding.clause else ""
        yield f"{where}：{finding.message}{clause}"


def require_sound(briefing: Briefing) -> None:
    """Whether the final review may seal it.

    Raises:
        UsageError: a line has an error; says which line and clause.
    """
    wrong = errors(briefing.findings)
    if wrong:
        said = "；".join(finding_lines(briefing, wrong))
        raise UsageError(
            f"还有 {len(wrong)} 处错误，不能终审，请先改口径（review 编号 --line 序号 --text 口径）：{said}"
        )


def with_line(briefing: Briefing, number: int, text: str, check: Check) -> Briefing:
    """The briefing with the line of one question changed, and checked anew. Figures that are no longer said
    go; the basis stays.

    Raises:
        UsageError: there is no such question, or nothing is changed.
    """
    from bot.briefing.lines.speaking import speak_seconds  # reads word lists that the store does not need

    if not 1 <= number <= len(briefing.questions):
        raise UsageError(f"没有第 {number} 题，这份简报有 {len(briefing.questions)} 题")
    text = text.strip()
    card = briefing.questions[number - 1]
    if not text:
        raise UsageError("新的口径是空的，请用 --text 写上")
    if text == card.line.text:
        raise UsageError(f"第 {number} 题的口径和原来一样，没有改动")
    line = replace(
        card.line,
        text=text,
        speak_seconds=speak_seconds(text),
        figures=tuple(figure for figure in card.line.figures if figure.text in text),
    )
    cards = list(briefing.questions)
    cards[number - 1] = replace(card, line=line)
    changed = replace(briefing, questions=tuple(cards))
    found = check(changed)
    return replace(changed, findings=(*found, *_compared_before(briefing, card, found)))


def _compared_before(briefing: Briefing, edited: QuestionCard, found: Sequence[Finding]) -> Iterator[Finding]:
    """What the lines that stay were found to say otherwise than an earlier answer: such answers are deleted
    after their time, what was found against them holds."""
    for finding in briefing.findings:
        kept = finding.kind is FindingKind.EARLIER_ANSWER and finding.question != edited.forecast.question
        if kept and finding not in found:
            yield finding


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in which two versions differ. ``old`` or ``new`` is empty where there is none."""

    question: str
    """The question, or the name of another part."""
    what: str
    old: str
    new: str


def differences(old: Briefing, new: Briefing) -> tuple[Difference, ...]:
    """What differs between two versions, question by question, then in the other parts."""
    return (*_cards_differ(old, new), *_parts_differ(old, new))


def _cards_differ(old: Briefing, new: Briefing) -> Iterator[Difference]:
    before = {card.forecast.question: card.line for card in old.questions}
    after = {card.forecast.question: card.line for card in new.questions}
    for question in dict.fromkeys((*before, *after)):
        first, second = before.get(question), after.get(question)
        if first is None or second is None:
            yield Difference(question, "题目", first.text if first else "", second.text if second else "")
            continue
        for what, name in (("口径", "text"), ("追问时说", "if_pressed"), ("转办去向", "transfer")):
            if getattr(first, name) != getattr(second, name):
                yield Difference(question, what, getattr(first, name), getattr(second, name))


def _parts_differ(old: Briefing, new: Briefing) -> Iterator[Difference]:
    for name, first, second in (
        ("缺口", [gap.question for gap in old.gaps], [gap.question for gap in new.gaps]),
        ("检查结果", list(finding_lines(old, old.findings)), list(finding_lines(new, new.findings))),
        ("提示", list(old.notices), list(new.notices)),
    ):
        for operation, start, end, from_, to in SequenceMatcher(None, first, second, False).get_opcodes():
            if operation != "equal":
                pairs = zip_longest(first[start:end], second[from_:to], fillvalue="")
                yield from (Difference(name, name, gone, come) for gone, come in pairs)


def sha256(text: str) -> str:
    """The hash of a sealed text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def part_hashes(text: str, acts: Sequence[ReviewAct]) -> dict[str, str]:
    """A hash of each part of a canonical text, and of the acts that sealed it: they tell where a sealed text
    was changed, which the hash of the whole cannot."""
    parts: dict[str, object] = {}
    for key, value in json.loads(text).items():
        numbered = (
            {f"{key} {n}": element for n, element in enumerate(value, start=1)}
            if isinstance(value, list)
            else {key: value}
        )
        parts |= numbered
    parts |= {f"acts {n}": _act_plain(act) for n, act in enumerate(acts, start=1)}
    return {
        key: sha256(json.dumps(value, ensure_ascii=False, sort_keys=True)) for key, value in parts.items()
    }


def _act_plain(act: ReviewAct) -> list[object]:
    return [act.step.value, act.by, act.passed, act.comment, act.at.timestamp(), act.version]


def altered(sealed: Mapping[str, str], found: Mapping[str, str]) -> tuple[str, ...]:
    """What was changed since sealing, in Chinese: 问题与口径第 3 项被改动."""
    return tuple(
        f"{_part_name(key)}{_happened(sealed.get(key), found.get(key))}"
        for key in dict.fromkeys((*sealed, *found))
        if sealed.get(key) != found.get(key)
    )


def _part_name(key: str) -> str:
    name, _, number = key.partition(" ")
    return _PARTS.get(name, name) + (f"第 {number} 项" if number else "")


def _happened(sealed: str | None, found: str | None) -> str:
    if sealed is None:
        return "是封存后加上的"
    return "不见了" if found is None else "被改动"


def kept_text(briefing: Briefing) -> str:
    """The canonical text as it is kept and hashed: without lone surrogates, which no file can hold."""
    return canonical(briefing).encode("utf-8", "replace").decode("utf-8")
