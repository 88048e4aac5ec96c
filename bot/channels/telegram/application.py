"""Wires the channel: requests, pacing, order, handlers."""

from __future__ import annotations

from typing import Any

from telegram import LinkPreviewOptions, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    Defaults,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.channels.secrets import protect_logs
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.handlers import Conversation, Gate, on_error
from bot.channels.telegram.ordering import OneAtATimePerUser
from bot.channels.telegram.settings import SeenUpdates, TelegramSettings
from bot.channels.telegram.staff import ForStaff, StaffRoom
from bot.channels.telegram.transport import Pacing, PollingRequest
from bot.models import Conversationalist, StaffDesk

TelegramApplication = Application[Any, Any, Any, Any, Any, Any]

_BEFORE_HANDLERS = -1


def build_application(
    assistant: Conversationalist,
    settings: TelegramSettings,
    seen: SeenUpdates,
    staff: StaffDesk | None = None,
    *,
    request: BaseRequest | None = None,
) -> TelegramApplication:
    """The Telegram application, not yet started: give it to ``serve``.

    Keeps the token out of all logs from here on. ``staff``: functions for the staff, of which nobody else
    sees anything. ``request`` replaces the HTTP client, in tests.
    """
    protect_logs(settings.token)
    builder = (
        ApplicationBuilder()
        .token(settings.token)
        .request(request or _http(settings, settings.connection_pool_size))
        .get_updates_request(PollingRequest(request or _http(settings, 1)))
        .rate_limiter(Pacing(overall_max_rate=settings.requests_per_second, max_retries=2))
        .concurrent_updates(OneAtATimePerUser(settings.concurrent_updates))
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .job_queue(None)
    )
    if settings.bot_url is not None and settings.file_url is not None:
        builder = builder.base_url(settings.bot_url).base_file_url(settings.file_url)
    application = builder.build()
    _add_handlers(application, assistant, Gate(settings, seen), staff)
    return application


def _http(settings: TelegramSettings, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        proxy=settings.proxy,
        connect_timeout=5.0,
        read_timeout=10.0,
        write_timeout=10.0,
        pool_timeout=20.0,
    )


def _add_handlers(
    application: TelegramApplication, assistant: Conversationalist, gate: Gate, staff: StaffDesk | None
) -> None:
    conversation = Conversation(assistant)
    buttons = Buttons(assistant, conversation)
    application.add_handler(TypeHandler(Update, gate.admit), group=_BEFORE_HANDLERS)
    for_staff = [MessageHandler(ForStaff(staff), StaffRoom(staff, conversation).take)] if staff else []
    application.add_handlers(
        [
            *for_staff,
            CommandHandler("start", conversation.start),
            CommandHandler("help", conversation.help),
            CommandHandler("topics", conversation.topics),
            CommandHandler("sources", conversation.sources),
            MessageHandler(filters.COMMAND, conversation.unknown_command),
            MessageHandler(filters.TEXT, conversation.question),
            MessageHandler(~filters.StatusUpdate.ALL, conversation.text_only),
            CallbackQueryHandler(buttons.press),
        ]
    )
    application.add_error_handler(on_error)
