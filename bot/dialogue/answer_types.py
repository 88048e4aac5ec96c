"""What sort of thing a question wants to hear (an amount, a duration, a clock time, a person …) and whether
a text holds one. A rule without any amount does not answer «多少钱», however many words it shares.
"""

from __future__ import annotations

import re
from enum import StrEnum

_N = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)"
_HOW_MANY = r"(?:多少|几多|好多|几)"


class AnswerType(StrEnum):
    """Sorts of answers that leave a trace in the text."""

    MONEY = "money"
    DURATION = "duration"
    CLOCK = "clock"
    DATE = "date"
    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"
    PERSON = "person"
    PHONE = "phone"
    TEMPLATE = "template"


_ASKED = {
    AnswerType.MONEY: re.compile(
        rf"{_HOW_MANY}(?:钱|元|块|万|个?亿)|(?:奖金|工资|津贴|补贴|罚金|诉讼费|复印费|保险费|租金|赔偿|金额).{{0,6}}(?:多少|几)"
        r"|多少.{0,2}(?:奖金|工资|津贴|费用)|谁(?:出钱|承担|来?出)|收费标准|什么价"
    ),
    AnswerType.DURATION: re.compile(
        rf"多久|多长时间|{_HOW_MANY}个?(?:天|日|年|月|星期|礼拜|周|小时|钟头|分钟|工作日|学期)(?!级|前|份|几)|任期"
    ),
    AnswerType.CLOCK: re.compile(r"几点|什么时间(?:上|下|开|关)|几时(?:上|下|开|关)"),
    AnswerType.DATE: re.compile(
        r"几号|哪天|哪一天|几月|哪年|哪一年|什么时候(?:报名|开始|截止|出台|公布|实施|施行|生效|放款|到账)"
    ),
    AnswerType.SHARE: re.compile(
        r"比例|百分之几|百分之多少|占比|[入率]学?率|覆盖率|满意率|办结率|上线率|几成|几倍|百分点"
    ),
    AnswerType.COUNT: re.compile(
        rf"{_HOW_MANY}(?:家|名|人|位|所|件|起|个人|个学校|间|块场|场|次|份|条|项|类|种|门|课时|节|本|岗位)"
    ),
    AnswerType.NUMBER: re.compile(r"多少|几多"),
    AnswerType.PERSON: re.compile(
        r"(?:主任|队长|局长|科长|校长|负责人|联系人|经办人).{0,3}(?:是谁|姓什么|叫什么|谁)|姓什么|叫什么名字|哪位|是?哪个人|哪个打的|谁在(?:办|管|处理)"
    ),
    AnswerType.PHONE: re.compile(r"手机号|电话(?:是?多少|号码|给我|是几)|联系电话|号码是多少"),
    AnswerType.TEMPLATE: re.compile(r"模板|范本|样表|格式|下载|几兆|名单|都有谁|哪几所|哪几家|地址发|逐个"),
}
_HELD = {
    AnswerType.MONEY: re.compile(rf"{_N}(?:万|亿)?(?:元|块)|免费|免[收除]|不收"),
    AnswerType.DURATION: re.compile(
        r"(?<!\d)(?:\d{1,3}(?:\.\d+)?|[一二两三四五六七八九十半]+)个?(?:至\d+)?"
        r"(?:天|日内|年(?![级\d月底末初])|(?<=个)月|星期|周(?!岁)|小时|分钟|工作日|课时|学期|学年)"
    ),
    AnswerType.CLOCK: re.compile(r"\d{1,2}[:：]\d{2}|\d{1,2}点|下班时间"),
    AnswerType.DATE: re.compile(r"\d{4}年|\d{1,2}月\d{1,2}日|\d{4}-\d"),
    AnswerType.SHARE: re.compile(r"\d%|％|倍|百分"),
    AnswerType.COUNT: re.compile(
        rf"{_N}(?:余|多)?(?:家|名|人|位|所|件|起|个|间|块|场|次|份|条|项|类|种|门|课时|节)"
    ),
    AnswerType.NUMBER: re.compile(r"\d"),
    AnswerType.PERSON: re.compile(r"(?!)"),
    AnswerType.PHONE: re.compile(r"\d{4}-\d{7}|1\d{4}"),
    AnswerType.TEMPLATE: re.compile(r"申请表|附件"),
}


def asked_types(text: str) -> frozenset[AnswerType]:
    """The sorts that a normalised question asks for; a bare 多少 only where nothing narrower is asked."""
    found = {kind for kind, pattern in _ASKED.items() if pattern.search(text)}
    return frozenset(found - {AnswerType.NUMBER}) or frozenset(found)


def held_types(text: str) -> frozenset[AnswerType]:
    """The sorts of things that a text holds."""
    return frozenset(kind for kind, pattern in _HELD.items() if pattern.search(text))


HARD = frozenset({AnswerType.PERSON, AnswerType.PHONE, AnswerType.TEMPLATE})
"""Sorts that a text either holds or does not: without them it is no answer."""


def lacking(asked: frozenset[AnswerType], held: frozenset[AnswerType]) -> float:
    """Share of the asked sorts that are not held; 0 where none is asked for."""
    return len(asked - held) / len(asked) if asked else 0.0
