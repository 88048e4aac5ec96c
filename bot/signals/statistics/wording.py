"""How pages word the figures of the year.

A number on a page belongs to the first key that fits. ``own`` is looked for in the words right before and
after the number (the number itself is ``#``). Where they name nothing, what was named before it in the
paragraph counts on (发布政策解读18篇，其中本级6篇): then ``subject`` must have been named, and ``short`` must
be all that is said, apart from words that mean nothing here (其中, 共, 达到 …).
"""

from __future__ import annotations

from dataclasses import dataclass

OPENNESS = "主动公开"
CHANNELS = "其他公开渠道"
FOI = "依申请公开"
PLATFORM = "平台建设"
RESPONSES = "回应关切"
INTERPRETATIONS = "政策解读"
QUESTIONS = "智能问答"
LIBRARY = "政策库"
SECTIONS = (OPENNESS, CHANNELS, FOI, PLATFORM, RESPONSES, INTERPRETATIONS, QUESTIONS, LIBRARY)
"""In the order of the yearly summary."""

_PIECES = "条篇个件份则项部期幅"
_TIMES = "次场期个"
_PEOPLE = "人个名户位"
_LOCAL = "本级|本局|本单位|本部门|本市|市级|自主|原创|自编"
_FORWARDED = "转发|转载|上级"
_INTERPRETING = "政策解读|解读材料|解读稿|解读文章|解读信息|解读"
_ASKED = "依申请公开|公开申请"


@dataclass(frozen=True, slots=True)
class FigureKey:
    """One kind of figure. ``units`` are the counters it takes, by their first character.

    ``asked``: somebody has to fill it in; it is listed as 未填报 while it has no source.
    """

    id: str
    name: str
    unit: str
    section: str
    units: str = _PIECES
    own: str = ""
    subject: str = ""
    short: str = ""
    asked: bool = False


CHANNEL_NAMES = {
    "weibo": ("微博", "微博"),
    "wechat": ("微信", "微信(?!视频号)|公众号"),
    "douyin": ("抖音", "抖音"),
    "video": ("视频号", "视频号"),
    "toutiao": ("头条号", "头条"),
    "app": ("客户端", "客户端|APP|app"),
}
"""Id of a channel, its name and how pages call it."""
FORM_NAMES = {"text": "文字", "graphic": "图文", "expert": "专家", "media": "媒体", "leader": "负责人"}
_FORM_WORDS = {
    "text": "文字",
    "graphic": "图文|图解|图表|图片|一图读懂|动漫|视频",
    "expert": "专家",
    "media": "媒体",
    "leader": "负责人|领导",
}
OUTCOMES = {
    "granted": ("予以公开", "(?<!不)予以公开|同意公开|全部公开"),
    "partial": ("部分公开", "部分公开"),
    "refused": ("不予公开", "不予公开"),
    "unavailable": ("无法提供", "无法提供|信息不存在"),
    "unprocessed": ("不予处理", "不予处理"),
    "other": ("其他处理", "其他处理|其他"),
}
"""Outcomes of a request in the words of the national form of the annual report (国办公开办函〔2021〕30号)."""


def channels() -> list[FigureKey]:
    """Posts and followers by channel."""
    keys = []
    for id_, (name, words) in CHANNEL_NAMES.items():
        asked = id_ in ("weibo", "wechat")
        followers = "(?:粉丝|关注|订阅|用户|受众)+(?:量|数|人数|总数|总量)?"
        keys += [
            FigureKey(
                f"channel.{id_}.followers",
                f"{name}关注数",
                "人",
                CHANNELS,
                _PEOPLE,
                f"(?:{words})[^#]*(?:粉丝|关注(?!的|度)|订阅|用户)[^#]*#|(?:{words})[^#]*#[^#]*(?:粉丝|用户)",
                words,
                followers,
                asked,
            ),
            FigureKey(
                f"channel.{id_}.posts",
                f"{name}发布",
                "条",
                CHANNELS,
                _PIECES,
                rf"(?:{words})(?:(?!阅读|浏览|点赞|转载)[^#])*#",
                words,
                "(?:发布|推送|推发|更新|发文|编发)(?:信息|图文|文章|推文|作品|内容|消息)*",
                asked,
            ),
        ]
    return keys


def interpretations() -> list[FigureKey]:
    """Interpretations in all, by origin and by form."""
    around = rf"(?:{{0}})[^#]{{{{0,6}}}}(?:{_INTERPRETING})|(?:{_INTERPRETING})[^#]{{{{0,4}}}}(?:{{0}})"
    kinds = [("local", "本级政策解读", _LOCAL), ("forwarded", "转发上级政策解读", _FORWARDED)]
    kinds += [(f"form.{id_}", f"{FORM_NAMES[id_]}解读", words) for id_, words in _FORM_WORDS.items()]
    keys = [
        FigureKey(
            f"interpretations.{id_}",
            name,
            "篇",
            INTERPRETATIONS,
            _PIECES,
            around.format(words).replace("{{", "{").replace("}}", "}"),
            _INTERPRETING,
            rf"(?:{words}|政策|解读|材料|文件|形式|类)+"
            if "form" in id_
            else rf"(?:{words}|政策|解读|材料)+",
            not id_.startswith("form"),
        )
        for id_, name, words in kinds
    ]
    total = FigureKey(
        "interpretations",
        "政策解读",
        "篇",
        INTERPRETATIONS,
        _PIECES,
        _INTERPRETING,
        _INTERPRETING,
        "(?:共计|总计|合计)",
        True,
    )
    return [*keys, total]


def _request(id_: str, name: str, own: str, short: str, unit: str = "件", asked: bool = False) -> FigureKey:
    units = "件份条项个" if unit == "件" else unit
    return FigureKey(f"foi.{id_}", name, unit, FOI, units, own, _ASKED, short, asked)


def _outcomes() -> list[FigureKey]:
    found = [
        _request(
            id_,
            f"依申请公开{name}",
            rf"(?:{_ASKED})[^#]*(?:{words})",
            f"(?:决定|答复)?(?:{words})(?:的|政府信息|答复)*",
        )
        for id_, (name, words) in OUTCOMES.items()
        if id_ != "other"
    ]
    other = _request("other", "依申请公开其他处理", rf"(?:{_ASKED})[^#]*其他处理", "其他(?:处理|情况|情形)?")
    return [*found, other]


def requests() -> list[FigureKey]:
    """Requests for information: received, handled, outcomes, time kept."""
    fee = "收(?:取|费)(?:[^#]*费用?)?"
    late = "按[时期](?:办结|答复)?率|答复及时率|办结率"
    return [
        _request("rate", "依申请公开按期答复率", rf"(?:{_ASKED})[^#]*(?:{late})", late, "%"),
        _request(
            "carried",
            "上年结转申请",
            rf"(?:{_ASKED})[^#]*结转|结转[^#]*(?:{_ASKED})",
            "(?:上年度?|去年)?结转(?:上年)?(?:申请)?",
        ),
        *_outcomes(),
        _request(
            "on_time",
            "依申请公开按期答复",
            rf"(?:{_ASKED})[^#]*(?:按[时期]|时限内|期限内)|(?:按[时期]|时限内|期限内)[^#]*(?:{_ASKED})",
            "(?:全部|均)?(?:按[时期]|在?(?:法定|规定)?(?:时限|期限)内)(?:予以)?(?:答复|办结|办理)*",
            asked=True,
        ),
        _request("fee", "依申请公开收费", rf"(?:{_ASKED})[^#]*{fee}", fee, "元"),
        _request(
            "extended",
            "依申请公开延期答复",
            rf"(?:{_ASKED})[^#]*延期|延期[^#]*(?:{_ASKED})",
            "延期(?:答复|办理)*",
        ),
        _request(
            "handled",
            "依申请公开办理",
            rf"(?:办理|办结|答复|处理)[^#]*(?:{_ASKED})|(?:{_ASKED})[^#]*(?:办理|办结|答复|处理)[^#]*#",
            "(?:已|全部|均)*(?:办理|办结|答复|处理)(?:完毕|完结)?",
            asked=True,
        ),
        _request("received", "依申请公开收到", _ASKED, "(?:新)?(?:收到|受理|接收|新收)(?:申请)?", asked=True),
    ]


def events() -> list[FigureKey]:
    """Events held in answer to public concern."""

    def key(id_: str, name: str, own: str, unit: str) -> FigureKey:
        return FigureKey(
            f"events.{id_}",
            name,
            unit,
            RESPONSES,
            _TIMES,
            own,
            own,
            "(?:召开|举办|举行|开展|组织|参加|参与)*",
            True,
        )

    return [
        key("press", "新闻发布会", "新闻发布会|新闻通气会|媒体通气会", "次"),
        key("interview", "在线访谈", "在线访谈|网上访谈|网络访谈|访谈", "次"),
        key(
            "hotline",
            "12345热线领导接听",
            "(?:领导|局长|负责人|主任|书记)[^#]*接听|接听[^#]*热线|热线[^#]*接听",
            "次",
        ),
        FigureKey("events", "回应活动", "次", RESPONSES, _TIMES, "回应活动|互动活动|公众参与活动"),
    ]


def published() -> list[FigureKey]:
    """Published items by column, and the columns of the catalogue."""

    def key(id_: str, name: str, own: str, asked: bool = False) -> FigureKey:
        return FigureKey(f"items.{id_}", name, "条", OPENNESS, _PIECES, own, asked=asked)

    return [
        FigureKey(
            "catalogue.key_areas",
            "重点领域目录",
            "个",
            PLATFORM,
            "个项类",
            "(?:重点领域|信息公开)[^#]*#?[^#]*(?:目录|栏目)",
            asked=True,
        ),
        key("key_areas", "重点领域信息", "重点领域", True),
        key("responses", "回应关切信息", "回应关切|回应社会关切|主动回应", True),
        key("press", "新闻发布信息", "新闻发布(?!会)", True),
        key("supervision", "监督保障信息", "监督保障", True),
        key("policies", "政策文件", "政策文件|规范性文件"),
        key("consultations", "意见征集", "意见征集|征求意见|征集意见"),
        FigureKey(
            "items",
            "信息公开发布总数",
            "条",
            OPENNESS,
            _PIECES,
            "(?:主动公开|发布|公开|公布)(?:各类|各项|政务|政府|公开)*信息(?:总数|总量|数)?[^#]*#|#[^#]*(?:政务|政府|公开|各类)信息",
            asked=True,
        ),
    ]


def questions() -> list[FigureKey]:
    """Questions that the assistant was asked, and ratings."""
    names = (
        *(
            ("asked", "问答总数"),
            ("answered", "直接答复"),
            ("clarify", "反问确认"),
            ("abstained", "没有依据未答"),
        ),
        *(("redirect", "转其他部门或渠道"), ("helpful", "评价有用"), ("unhelpful", "评价没用")),
    )
    return [
        FigureKey(f"chat.{id_}", f"智能{name}" if id_ == "asked" else name, "次", QUESTIONS)
        for id_, name in names
    ]


def library() -> list[FigureKey]:
    """Documents of the library."""
    names = (
        *(("documents", "政策库收录文件"), ("policies", "其中政策文件"), ("interpretations", "其中政策解读")),
        *(("local", "其中本级"), ("forwarded", "其中转发"), ("undated", "没有发布日期的文件")),
    )
    return [FigureKey(f"library.{id_}", name, "份", LIBRARY) for id_, name in names]
