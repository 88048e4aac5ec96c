"""A rehearsal in plain Chinese, for a terminal or a message: what a reply was worth, how a person gets on.

While a caller still insists, nothing is shown that gives the answer away; the line comes when they have done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.rehearsal.models import FactMark, Grade, Mark, Verdict
from bot.rehearsal.personas import REASON_NAMES, Reason, cast
from bot.rehearsal.records import Record, Round
from bot.rehearsal.report import Report, Tally, WeakSpot
from bot.rehearsal.session import Order, Rehearsal, order_in
from bot.signals.statistics.table import pad

VERDICT_NAMES = {
    Verdict.GOOD: "答得好",
    Verdict.PARTIAL: "对，但不全",
    Verdict.WRONG: "说错了",
    Verdict.STALE: "说的是旧规定",
    Verdict.OVER_PROMISING: "过度承诺",
    Verdict.OFF_TOPIC: "答非所问",
    Verdict.EMPTY: "没有内容",
    Verdict.CANNOT_GRADE: "无法评分",
}
MARK_NAMES = {Mark.STATED: "说到", Mark.MISSED: "漏说", Mark.WRONG: "说错", Mark.STALE: "过时"}
_COLUMNS = ("编号", "日期", "题数", "均分", "关键内容", "过度承诺", "过时", "秒")
_WIDTHS = (14, 12, 6, 6, 10, 10, 6, 6, 8)
"""Places of a terminal; a Han character takes two."""
INTRODUCTION = "直接说出答复。想不起来输入“提示”，换一题输入“跳过”，不练了输入“结束”。"


def asking(rehearsal: Rehearsal) -> str | None:
    """What the caller says now, with who it is and which question it is; ``None``: the rehearsal is over."""
    said = rehearsal.next()
    if said is None:
        return None
    record = rehearsal.record
    one = record.rounds[record.place]
    follows = record.pending.follows if record.pending else ""
    which = (
        f"追问（{REASON_NAMES[Reason(follows)]}）"
        if follows
        else f"第{record.place + 1}/{len(record.rounds)}题"
    )
    return f"【{which}】{cast().personas[one.persona].name}：{said}"


def respond(rehearsal: Rehearsal, text: str) -> str:
    """Take a reply or an order (提示, 跳过, 结束) and say what came of it."""
    place = rehearsal.record.place
    order = order_in(text)
    if order is Order.END:
        rehearsal.end()
        return "演练结束。"
    if order is Order.HINT:
        return f"口径：{rehearsal.hint()}"
    if order is Order.SKIP:
        rehearsal.skip()
        return "\n".join(["跳过这一题。", *_closing(rehearsal.record.rounds[place])])
    lines = list(_reply(rehearsal.reply(text)))
    if rehearsal.record.place != place:
        one = rehearsal.record.rounds[place]
        if rehearsal.parting:
            lines.append(f"{cast().personas[one.persona].name}：{rehearsal.parting}")
        lines += _closing(one)
    return "\n".join(lines)


def _reply(grade: Grade) -> Iterator[str]:
    score = "" if grade.score is None else f"，{grade.score}分"
    yield f"  判定：{VERDICT_NAMES[grade.verdict]}{score}"
    for mark in grade.facts:
        if mark.mark in (Mark.WRONG, Mark.STALE) and mark.said:
            yield f"  {MARK_NAMES[mark.mark]}：“{mark.said}”"
    for name in (Mark.STATED, Mark.MISSED):
        counted = [mark for mark in grade.facts if mark.mark is name and mark.decisive]
        if counted:
            yield f"  {MARK_NAMES[name]}：关键内容 {len(counted)} 条"
    for remark in grade.remarks:
        yield f"  注意：{remark.message}{f'（“{remark.said}”）' if remark.said else ''}"
    deadline = {None: "不涉及", True: "说了", False: "没说"}[grade.deadline_given]
    office = "说了" if grade.office_given else "没说"
    yield f"  承办部门：{office}；期限：{deadline}；用时约 {grade.seconds} 秒"


def _closing(one: Round) -> Iterator[str]:
    """What a question comes to: why the first reply is worth what it is, each fact, the line to take."""
    if one.turns:
        yield f"  第一次答复：{one.turns[0].grade.reason}"
    for mark in final_marks(one).values():
        decisive = "关键" if mark.decisive else "补充"
        yield f"  {MARK_NAMES[mark.mark]}（{decisive}）：{mark.should}　{mark.source}"
    yield f"  可以这样答：{one.question.line}"
    if one.deeper:
        yield f"  深一层可以这样答：{one.deeper.line}"


def final_marks(one: Round) -> dict[str, FactMark]:
    """Each fact after all replies: stated where it was stated once, else its latest mark."""
    found: dict[str, FactMark] = {}
    for turn in one.turns:
        for mark in turn.grade.facts:
            if mark.fact not in found or found[mark.fact].mark is not Mark.STATED:
                found[mark.fact] = mark
    return found


def after_session(record: Record, tally: Tally, practise: Sequence[str]) -> str:
    """The figures of one rehearsal and what to practise next."""
    lines = [f"本次演练：{len(record.rounds)} 题中练了 {tally.questions} 题", *_tally(tally)]
    return "\n".join([*lines, *_practise(practise)])


def as_table(report: Report) -> str:
    """A person's rehearsals, what changed, what is weak, what to practise next."""
    if not report.rehearsals:
        return f"{report.by}还没有演练记录。用 rehearse 开始一场。"
    lines = [f"{report.by}的演练：{len(report.rehearsals)} 场", "", _row(*_COLUMNS)]
    for past in report.rehearsals:
        tally = past.tally
        lines.append(
            _row(
                past.id,
                f"{past.started:%Y-%m-%d}",
                str(tally.questions),
                _number(tally.score),
                _percent(tally.facts_stated),
                str(tally.over_promising),
                str(tally.stale),
                _number(tally.seconds),
                "" if past.ended else "没练完",
            )
        )
    lines += ["", "合计", *_tally(report.total)]
    if report.change:
        change = report.change
        lines += [
            "",
            "最近一场与以前相比",
            f"  均分 {_signed(change.score)}，关键内容 {_signed_percent(change.facts_stated)}，"
            f"每题过度承诺 {_signed(change.over_promising)}，每题过时 {_signed(change.stale)}，"
            f"用时 {_signed(change.seconds)} 秒",
        ]
    lines += _weak("最弱的主题", report.weakest_topics)
    lines += _weak("最弱的文件", report.weakest_documents)
    return "\n".join([*lines, *_practise(report.practise)])


def _row(*cells: str) -> str:
    return "".join(map(pad, cells, _WIDTHS)).rstrip()


def _tally(tally: Tally) -> Iterator[str]:
    verdicts = "，".join(f"{VERDICT_NAMES[verdict]} {count}" for verdict, count in tally.verdicts.items())
    yield f"  答复 {tally.replies} 次（不含看提示以后的）{f'：{verdicts}' if verdicts else ''}"
    yield (
        f"  均分 {_number(tally.score)}，关键内容说到 {_percent(tally.facts_stated)}，"
        f"平均 {_number(tally.seconds)} 秒"
    )
    yield (
        f"  过度承诺 {tally.over_promising} 次，过时 {tally.stale} 次，"
        f"看提示 {tally.hinted} 题，跳过 {tally.skipped} 题"
    )


def _weak(title: str, spots: Sequence[WeakSpot]) -> list[str]:
    found = [f"  {_number(spot.score)} 分　{spot.name}（{spot.questions} 题）" for spot in spots]
    return ["", title, *found] if found else []


def _practise(questions: Sequence[str]) -> list[str]:
    return ["", "下次先练", *(f"  · {question}" for question in questions)] if questions else []


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _signed(value: float | None) -> str:
    return "—" if value is None else f"{value:+.1f}"


def _signed_percent(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:+.0f}个百分点"
