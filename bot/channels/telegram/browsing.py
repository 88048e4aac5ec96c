"""Topics and sources as pages of text with buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.channels.rendering import escape, source_html, split_html
from bot.channels.telegram import keyboards, wording
from bot.models import SourceLine, TopicGroup

_SOURCES_PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Page:
    """One message of a menu."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def groups_page(groups: Sequence[TopicGroup]) -> Page:
    """All topic groups."""
    if not groups:
        return Page(wording.NO_TOPICS)
    return Page(wording.GROUPS_TITLE, keyboards.groups_keyboard(groups))


def group_page(groups: Sequence[TopicGroup], number: int) -> Page | None:
    """The topics of one group; ``None`` where there is no such group."""
    if not 0 <= number < len(groups):
        return None
    group = groups[number]
    return Page(f"<b>{escape(group.name)}</b>", keyboards.group_keyboard(group))


def topic_page(groups: Sequence[TopicGroup], key: str) -> Page | None:
    """The questions of one topic; ``None`` where there is no such topic."""
    for number, group in enumerate(groups):
        for topic in group.topics:
            if keyboards.topic_key(topic) == key:
                title = f"<b>{escape(group.name)} › {escape(topic.name)}</b>"
                return Page(f"{title}\n{wording.TOPIC_HINT}", keyboards.topic_keyboard(topic, number))
    return None


def sources_page(sources: Sequence[SourceLine], page: int) -> Page | None:
    """One page of the library's documents; ``None`` where there is no such page."""
    pages = -(-len(sources) // _SOURCES_PER_PAGE)
    if not 0 <= page < pages:
        return None
    start = page * _SOURCES_PER_PAGE
    lines = [
        f"{number}. {source_html(source)}"
        for number, source in enumerate(sources[start : start + _SOURCES_PER_PAGE], start=start + 1)
    ]
    title = wording.SOURCES_TITLE.format(count=len(sources), page=page + 1, pages=pages)
    html = split_html("\n".join([title, *lines]))[0]
    return Page(html, keyboards.pages_keyboard(page, pages))
