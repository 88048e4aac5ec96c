"""The assistant as a web page and a small JSON interface."""

from __future__ import annotations

from bot.channels.web.app import create_app
from bot.channels.web.serving import require_free, serve
from bot.channels.web.settings import WebSettings

__all__ = ["WebSettings", "create_app", "require_free", "serve"]
