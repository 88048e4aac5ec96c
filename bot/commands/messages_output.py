"""Hot topics and messages as a terminal shows them, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.commands.output import jsonable
from bot.signals.classification.matters import Matter
from bot.signals.models import Alarm, Answerer, Classified, HotTopic, Urgency
from bot.signals.overview import Overview
from bot.store_message_rows import StoredMessage
from knowledge.library import Library

ANSWERERS = {
    Answerer.CITY: "市教体局",
    Answerer.COUNTY: "县（市、区）教体局",
    Answerer.SCHOOL: "学校或机构",
    Answerer.OTHER: "其他部门",
}
URGENCIES = {Urgency.URGENT: "紧急", Urgency.RAISED: "重点", Urgency.NORMAL: "一般"}
ALARMS = {Alarm.DANGER: "人身安全", Alarm.MINORS: "涉未成年人", Alarm.GROUP: "群体性"}
_PARTS = {"number": "件数", "people": "人数", "growth": "增长", "duration": "持续", "urgency": "紧急"}
_REASONS = {"matter": "归类", "answerer": "承办", "urgency": "紧急程度", "stage": "学段"}
_MATTERS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Names:
    """Names for staff of matters and offices."""

    matters: Mapping[str, str]
    offices: Mapping[str, str]

    @classmethod
    def of(cls, library: Library, matters: Mapping[str, Matter]) -> Names:
        columns = {category.id: category.name for category in library.categories.values()}
        return cls(
            {matter.id: columns.get(matter.id, matter.name) for matter in matters.values()},
            {office.id: office.name for office in library.offices.values()},
        )

    def matter(self, identifier: str) -> str:
        return self.matters.get(identifier, identifier)

    def office(self, identifier: str) -> str:
        """Another bureau has no office of ours: 12345 passes the matter on."""
        return self.offices.get(identifier, "12345 转办")


def overview_text(found: Overview, names: Names, top: int) -> Iterator[str]:
    """Counts, then the hottest topics."""
    span = f"，{found.first} 至 {found.last}" if found.first else ""
    yield f"共 {found.messages} 件诉求{span}；教体系统 {found.ours} 件"
    if not found.messages:
        return
    yield "承办：" + "，".join(f"{ANSWERERS[Answerer(k)]} {n}" for k, n in found.by_answerer.items())
    yield "紧急程度：" + "，".join(f"{URGENCIES[Urgency(k)]} {n}" for k, n in found.by_urgency.items())
    matters = list(found.by_matter.items())[:_MATTERS_SHOWN]
    yield "事项：" + "，".join(f"{names.matter(k)} {n}" for k, n in matters)
    yield ""
    yield (
        f"热点（前 {min(top, len(found.topics))} 个，热度满分 100）"
        if found.topics
        else "没有三件以上说同一件事的诉求。"
    )
    for number, topic in enumerate(found.topics[:top], start=1):
        yield from _topic(number, topic, names)


def _topic(number: int, topic: HotTopic, names: Names) -> Iterator[str]:
    mark = "" if topic.urgency is Urgency.NORMAL else f"【{URGENCIES[topic.urgency]}】"
    yield f"{number:3}. {mark}{topic.title}"
    span = f"{topic.first} 至 {topic.last}" if topic.first else "没有时间"
    parts = "，".join(f"{_PARTS[name]} {value:.0f}" for name, value in topic.parts.items())
    yield f"     热度 {topic.heat:.0f}（{parts}）；{topic.messages} 件，{topic.people} 人；{span}"
    repeats = f"；其中 {topic.near_duplicates} 件几乎逐字相同" if topic.near_duplicates else ""
    who = f"{ANSWERERS[topic.answerer]}答复；{names.office(topic.office)}"
    yield f"     {names.matter(topic.matter)}；{who}；编号 {topic.id}{repeats}"


def topic_text(stored: StoredMessage, names: Names) -> Iterator[str]:
    """One message of a topic."""
    message, classified = stored.message, stored.classified
    at = f"{message.at:%Y-%m-%d %H:%M}" if message.at else "没有时间"
    place = f"{message.file} 第 {message.row} 行" if message.row else message.file
    yield f"{at}  {place}  {names.matter(classified.matter)}（{classified.confidence:.2f}）"
    yield f"  {message.title}" if message.title else ""
    yield f"  {message.text}"


def reasons_text(classified: Classified) -> str:
    """Which words spoke for the class."""
    reasons = "；".join(
        f"{_REASONS[reason.what]}依据：{'、'.join(reason.words)}" for reason in classified.reasons
    )
    return f"  {reasons}" if reasons else ""


def overview_json(found: Overview, names: Names) -> dict[str, Any]:
    """Counts and topics; the members of a topic are ids of messages."""
    fields: dict[str, Any] = jsonable(found)
    fields["by_matter"] = [
        {"matter": matter, "name": names.matter(matter), "messages": count}
        for matter, count in found.by_matter.items()
    ]
    for topic in fields["topics"]:
        topic["matter_name"] = names.matter(topic["matter"])
        topic["office_name"] = names.office(topic["office"])
    return fields


def message_json(stored: StoredMessage, names: Names) -> dict[str, Any]:
    """One message with its class and topic; the writer's hash stays inside."""
    message: dict[str, Any] = jsonable(stored.message)
    message.pop("user")
    classified: dict[str, Any] = jsonable(stored.classified)
    classified.pop("reasons")
    return (
        message | classified | {"matter_name": names.matter(stored.classified.matter), "topic": stored.topic}
    )
