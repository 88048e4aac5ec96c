"""A message becomes a question: one spelling, official terms, what is asked, which past days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.dialogue.understanding import LONGEST_MESSAGE, Question, windows

Understand = Callable[..., Question]

STORY = (
    "我家住在郎溪，老公在外面打工，平时就我一个人带两个娃，大的今年上初二。最近天天写到很晚，我看着心疼得很。"
    "请问初中作业一天最多写多久？我们也不想跟学校闹矛盾。"
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("助學貸款壹年最多能貸多少錢？", "助学贷款1年最多能贷多少钱?"),
        ("校外培訓機構跑路了", "校外培训机构跑路了"),
        ("ＬＰＲ　是多少", "lpr 是多少"),
        ("１６０００元", "16000元"),
        ("两万", "20000"),
        ("一万六的额度", "16000的额度"),
        ("柒拾分钟", "70分钟"),
        ("一个半小时", "1.5小时"),
        ("二零二二年", "2022年"),
        ("统一规定、万一超过、十四五", "统一规定、万一超过、十四五"),
        ("助\u200b学\ufeff贷\u202e款", "助学贷款"),
    ],
)
def test_one_spelling_for_what_reads_the_same(understand: Understand, typed: str, read: str) -> None:
    assert understand(typed).text == read


def test_a_slip_is_mended_and_noted(understand: Understand) -> None:
    slipped, right = understand("助学代款找谁"), understand("助学贷款找谁")
    assert (slipped.text, slipped.corrected) == ("助学贷款找谁", True)
    assert (right.text, right.corrected) == ("助学贷款找谁", False)


def test_everyday_words_stand_for_official_terms(understand: Understand) -> None:
    """An alias means its term, and the term means what it is a kind of."""
    assert understand("娃上大班").terms & understand("幼儿园大班").terms
    assert "助学贷款" in understand("生源地贷款怎么办").wider_terms


@pytest.mark.parametrize(
    ("asked", "aspect"),
    [
        ("一年最多能贷多少", "金额"),
        ("助学贷款利息怎么算", "利率"),
        ("补课被抓罚多少", "处罚"),
        ("答复要多久", "期限"),
        ("报名要什么材料", "材料"),
        ("这事归谁管", "部门"),
        ("电话是多少", "电话"),
        ("作业能写多久", "时长"),
    ],
)
def test_what_is_asked_is_seen(understand: Understand, asked: str, aspect: str) -> None:
    assert aspect in understand(asked).aspects


@pytest.mark.parametrize(
    ("asked", "slot"),
    [
        ("初二作业写多久", "学段=初中"),
        ("三年级作业写多久", "学段=小学"),
        ("大一新生能贷多少", "学段=本专科"),
        ("广德哪些学校开放操场", "区县=广德市"),
        ("住校的补多少", "住宿=寄宿"),
        ("合肥的招生政策", "外地=外地"),
    ],
)
def test_stage_and_place_are_seen(understand: Understand, asked: str, slot: str) -> None:
    assert slot in understand(asked).slots


@pytest.mark.parametrize(
    ("asked", "moments"),
    [
        ("2023年春季学期能贷多少", (date(2023, 4, 28),)),
        ("2023年上半年能贷多少", (date(2023, 4, 28),)),
        ("2023年5月能贷多少", (date(2023, 5, 28),)),
        ("2022年12月能贷多少", (date(2022, 12, 28),)),
        ("2023年秋季入学能贷多少", (date(2023, 12, 28),)),
        ("2022年能贷多少", (date(2022, 12, 28),)),
        ("2021年和2022年各能贷多少", (date(2021, 12, 28), date(2022, 12, 28))),
        ("今年能贷多少", ()),
        ("2026年能贷多少", ()),
        ("2030年能贷多少", ()),
        ("2023号文件", ()),
        ("12023元", ()),
    ],
)
def test_named_past_years_become_days(understand: Understand, asked: str, moments: tuple[date, ...]) -> None:
    """A year stands for its end, a spring term for April; this year and later ones are not past."""
    assert understand(asked).moments == moments


def test_which_years_are_past_depends_on_the_day(understand: Understand) -> None:
    assert understand("2023年能贷多少", date(2023, 6, 1)).moments == ()


@pytest.mark.parametrize("asked", ["去年能贷多少", "前年的标准", "22年能贷多少"])
def test_relative_and_short_years_are_past_days(understand: Understand, asked: str) -> None:
    question = understand(asked)
    assert question.moments or question.asks_past


def test_the_year_in_a_document_number_is_no_past_day(understand: Understand) -> None:
    assert understand("教基厅〔2023〕1号是什么文件").moments == ()


@pytest.mark.parametrize(
    ("asked", "past"),
    [
        ("以前能贷多少", True),
        ("当年的标准是多少", True),
        ("老政策怎么说", True),
        ("能贷多少", False),
        ("现在还是以前的标准吗", False),
        ("2022年以前和现在比", True),
    ],
)
def test_asking_for_former_times(understand: Understand, asked: str, past: bool) -> None:
    """«以前» beside «现在» asks for today's rule, unless a year is named."""
    assert understand(asked).asks_past is past


def test_several_questions_are_told_apart(understand: Understand) -> None:
    asked = understand("助学贷款一年最多能贷多少？小学生作业最多写多久？")
    assert asked.parts == ("助学贷款1年最多能贷多少?", "小学生作业最多写多久?")


@pytest.mark.parametrize(
    "asked", ["助学贷款一年最多能贷多少？", "助学贷款，一年最多能贷多少", "你好。谢谢。"]
)
def test_one_question_has_no_parts(understand: Understand, asked: str) -> None:
    assert understand(asked).parts == ()


def test_the_focus_of_a_story_is_the_sentence_that_asks(understand: Understand) -> None:
    story = understand(STORY)
    assert story.focus == "请问初中作业1天最多写多久?"
    assert "书面作业" in story.focus_terms
    assert "区县=郎溪县" in story.slots
    assert story.text in windows(story)
    assert story.focus in windows(story)


def test_other_cities_in_a_story_do_not_count_but_in_the_question_they_do(understand: Understand) -> None:
    """Where the father works is not what is asked."""
    told = "我一直在上海打工，孩子跟着爷爷奶奶在家里生活，平时都是老人接送，"
    told += "我们过年才能回来一趟看看孩子，心里很惭愧。"
    assert "外地=外地" not in understand(told + "请问小学几岁能报名？").slots
    assert "外地=外地" in understand(told + "请问上海小学几岁能报名？").slots


def test_a_short_message_is_its_own_focus(understand: Understand) -> None:
    question = understand("作业太多了。最多写多久？")
    assert question.focus == question.text
    assert windows(understand("最多写多久")) == ("最多写多久",)


def test_a_long_message_is_read_up_to_its_limit(understand: Understand) -> None:
    """2,000 characters are read; what stands behind them has no influence."""
    filler = "好" * (LONGEST_MESSAGE - 4)
    whole = understand(filler + "助学贷款")
    cut = understand(filler + "助学贷款一年能贷多少")
    assert LONGEST_MESSAGE == 2000
    assert (whole.truncated, cut.truncated) == (False, True)
    assert cut.text == whole.text
    assert "助学贷款" in cut.terms


@pytest.mark.parametrize(
    ("raw", "empty", "wordless"),
    [
        ("", True, True),
        (" \n\t　", True, True),
        ("?!…", False, True),
        ("😀🎉", False, True),
        ("\u200b\u200d", False, True),
        ("\x00\x07", False, True),
        ("贷", False, False),
    ],
)
def test_nothing_said_is_told_from_nothing_readable(
    understand: Understand, raw: str, empty: bool, wordless: bool
) -> None:
    question = understand(raw)
    assert (question.empty, question.wordless) == (empty, wordless)
