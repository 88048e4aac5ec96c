"""A draft of the yearly summary of openness: our own sentences around figures that have a source.

A sentence stands only if at least one of its figures does; a gap is marked 【待填】, figures that
disagree are all shown 【数字待核】. Every figure has a footnote with its source row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.signals.statistics.checks import conflicts
from bot.signals.statistics.keys import key_of
from bot.signals.statistics.models import ORIGIN_NAMES, Figure, Finding, Severity
from bot.signals.statistics.report import Report, grouped, shown_value
from bot.signals.statistics.table import one_line
from bot.signals.statistics.wording import FORM_NAMES, OUTCOMES

_MARKUP = re.compile(r"([\\`*_\[\]#|<>~&])")
_SLOT = re.compile(r"\{([\w.]+)\}")
_COLUMNS_SHOWN = 31


def as_draft(report: Report) -> str:
    """The draft as Markdown."""
    return _Draft(report).text()


_OPENNESS = (
    "全年在本局网站公开目录发布信息{items}条。",
    "其中重点领域{items.key_areas}条，回应关切{items.responses}条，政策解读{interpretations}条，"
    "新闻发布{items.press}条，监督保障{items.supervision}条。",
    "发布政策文件{items.policies}件。",
    "公开征求意见{items.consultations}项。",
)
_CHANNELS = (
    "微博发布{channel.weibo.posts}条，关注人数{channel.weibo.followers}人。",
    "微信发布{channel.wechat.posts}条，关注人数{channel.wechat.followers}人。",
    *(
        f"{name}发布{{channel.{id_}.posts}}条，关注人数{{channel.{id_}.followers}}人。"
        for id_, name in (("douyin", "抖音"), ("video", "视频号"), ("toutiao", "头条号"), ("app", "客户端"))
    ),
)
_FOI = (
    "收到政府信息公开申请{foi.received}件，上年结转{foi.carried}件。",
    "办理完毕{foi.handled}件，在规定期限内答复{foi.on_time}件，其中延期答复{foi.extended}件。",
    *(f"办理结果为{name}的{{foi.{id_}}}件。" for id_, (name, _) in OUTCOMES.items()),
    "按期答复率{foi.rate}%。",
)
_PLATFORM = ("公开目录现有重点领域栏目{catalogue.key_areas}个。",)
_RESPONSES = (
    "召开新闻发布会{events.press}次，参加在线访谈{events.interview}次，"
    "局领导接听12345热线{events.hotline}次。",
    "政策问答助手收到提问{chat.asked}次，其中直接答复{chat.answered}次，反问确认{chat.clarify}次，"
    "因没有依据未作答{chat.abstained}次，转其他部门或渠道{chat.redirect}次。",
    "收到评价：有用{chat.helpful}次，没用{chat.unhelpful}次。",
)
_INTERPRETATIONS = (
    "发布政策解读{interpretations}篇，其中本级解读{interpretations.local}篇，"
    "转发上级解读{interpretations.forwarded}篇。",
    *(f"采用{name}形式的解读{{interpretations.form.{id_}}}篇。" for id_, name in FORM_NAMES.items()),
)
_OPTIONAL = ("channel.", "foi.", "items.policies", "items.consultations", "chat.", "interpretations.form.")
"""Sentences of these are left out where nobody has a figure for them; the others show the gap."""


class _Draft:
    """The text with its footnotes, built section by section."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._told = grouped(report)
        self._conflicts: Mapping[str, Finding] = conflicts(report.findings)
        self._notes: list[str] = []

    def text(self) -> str:
        year = self._report.year
        parts = [
            f"# {year}年度政务公开工作总结（草稿）",
            "> 本文由程序根据台账和来源页面拟写，供经办人修改，须经初审、复审、终审后才能发布。"
            "【待填】处没有来源，【数字待核】处来源之间不一致，都不能直接使用。",
            f"{year}年，本局按照上级关于政务公开的部署开展工作。现将全年情况总结如下。",
            "## 一、组织领导\n\n【待填：领导小组、责任科室和全年部署情况】",
            "## 二、信息公开情况",
            f"### （一）主动公开\n\n{self._said(_OPENNESS)}{self._columns()}",
            f"其他公开渠道：{self._said(_CHANNELS)}",
            f"### （二）依申请公开\n\n{self._said(_FOI)}",
            "### （三）制度建设\n\n【待填：本年制定或修订的公开制度，文号】",
            f"### （四）平台建设\n\n{self._said(_PLATFORM)}",
            f"### （五）回应关切\n\n{self._said(_RESPONSES)}",
            f"### （六）政策解读\n\n{self._said(_INTERPRETATIONS)}",
            "## 三、存在的主要问题及下一步打算",
            self._problems(),
            "【待填：其他问题和下一步措施】",
            self._open_points(),
            "\n".join(self._notes),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _said(self, sentences: Sequence[str]) -> str:
        return "".join(self._sentence(sentence) for sentence in sentences) or "【待填】"

    def _sentence(self, sentence: str) -> str:
        """A sentence with its figures; a part between commas without a figure falls away or shows the gap."""
        keys = _SLOT.findall(sentence)
        if not any(key in self._told for key in keys):
            optional = all(key.startswith(_OPTIONAL) for key in keys)
            return "" if optional else f"【待填：{'、'.join(key_of(key).name for key in keys)}】"
        return _SLOT.sub(lambda match: self._number(match[1]), sentence)

    def _number(self, key: str) -> str:
        told = self._told.get(key)
        if not told:
            return f"【待填：{key_of(key).name}】"
        shown = shown_value(told)
        if "／" in shown:
            shown = f"【数字待核：{shown}】"
        elif key in self._conflicts:
            shown = f"【数字待核：{self._disputed(key, shown)}】"
        return shown + "".join(self._footnote(figure) for figure in told)

    def _disputed(self, key: str, shown: str) -> str:
        """17／18 where the parts of a whole add up to 18."""
        finding = self._conflicts[key]
        if finding.code != "sum_differs" or finding.keys[0] != key or len(finding.keys) < 3:
            return shown
        total = sum(self._told[part][0].value for part in finding.keys[1:])
        return f"{shown}／{total}"

    def _footnote(self, figure: Figure) -> str:
        place = figure.sources[0]
        more = f"，共{len(figure.sources)}行" if len(figure.sources) > 1 else ""
        said = f"：{_escaped(place.text[:80])}" if place.text else ""
        number = len(self._notes) + 1
        where = f"{ORIGIN_NAMES[figure.origin]} {_escaped(place.place)}{more}"
        self._notes.append(f"[^{number}]: {figure.name} {figure.shown}，{where}{said}")
        return f"[^{number}]"

    def _columns(self) -> str:
        told = [figures for key, figures in self._told.items() if key.startswith("column.")]
        shown = [
            f"{_escaped(figures[0].name)}{self._number(figures[0].key)}条"
            for figures in told[:_COLUMNS_SHOWN]
        ]
        return f"按栏目：{'，'.join(shown)}。" if shown else ""

    def _problems(self) -> str:
        one_form = [finding for finding in self._report.findings if finding.code == "one_form"]
        late = [finding for finding in self._report.findings if finding.code == "foi_late"]
        said = "".join(f"{_escaped(finding.message)}。" for finding in one_form)
        return said + (f"有{len(late)}件依申请公开超过期限。" if late else "")

    def _open_points(self) -> str:
        lines = [
            f"- {'错误' if finding.severity is Severity.ERROR else '提醒'}：{_escaped(finding.message)}。"
            f"{_escaped(finding.advice)}"
            for finding in self._report.findings
        ]
        return "## 附：待核清单（发布前删除）\n\n" + "\n".join(lines) if lines else ""


def _escaped(text: str) -> str:
    """Text of a source on one line, without meaning in Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", one_line(text))
