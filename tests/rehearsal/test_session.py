"""A mock session, driven as the terminal and Telegram drive it, with the real grader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.rehearsal.choosing import PracticeQuestion, choose, standing_questions
from bot.rehearsal.grading.grader import Grader
from bot.rehearsal.models import Mark, Verdict
from bot.rehearsal.personas import Reason, cast
from bot.rehearsal.records import Record, Setup, begin, goes_on
from bot.rehearsal.session import Order, Rehearsal, order_in
from bot.rehearsal.showing import asking, respond
from knowledge.figures import figures
from knowledge.library import Library
from tests.conftest import Hotline
from tests.rehearsal.grades import ON, STARTED

QUOTA = "03-zhuxue-daikuan-2023#quota_2024"
GOOD = "本科生、专科生每人每年最高贷20000元，研究生最高25000元，到县里的学生资助管理中心办。"
NO_OFFICE = "本科生、专科生每人每年最高贷20000元，研究生最高25000元，按这个上限申请就行。"
FORMER = "现在本科生、专科生每人每年最高可以贷16000元，研究生最高20000元，找县学生资助管理中心。"
PROMISE = "我保证您家孩子一定能批下来，本科生每人每年最高20000元，研究生25000元，找县学生资助管理中心。"
LOAN = PracticeQuestion("助学贷款一年最多能贷多少？", (QUOTA,), QUOTA.partition("#")[0], "最高两万。")

Start = Callable[..., Rehearsal]


@pytest.fixture(scope="module")
def grader(library: Library, hotline: Hotline) -> Grader:
    return Grader(library, hotline.assistant, ON)


@pytest.fixture
def start(library: Library, grader: Grader) -> Start:
    def started(persona: str = "parent", *questions: PracticeQuestion, seed: int = 0) -> Rehearsal:
        asked = questions or (LOAN,)
        setup = Setup(persona=persona, questions=len(asked), seed=seed)
        return Rehearsal(begin(asked, setup, "甲", STARTED, ON), grader, library)

    return started


def said(rehearsal: Rehearsal) -> str:
    found = rehearsal.next()
    assert found is not None
    return found


def follows(rehearsal: Rehearsal) -> str:
    """Why the caller insists now."""
    assert rehearsal.record.pending is not None
    return rehearsal.record.pending.follows


def test_a_good_reply_ends_the_question_with_thanks(start: Start) -> None:
    rehearsal = start()
    assert LOAN.question in said(rehearsal)
    grade = rehearsal.reply(GOOD)
    assert grade.verdict is Verdict.GOOD
    assert grade.better == LOAN.line
    assert rehearsal.parting in cast().personas["parent"].thanks
    assert rehearsal.next() is None


def test_the_question_stays_until_it_is_replied_to(start: Start) -> None:
    rehearsal = start()
    assert rehearsal.next() == rehearsal.next()


def test_an_empty_reply_is_asked_again_and_patience_ends(start: Start) -> None:
    rehearsal = start("complainant")
    heard = []
    while (asked := rehearsal.next()) is not None:
        heard.append(asked)
        assert rehearsal.reply("您的心情我们非常理解。").verdict is Verdict.EMPTY
    assert len(heard) == len(set(heard)) == 3
    assert all(LOAN.question in asked for asked in heard)
    assert rehearsal.parting in cast().personas["complainant"].gives_up


@pytest.mark.parametrize("persona", ["parent", "complainant", "teacher", "grandparent"])
@pytest.mark.parametrize("reply", [FORMER, "", "本科生的额度我说不准，找县学生资助管理中心。", PROMISE])
def test_a_follow_up_never_gives_the_answer_away(start: Start, persona: str, reply: str) -> None:
    rehearsal = start(persona)
    said(rehearsal)
    rehearsal.reply(reply)
    asked = rehearsal.next()
    assert asked is not None
    assert figures(asked) <= figures(reply)


def test_a_former_figure_is_doubted_and_the_correction_counts(start: Start) -> None:
    rehearsal = start()
    said(rehearsal)
    assert rehearsal.reply(FORMER).verdict is Verdict.STALE
    assert follows(rehearsal) == Reason.STALE
    assert rehearsal.reply(GOOD).verdict is Verdict.GOOD
    assert rehearsal.next() is None


def test_the_reporter_quotes_the_clause(start: Start, library: Library) -> None:
    rehearsal = start("reporter")
    said(rehearsal)
    rehearsal.reply(FORMER)
    assert follows(rehearsal) == Reason.STALE
    assert library.facts[QUOTA].statement[:20] in said(rehearsal)


def test_a_promise_is_pinned_down_and_can_be_taken_back(start: Start) -> None:
    rehearsal = start("complainant")
    said(rehearsal)
    assert rehearsal.reply(PROMISE).verdict is Verdict.OVER_PROMISING
    assert follows(rehearsal) == Reason.OVER_PROMISE
    back = rehearsal.reply("不能这么说，我没有权力批，要由经办银行审核。")
    assert back.verdict is Verdict.GOOD
    assert back.seconds < 10
    assert back.reply.startswith("不能这么说")


def test_who_holds_to_a_promise_is_pinned_down_again(start: Start) -> None:
    rehearsal = start("complainant")
    first = said(rehearsal)
    rehearsal.reply(PROMISE)
    second = said(rehearsal)
    assert rehearsal.reply("对，我保证您家孩子一定能批下来。").verdict is Verdict.OVER_PROMISING
    assert said(rehearsal) not in (first, second)


def test_whom_to_turn_to_is_asked_for_and_counts_with_what_was_said(start: Start) -> None:
    rehearsal = start()
    said(rehearsal)
    rehearsal.reply(NO_OFFICE)
    assert follows(rehearsal) == Reason.OFFICE
    then = rehearsal.reply("到县里的学生资助管理中心办。")
    assert then.verdict is Verdict.GOOD
    assert then.office_given
    assert rehearsal.next() is None


def test_a_missed_fact_is_asked_for_by_its_aspect_and_graded_alone(start: Start, library: Library) -> None:
    rehearsal = start()
    said(rehearsal)
    found = rehearsal.reply("助学贷款额度有上限，本专科生和研究生不一样，具体到县学生资助管理中心问。")
    assert found.verdict is Verdict.PARTIAL
    assert follows(rehearsal) == Reason.MISSED
    assert any(ask in said(rehearsal) for ask in cast().asks["金额"])
    assert rehearsal.reply("本专科生每年最高20000元，研究生25000元。").facts[0].mark is Mark.STATED


def test_who_talks_too_long_is_interrupted(start: Start) -> None:
    rehearsal = start()
    said(rehearsal)
    grade = rehearsal.reply(GOOD + "助学贷款是国家为帮助家庭经济困难的大学生完成学业设立的。" * 9)
    assert grade.seconds > 60
    assert follows(rehearsal) == Reason.TOO_LONG


def test_who_digs_asks_one_more_question_of_the_same_document(start: Start, library: Library) -> None:
    rehearsal = start("teacher")
    said(rehearsal)
    rehearsal.reply(GOOD)
    assert follows(rehearsal) == Reason.DEEPER
    deeper = rehearsal.record.rounds[0].deeper
    assert deeper is not None
    assert deeper.document == LOAN.document
    assert not deeper.matter & LOAN.matter
    grade = rehearsal.reply(deeper.line)
    assert grade.question == deeper.question
    assert grade.better == deeper.line
    assert rehearsal.next() is None


def test_a_reply_that_cannot_be_graded_ends_the_question_without_praise_or_blame(start: Start) -> None:
    unknown = replace(LOAN, facts=(), question="市里明年哪天开运动会？")
    rehearsal = start("reporter", unknown)
    said(rehearsal)
    grade = rehearsal.reply("明年的安排还没有公布，公布后会在网站上说明。")
    assert (grade.verdict, grade.score) == (Verdict.CANNOT_GRADE, None)
    assert rehearsal.parting == ""
    assert rehearsal.next() is None


def test_personal_data_is_masked_before_it_is_kept(start: Start) -> None:
    rehearsal = start()
    said(rehearsal)
    rehearsal.reply(f"您打13812345678找张主任，我一定给您办。{GOOD}")
    assert "13812345678" not in repr(rehearsal.record)


def test_a_hint_shows_the_line_and_counts_from_then_on(start: Start) -> None:
    rehearsal = start()
    said(rehearsal)
    rehearsal.reply("")
    assert rehearsal.hint() == LOAN.line
    rehearsal.reply(GOOD)
    (one,) = rehearsal.record.rounds
    assert (one.hinted_at, len(one.unaided), len(one.turns)) == (1, 1, 2)


def test_skipping_and_ending(start: Start) -> None:
    other = replace(LOAN, question="研究生助学贷款一年最多贷多少？")
    rehearsal = start("parent", LOAN, other)
    said(rehearsal)
    rehearsal.skip()
    assert rehearsal.record.rounds[0].skipped
    assert other.question in said(rehearsal)
    rehearsal.end()
    assert rehearsal.next() is None
    assert not rehearsal.record.rounds[1].finished
    with pytest.raises(ValueError, match="nothing was asked"):
        rehearsal.reply("晚了")


def test_it_goes_on_where_it_was_broken_off(start: Start, library: Library, grader: Grader) -> None:
    rehearsal = start("complainant")
    said(rehearsal)
    rehearsal.reply("")
    again = Rehearsal(rehearsal.record, grader, library)
    assert again.next() == rehearsal.next()
    again.reply(GOOD)
    rehearsal.reply(GOOD)
    assert again.record == rehearsal.record


def test_a_fact_that_is_gone_ends_what_was_broken_off(start: Start, library: Library) -> None:
    record = start().record
    gone = start("parent", replace(LOAN, facts=("03-zhuxue-daikuan-2023#没有",))).record
    assert goes_on(record, library)
    assert not goes_on(gone, library)


def test_the_same_replies_give_the_same_rehearsal(start: Start, library: Library) -> None:
    def held(seed: int) -> Record:
        questions = choose(standing_questions(library, ON), 3, seed, {})
        rehearsal = start("", *questions, seed=seed)
        while rehearsal.next() is not None:
            rehearsal.reply("请您放心，这个我们会按规定办。")
        return rehearsal.record

    assert held(4) == held(4)
    assert held(4).session.turns != held(5).session.turns


def test_every_persona_gets_a_turn(start: Start) -> None:
    questions = [replace(LOAN, question=f"问题{n}") for n in range(5)]
    assert {one.persona for one in start("", *questions).record.rounds} == set(cast().personas)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("提示", Order.HINT),
        ("「跳过」", Order.SKIP),
        (" /结束 ", Order.END),
        ("提示。", Order.HINT),
        ("没有提示", None),
        ("", None),
    ],
)
def test_orders_are_told_from_replies(text: str, order: Order | None) -> None:
    assert order_in(text) is order


def test_what_is_shown_keeps_the_answer_until_the_caller_has_done(start: Start, library: Library) -> None:
    rehearsal = start()
    assert "第1/1题" in str(asking(rehearsal))
    shown = respond(rehearsal, FORMER)
    assert "说的是旧规定" in shown
    assert figures(shown).isdisjoint({"25000"})
    assert "追问（说法过时）" in str(asking(rehearsal))
    shown = respond(rehearsal, GOOD)
    assert library.facts[QUOTA].statement in shown
    assert LOAN.line in shown
    assert asking(rehearsal) is None


def test_the_line_is_shown_where_a_question_is_skipped(start: Start) -> None:
    rehearsal = start()
    asking(rehearsal)
    assert LOAN.line in respond(rehearsal, "提示")
    assert LOAN.line in respond(rehearsal, "跳过")
    assert asking(rehearsal) is None
