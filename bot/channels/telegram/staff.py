"""Staff functions in private chats of the staff. For everybody else nothing here ever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from telegram import Bot, BotCommandScopeChat, Chat, Message, Update
from telegram.error import TelegramError
from telegram.ext import filters

from bot.channels.rendering import TELEGRAM_LIMIT, units
from bot.channels.telegram import wording
from bot.channels.telegram.addressing import command_for_us
from bot.channels.telegram.handlers import CHANNEL, Context, Conversation, sender, typing_shown
from bot.models import StaffDesk, StaffFile, StaffReply

log = logging.getLogger(__name__)


class ForStaff(filters.MessageFilter):
    """Messages of the staff that are not for the citizens' assistant: their commands, and in a private chat
    what they write during a live look-up or a rehearsal."""

    def __init__(self, desk: StaffDesk) -> None:
        super().__init__()
        self._desk = desk

    def filter(self, message: Message) -> bool:
        user = str(message.from_user.id) if message.from_user else ""
        if not message.text or not self._desk.is_staff(CHANNEL, user):
            return False
        if message.text.startswith("/") and (command := command_for_us(message, message.get_bot())):
            return command in dict(self._desk.commands(CHANNEL, user))
        return message.chat.type == Chat.PRIVATE and self._desk.is_listening(CHANNEL, user)


class StaffRoom:
    """Runs what :class:`ForStaff` lets through."""

    def __init__(self, desk: StaffDesk, conversation: Conversation) -> None:
        self._desk = desk
        self._conversation = conversation
        self._with_menu: set[str] = set()

    async def take(self, update: Update, context: Context) -> None:
        """A command, or a message for what is on."""
        message, user = sender(update)
        command = command_for_us(message, context.bot)
        if message.chat.type != Chat.PRIVATE:
            await self._in_group(update, context, command or "")
            return
        text = message.text or ""
        async with typing_shown(message):
            if command:
                words = text.split()[1:]
                reply = await asyncio.to_thread(self._desk.run, CHANNEL, user, command, words)
            else:
                reply = await asyncio.to_thread(self._desk.continue_, CHANNEL, user, text)
        await _send(message, reply, command)
        if user not in self._with_menu:  # at the start there may have been no chat yet to show it in
            self._with_menu.add(user)
            await publish_menu(context.bot, self._desk, user)

    async def _in_group(self, update: Update, context: Context, command: str) -> None:
        """The group sees what it sees of any unknown command; the member is told in private."""
        await self._conversation.unknown_command(update, context)
        if update.effective_user is not None:
            with suppress(TelegramError):  # no private chat was ever opened
                text = wording.STAFF_PRIVATE_ONLY.format(command=command)
                await context.bot.send_message(update.effective_user.id, text)


async def publish_menus(bot: Bot, desk: StaffDesk) -> None:
    """Show the staff their commands, and no longer to those who left."""
    for user in desk.users(CHANNEL):
        await publish_menu(bot, desk, user)
    for user in desk.former(CHANNEL):
        with suppress(TelegramError):
            await bot.delete_my_commands(BotCommandScopeChat(int(user)))


async def publish_menu(bot: Bot, desk: StaffDesk, user: str) -> None:
    """Show one member the commands of the staff, below those of citizens."""
    commands = [*wording.COMMANDS, *desk.commands(CHANNEL, user)]
    try:
        await bot.set_my_commands(commands, BotCommandScopeChat(int(user)))
    except TelegramError as error:
        log.info("no command menu for a member of the staff yet: %s", type(error).__name__)


async def _send(message: Message, reply: StaffReply, command: str | None) -> None:
    """The text as it is, never as markup; as a document where it is too long for a message."""
    files: Sequence[StaffFile] = reply.files
    if units(reply.text) <= TELEGRAM_LIMIT:
        await message.reply_text(reply.text)
    else:
        await message.reply_text(wording.STAFF_LONG)
        files = (StaffFile(f"{command or 'reply'}.txt", reply.text.encode("utf-8", "replace")), *files)
    for file in files:
        await message.reply_document(file.content, filename=file.name)
