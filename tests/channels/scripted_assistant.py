"""An assistant for channel tests: knows a few questions and remembers what it was told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date

from bot.models import Answer, Citation, Exchange, OfficeCard, Outcome, SourceLine, Topic, TopicGroup

LOAN = Answer(
    Outcome.ANSWERED,
    "全日制本专科生每人每年申请贷款额度不超过20000元。",
    citations=(
        Citation(
            document="03-loan",
            title="关于调整完善助学贷款有关政策的通知",
            doc_no="财教〔2024〕188号",
            issuer="财政部等",
            clause="第一条",
            quote="本专科生每人每年不超过20000元。",
            facts=("limit",),
            status="in_force",
            valid_from=date(2024, 9, 23),
            valid_to=None,
        ),
        Citation(
            document="02-loan",
            title="以前的助学贷款通知",
            doc_no=None,
            issuer="财政部等",
            clause="第二条",
            quote="此前不超过12000元。",
            facts=("former",),
            status="superseded",
            valid_from=date(2021, 9, 1),
            valid_to=date(2023, 8, 31),
        ),
    ),
    office=OfficeCard("aid", "学生资助管理中心", "0563-3033013", "工作日上班时间"),
    suggestions=("研究生能贷多少？", "怎么申请？"),
    confidence=0.93,
    notices=("该条依据待核对官方原文",),
    ms=1.5,
)
WHICH = Answer(Outcome.CLARIFY, "请问是哪个学段？", suggestions=("小学", "初中"))
CRISIS = Answer(Outcome.REDIRECT, "请马上拨打110或120。")
NOTHING = Answer(Outcome.ABSTAINED, "收录的文件里没有这个问题的答案，请向科室咨询。")

SCRIPT = "<script>alert(1)</script>"


@dataclass
class ScriptedAssistant:
    """Answers by keyword. ``asked`` and ``rated`` hold the calls; «炸» raises."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    rated: list[tuple[str, str, int, bool]] = field(default_factory=list)
    forgotten: list[tuple[str, str]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    exchanges: dict[int, tuple[str, str]] = field(default_factory=dict)

    def ask(self, channel: str, user: str, text: str) -> Exchange:
        self.threads.add(threading.current_thread().name)
        self.asked.append((channel, user, text))
        if "炸" in text:
            raise RuntimeError(f"cannot answer {text}")
        exchange = len(self.asked)
        self.exchanges[exchange] = (channel, user)
        return Exchange(exchange, self._answer(text))

    def _answer(self, text: str) -> Answer:
        if "贷" in text:
            return LOAN
        if "报名" in text:
            return WHICH
        if "救命" in text:
            return CRISIS
        if "脚本" in text:
            return Answer(Outcome.ANSWERED, SCRIPT, suggestions=(SCRIPT,), notices=(SCRIPT,))
        if "控制符" in text:
            return Answer(Outcome.ANSWERED, "红\x1b[31m色\u202e\x07\ud800字")
        return NOTHING

    def forget(self, channel: str, user: str) -> None:
        self.forgotten.append((channel, user))

    def rate(self, channel: str, user: str, exchange: int, helpful: bool) -> bool:
        if self.exchanges.get(exchange) != (channel, user):
            return False
        self.rated.append((channel, user, exchange, helpful))
        return True

    def greeting(self) -> str:
        return "您好，我是政策通。"

    def help_text(self) -> str:
        return "直接输入问题即可。"

    def topics(self) -> tuple[TopicGroup, ...]:
        return (
            TopicGroup("学生资助", (Topic("aid", "助学贷款", ("助学贷款最多能贷多少？", "怎么申请贷款？")),)),
            TopicGroup("义务教育", (Topic("enrol", "入学报名", ("什么时候报名？",)),)),
        )

    def sources(self) -> tuple[SourceLine, ...]:
        return (
            SourceLine(
                "03-loan",
                "关于调整完善助学贷款有关政策的通知",
                "财教〔2024〕188号",
                "财政部等",
                "forwarded",
                "in_force",
                "现行",
            ),
            SourceLine(
                "02-loan", "以前的助学贷款通知", None, "财政部等", "forwarded", "superseded", "已被取代"
            ),
        )
