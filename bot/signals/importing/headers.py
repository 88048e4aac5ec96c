"""What the columns of work orders, mailboxes and comments are called.

Compared after :func:`plain`, so without spaces, punctuation, brackets and width. Names come from the forms of
12345 lines, government mailboxes and exports of social media; the first of a field is the surest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import product

from bot.signals.importing.models import Field

_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NO_WORD = re.compile(r"[\W_]+")


def plain(header: str) -> str:
    """A header as it is compared: ``诉求内容（必填）：`` → ``诉求内容``."""
    half = unicodedata.normalize("NFKC", header).lower()
    return _NO_WORD.sub("", _IN_BRACKETS.sub("", half)) or _NO_WORD.sub("", half)


def _words(spaced: str) -> tuple[str, ...]:
    return tuple(spaced.split())


def _joined(firsts: str, seconds: str) -> tuple[str, ...]:
    return tuple(first + second for first, second in product(firsts.split(), seconds.split()))


_MESSAGE = "诉求 留言 工单 来信 信件 投诉 咨询 求助 反映 事项 问题 案件"
"""What a message is called."""
_PERSON = "诉求人 来电人 反映人 投诉人 举报人 咨询人 求助人 来信人 写信人 留言人 发帖人 评论人 申请人 当事人"
_ANSWER = "答复 回复 反馈 办理 处理 办结"

NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.NUMBER: (
        *_joined(_MESSAGE + " 受理 登记 业务 微博 评论 帖子", "编号 单号 号 id"),
        *_words("流水号 业务流水号 单号 编号 id number ticketid"),
    ),
    Field.USER: (
        *_joined("留言 来信 微博 发帖 评论", "用户 用户名 昵称 者"),
        *_joined(_PERSON, "姓名"),
        *_words(_PERSON),
        *_words("用户名 用户昵称 昵称 用户 用户id 网友 网名 网民 作者 博主 姓名 联系人姓名 联系人 称呼"),
        *_words("username user author nickname name uid"),
    ),
    Field.TITLE: (
        *_joined(_MESSAGE + " 帖子", "标题 主题 题目 名称"),
        *_words("标题 主题 题目 title subject"),
    ),
    Field.TEXT: (
        *_joined(_MESSAGE, "内容 详情 描述 正文 详细内容 具体内容"),
        *_joined("来电 评论 微博 帖子 主要 详细 具体 信息 文本 弹幕", "内容 正文 描述 情况"),
        *_words("内容 正文 详情 描述 内容描述 情况描述 微博 评论 留言 诉求 问题 建议"),
        *_words("content text body message comment description"),
    ),
    Field.AT: (
        *_joined(f"{_MESSAGE} 来电 发布 发表 发帖 评论 提交 受理 登记 接收 创建 录入", "时间 日期"),
        *_words("时间 日期 time date datetime createdat createtime pubtime"),
    ),
    Field.CHANNEL: (
        *_joined(_MESSAGE + " 受理 来源 数据 信息", "渠道 来源 途径"),
        *_words("渠道 来源 平台 来源平台 受理方式 反映方式 来信方式 source channel platform"),
    ),
    Field.AREA: (
        *_joined("事发 所属 所在 涉及 诉求 归属", "区县 县区 区域 地区 地 地点 辖区 县市区 区划"),
        *_words("区县 县区 县市区 区域 地区 行政区划 行政区 辖区 属地 area district region county"),
    ),
    Field.UP: _words("点赞数 点赞 点赞量 赞 赞数 支持数 赞成数 赞同数 顶 likes like up upvotes"),
    Field.DOWN: _words("反对数 反对 反对量 踩 踩数 不赞成数 dislikes dislike down downvotes"),
    Field.REPLY: (
        *_joined(_ANSWER, "意见 内容 结果 情况 详情 正文"),
        *_words("答复 回复 反馈 官方回复 官方答复 部门回复 部门答复 单位答复 单位回复 reply answer response"),
    ),
    Field.REPLIED_AT: (*_joined(_ANSWER + " 完成", "时间 日期"), *_words("repliedat replytime")),
    Field.LABEL: (
        *_joined(_MESSAGE + " 内容 主题 所属 一级", "分类 类别 类型 标签"),
        *_words("分类 类别 类型 标签 一级 label category type tag"),
    ),
}

ENDINGS: Mapping[Field, tuple[str, ...]] = {
    Field.NUMBER: ("编号", "工单号", "流水号", "单号"),
    Field.USER: ("人姓名", "昵称", "用户名"),
    Field.TITLE: ("标题", "主题"),
    Field.TEXT: ("内容", "详情", "正文", "描述"),
    Field.AT: ("时间", "日期"),
    Field.CHANNEL: ("渠道", "来源"),
    Field.AREA: ("区县", "县区", "区域", "地区", "区划"),
    Field.UP: ("点赞数", "支持数"),
    Field.DOWN: ("反对数",),
    Field.REPLY: ("答复意见", "答复内容", "回复内容", "处理结果", "办理结果", "办理情况"),
    Field.REPLIED_AT: ("答复时间", "回复时间", "办结时间", "答复日期", "回复日期", "办结日期"),
    Field.LABEL: ("分类", "类别", "标签"),
}
"""Chinese compounds end in their head: 市民来电反映内容 is 内容."""

_OF_THE_OFFICE = re.compile(
    r"(?:经办|承办|办理|处理|审核|审批|接线|话务|派单|转派|转办|交办|签收|督办|回访|退回|更新|修改|导出|导入|截止|截至|到期"
    r"|限办|应办|预计|超期|答复|回复|反馈|办结|受理|登记|满意|评价|附件)"
)
"""Begins the names of columns about the handling, in which 时间 and 内容 are not the citizen's."""
_PERSONAL = re.compile(
    r"(?:手机|电话|电话号|(?:来电|主叫|电话|手机|联系|证件|身份证)号码|手机号|联系方式|联系号|身份证|身份证号|证件号|证件|住址|地址|邮箱|邮件|电子邮件|微信|微信号"
    r"|qq|qq号|卡号|银行卡|银行账号|车牌|车牌号|phone|mobile|tel|telephone|email|idcard|address|ip)"
)
_COUNTER = frozenset(_words("序号 行号 排序 序 顺序号 no index row"))


def rank(field: Field, header: str) -> int:
    """How surely a header (:func:`plain`) names a field: 2 by its whole name, 1 by its end, 0 not at all."""
    if header in NAMES[field]:
        return 2
    own = field in (Field.REPLY, Field.REPLIED_AT) or not _OF_THE_OFFICE.match(header)
    return int(own and not is_personal(header) and header.endswith(ENDINGS[field]))


def is_header(cells: Iterable[str]) -> bool:
    """Whether at least two of these are whole names of fields."""
    names = {plain(cell) for cell in cells}
    return sum(bool(names.intersection(known)) for known in NAMES.values()) >= 2


def is_personal(header: str) -> bool:
    """Whether a header (:func:`plain`) announces a telephone or identity number, an address and the like."""
    return bool(re.search(_PERSONAL.pattern + "$", header))


def is_known_otherwise(header: str) -> bool:
    """Whether a header (:func:`plain`) names something that no field is: a counter, the handling."""
    return header in _COUNTER or bool(_OF_THE_OFFICE.match(header))
