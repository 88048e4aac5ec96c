"""The record: word for word, with its basis, and with what must be checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.briefing.export import GovernmentPage, write_page
from bot.briefing.export.page import Paragraph, Style
from bot.briefing.forecast.resting import Reader
from bot.briefing.models import Event, EventKind
from bot.followup.models import AskedQuestion, FollowUp, FollowUpStatus
from bot.followup.record import record_page
from bot.models import Answer
from knowledge.library import Library

ON = date(2026, 12, 10)
EVENT = Event(EventKind.INTERVIEW, ON, leader="丁镕堃", title="学生资助访谈", id="20261210-interview")
LATER = FollowUp(1, EVENT.id, "校车几点发车", "学校安全管理科", date(2026, 12, 17), FollowUpStatus.OPEN, ON)


@pytest.fixture
def make(library: Library, ask: Callable[..., Answer]) -> Callable[..., GovernmentPage]:
    reader = Reader(library, ON, lambda question: ask(question, on=ON))

    def page(*asked: AskedQuestion) -> GovernmentPage:
        return record_page(EVENT, asked, (LATER,), reader, library)

    return page


def paragraphs(page: GovernmentPage) -> list[tuple[str, str]]:
    return [(block.label, block.text) for block in page.blocks if isinstance(block, Paragraph)]


def notes(page: GovernmentPage) -> list[str]:
    found = [block for block in page.blocks if isinstance(block, Paragraph) and block.style is Style.NOTE]
    return [block.label + block.text for block in found[1:]]


def asked(question: str, answer: str = "", asker: str = "") -> AskedQuestion:
    return AskedQuestion(EVENT.id, 1, question, answer, bool(answer), asker=asker)


def test_questions_and_answers_stand_in_order_as_they_were_said(make: Callable[..., GovernmentPage]) -> None:
    answer = "嗯，这个嘛，研究生一年最高两万五。"
    page = make(asked("研究生助学贷款能贷多少", answer), asked("请介绍资助政策", "好的。", asker="主持人"))
    assert page.title == "学生资助访谈实录（草稿）"
    spoken = [line for line in paragraphs(page) if not line[0].startswith(("编者注", "待核对"))]
    assert ("时间：", "2026年12月10日（星期四），60分钟") in spoken
    assert spoken[-4:] == [
        ("网友：", "研究生助学贷款能贷多少"),
        ("丁镕堃：", answer),
        ("主持人：", "请介绍资助政策"),
        ("丁镕堃：", "好的。"),
    ]


def test_the_basis_stands_beneath_and_right_figures_raise_no_doubt(
    make: Callable[..., GovernmentPage],
) -> None:
    (basis,) = notes(make(asked("研究生助学贷款一年最高能贷多少", "研究生每年最高25000元。")))
    assert basis.startswith("编者注（依据）：")
    assert "财教〔2024〕188号" in basis


def test_figures_without_a_basis_are_listed(make: Callable[..., GovernmentPage]) -> None:
    _, doubt = notes(make(asked("研究生助学贷款一年最高能贷多少", "每年最高31234元，按宣教〔2019〕77号办。")))
    assert doubt == "待核对：这些数字在找到的依据里没有：2019、〔2019〕77号、31234、77。"
    none, figures = notes(make(asked("校车司机的工资谁来发", "每月4821元。")))
    assert "没有找到现行的公开依据" in none
    assert figures == "待核对：没有找到依据，这些数字请核对：4821。"


def test_what_is_still_to_be_answered_says_by_whom_and_when(make: Callable[..., GovernmentPage]) -> None:
    (note,) = notes(make(asked("校车几点发车")))
    assert note == "（当场没有答复。承办：学校安全管理科，期限：2026年12月17日。）"


@pytest.mark.parametrize("form", [".docx", ".md"])
def test_it_is_written_as_a_file(make: Callable[..., GovernmentPage], tmp_path: Path, form: str) -> None:
    path = tmp_path / f"实录{form}"
    write_page(make(asked("研究生能贷多少", "<w:t>最高*两万五*</w:t>")), path)
    assert path.stat().st_size > 200
    if form == ".md":
        assert "丁镕堃" in path.read_text("utf-8")
