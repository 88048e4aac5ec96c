"""Why a caller insists after a reply, told from its grade alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.rehearsal.models import FactMark, Grade, Mark, Turn, Verdict
from bot.rehearsal.personas import Reason

LONGEST_SECONDS = 60
"""A caller listens so long; a line to take is made for 30–60 seconds."""

_BY_VERDICT = {
    Verdict.EMPTY: Reason.EMPTY,
    Verdict.OFF_TOPIC: Reason.OFF_TOPIC,
    Verdict.WRONG: Reason.WRONG,
    Verdict.STALE: Reason.STALE,
    Verdict.OVER_PROMISING: Reason.OVER_PROMISE,
}
WHOM_AND_WHEN = {Reason.OFFICE, Reason.DEADLINE, Reason.OFFICE_DEADLINE}


def reason_after(turns: Sequence[Turn]) -> Reason | None:
    """What the latest reply makes a caller insist on; ``None``: nothing, or the reply cannot be graded.

    What is wrong comes before what is missing; whom to turn to and when is asked once.

    Args:
        turns: the turns about one matter, the latest last; at least one.
    """
    grade = turns[-1].grade
    if grade.verdict in _BY_VERDICT:
        return _BY_VERDICT[grade.verdict]
    if grade.verdict is Verdict.CANNOT_GRADE:
        return None
    if grade.seconds > LONGEST_SECONDS:
        return Reason.TOO_LONG
    if grade.verdict is Verdict.PARTIAL and outstanding(grade):
        return Reason.MISSED
    return None if any(turn.follows in WHOM_AND_WHEN for turn in turns) else _whom_and_when(turns)


def _whom_and_when(turns: Sequence[Turn]) -> Reason | None:
    no_office = not any(turn.grade.office_given for turn in turns)
    no_deadline = turns[-1].grade.deadline_given is False and not any(
        turn.grade.deadline_given for turn in turns
    )
    if no_office and no_deadline:
        return Reason.OFFICE_DEADLINE
    if no_office:
        return Reason.OFFICE
    return Reason.DEADLINE if no_deadline else None


def is_content(turn: Turn) -> bool:
    """Whether the caller goes away with an answer, and with the office and time that were asked for."""
    grade = turn.grade
    left = turn.follows in WHOM_AND_WHEN and (not grade.office_given or grade.deadline_given is False)
    return grade.verdict is Verdict.GOOD and not left


def outstanding(grade: Grade) -> tuple[FactMark, ...]:
    """The decisive facts that the reply did not state."""
    return tuple(mark for mark in grade.facts if mark.decisive and mark.mark is not Mark.STATED)


def faulty(grade: Grade, reason: Reason) -> FactMark | None:
    """The first fact that the reply stated wrongly, or with a former figure; decisive ones first."""
    wanted = Mark.STALE if reason is Reason.STALE else Mark.WRONG
    found = [mark for mark in grade.facts if mark.mark is wanted]
    return next(iter(sorted(found, key=lambda mark: not mark.decisive)), None)


def promises(grade: Grade) -> Iterable[str]:
    """The pieces of a reply that promise too much."""
    return [remark.said for remark in grade.remarks if remark.kind == "over_promise" and remark.said]
