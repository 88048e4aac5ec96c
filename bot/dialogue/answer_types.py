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
    NAMES = "names"
    REASON = "reason"
    RANK = "rank"
    PAYER = "payer"
    COMPARISON = "comparison"
    STATE = "state"
    WEBSITE = "website"
    INTERVAL = "interval"
    PLACE = "place"
    SPLIT = "split"


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
    AnswerType.TEMPLATE: re.compile(r"模板|范本|样表|格式|下载|几兆|地址发"),
    AnswerType.NAMES: re.compile(
        rf"名单|都有谁|哪(?:几|{_N})(?:所|家|位|名)|(?:哪些|哪几个|哪{_N}个)(?:学校|单位|机构|县|小区|老师|园|村|班|项目)"
        r"|点名|逐个|叫啥名|叫什么名"
    ),
    AnswerType.REASON: re.compile(
        r"为什么|为啥|为何|干嘛(?:非|要|不)|凭什么|怎么想的|什么原因|啥原因|什么道理|何故"
    ),
    AnswerType.RANK: re.compile(r"(?:排|列)(?:在)?(?:第几|多少|老几|全[国省市])|第几名|名次多少|倒数"),
    AnswerType.PAYER: re.compile(
        r"谁(?:出|掏|承担|买单|给钱|来?付)|钱(?:从|由|是)?(?:哪|谁)|(?:怎么|咋)(?:分担|分摊)|走哪.{0,3}账|(?:哪个|谁).{0,4}(?:拨款|出钱)"
    ),
    AnswerType.COMPARISON: re.compile(
        r"比.{1,10}(?:多|少|高|低|快|慢|差|远|好|强|贵|便宜)|(?:跟|和|与).{1,8}比|哪个.{0,8}(?:更|快|多|高|远|划算)|差(?:多少|几)"
    ),
    AnswerType.STATE: re.compile(
        r"(?:通过|落实|完成|验收|建成|达标|出台|开工|整改|发|定|到位|到账|批|公布)(?:下来|出来)?了?(?:没有?|吗)(?=$|[,，。?？!])"
        r"|进展|进度|到(?:哪一步|什么程度)|实际(?:上)?(?:有|是|到)?(?:多少|几)"
    ),
    AnswerType.WEBSITE: re.compile(
        r"网址|哪个(?:网站|网页|平台|公众号|小程序)|链接|网页版|二维码|公众号(?:叫|是)"
    ),
    AnswerType.INTERVAL: re.compile(
        rf"多久.{{0,4}}(?:一次|一回)|(?:一|每)个?(?:学期|学年|年|月|周|季度).{{0,6}}{_HOW_MANY}(?:次|回|趟)|几年一"
    ),
    AnswerType.PLACE: re.compile(
        r"在哪(?:里|儿|个地方|条路|办|交|领)?(?=$|[,，。?？!办交领报拿])|去哪(?:里|儿|个)?(?:地方|窗口|大厅)?|什么地方|啥地方|哪个(?:窗口|大厅|地址|楼|路)|地址|几楼"
    ),
    AnswerType.SPLIT: re.compile(
        r"各(?:占|有|是|为|多少|几)|分别|占(?:多少|几)|(?:怎么|咋)分(?:配|成)?|最(?:低|高)(?:那|一)?(?:档|等)|其中"
    ),
}
_HELD = {
    # A law may set a fine as a multiple of what was gained: that is how much money it is.
    AnswerType.MONEY: re.compile(rf"{_N}(?:万|亿)?(?:元|块)|免费|免[收除]|不收|{_N}倍(?:以[上下])?的?罚款"),
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
    AnswerType.NAMES: re.compile(r"(?:[^、。;；,，]{2,}、){2}"),
    AnswerType.REASON: re.compile(r"因为|因此|为了|旨在|目的|原因|是由于|以便|所以|防止|避免"),
    AnswerType.RANK: re.compile(r"第[\d一二三四五六七八九十]+(?:名|位)|排名"),
    AnswerType.PAYER: re.compile(r"财政|出资|承担|负担|分担|由.{1,12}(?:支付|补贴|安排|拨付)|自付|自理"),
    AnswerType.COMPARISON: re.compile(r"比.{0,14}(?:高|低|多|少|增|降|提高|下降)|相比|高于|低于|超过"),
    AnswerType.STATE: re.compile(r"已|完成|通过|目前|截至|年底"),
    AnswerType.WEBSITE: re.compile(r"网|平台|app|小程序|公众号", re.IGNORECASE),
    AnswerType.INTERVAL: re.compile(rf"每(?:个)?(?:学期|学年|年|月|周|季度)|{_N}年一|定期"),
    AnswerType.PLACE: re.compile(
        r"地址|所在地|窗口|大厅|到.{2,12}(?:办理|申请|报名|领取)|向.{2,14}(?:申请|提出|提交)|去(?!哪|年)"
    ),
    AnswerType.SPLIT: re.compile(r"分别|其中|各|分(?:为)?.{0,2}档|占|、.{1,14}\d"),
}


def asked_types(text: str) -> frozenset[AnswerType]:
    """The sorts that a normalised question asks for; a bare 多少 only where nothing narrower is asked."""
    found = {kind for kind, pattern in _ASKED.items() if pattern.search(text)}
    return frozenset(found - {AnswerType.NUMBER}) or frozenset(found)


def held_types(text: str) -> frozenset[AnswerType]:
    """The sorts of things that a text holds."""
    return frozenset(kind for kind, pattern in _HELD.items() if pattern.search(text))


HARD = frozenset(
    {AnswerType.PERSON, AnswerType.PHONE, AnswerType.TEMPLATE, AnswerType.NAMES, AnswerType.RANK}
)
"""Sorts that a text either holds or does not: without them it is no answer."""


def lacking(asked: frozenset[AnswerType], held: frozenset[AnswerType]) -> float:
    """Share of the asked sorts that are not held; 0 where none is asked for."""
    return len(asked - held) / len(asked) if asked else 0.0
