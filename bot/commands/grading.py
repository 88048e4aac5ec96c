"""``grade``: one reply, or one a line with ``--jsonl``, held against the facts that answer the question."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.commands.context import Context
from bot.commands.output import jsonable, print_json, to_json
from bot.commands.progress import progress_bar
from bot.errors import UsageError
from bot.rehearsal.grading.grader import Grader
from bot.rehearsal.models import Grade, Mark, Verdict

VERDICT_NAMES = {
    Verdict.GOOD: "好",
    Verdict.PARTIAL: "不全",
    Verdict.WRONG: "说错",
    Verdict.STALE: "过时",
    Verdict.OVER_PROMISING: "过度承诺",
    Verdict.OFF_TOPIC: "答非所问",
    Verdict.EMPTY: "没有内容",
    Verdict.CANNOT_GRADE: "无法打分",
}
_MARK_NAMES = {Mark.STATED: "说到", Mark.MISSED: "漏说", Mark.WRONG: "说错", Mark.STALE: "过时"}
_LONGEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class GivenReply:
    """One line of ``grade --jsonl``."""

    id: object
    question: str
    reply: str


def grade(arguments: argparse.Namespace, context: Context) -> int:
    """Grade one reply, or one a line."""
    if arguments.jsonl:
        given = tuple(read_replies(sys.stdin.buffer))
        for line in grade_lines(_grader(context), given):
            sys.stdout.write(line + "\n")
        return 0
    for name in ("question", "reply"):
        if not (getattr(arguments, name) or "").strip():
            raise UsageError(
                "请写明 --question 和 --reply，例如：grade --question 助学贷款最多贷多少 --reply …"
            )
    found = _grader(context).grade(arguments.question, arguments.reply)
    if arguments.json:
        print_json(found)
    else:
        sys.stdout.write(as_text(found).encode("utf-8", "replace").decode("utf-8") + "\n")
    return 0


def _grader(context: Context) -> Grader:
    assistant = context.assistant()
    return Grader(assistant.library, assistant, context.today())


def read_replies(stream: Iterable[bytes]) -> Iterator[GivenReply]:
    """Lines of JSON with ``id``, ``question`` and ``reply``.

    Raises:
        UsageError: a line is something else; names the line and the field.
    """
    for number, raw in enumerate(stream, start=1):
        if not raw.strip():
            continue
        where = f"标准输入第 {number} 行"
        if len(raw) > _LONGEST_LINE:
            raise UsageError(f"{where}太长（超过 {_LONGEST_LINE} 字节）")
        try:
            row = json.loads(raw.decode("utf-8-sig"))
            to_json(row)  # the id goes out again: it must not be nested too deep
        except UnicodeDecodeError as exc:
            raise UsageError(f"{where}不是 UTF-8 文字") from exc
        except RecursionError:
            raise UsageError(f"{where}嵌套太深") from None
        except ValueError as exc:
            raise UsageError(f"{where}不是 JSON，每行应是 id、question、reply") from exc
        if not isinstance(row, dict):
            raise UsageError(f"{where}应有 id、question、reply")
        for name in ("id", "question", "reply"):
            if name not in row or (name != "id" and not isinstance(row[name], str)):
                raise UsageError(f"{where}缺少 {name}，或者它不是文字")
        yield GivenReply(row["id"], row["question"], row["reply"])


def grade_lines(grader: Grader, given: tuple[GivenReply, ...]) -> Iterator[str]:
    """One JSON line a reply, in order."""
    with progress_bar("打分", len(given)) as progress:
        for done, one in enumerate(given, start=1):
            yield to_json({"id": one.id, **jsonable(grader.grade(one.question, one.reply))})
            if progress:
                progress(done, len(given))


def as_text(found: Grade) -> str:
    """A grade as a terminal shows it."""
    score = "" if found.score is None else f"（{found.score} 分）"
    lines = [f"结论：{VERDICT_NAMES[found.verdict]}{score}", f"理由：{found.reason}"]
    for mark in found.facts:
        said = f"，您说的是“{mark.said}”" if mark.said else ""
        lines.append(f"  {_MARK_NAMES[mark.mark]}：{mark.should.rstrip('。')}{said}〔{mark.source}〕")
    lines += [
        f"  提醒：{remark.message}" + (f"（“{remark.said}”）" if remark.said else "")
        for remark in found.remarks
    ]
    lines.append(f"时长约 {found.seconds} 秒，{'说了' if found.office_given else '没有说'}找哪个科室")
    if found.better:
        lines.append(f"可以这样答：{found.better}")
    return "\n".join(lines)
