"""Inline keyboards and the callback data behind their buttons.

Callback data may be 64 bytes at most and comes back from the client, so it is short and never trusted.
Buttons outlive the process: what a button asks is read from the keyboard of its own message.

=============  ==========================================
``s:7:0``      suggestion 0 below exchange 7
``q:3``        question 3 of a topic
``r:7:1``      exchange 7 was helpful (``0``: was not)
``b``          browse the topics in a new message
``t`` ``t:2``  all topic groups, group 2
``c:ID``       topic ``ID``
``d:0``        page 0 of the sources
``n``          nothing
=============  ==========================================
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram import wording
from bot.models import Exchange, Outcome, Topic, TopicGroup

_MOST_DATA_BYTES = 64
_MOST_SUGGESTIONS = 8
_MOST_QUESTIONS = 12
_MOST_TOPICS = 60
_SHORT_LABEL = 8

Row = tuple[InlineKeyboardButton, ...]


def answer_keyboard(exchange: Exchange) -> InlineKeyboardMarkup | None:
    """Suggestions, then the rating row. A clarifying question is not rated: it is not an answer yet."""
    labels = exchange.answer.suggestions[:_MOST_SUGGESTIONS]
    buttons = [_button(label, f"s:{exchange.id}:{number}") for number, label in enumerate(labels)]
    rows = _rows(buttons, 2 if all(len(label) <= _SHORT_LABEL for label in labels) else 1)
    if exchange.answer.outcome is not Outcome.CLARIFY:
        helpful, not_helpful = f"r:{exchange.id}:1", f"r:{exchange.id}:0"
        rows.append((_button(wording.HELPFUL, helpful), _button(wording.NOT_HELPFUL, not_helpful)))
    return InlineKeyboardMarkup(rows) if rows else None


def rated_keyboard(
    keyboard: InlineKeyboardMarkup | None, exchange: int, helpful: bool
) -> InlineKeyboardMarkup:
    """The same keyboard with the rating row of ``exchange`` replaced by what was chosen."""
    kept = [
        row
        for row in (keyboard.inline_keyboard if keyboard else ())
        if not any(str(button.callback_data).startswith(f"r:{exchange}:") for button in row)
    ]
    label = wording.RATED_HELPFUL if helpful else wording.RATED_NOT_HELPFUL
    return InlineKeyboardMarkup([*kept, (_button(label, "n"),)])


def label_of(keyboard: InlineKeyboardMarkup | None, callback_data: str) -> str | None:
    """What stands on the button with this callback data, or ``None`` where there is no such button."""
    for row in keyboard.inline_keyboard if keyboard else ():
        for button in row:
            if button.callback_data == callback_data:
                return button.text
    return None


def browse_keyboard() -> InlineKeyboardMarkup:
    """One button that leads to the topics."""
    return InlineKeyboardMarkup([(_button(wording.BROWSE, "b"),)])


def groups_keyboard(groups: Sequence[TopicGroup]) -> InlineKeyboardMarkup:
    """One button for each topic group."""
    buttons = [_button(group.name, f"t:{number}") for number, group in enumerate(groups)]
    return InlineKeyboardMarkup(_rows(buttons, 1))


def group_keyboard(group: TopicGroup) -> InlineKeyboardMarkup:
    """The topics of a group, with a way back."""
    buttons = [_button(topic.name, f"c:{topic_key(topic)}") for topic in group.topics[:_MOST_TOPICS]]
    return InlineKeyboardMarkup([*_rows(buttons, 2), (_button(wording.BACK, "t"),)])


def topic_keyboard(topic: Topic, group_number: int) -> InlineKeyboardMarkup:
    """The questions of a topic, with a way back to its group."""
    questions = topic.questions[:_MOST_QUESTIONS]
    buttons = [_button(question, f"q:{number}") for number, question in enumerate(questions)]
    return InlineKeyboardMarkup([*_rows(buttons, 1), (_button(wording.BACK, f"t:{group_number}"),)])


def pages_keyboard(page: int, pages: int) -> InlineKeyboardMarkup | None:
    """Buttons to the pages before and after."""
    row: list[InlineKeyboardButton] = []
    if page > 0:
        row.append(_button(wording.PREVIOUS, f"d:{page - 1}"))
    if page + 1 < pages:
        row.append(_button(wording.NEXT, f"d:{page + 1}"))
    return InlineKeyboardMarkup([row]) if row else None


def topic_key(topic: Topic) -> str:
    """The topic's id where it fits into callback data, else a digest of it."""
    if len(f"c:{topic.id}".encode()) <= _MOST_DATA_BYTES:
        return topic.id
    return hashlib.sha256(topic.id.encode()).hexdigest()[:32]


def _button(label: str, callback_data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=callback_data)


def _rows(buttons: Sequence[InlineKeyboardButton], width: int) -> list[Row]:
    return [tuple(buttons[start : start + width]) for start in range(0, len(buttons), width)]
