"""The Telegram channel as a process of its own, with an assistant that repeats the question."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time

from bot.channels.telegram import RecentUpdates, TelegramSettings, build_application, serve
from bot.models import Answer, Outcome
from tests.channels.fake_assistant import FakeAssistant


def reply(text: str) -> Answer:
    """An answer with one related question; slow for a first question, a failure where one is asked for."""
    if text.startswith("第1个"):
        time.sleep(0.1)
    if text == "请出错":
        raise RuntimeError(text)
    return Answer(Outcome.ANSWERED, f"答：{text}", suggestions=(f"{text}（追问）",))


async def main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    settings = TelegramSettings(os.environ["TELEGRAM_BOT_TOKEN"], os.environ["TELEGRAM_BASE_URL"])
    application = build_application(FakeAssistant(reply), settings, RecentUpdates())
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(application, stop)


if __name__ == "__main__":
    asyncio.run(main())
