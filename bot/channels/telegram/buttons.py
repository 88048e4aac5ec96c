"""What happens when a button is pressed. Data that we did not send gets a plain reply, never an error."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from telegram import CallbackQuery, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import keyboards, wording
from bot.channels.telegram.addressing import user_key
from bot.channels.telegram.browsing import Page, group_page, groups_page, sources_page, topic_page
from bot.channels.telegram.handlers import CHANNEL, Context, Conversation, send_page
from bot.models import Conversationalist

_RATING = re.compile(r"(\d{1,18}):([01])", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


class Buttons:
    """Suggestions, ratings, topics and pages of sources."""

    def __init__(self, assistant: Conversationalist, conversation: Conversation) -> None:
        self._assistant = assistant
        self._conversation = conversation

    async def press(self, update: Update, context: Context) -> None:
        """Do what the button says, or say that it no longer works."""
        query = update.callback_query
        if query is None:
            return
        message = query.message
        if not isinstance(message, Message) or not await self._act(query, message, query.data or ""):
            await _toast(query, wording.STALE_BUTTON)

    async def _act(self, query: CallbackQuery, message: Message, callback_data: str) -> bool:
        kind, _, rest = callback_data.partition(":")
        match kind:
            case "s" | "q":
                return await self._ask(query, message, callback_data)
            case "r":
                return await self._rate(query, message, rest)
            case "b" | "t" | "c" | "d":
                return await self._browse(query, message, kind, rest)
            case "n":
                await _toast(query)
                return True
        return False

    async def _ask(self, query: CallbackQuery, message: Message, callback_data: str) -> bool:
        label = keyboards.label_of(message.reply_markup, callback_data)
        if label is None:
            return False
        await _toast(query)
        user = user_key(message.chat, query.from_user)
        await self._conversation.answer(message, user, label, pressed=True)
        return True

    async def _rate(self, query: CallbackQuery, message: Message, rest: str) -> bool:
        match = _RATING.fullmatch(rest)
        if match is None:
            return False
        exchange, helpful = int(match.group(1)), match.group(2) == "1"
        user = user_key(message.chat, query.from_user)
        if not await asyncio.to_thread(self._assistant.rate, CHANNEL, user, exchange, helpful):
            return False
        await _toast(query, wording.THANKS)
        with suppress(BadRequest):  # pressed twice: the keyboard is the same already
            await query.edit_message_reply_markup(
                keyboards.rated_keyboard(message.reply_markup, exchange, helpful)
            )
        return True

    async def _browse(self, query: CallbackQuery, message: Message, kind: str, rest: str) -> bool:
        page = await self._page(kind, rest)
        if page is None:
            return False
        await _toast(query)
        if kind == "b":
            await send_page(message, page)
        else:
            await _turn_to(query, message, page)
        return True

    async def _page(self, kind: str, rest: str) -> Page | None:
        if kind == "d":
            sources = await asyncio.to_thread(self._assistant.sources)
            return sources_page(sources, int(rest)) if _NUMBER.fullmatch(rest) else None
        groups = await asyncio.to_thread(self._assistant.topics)
        if kind == "c":
            return topic_page(groups, rest)
        if not rest:
            return groups_page(groups)
        return group_page(groups, int(rest)) if kind == "t" and _NUMBER.fullmatch(rest) else None


async def _turn_to(query: CallbackQuery, message: Message, page: Page) -> None:
    """Show ``page`` in place of the menu; as a new message where the old one cannot be changed."""
    try:
        await query.edit_message_text(page.html, parse_mode=ParseMode.HTML, reply_markup=page.keyboard)
    except BadRequest as error:
        if "not modified" not in str(error).lower():
            await send_page(message, page)


async def _toast(query: CallbackQuery, text: str | None = None) -> None:
    """Answer the press. A press that is too old, or a failing network, must not cost the reply."""
    with suppress(TelegramError):
        await query.answer(text)
