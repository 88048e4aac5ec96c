"""Personal data disappears before anything is stored; public figures stay."""

from __future__ import annotations

import string
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.masking import Kind, Span, find, mask

MASKED = {
    "手机13812345678": "手机[电话]",
    "138-1234-5678": "[电话]",
    "+86 138 1234 5678": "[电话]",
    "008613812345678": "[电话]",
    "１３８１２３４５６７８": "[电话]",
    "1 3 8 1 2 3 4 5 6 7 8": "[电话]",
    "一三八一二三四五六七八": "[电话]",
    "(0563)3033013": "[电话]",
    "０５６３－３０３３０１３转8001": "[电话]",
    "010 12345678": "[电话]",
    "座机：3033013": "座机：[电话]",
    "34180219900101123X": "[身份证号]",
    "341802 19900101 1234": "[身份证号]",
    "341802900101123": "[身份证号]",
    "学籍号G341802201501011234": "学籍号G[身份证号]",
    "护照E12345678": "护照[身份证号]",
    "zhang.san@example.com。": "[邮箱]。",
    "ａ＠ｂ．ｃｏｍ": "[邮箱]",
    "6222 0212 3456 7890 128": "[银行卡号]",
    "账号：12345678901234": "账号：[银行卡号]",
    "皖P12345": "[车牌]",
    "皖P·D12345": "[车牌]",
    "我家住在宣州区鳌峰中路12号阳光花园3栋2单元502室，想问学区": "我家住在[住址]，想问学区",
    "请问梅溪路58号属于哪个学区": "请问[住址]属于哪个学区",
    "阳光小区3-2-502": "[住址]",
    "杨柳镇新田村三组12号": "[住址]",
    "幸福巷７号": "[住址]",
    "我叫张三，想问助学金": "我叫[姓名]，想问助学金",
    "我叫欧阳娜娜": "我叫[姓名]",
    "我叫阿依古丽·买买提": "我叫[姓名]",
    "我是李小明的妈妈": "我是[姓名]的妈妈",
    "我是王芳家长": "我是[姓名]家长",
    "家长姓名：李四": "家长姓名：[姓名]",
    "联系人 王五": "联系人 [姓名]",
    "本人姓名赵六": "本人姓名[姓名]",
}

KEPT = (
    "打12345，或110、120、119",
    "财教〔2024〕188号",
    "国务院令第711号",
    "2024年9月1日至2025-08-31，2024.9.1 13:30-15:30",
    "每人每年20000元，不超过25000元，共1380000000元",
    "2024 2025 2026 2027",
    "2024-2025学年第一学期",
    "中央农村一号文件、地铁1号线",
    "工单号202609150001234",
    "我是高三学生家长，我是高一家长，我是外地家长",
    "我叫什么，孩子叫什么名字，姓名怎么改，联系人方式",
    "鳌峰路小学、梅溪路小学在哪",
    "第十二条第二款",
    "一村一所小学，全村3所",
)


@pytest.mark.parametrize(("text", "expected"), MASKED.items())
def test_personal_data_is_replaced_by_its_kind(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_public_numbers_and_dates_stay(text: str) -> None:
    assert mask(text) == text


def test_find_says_where_and_what() -> None:
    assert find("我叫张三，电话13812345678") == (Span(2, 4, Kind.NAME), Span(7, 18, Kind.PHONE))


def test_an_id_number_with_a_wrong_checksum_is_masked_by_its_birth_date() -> None:
    assert mask("341802199001011231") == mask("341802199001011232") == "[身份证号]"


def test_eighteen_digits_without_birth_date_or_checksum_are_no_id_number() -> None:
    assert mask("100000999999999990") == "100000999999999990"


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
digits = st.text("0123456789", min_size=8, max_size=8)
gap = st.sampled_from(["", " ", "-", ".", " - ", "\u3000", "－", "·"])
around = st.text(st.characters(codec="utf-8", exclude_categories=["Nd", "L"]), max_size=5)
to_full_width = str.maketrans(string.digits, "０１２３４５６７８９")


@st.composite
def mobiles(draw: st.DrawFn) -> tuple[str, str]:
    """A mobile number as typed (prefix, separators, full width) and its digits."""
    number = f"1{draw(st.sampled_from('3456789'))}{draw(digits)}0"
    between = draw(gap)
    typed = draw(st.sampled_from(["", "+86", "86", "0086 "])) + between.join(
        (number[:3], number[3:7], number[7:])
    )
    return (typed.translate(to_full_width) if draw(st.booleans()) else typed), number


@st.composite
def identities(draw: st.DrawFn) -> str:
    """An 18-digit ID number with a right checksum (computed here by the definition of GB 11643)."""
    born = draw(st.dates(date(1930, 1, 1), date(2026, 1, 1)))
    body = f"{draw(st.integers(110000, 659999))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A bank card number of 16 to 19 digits with its Luhn digit."""
    body = "62" + draw(st.text("0123456789", min_size=13, max_size=16))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return f"{body}{-total % 10}"


@unhurried
@given(around, mobiles(), around)
def test_no_mobile_number_survives(before: str, mobile: tuple[str, str], after: str) -> None:
    typed, number = mobile
    masked = mask(f"问{before}，{typed}，{after}")
    assert number[-4:] not in "".join(c for c in masked if c.isascii())
    assert "[电话]" in masked


@unhurried
@given(around, identities(), around)
def test_no_id_number_survives(before: str, number: str, after: str) -> None:
    masked = mask(f"{before}，{number}。{after}")
    assert number[6:17] not in masked
    assert "[身份证号]" in masked


@unhurried
@given(cards(), st.sampled_from(["", " ", "-"]))
def test_no_bank_card_survives(number: str, between: str) -> None:
    typed = between.join(number[at : at + 4] for at in range(0, len(number), 4))
    assert mask(f"卡{typed}。") in {"卡[银行卡号]。", "卡[身份证号]。"}


@unhurried
@given(
    st.text(string.ascii_letters + string.digits + "._", min_size=1, max_size=20),
    st.sampled_from(["qq.com", "edu.gov.cn"]),
)
def test_no_mail_address_survives(name: str, domain: str) -> None:
    assert "@" not in mask(f"发到{name}@{domain}吧")


@unhurried
@given(st.integers(1900, 2100), st.integers(1, 999), st.integers(0, 99_999_999))
def test_document_numbers_and_amounts_stay(year: int, number: int, amount: int) -> None:
    text = f"教财〔{year}〕{number}号规定，{year}年起每生{amount}元"
    assert mask(text) == text


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [*MASKED, *KEPT, "我叫", "联系人", "姓名：", "电话", "路", "号", "[电话]", "[住址]", "１２"]
        ),
        st.text(max_size=12),
        digits,
    ),
    max_size=8,
)


@unhurried
@given(pieces)
def test_masking_twice_is_masking_once(parts: list[str]) -> None:
    once = mask("".join(parts))
    assert mask(once) == once
    assert find(once) == ()


@pytest.mark.parametrize(
    "seed", ["1", "1 ", "a", "路", "一", "138-", "张", "我是", "a@", "3-", "村1", "小区1号"]
)
def test_long_input_takes_no_long_time(seed: str) -> None:
    """64 KB of anything (the limit of the web page) is masked in well under a second or two."""
    started = time.perf_counter()
    mask(seed * (64_000 // len(seed)))
    assert time.perf_counter() - started < 3
