"""The Telegram channel. Nothing outside this package imports python-telegram-bot."""

from bot.channels.telegram.application import build_application
from bot.channels.telegram.polling import serve
from bot.channels.telegram.settings import RecentUpdates, SeenUpdates, TelegramSettings

__all__ = ["RecentUpdates", "SeenUpdates", "TelegramSettings", "build_application", "serve"]
