"""Transcripts and lists: who asked, who answered, and an account of every line."""

from __future__ import annotations

from bot.followup.models import AskedRow, Rejected
from bot.followup.transcripts import NO_QUESTION, NOT_ASKING, OUTSIDE, TOO_SHORT, read_text

TALK = """在线访谈实录
主持人：各位网友大家好，今天请到了市教体局丁局长。
丁局长：主持人好，各位网友好。
主持人：请丁局长介绍一下学生资助政策。
丁局长：好的。本科生助学贷款每年最高2万元。
研究生最高2.5万元。
网友“山间”：孩子明年九月满六岁，
能上小学吗？
丁局长：满六周岁可以。注意：要带户口本。
网友小李 9:15：课后服务收费吗？
丁局长：会后答复。
主持人：感谢丁局长。"""


def rows(text: str, leader: str = "") -> list[AskedRow]:
    return [row for row in read_text(text, leader)[1] if isinstance(row, AskedRow)]


def test_turns_of_an_interview_become_questions_with_answers() -> None:
    form, found = read_text(TALK)
    asked = [row for row in found if isinstance(row, AskedRow)]
    assert form == "问答实录"
    assert [(row.asker, row.question, row.answer) for row in asked] == [
        (
            "主持人",
            "请丁局长介绍一下学生资助政策。",
            "好的。本科生助学贷款每年最高2万元。\n研究生最高2.5万元。",
        ),
        ("网友", "孩子明年九月满六岁，\n能上小学吗？", "满六周岁可以。注意：要带户口本。"),
        ("网友", "课后服务收费吗？", "会后答复。"),
    ]
    assert asked[2].at == "09:15"
    assert asked[2].caller == "网友小李"


def test_what_is_no_question_is_told_with_its_line() -> None:
    rejected = [row for row in read_text(TALK)[1] if isinstance(row, Rejected)]
    assert rejected == [
        Rejected("第 1 行", OUTSIDE),
        Rejected("第 2 行", NOT_ASKING),
        Rejected("第 3 行", NO_QUESTION),
        Rejected("第 12 行", NOT_ASKING),
    ]


def test_question_and_answer_on_one_line_are_parted() -> None:
    found = rows("问：能贷多少？答：最高两万。\n2. 问：怎么还？ 答：毕业后还。")
    assert [(row.question, row.answer) for row in found] == [
        ("能贷多少？", "最高两万。"),
        ("怎么还？", "毕业后还。"),
    ]


def test_speakers_may_stand_in_brackets_or_on_a_line_of_their_own() -> None:
    found = rows(
        "【网友 竹海】作业多少算多？\n[市教体局副局长 丁一鸣] 按年级定。\n"
        "网友提问：\n手机能带吗？\n丁局长（嘉宾）：\n原则上不带。"
    )
    assert [(row.question, row.answer) for row in found] == [
        ("作业多少算多？", "按年级定。"),
        ("手机能带吗？", "原则上不带。"),
    ]


def test_a_leader_who_is_called_by_name_answers() -> None:
    (row,) = rows("市民：课后服务几点结束\n丁一鸣：按学校公布的时间。", leader="丁 一鸣")
    assert row.answer == "按学校公布的时间。"


def test_one_question_a_line_keeps_role_and_hides_the_name() -> None:
    form, found = read_text(
        "1. 助学贷款怎么申请\n\n（2）记者：今年招生有什么变化？\n张女士：户口在泾县能报吗\n好"
    )
    assert form == "每行一个问题"
    assert found == (
        AskedRow("助学贷款怎么申请", "第 1 行"),
        AskedRow("今年招生有什么变化？", "第 3 行", asker="记者"),
        AskedRow("户口在泾县能报吗", "第 4 行", caller="张女士"),
        Rejected("第 5 行", TOO_SHORT),
    )


def test_a_colon_in_a_sentence_is_no_speaker() -> None:
    (row,) = rows("注意事项：报名要带什么材料")
    assert row.question == "注意事项：报名要带什么材料"
