"""Answers as Telegram HTML and as plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.rendering import (
    CONTACT,
    NO_TEXT,
    SOURCE,
    Sections,
    escape,
    plain_text,
    sections,
    split_html,
    telegram_parts,
    units,
)
from bot.dialogue.wording import wording
from bot.models import Answer, Citation, OfficeCard, Outcome

TITLE = "宣城市学生资助办法"


def citation(**fields: object) -> Citation:
    values: dict[str, object] = {
        "document": "aid", "title": TITLE, "doc_no": "教资〔2025〕1号", "issuer": "宣城市教育体育局",
        "clause": "第三条", "quote": "每生每年…", "facts": (), "status": "in_force",
        "valid_from": None, "valid_to": None,
    }  # fmt: skip
    return Citation(**{**values, **fields})  # type: ignore[arg-type]


def answer(text: str, **fields: object) -> Answer:
    return Answer(Outcome.ANSWERED, text, **fields)  # type: ignore[arg-type]


class Balanced(HTMLParser):
    """Fails where a tag is closed that was not opened last; keeps the visible text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def visible(part: str) -> str:
    parser = Balanced()
    parser.feed(part)
    parser.close()
    assert parser.open == []
    return parser.text


def test_an_answer_that_names_its_source_and_office_gets_nothing_added() -> None:
    says, closing = "每生每年750元。", f"依据：《{TITLE}》第三条\n咨询：资助科 0563-3020001\n（待核对）"
    office = OfficeCard("aid", "资助科", "0563-3020001", "")
    full = answer(f"{says}\n{closing}", citations=(citation(),), office=office, notices=("待核对",))
    assert sections(full) == Sections(says, closing)
    assert telegram_parts(full) == (f"{says}\n\n{closing}",)
    more = replace(full, notices=("待核对", "含历史内容"))
    assert telegram_parts(more) == (f"{says}\n\n{closing}\n<i>※ 含历史内容</i>",)


def test_closing_lines_are_those_that_the_assistant_writes() -> None:
    """``responses.yaml`` may be reworded; then the channels must know."""
    say = wording().say
    assert say("source", sources="").startswith(SOURCE)
    assert say("contact", office="", phone="").startswith(CONTACT)


def test_a_short_direct_answer_stands_in_bold_above_the_rest() -> None:
    assert telegram_parts(answer("750元<。\n条件一。")) == ("<b>750元&lt;。</b>\n条件一。",)
    long = "很长的答复" * 13
    assert telegram_parts(answer(f"{long}\n条件一。")) == (f"{long}\n条件一。",)
    assert telegram_parts(Answer(Outcome.REDIRECT, "请拨打110。\n再说。")) == ("请拨打110。\n再说。",)


def test_an_office_named_after_its_number_shows_it_once() -> None:
    hotline = OfficeCard("hotline", "12345热线", "12345", "")
    assert telegram_parts(answer("不归我们管。", office=hotline)) == ("不归我们管。\n\n咨询：12345热线",)


def test_only_official_clauses_and_one_pair_of_title_marks_are_shown() -> None:
    made_up = citation(title="《义务教育法》", doc_no=None, clause="一、年龄")
    assert telegram_parts(answer("6周岁。", citations=(made_up,))) == (
        "6周岁。\n\n<b>依据</b>\n《义务教育法》",
    )


def test_what_the_text_does_not_name_is_added_once() -> None:
    full = answer(
        "750元。",
        citations=(citation(), citation(), citation(clause="第四条", status="expired")),
        office=OfficeCard("aid", "资助<科>", "0563-3020001", "工作日"),
        notices=("该条依据待核对官方原文", "该条依据待核对官方原文"),
    )
    assert telegram_parts(full) == (
        "750元。\n\n<i>※ 该条依据待核对官方原文</i>\n\n"
        f"<b>依据</b>\n《{TITLE}》（教资〔2025〕1号）第三条\n《{TITLE}》（教资〔2025〕1号）第四条（已失效）\n\n"
        "咨询：资助&lt;科&gt; 0563-3020001",
    )


def test_a_pressed_question_stands_above_its_answer() -> None:
    assert telegram_parts(answer("是。"), asked="a<b?") == ("<i>问：a&lt;b?</i>\n\n是。",)


def test_an_empty_answer_still_says_something() -> None:
    assert telegram_parts(answer(" \n")) == (NO_TEXT,)
    assert plain_text(answer("")) == NO_TEXT


def test_plain_text_has_no_markup_and_numbers_the_suggestions() -> None:
    related = answer("5<6", citations=(citation(doc_no=None),), suggestions=("小学呢？", "初中呢？"))
    assert (
        plain_text(related) == f"5<6\n\n依据：\n《{TITLE}》第三条\n\n还可以问：\n  1. 小学呢？\n  2. 初中呢？"
    )
    assert plain_text(related, suggestions=False).endswith("第三条")
    choice = Answer(Outcome.CLARIFY, "哪个学段？", suggestions=("小学",))
    assert plain_text(choice) == "哪个学段？\n\n请选择：\n  1. 小学"


def test_an_office_without_a_phone_shows_its_note() -> None:
    assert "咨询：资助科（到窗口办理）" in plain_text(
        answer("是。", office=OfficeCard("a", "资助科", None, "到窗口办理"))
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一二三。\n\n四五六七", ("一二三。", "四五六七")),
        ("一二三四\n五六七八", ("一二三四", "五六七八")),
        ("一二三四。五六七八", ("一二三四。", "五六七八")),
        ("一二三四五六七八九", ("一二三四五六七八", "九")),
        ("1&amp;2&amp;3", ("1&amp;2", "&amp;3")),
        ("<b>123</b>", ("<b>1</b>", "<b>2</b>", "<b>3</b>")),
        ("😀😀😀😀😀", ("😀😀😀😀", "😀")),
        ("", ()),
    ],
)
def test_parts_of_at_most_eight_units(text: str, parts: tuple[str, ...]) -> None:
    assert split_html(text, 8) == parts


def test_no_part_is_longer_than_telegram_takes() -> None:
    parts = telegram_parts(answer("政策😀<&>" * 3000, notices=("注意" * 3000,)))
    assert max(map(units, parts)) <= 4096
    assert "".join(map(visible, parts)).count("政策😀<&>") >= 2990


words = st.text(st.characters(exclude_characters="\x00"), max_size=60)


@given(words)
def test_escaped_text_is_read_back_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == re.sub("[\ud800-\udfff]", "\ufffd", text)
    escape(text).encode()


@given(st.lists(st.tuples(words, st.sampled_from(["", "b", "i"])), max_size=12), st.integers(24, 80))
def test_parts_are_balanced_fit_and_lose_no_character(pieces: list[tuple[str, str]], limit: int) -> None:
    """Whatever the text: only the white space at the cuts may go."""
    html = "".join(f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text) for text, tag in pieces)
    parts = split_html(html, limit)
    assert all(units(part) <= limit for part in parts)
    shown = "".join(map(visible, parts))
    expected = unescape(re.sub(r"</?[bi]>", "", html))
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", expected)
