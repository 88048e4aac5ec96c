"""Is a message meant for us, and what does it say once our name is taken out of it?"""

from __future__ import annotations

from telegram import Bot, Chat, Message, MessageEntity, User

from bot.channels.telegram import wording

_KNOWN_COMMANDS = frozenset(name for name, _ in wording.COMMANDS)


def is_for_us(message: Message, bot: Bot) -> bool:
    """In a private chat everything is. In a group: our commands, mentions of us, replies to us."""
    if message.chat.type == Chat.PRIVATE:
        return True
    command = _command(message)
    if command is not None:
        name, _, addressee = command.partition("@")
        return addressee.lower() == bot.username.lower() if addressee else name in _KNOWN_COMMANDS
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot.id:
        return True
    return bool(_mentions(message, bot))


def words_for_us(message: Message, bot: Bot) -> str:
    """The text without the mentions of us."""
    text = message.text or ""
    for mention in _mentions(message, bot):
        text = text.replace(mention, " ")
    return text.strip()


def command_for_us(message: Message, bot: Bot) -> str | None:
    """The name of the command that a message is, where it is not for another bot."""
    name, _, addressee = (_command(message) or "").partition("@")
    return name.lower() or None if addressee.lower() in ("", bot.username.lower()) else None


def user_key(chat: Chat | None, user: User) -> str:
    """Whose conversation it is: in a group a user's conversation is apart from the private one."""
    if chat is None or chat.type == Chat.PRIVATE:
        return str(user.id)
    return f"{chat.id}:{user.id}"


def _command(message: Message) -> str | None:
    first = message.entities[0] if message.entities else None
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return None
    return message.parse_entity(first)[1:]


def _mentions(message: Message, bot: Bot) -> list[str]:
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    entities = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    ours = f"@{bot.username}".lower()
    return [
        text
        for entity, text in entities.items()
        if text.lower() == ours or (entity.user is not None and entity.user.id == bot.id)
    ]
