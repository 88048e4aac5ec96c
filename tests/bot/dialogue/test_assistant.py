"""The whole assistant over the real library: any input, several threads, and what holds for every answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import Answer, Outcome
from knowledge.library import Library
from tests.conftest import Hotline

Ask = Callable[..., Answer]

LOAN = "助学贷款一年最多能贷多少"
SLOWEST_S = 2.0

NOT_READABLE = {
    "empty": "",
    "blanks": " \t\r\n　\u00a0",
    "emoji": "😀😂🎉👨‍👩‍👧",
    "control characters": "\x00\x01\x07\x1b\x7f",
    "zero width": "\u200b\u200c\u200d\ufeff\u2060",
    "direction marks": "\u202e\u202d\u200f",
    "lone surrogate": "\ud800",
    "combining marks": "\u0301" * 2000,
    "punctuation": "、。！……——",
    "question marks": "?" * 500,
    "full-width question marks": "？" * 500,
    "backslash": "\\",
}
NOTHING_OF_OURS = {
    "one word of 5,000 letters": "x" * 5000,
    "10,000 characters": "啊" * 10000,
    "a rare plane": "𠀀𠀁𠀂",
    "another script": "كم يمكنني أن أقترض",
    "ligatures that grow": "ﷺ" * 600,
    "SQL": "' OR 1=1 --",
    "query syntax": 'AND OR NOT ("title:*',
    "a range query": "[1 TO 5]",
    "a format string": "%s%n%d {0} %(a)s",
    "a blank of ours": "{example}{office}",
    "a look-up": "${jndi:ldap://x}",
    "a path": "../../etc/passwd",
}
ORDERS = [
    "'; DROP TABLE exchanges; --",
    "<script>alert(1)</script>",
    "{{config.items()}}",
    "<ScRiPt>fetch('//x')</script>",
    "助学贷款' UNION SELECT * FROM users --",
]
STILL_A_QUESTION = {
    "control characters inside": "助学\x00贷款\x07一年最多能贷多少",
    "zero width inside": "助\u200b学\u200c贷\ufeff款一年最多能贷多少",
    "direction marks around": "\u202d助学贷款一年最多能贷多少\u202c",
    "lone surrogate inside": "助学贷款\ud83d一年最多能贷多少",
    "emoji behind": "助学贷款一年最多能贷多少😭😭😭",
    "500 question marks behind": LOAN + "？" * 500,
    "traditional": "助學貸款一年最多能貸多少？",
    "full width": "助学贷款１年最多能贷多少",
    "same sound": "助学代款一年最多能贷多少",
    "pinyin": "zhuxue daikuan yinian zuiduo neng dai duoshao",
    "blanks between": " ".join(LOAN),
    "line breaks": "助学贷款\n一年最多\n能贷多少",
}


@pytest.mark.parametrize("message", NOT_READABLE.values(), ids=NOT_READABLE)
def test_what_cannot_be_read_is_asked_for_again(ask: Ask, message: str) -> None:
    answer = ask(message)
    assert answer.outcome is Outcome.CLARIFY
    assert "请用" in answer.answer
    assert answer.suggestions
    assert answer.citations == ()


@pytest.mark.parametrize("message", NOTHING_OF_OURS.values(), ids=NOTHING_OF_OURS)
def test_what_says_nothing_of_ours_is_not_answered(ask: Ask, message: str) -> None:
    answer = ask(message)
    assert answer.outcome is Outcome.ABSTAINED
    assert answer.citations == ()
    assert answer.ms < SLOWEST_S * 1000


@pytest.mark.parametrize("message", ORDERS)
def test_injected_text_is_refused_and_not_repeated(ask: Ask, message: str) -> None:
    answer = ask(message)
    assert answer.outcome is Outcome.ABSTAINED
    assert not re.search(r"script|drop table|select|config|\{", answer.answer, re.IGNORECASE)


@pytest.mark.parametrize("message", STILL_A_QUESTION.values(), ids=STILL_A_QUESTION)
def test_a_question_in_a_strange_coat_is_still_answered(ask: Ask, message: str) -> None:
    answer = ask(message)
    assert answer.outcome is Outcome.ANSWERED
    assert "20000元" in answer.answer


@pytest.mark.parametrize(
    "message",
    [
        "贷" * 3000,
        "助学贷款？" * 300,
        "2023年" * 400,
        "zhuxuedaikuan" * 150,
        "一" * 2000,
        LOAN * 200,
        "？，" * 1000,
    ],
)
def test_long_repetitions_are_answered_in_time(ask: Ask, message: str) -> None:
    started = time.process_time()
    answer = ask(message)
    assert time.process_time() - started < SLOWEST_S
    assert answer.answer


def test_a_message_that_was_cut_says_so(ask: Ask) -> None:
    note = "您的话比较长"
    assert note in ask("啊" * 2001).answer
    assert note not in ask("啊" * 2000).answer
    asked = ask(LOAN + "？" + "我们家的情况是这样的。" * 300)
    assert note in asked.answer


def test_the_same_guidance_is_given_once(ask: Ask) -> None:
    answer = ask("生源地助学贷款在哪里办？生源地贷款去哪儿办？")
    lines = answer.answer.splitlines()
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("message", ["a", "A", "b2"])
def test_a_single_letter_is_no_question(ask: Ask, message: str) -> None:
    assert ask(message).outcome is not Outcome.ANSWERED


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    message=st.one_of(
        st.text(max_size=80),
        st.text(
            st.sampled_from("助学贷款多少钱作业几点收费吗？，。 2023年a1{}<>%'\"\u200b\ud800"), max_size=60
        ),
    )
)
def test_no_message_breaks_the_assistant(hotline: Hotline, message: str) -> None:
    """Whatever is typed: an outcome, a text, a confidence in 0..1, and a memory that can be stored."""
    turn = hotline.turn(message)
    assert turn.answer.answer.strip()
    assert 0.0 <= turn.answer.confidence <= 1.0
    assert turn.answer.ms < SLOWEST_S * 1000
    assert turn.memory.to_json()


def test_eight_threads_get_the_answers_of_one(hotline: Hotline, library: Library) -> None:
    questions = [entry.question for entry in library.citable_faq][::6]
    questions += [*NOT_READABLE.values(), *STILL_A_QUESTION.values(), "我不想活了", "助学贷款"]

    def answered(question: str) -> Answer:
        return replace(hotline.ask(question), ms=0.0)

    alone = [answered(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(answered, [*questions, *reversed(questions)]))
    assert together == [*alone, *reversed(alone)]


def test_the_same_question_has_the_same_answer(ask: Ask) -> None:
    assert replace(ask(LOAN), ms=0.0) == replace(ask(LOAN), ms=0.0)


TOPICS = ["助学贷款", "校外培训", "信息公开", "科学教育"]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_bare_topic_is_asked_back_once(hotline: Hotline, topic: str) -> None:
    """At most four choices; by number or by label a choice leads on, never to another question back."""
    asked = hotline.turn(topic)
    options = asked.answer.suggestions
    assert asked.answer.outcome is Outcome.CLARIFY
    assert 2 <= len(options) <= 4
    assert len(set(options)) == len(options)
    for number, option in enumerate(options, start=1):
        by_number = hotline.turn(str(number), asked.memory).answer
        by_label = hotline.turn(option, asked.memory).answer
        assert by_number.outcome is not Outcome.CLARIFY
        assert replace(by_number, ms=0.0) == replace(by_label, ms=0.0)


def test_what_is_offered_can_be_answered(hotline: Hotline) -> None:
    offered = [(topic, option) for topic in TOPICS for option in hotline.ask(topic).suggestions]
    assert [pair for pair in offered if hotline.ask(pair[1]).outcome is Outcome.ABSTAINED] == []


def test_a_figure_that_depends_on_the_stage_is_asked_back_once(hotline: Hotline) -> None:
    asked = hotline.turn("助学金一年多少钱")
    assert asked.answer.outcome is Outcome.CLARIFY
    assert "学段" in asked.answer.answer
    assert {"高中", "本专科"} <= set(asked.answer.suggestions)
    senior = hotline.turn("高中", asked.memory).answer
    assert senior.outcome is Outcome.ANSWERED
    assert "2300元" in senior.answer


def test_choices_do_not_offer_replaced_rules(hotline: Hotline) -> None:
    options = hotline.ask("助学贷款").suggestions
    assert not [option for option in options if re.search(r"2021年|2023年", option)]


def test_two_questions_at_once_get_both_answers(ask: Ask) -> None:
    answer = ask("助学贷款一年最多能贷多少？小学生作业最多写多久？")
    assert "20000元" in answer.answer
    assert "60分钟" in answer.answer
    assert {c.document for c in answer.citations} == {"03-zhuxue-daikuan-2023", "05-shuangjian"}
    assert answer.answer.count("依据：") == 1


def test_the_third_of_three_questions_is_not_lost(ask: Ask) -> None:
    answer = ask("助学贷款一年最多能贷多少？小学生作业最多写多久？还有幼儿园大班还收保教费吗")
    assert "保" in answer.answer.replace("依据", "")
    assert "08-youeryuan-dudao" in {c.document for c in answer.citations}


def test_who_issued_a_document_is_answered_by_its_card(ask: Ask) -> None:
    answer = ask("未成年人学校保护规定是哪个部门发的")
    assert answer.outcome is Outcome.ANSWERED
    assert "教育部" in answer.answer


def test_a_number_that_is_not_verified_is_not_given(ask: Ask) -> None:
    answer = ask("双减意见的文号是多少")
    assert answer.outcome is Outcome.ABSTAINED
    assert "还没有核实" in answer.answer


@pytest.mark.parametrize("message", ["今天天气怎么样", "红烧肉怎么做", "帮我写一首诗", "股票买哪只"])
def test_what_is_not_our_field_is_turned_away(ask: Ask, message: str) -> None:
    answer = ask(message)
    assert answer.outcome in {Outcome.ABSTAINED, Outcome.REDIRECT}
    assert answer.citations == ()


def test_explaining_gives_the_matches_with_their_features(hotline: Hotline) -> None:
    matches = hotline.assistant.explain(LOAN)
    assert matches[0].unit.document == "03-zhuxue-daikuan-2023"
    assert [m.confidence for m in matches] == sorted((m.confidence for m in matches), reverse=True)
    assert all(0.0 <= value <= 1.0 + 1e-9 for m in matches for value in m.features.values())


def test_a_matter_that_is_not_ours_is_known_by_its_cue(hotline: Hotline) -> None:
    assert hotline.assistant.has_boundary_cue("社保怎么交")
    assert not hotline.assistant.has_boundary_cue(LOAN)


@pytest.mark.parametrize(
    ("message", "ours"),
    [("机构天天排课到几点都没人管", True), ("球场晚上灯太亮", True), ("火星上有没有水", False)],
)
def test_only_what_is_not_of_our_field_is_called_off_topic(ask: Ask, message: str, ours: bool) -> None:
    answer = ask(message)
    assert answer.outcome is not Outcome.ANSWERED
    assert ("不在教育、体育政策范围内" in answer.answer) is not ours
