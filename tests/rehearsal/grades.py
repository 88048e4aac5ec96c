"""Grades and rehearsals as tests need them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.rehearsal.choosing import PracticeQuestion
from bot.rehearsal.models import FactMark, Grade, Mark, Remark, Turn, Verdict
from bot.rehearsal.records import Record, Round, Setup

ON = date(2026, 12, 10)
STARTED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def mark(mark: Mark, fact: str = "文件#甲", said: str = "") -> FactMark:
    return FactMark(fact, mark, True, "应当怎样", "《文件》第三条", said)


def grade(
    verdict: Verdict = Verdict.GOOD,
    score: int | None = 100,
    marks: tuple[FactMark, ...] = (mark(Mark.STATED),),
    remarks: tuple[Remark, ...] = (),
    office: bool = True,
    deadline: bool | None = None,
    seconds: int = 20,
) -> Grade:
    return Grade("问题", "答复", verdict, score, marks, remarks, office, deadline, seconds, "理由")


def turn(found: Grade, follows: str = "") -> Turn:
    return Turn("parent", "问", "问题", found, follows)


def question(text: str = "问题", *facts: str, document: str = "文件", topic: str = "") -> PracticeQuestion:
    return PracticeQuestion(text, facts or (f"{document}#{text}",), document, "口径", topic=topic)


def record(*rounds: Round, by: str = "甲", ended: bool = True, setup: Setup | None = None) -> Record:
    return Record(by, STARTED, ON, setup or Setup(), rounds, ended=ended)
