"""An assistant whose answers a test decides."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bot.models import Answer, Exchange, Outcome, SourceLine, Topic, TopicGroup


class FakeAssistant:
    """Answers ``答：<question>`` unless given something else; remembers what it was asked."""

    def __init__(self, reply: Callable[[str], Answer] | None = None, *, seconds: float = 0.0) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.forgotten: list[tuple[str, str]] = []
        self.ratings: dict[tuple[str, int], bool] = {}
        self.running = self.most_running = 0
        self._owners: dict[int, str] = {}
        self._reply = reply or (lambda text: Answer(Outcome.ANSWERED, f"答：{text}"))
        self._seconds = seconds
        self._lock = threading.Lock()

    def ask(self, channel: str, user: str, text: str) -> Exchange:
        with self._lock:
            self.asked.append((channel, user, text))
            number = len(self.asked)
            self._owners[number] = user
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            if self._seconds:
                time.sleep(self._seconds)
            return Exchange(number, self._reply(text))
        finally:
            with self._lock:
                self.running -= 1

    def forget(self, channel: str, user: str) -> None:
        self.forgotten.append((channel, user))

    def rate(self, channel: str, user: str, exchange: int, helpful: bool) -> bool:
        if self._owners.get(exchange) != user:
            return False
        self.ratings[user, exchange] = helpful
        return True

    def greeting(self) -> str:
        return "您好，我是政策通 <测试>。"

    def help_text(self) -> str:
        return "直接输入问题即可 & 可以追问。"

    def topics(self) -> tuple[TopicGroup, ...]:
        long_id = "很长的栏目编号" * 10
        return (
            TopicGroup("招生", (Topic("enrol", "小学招生", ("几岁能上小学？", "报名要带什么？")),)),
            TopicGroup("资助", (Topic(long_id, "学生资助", ("助学金多少？",)),)),
        )

    def sources(self) -> tuple[SourceLine, ...]:
        return tuple(
            SourceLine(f"d{n}", f"文件<{n}>", None, "宣城市教育体育局", "local", "in_force", "现行有效")
            for n in range(1, 24)
        )
