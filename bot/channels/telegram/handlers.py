"""What happens with messages and commands. The assistant answers, this passes on."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Chat, Message, Update
from telegram.constants import ChatAction
from telegram.error import Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.channels.rendering import NO_TEXT, escape, split_html, telegram_parts
from bot.channels.secrets import frames_only
from bot.channels.telegram import keyboards, wording
from bot.channels.telegram.addressing import is_for_us, user_key, words_for_us
from bot.channels.telegram.browsing import Page, groups_page, sources_page
from bot.channels.telegram.settings import SeenUpdates, TelegramSettings
from bot.channels.throttle import Throttle, Verdict
from bot.models import Conversationalist

log = logging.getLogger(__name__)

CHANNEL = "telegram"
Context = ContextTypes.DEFAULT_TYPE

_TYPING_LASTS = 4.5
_TYPING_TIMEOUT = 2.0


class Gate:
    """Lets an update through to the handlers once, if it is meant for us and does not come too fast."""

    def __init__(self, settings: TelegramSettings, seen: SeenUpdates) -> None:
        self._seen = seen
        self._throttle = Throttle(settings.messages_per_minute)

    async def admit(self, update: Update, context: Context) -> None:
        """Raise ``ApplicationHandlerStop`` for what is not to be handled."""
        user, message = update.effective_user, update.message
        if user is None or user.is_bot:
            raise ApplicationHandlerStop
        if update.callback_query is None and (message is None or not is_for_us(message, context.bot)):
            raise ApplicationHandlerStop
        if not await self._is_new(update.update_id):
            raise ApplicationHandlerStop
        verdict = self._throttle.check(user.id)
        if verdict is Verdict.ALLOWED:
            return
        if verdict is Verdict.NOTICE and update.effective_chat is not None:
            await update.effective_chat.send_message(wording.TOO_FAST)
        if update.callback_query is not None:
            with suppress(TelegramError):
                await update.callback_query.answer()
        raise ApplicationHandlerStop

    async def _is_new(self, update_id: int) -> bool:
        try:
            return await asyncio.to_thread(self._seen.first_time, update_id)
        except Exception as error:  # better an answer twice than none while the store is broken
            log.error("cannot remember update %s: %s", update_id, frames_only(error))
            return True


class Conversation:
    """Commands and messages."""

    def __init__(self, assistant: Conversationalist) -> None:
        self._assistant = assistant

    async def start(self, update: Update, context: Context) -> None:
        message, user = sender(update)
        await asyncio.to_thread(self._assistant.forget, CHANNEL, user)
        greeting = await asyncio.to_thread(self._assistant.greeting)
        await _say(message, greeting)

    async def help(self, update: Update, context: Context) -> None:
        message, _ = sender(update)
        await _say(message, await asyncio.to_thread(self._assistant.help_text))

    async def topics(self, update: Update, context: Context) -> None:
        message, _ = sender(update)
        await send_page(message, groups_page(await asyncio.to_thread(self._assistant.topics)))

    async def sources(self, update: Update, context: Context) -> None:
        message, _ = sender(update)
        page = sources_page(await asyncio.to_thread(self._assistant.sources), 0)
        await send_page(message, page or Page(wording.NO_SOURCES))

    async def question(self, update: Update, context: Context) -> None:
        message, user = sender(update)
        text = words_for_us(message, context.bot)
        if not text:
            await message.reply_text(wording.EMPTY_MENTION)
        elif text == wording.CHANGE_SUBJECT:
            await asyncio.to_thread(self._assistant.forget, CHANNEL, user)
            await message.reply_text(wording.SUBJECT_CHANGED)
        else:
            await self.answer(message, user, text)

    async def unknown_command(self, update: Update, context: Context) -> None:
        message, _ = sender(update)
        await message.reply_text(wording.UNKNOWN_COMMAND)

    async def text_only(self, update: Update, context: Context) -> None:
        message, _ = sender(update)
        await message.reply_text(wording.TEXT_ONLY)

    async def answer(self, message: Message, user: str, text: str, *, pressed: bool = False) -> None:
        """Ask the assistant and send what it says below ``message``; ``pressed`` where a button asked."""
        async with typing_shown(message):
            exchange = await asyncio.to_thread(self._assistant.ask, CHANNEL, user, text)
        parts = telegram_parts(exchange.answer, asked=text if pressed else None)
        quote = not pressed and message.chat.type != Chat.PRIVATE
        for part in parts[:-1]:
            await message.reply_html(part, do_quote=quote)
        await message.reply_html(parts[-1], do_quote=quote, reply_markup=keyboards.answer_keyboard(exchange))


async def send_page(message: Message, page: Page) -> None:
    """Send a page of topics or sources as a new message."""
    await message.reply_html(page.html, reply_markup=page.keyboard)


async def on_error(update: object, context: Context) -> None:
    """Log what failed under a reference, without anyone's words, and tell the user the reference."""
    error = context.error
    if isinstance(error, Forbidden):
        log.info("a Telegram user does not want our messages any more")
        return
    reference = secrets.token_hex(4)
    update_id = update.update_id if isinstance(update, Update) else None
    cause = f"{error} " if isinstance(error, TelegramError) else ""
    place = frames_only(error) if error is not None else "unknown"
    log.error("Telegram update %s failed, reference %s: %s%s", update_id, reference, cause, place)
    if isinstance(update, Update) and update.effective_chat is not None:
        with suppress(TelegramError):
            await update.effective_chat.send_message(wording.FAILURE.format(reference=reference))


async def _say(message: Message, text: str) -> None:
    """Send plain text with the button that leads to the topics."""
    parts = split_html(escape(text)) or (NO_TEXT,)
    for part in parts[:-1]:
        await message.reply_html(part)
    await message.reply_html(parts[-1], reply_markup=keyboards.browse_keyboard())


def sender(update: Update) -> tuple[Message, str]:
    """The message and its conversation. The gate lets no update through without them."""
    message, user = update.effective_message, update.effective_user
    if message is None or user is None:
        raise ValueError("an update without a message or a sender passed the gate")
    return message, user_key(message.chat, user)


@asynccontextmanager
async def typing_shown(message: Message) -> AsyncIterator[None]:
    """Show "typing" until the answer is there. Whether it shows never decides about the answer."""
    await _show_typing(message)
    task = asyncio.create_task(_keep_typing(message))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep_typing(message: Message) -> None:
    while True:
        await asyncio.sleep(_TYPING_LASTS)
        await _show_typing(message)


async def _show_typing(message: Message) -> None:
    with suppress(TelegramError):
        await message.reply_chat_action(
            ChatAction.TYPING, connect_timeout=_TYPING_TIMEOUT, read_timeout=_TYPING_TIMEOUT
        )
