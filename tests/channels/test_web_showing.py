"""What the web page shows of an answer: everything once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.channels.web.showing import Basis, first_questions, shown
from bot.models import Answer, OfficeCard, Outcome, Topic, TopicGroup
from tests.channels.scripted_assistant import LOAN

OFFICE = OfficeCard("aid", "资助中心", None, "")
CLOSING = (
    "依据：《关于调整完善助学贷款有关政策的通知》（现行有效）。\n咨询：资助中心。\n（该条依据待核对官方原文）"
)


def test_lines_with_a_block_of_their_own_are_left_out_of_the_text() -> None:
    full = replace(LOAN, answer=f"{LOAN.answer}\n{CLOSING}", office=OFFICE)
    assert shown(full).text == LOAN.answer
    assert shown(full).office_note == "可拨打12345转接"


def test_a_closing_line_without_a_block_stays() -> None:
    bare = Answer(Outcome.ANSWERED, f"最多20000元。\n{CLOSING}", notices=LOAN.notices)
    assert shown(bare).text == (
        "最多20000元。\n依据：《关于调整完善助学贷款有关政策的通知》（现行有效）。\n咨询：资助中心。"
    )
    office_only = replace(bare, office=OFFICE)
    assert "依据：" in shown(office_only).text
    assert "咨询：" not in shown(office_only).text


def test_one_entry_a_place_with_the_summaries_that_add_something() -> None:
    first, former = LOAN.citations
    repeated = replace(first, quote=LOAN.answer)
    more = replace(first, quote="含高职。")
    own_number = replace(first, clause="一、额度", title="《总则》", doc_no=None, valid_from=None)
    answer = replace(LOAN, citations=(repeated, more, more, former, own_number))
    assert shown(answer).bases == (
        Basis(
            "《关于调整完善助学贷款有关政策的通知》",
            "财教〔2024〕188号",
            "in_force",
            "财政部等　第一条　2024年9月23日起",
            ("含高职。",),
        ),
        Basis(
            "《以前的助学贷款通知》",
            None,
            "superseded",
            "财政部等　第二条　2021年9月1日至2023年8月31日",
            ("此前不超过12000元。",),
        ),
        Basis("《总则》", None, "in_force", "财政部等", ("本专科生每人每年不超过20000元。",)),
    )
    ended = replace(first, valid_from=None, valid_to=date(2025, 1, 1), clause="")
    assert shown(replace(LOAN, citations=(ended,))).bases[0].where == "财政部等　有效至2025年1月1日"


def test_first_questions_are_distinct_and_from_groups_far_apart() -> None:
    groups = [
        TopicGroup(f"组{n}", (Topic("t", "栏", ("同一问？", f"问{n}？")), Topic("u", "空", ())))
        for n in range(8)
    ]
    assert first_questions(groups) == ("同一问？", "问2？", "问4？", "问6？")
    assert first_questions(groups[:2]) == ("同一问？", "问1？")
    assert first_questions([TopicGroup("空", ())]) == ()
