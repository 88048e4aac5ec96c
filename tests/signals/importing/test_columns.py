"""Which column is what."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import UsageError
from bot.signals.importing import headers
from bot.signals.importing.models import Column, Field, Why

KNOWN = ["number", "user", "title", "text", "at", "area"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("诉求内容（必填）：", Field.TEXT),
        ("市民来电反映内容", Field.TEXT),
        ("微博正文", Field.TEXT),
        ("留 言 编 号", Field.NUMBER),
        ("受理编号", Field.NUMBER),
        ("＊来电人＊", Field.USER),
        ("首次来电时间", Field.AT),
        ("事发地", Field.AREA),
        ("受理渠道", Field.CHANNEL),
        ("办理情况", Field.REPLY),
        ("承办单位答复意见", Field.REPLY),
        ("办结时间", Field.REPLIED_AT),
        ("点赞数", Field.UP),
        ("一级分类", Field.LABEL),
    ],
)
def test_names(header: str, field: Field) -> None:
    ranks = {known: headers.rank(known, headers.plain(header)) for known in Field}
    assert max(ranks, key=lambda known: ranks[known]) == field
    assert ranks[field] > 0


@pytest.mark.parametrize(
    "header", ["序号", "办理时限", "经办人姓名", "截止时间", "回访内容", "承办单位", "状态", "满意度"]
)
def test_names_of_nothing_that_is_imported(header: str) -> None:
    assert all(headers.rank(field, headers.plain(header)) == 0 for field in Field)


@pytest.mark.parametrize("header", ["联系电话", "手机号码", "身份证号", "家庭住址", "电子邮箱", "来电号码"])
def test_personal_names(header: str) -> None:
    assert headers.is_personal(headers.plain(header))


def test_letters_of_columns() -> None:
    assert [Column(at).letter for at in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_columns_by_name(desk: Any) -> None:
    read = desk.table(
        [["序号", *desk.header, "联系电话"], *[[at + 1, *desk.order(at), "0563"] for at in range(5)]]
    )
    assert [read.column(field) for field in KNOWN] == list("BCDEFG")
    assert all(choice.why == Why.NAME for choice in read.sheet.columns.values())
    assert [column.header for column in read.sheet.unused] == ["序号"]
    assert [column.header for column in read.sheet.personal] == ["联系电话"]


@pytest.mark.parametrize("named", [True, False])
def test_columns_by_what_they_hold(desk: Any, named: bool) -> None:
    """Under names that say nothing, and under none."""
    rows = [[*desk.order(at), 13800000000 + at, at + 1] for at in range(12)]
    names = [[f"栏{at}" for at in "一二三四五六七八"]] if named else []
    read = desk.table(names + rows)
    assert [read.column(field) for field in KNOWN] == list("ABCDEF")
    assert read.sheet.header_row == int(named)
    assert {choice.why for choice in read.sheet.columns.values()} == {Why.CONTENT}
    assert [column.letter for column in read.sheet.personal] == ["G"]
    assert [column.letter for column in read.sheet.unused] == ["H"]
    assert len(read.messages) == 12


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_columns_does_not_matter(desk: Any, seed: int, named: bool) -> None:
    rows = [desk.header, *desk.orders(15)] if named else desk.orders(15)
    places = random.Random(seed).sample(range(6), 6)
    before = desk.table(rows).messages
    after = desk.table([[row[at] for at in places] for row in rows]).messages
    assert [replace(message, row=0) for message in after] == [replace(message, row=0) for message in before]
    assert len(before) == 15


def test_questions_and_answers_are_told_apart(desk: Any) -> None:
    rows = [
        [
            f"您好！您反映的第{at}小学报名问题已收悉，现答复如下：请按公告准备户口簿和房产证，到学校现场登记。感谢您的关注。",
            f"2026-05-{at + 10} 09:00",
            f"请问第{at}小学报名要什么材料，什么时候开始？",
            f"2026-05-{at + 1} 08:00",
        ]
        for at in range(9)
    ]
    read = desk.table(rows)
    assert [read.column(field) for field in ("text", "reply", "at", "replied_at")] == list("CADB")


def test_titles_and_notes_above_the_header(desk: Any) -> None:
    top = [["宣城市教育体育局诉求汇总"], ["填报：某科室", "", "编号", "第 3 期"], []]
    read = desk.table([*top, desk.header, *desk.orders(4), ["合计", "4"]])
    assert read.sheet.header_row == 4
    assert read.sheet.above == 3
    assert len(read.messages) == 4
    assert read.sheet.rejected_rows == 1


def test_a_list_of_texts(desk: Any) -> None:
    texts = ["食堂饭菜太凉了，孩子天天吃不饱", "校门口堵车，希望有交警", "作业太多，写到十一点"]
    assert [message.text for message in desk.read(desk.file("\n".join(texts))).messages] == texts
    headed = desk.read(desk.file("评论内容\n" + "\n".join(["太差了", "好", *texts])))
    assert [message.text for message in headed.messages] == ["太差了", "好", *texts]


def test_a_short_first_row_is_not_taken_for_a_header(desk: Any) -> None:
    read = desk.table(
        [
            ["家长某某", "早上到校时间太早", "冷"],
            ["某某", "食堂的菜又贵又凉", "贵"],
            ["某某某", "校车天天晚点半小时", "慢"],
        ]
    )
    assert read.sheet.header_row == 0
    assert len(read.messages) == 3


def test_of_two_columns_of_the_same_name_the_filled_one(desk: Any) -> None:
    read = desk.table([["标题", "内容", "内容"], ["甲", "", "第一件事"], ["乙", "", "第二件事"]])
    assert read.column("text") == "C"


def test_telephone_numbers_under_an_innocent_name(desk: Any) -> None:
    read = desk.table([["来电人", "内容"], *[[13900000000 + at, f"第{at}件事"] for at in range(5)]])
    assert read.column("user") == ""
    assert [column.header for column in read.sheet.personal] == ["来电人"]
    assert all(message.user == "" for message in read.messages)


@pytest.mark.parametrize("place", ["诉求 标题", "C", "c", "3", 3])
def test_a_column_can_be_given(desk: Any, place: str | int) -> None:
    read = desk.table([desk.header, *desk.orders(3)], text=place)
    assert read.sheet.columns[Field.TEXT].why == Why.GIVEN
    assert read.messages[0].text == desk.order(0)[2]


def test_a_field_can_be_left_out_and_named_in_chinese(desk: Any) -> None:
    read = desk.table([desk.header, *desk.orders(3)], user="", 内容="诉求标题")
    assert read.column("user") == ""
    assert read.column("text") == "C"
    assert "诉求人" in [column.header for column in read.sheet.unused]


def test_a_given_name_shows_where_the_header_is(desk: Any) -> None:
    rows = [["某月通报"], ["甲乙", "丙丁"], ["短", "长"], ["一", "二"]]
    read = desk.table(rows, text="丙丁", title="甲乙")
    assert read.sheet.header_row == 2
    assert [(message.title, message.text) for message in read.messages] == [("短", "长"), ("一", "二")]


@pytest.mark.parametrize("place", ["没有这一列", "Z", "0", "99"])
def test_a_column_that_is_not_there(desk: Any, place: str) -> None:
    with pytest.raises(UsageError, match="诉求标题") as refused:
        desk.table([desk.header, *desk.orders(3)], text=place)
    assert place in str(refused.value)


def test_a_field_that_is_not_there(desk: Any) -> None:
    with pytest.raises(UsageError, match="replied_at"):
        desk.table([desk.header, *desk.orders(3)], body="A")


def test_a_table_of_something_else(desk: Any) -> None:
    with pytest.raises(UsageError, match="内容列"):
        desk.table([["学校", "人数"], ["甲校", 300], ["乙校", 500]])
