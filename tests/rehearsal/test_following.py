"""What a caller insists on."""

from __future__ import annotations

import pytest

from bot.rehearsal.following import faulty, is_content, outstanding, reason_after
from bot.rehearsal.models import Grade, Mark, Remark, Verdict
from bot.rehearsal.personas import Reason
from tests.rehearsal.grades import grade, mark, turn

MISSED = (mark(Mark.MISSED),)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (grade(Verdict.EMPTY, 0, MISSED), Reason.EMPTY),
        (grade(Verdict.OFF_TOPIC, 0, MISSED), Reason.OFF_TOPIC),
        (grade(Verdict.WRONG, 10, (mark(Mark.WRONG),)), Reason.WRONG),
        (grade(Verdict.STALE, 20, (mark(Mark.STALE),)), Reason.STALE),
        (grade(Verdict.OVER_PROMISING, 30), Reason.OVER_PROMISE),
        (grade(Verdict.PARTIAL, 50, MISSED), Reason.MISSED),
        (grade(Verdict.PARTIAL, 50, MISSED, seconds=61), Reason.TOO_LONG),
        (grade(seconds=61), Reason.TOO_LONG),
        (grade(seconds=60), None),
        (grade(office=False), Reason.OFFICE),
        (grade(deadline=False), Reason.DEADLINE),
        (grade(office=False, deadline=False), Reason.OFFICE_DEADLINE),
        (grade(deadline=True), None),
        (grade(), None),
        (grade(Verdict.CANNOT_GRADE, None, ()), None),
        (grade(Verdict.WRONG, 10, (mark(Mark.WRONG),), seconds=90, office=False), Reason.WRONG),
    ],
)
def test_a_grade_gives_the_reason(found: Grade, reason: Reason | None) -> None:
    assert reason_after([turn(found)]) is reason


def test_whom_and_when_are_asked_once() -> None:
    first = turn(grade(office=False))
    again = turn(grade(office=False), Reason.OFFICE)
    assert reason_after([first, again]) is None


def test_an_office_named_before_is_not_asked_for_again() -> None:
    first = turn(grade(Verdict.PARTIAL, 50, MISSED, office=True))
    then = turn(grade(office=False), Reason.MISSED)
    assert reason_after([first, then]) is None


def test_who_was_not_told_whom_to_turn_to_is_not_content() -> None:
    assert is_content(turn(grade()))
    assert not is_content(turn(grade(office=False), Reason.OFFICE))
    assert not is_content(turn(grade(deadline=False), Reason.DEADLINE))
    assert not is_content(turn(grade(Verdict.PARTIAL, 50, MISSED)))


def test_only_decisive_facts_are_owed() -> None:
    found = grade(marks=(mark(Mark.STATED), mark(Mark.WRONG, "文件#乙"), mark(Mark.MISSED, "文件#丙")))
    assert [owed.fact for owed in outstanding(found)] == ["文件#乙", "文件#丙"]


def test_the_faulty_fact_is_the_one_of_that_fault() -> None:
    found = grade(marks=(mark(Mark.STALE, "文件#旧", "16000"), mark(Mark.WRONG, "文件#错", "3万")))
    stale, wrong = faulty(found, Reason.STALE), faulty(found, Reason.WRONG)
    assert stale
    assert wrong
    assert (stale.said, wrong.said) == ("16000", "3万")
    assert faulty(grade(remarks=(Remark("over_promise", "承诺", "一定"),)), Reason.WRONG) is None
