"""The registers (台账) from which figures are counted: their columns, and what a cell may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bot.signals.importing import cells
from bot.signals.importing.models import CellValue
from bot.signals.statistics.keys import KEYS, by_id
from bot.signals.statistics.models import SourceRow, plain
from bot.signals.statistics.reading import name_of
from bot.signals.statistics.wording import CHANNEL_NAMES, FORM_NAMES, OUTCOMES
from index.numerals import arabic_numerals


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    YEAR = "year"
    YES = "yes"
    CHOICE = "choice"
    KEY = "key"
    """The name of a figure."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register. ``choices``: word in the sheet → what is stored."""

    id: str
    title: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: Mapping[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """A kind of rows. Two rows with equal ``identity`` columns are about the same thing; the newer holds."""

    id: str
    title: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    dated_by: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a register: the values by column id, dates as ``YYYY-MM-DD``, and where it stands."""

    register: str
    year: int
    values: Mapping[str, str]
    source: SourceRow

    def count(self, column: str) -> Decimal | None:
        """The number in a column, if there is one."""
        text = self.values.get(column, "")
        return Decimal(text) if text else None


ITEM_KINDS = {
    "政策文件": "policy",
    "政策解读": "interpretation",
    "重点领域": "key_area",
    "新闻发布": "press",
    "回应关切": "response",
    "监督保障": "supervision",
    "意见征集": "consultation",
    "其他": "other",
}
ORIGINS = {"本级": "local", "转发": "forwarded"}
EVENT_KINDS = {"新闻发布会": "press", "在线访谈": "interview", "领导接听": "hotline"}
_DATE_NOTE = "形如 2024-09-01"


def _listed(names: Mapping[str, str]) -> str:
    return "、".join(names)


_FORMS = {name: id_ for id_, name in FORM_NAMES.items()}
_OUTCOMES = {name: id_ for id_, (name, _) in OUTCOMES.items()}
_CHANNELS = {name: id_ for id_, (name, _) in CHANNEL_NAMES.items()}

REGISTERS: tuple[Register, ...] = (
    Register(
        "items",
        "信息发布",
        (
            Column("date", "发布日期", Kind.DATE, True, note=_DATE_NOTE),
            Column("title", "标题", required=True),
            Column("kind", "类别", Kind.CHOICE, True, ITEM_KINDS, _listed(ITEM_KINDS)),
            Column("column", "栏目编号", note="公开目录的栏目编号，如 c08"),
            Column("origin", "来源", Kind.CHOICE, False, ORIGINS, _listed(ORIGINS)),
            Column("form", "解读形式", Kind.CHOICE, False, _FORMS, f"只填政策解读：{_listed(_FORMS)}"),
            Column("doc_no", "文号"),
            Column("url", "网址"),
        ),
        ("date", "title", "column", "url"),
        "date",
    ),
    Register(
        "channels",
        "新媒体",
        (
            Column("date", "统计截止日期", Kind.DATE, True, note="发布条数算到这一天，不和上一行重复"),
            Column("channel", "渠道", Kind.CHOICE, True, _CHANNELS, _listed(_CHANNELS)),
            Column("posts", "本期发布条数", Kind.COUNT),
            Column("followers", "关注人数", Kind.COUNT, note="统计截止日的总数"),
        ),
        ("date", "channel"),
        "date",
    ),
    Register(
        "requests",
        "依申请公开",
        (
            Column("number", "申请编号", required=True, note="不要写申请人姓名和联系方式"),
            Column("received", "收到日期", Kind.DATE, True, note=_DATE_NOTE),
            Column("due", "答复期限", Kind.DATE, note="不填时按收到后 20 个工作日算，延期的再加 20 个工作日"),
            Column("extended", "是否延期", Kind.YES, note="是、否"),
            Column("answered", "答复日期", Kind.DATE, note="没有答复的不填"),
            Column("outcome", "办理结果", Kind.CHOICE, False, _OUTCOMES, _listed(_OUTCOMES)),
            Column("fee", "收费金额", Kind.COUNT, note="元"),
        ),
        ("number",),
        "received",
    ),
    Register(
        "events",
        "回应活动",
        (
            Column("date", "日期", Kind.DATE, True, note=_DATE_NOTE),
            Column("kind", "活动类型", Kind.CHOICE, True, EVENT_KINDS, _listed(EVENT_KINDS)),
            Column("title", "主题", required=True),
        ),
        ("date", "kind", "title"),
        "date",
    ),
    Register(
        "reported",
        "填报数字",
        (
            Column("year", "年度", Kind.YEAR, True, note="形如 2024"),
            Column("key", "项目", Kind.KEY, True, note="如 微博发布、政策解读"),
            Column("value", "数值", Kind.COUNT, True),
            Column("unit", "单位"),
            Column("basis", "依据", required=True, note="这个数出自哪里"),
        ),
        ("year", "key", "basis"),
        "year",
    ),
)


def register_of(id_: str) -> Register:
    """A register by its id."""
    return next(register for register in REGISTERS if register.id == id_)


def parse(column: Column, value: CellValue) -> str:
    """What is stored for a cell; empty for an empty one.

    Raises:
        ValueError: the cell holds something else; the message says what is wanted, in Chinese.
    """
    text = cells.line(value)
    if not text:
        if column.required:
            raise ValueError(f"“{column.title}”是空的")
        return ""
    if column.kind is Kind.DATE:
        moment, reason = cells.moment(value)
        if moment is None:
            raise ValueError(f"“{column.title}”写的“{text}”不是日期（{reason}）")
        return moment.date().isoformat()
    if column.kind is Kind.COUNT:
        return plain(number(text, column.title))
    if column.kind is Kind.YEAR:
        if text.rstrip("年度") not in {str(year) for year in range(1990, 2101)}:
            raise ValueError(f"“{column.title}”写的“{text}”不是年份，应形如 2024")
        return text.rstrip("年度")
    if column.kind is Kind.YES:
        if text not in ("是", "否"):
            raise ValueError(f"“{column.title}”只能写 是 或 否")
        return text
    if column.kind is Kind.KEY:
        return named_key(text)
    if column.choices is not None and text not in column.choices:
        raise ValueError(f"“{column.title}”写的“{text}”不认识，可以写：{'、'.join(column.choices)}")
    return column.choices[text] if column.choices else text


def number(text: str, name: str) -> Decimal:
    """A count that is not negative: 1204, 1,204, 3.2万, 十二.

    Raises:
        ValueError: it is none.
    """
    plain_text = arabic_numerals(unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "") + "个")
    try:
        value = Decimal(plain_text.removesuffix("个"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** 15:
        raise ValueError(f"“{name}”写的“{text}”不是数字")
    return value


def named_key(text: str) -> str:
    """The id of the figure that a name means.

    Raises:
        ValueError: no figure has such a name; the message names the nearest.
    """
    names = {key.name: key.id for key in KEYS}
    if text in by_id():
        return text
    found = names.get(text) or ((key := name_of(text)) and key.id)
    if found:
        return found
    from rapidfuzz import process

    near = [name for name, _, _ in process.extract(text, list(names), limit=3)]
    raise ValueError(f"没有“{text}”这个项目，相近的有：{'、'.join(near)}")
