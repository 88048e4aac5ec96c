"""The figures of rehearsals."""

from __future__ import annotations

from dataclasses import replace

from bot.rehearsal.models import Mark, Remark, Verdict
from bot.rehearsal.personas import Reason
from bot.rehearsal.records import Round
from bot.rehearsal.report import latest, report, tally
from bot.rehearsal.showing import as_table
from knowledge.library import Library
from tests.rehearsal.grades import grade, mark, question, record, turn

MISSED = (mark(Mark.MISSED),)
PARTIAL = turn(grade(Verdict.PARTIAL, 40, MISSED, seconds=10))
THEN_GOOD = turn(grade(seconds=20), Reason.MISSED)
PROMISE = turn(grade(Verdict.OVER_PROMISING, 20, remarks=(Remark("over_promise", "承诺", "一定"),)))
STALE = turn(grade(Verdict.STALE, 10, (mark(Mark.STALE),)))


def done(
    name: str, *turns: object, hinted_at: int | None = None, document: str = "文件", topic: str = ""
) -> Round:
    asked = question(name, document=document, topic=topic)
    return Round(asked, "parent", tuple(turns), True, hinted_at)  # type: ignore[arg-type]


def test_a_tally_counts_what_was_said_without_a_hint() -> None:
    found = tally([record(done("甲", PARTIAL, THEN_GOOD), done("乙", PROMISE, hinted_at=0), done("丙"))])
    assert (found.questions, found.replies, found.hinted, found.skipped) == (3, 2, 1, 1)
    assert found.verdicts == {Verdict.GOOD: 1, Verdict.PARTIAL: 1}
    assert (found.score, found.seconds, found.over_promising) == (70, 15, 0)


def test_a_fact_that_was_stated_in_the_end_counts_as_stated() -> None:
    missed = record(done("甲", PARTIAL))
    assert tally([missed]).facts_stated == 0
    assert tally([record(done("甲", PARTIAL, THEN_GOOD))]).facts_stated == 1
    assert tally([missed, record(done("甲", PARTIAL, THEN_GOOD))]).facts_stated == 0.5


def test_promises_and_former_figures_are_counted_whatever_the_verdict() -> None:
    both = turn(
        grade(Verdict.WRONG, 0, (mark(Mark.WRONG), mark(Mark.STALE, "文件#乙")), PROMISE.grade.remarks)
    )
    found = tally([record(done("甲", both), done("乙", STALE), done("丙", PROMISE))])
    assert (found.over_promising, found.stale) == (2, 2)


def test_nothing_to_count_is_not_zero() -> None:
    found = tally([record(done("甲", turn(grade(Verdict.CANNOT_GRADE, None, ()))))])
    assert (found.score, found.facts_stated) == (None, None)
    assert tally([]).seconds is None


def test_questions_that_were_not_reached_do_not_count() -> None:
    assert tally([record(done("甲", PARTIAL), Round(question("乙"), "parent"), ended=False)]).questions == 1


def test_the_latest_first_reply_tells_how_a_matter_went() -> None:
    asked = question("甲").matter
    first = record(done("甲", PARTIAL, THEN_GOOD))
    assert (latest([first])[asked].score, latest([first])[asked].good) == (40, False)
    assert latest([first, record(done("甲", turn(grade())))])[asked].good
    hinted = record(done("甲", turn(grade()), hinted_at=0))
    assert (latest([hinted])[asked].score, latest([hinted])[asked].good) == (0, False)
    ungraded = record(done("甲", turn(grade(Verdict.CANNOT_GRADE, None, ()))))
    assert latest([first, ungraded]) == latest([first])


def test_a_report_shows_change_weak_spots_and_what_to_practise(library: Library) -> None:
    aid, enrolment = "10-xuesheng-zizhu", "04-zhaosheng-ruxue-2023"
    before = record(
        done("甲", PARTIAL, document=aid, topic="资助"), done("乙", PROMISE, document=enrolment, topic="入学")
    )
    now = record(
        done("甲", turn(grade()), document=aid, topic="资助"),
        done("乙", STALE, document=enrolment, topic="入学"),
    )
    found = report("甲", [before, now], library)
    assert found.change
    assert found.change.score == 25
    assert found.change.over_promising == -0.5
    assert found.change.stale == 0.5
    assert [(spot.name, spot.score) for spot in found.weakest_topics] == [("入学", 15), ("资助", 70)]
    assert found.weakest_documents[0].name.startswith(library.documents[enrolment].title)
    assert found.practise == ("乙",)
    table = as_table(found)
    assert "乙" in table.partition("下次先练")[2]
    assert "均分 +25" in table


def test_one_rehearsal_has_nothing_to_compare_with(library: Library) -> None:
    unreached = replace(record(Round(question("甲"), "parent")), ended=False)
    found = report("甲", [unreached, record(done("甲", PARTIAL))], library)
    assert found.change is None
    assert len(found.rehearsals) == 1
    assert "还没有演练记录" in as_table(report("甲", [], library))
