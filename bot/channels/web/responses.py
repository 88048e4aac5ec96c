"""JSON and HTML answers, security headers, and plain words for whatever goes wrong."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.rendering import titled
from bot.channels.secrets import frames_only
from bot.channels.web.showing import shown
from bot.models import Exchange

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
STATUS_LABELS: Mapping[str, str] = {
    "in_force": "现行",
    "superseded": "已被取代",
    "expired": "已失效",
    "not_yet": "未施行",
}
SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # not no-referrer: browsers would then send «Origin: null» with the plain form
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_PROBLEMS: Mapping[int, str] = {404: "没有这个网址。", 405: "这个网址不支持这种请求方式。"}

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["titled"] = titled


class Json(JSONResponse):
    """JSON with dates in ISO form and Chinese as it is."""

    def render(self, content: Any) -> bytes:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
        return text.encode("utf-8", "replace")


def exchange_json(exchange: Exchange) -> dict[str, object]:
    """The exchange as DESIGN §4 has it: ``answer`` holds every field of :class:`bot.models.Answer`.

    ``shown`` is what the page makes of it.
    """
    answer = exchange.answer
    return {"exchange": exchange.id, "answer": asdict(answer), "shown": asdict(shown(answer))}


def html(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page from ``templates/``."""
    page = _templates.get_template(template).render(status_labels=STATUS_LABELS, **values)
    return HTMLResponse(page.encode("utf-8", "replace"), status)


def problem(request: Request, error: Exception) -> Response:
    """What went wrong, in one plain sentence: as JSON under ``/api``, else as a page."""
    assert isinstance(error, HTTPException)
    text = _PROBLEMS.get(error.status_code, error.detail)
    if request.url.path.startswith("/api/"):
        return Json({"error": text}, error.status_code, error.headers)
    response = html("problem.html", error.status_code, problem=text)
    response.headers.update(error.headers or {})
    return response


class Guard:
    """Outermost layer: security headers on every response, and no traceback to anyone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(message, static=scope["path"].startswith("/static/"))
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        except Exception as error:
            number = secrets.token_hex(4)
            # The message may quote what a citizen wrote, so only the place is logged.
            logger.error("web %s %s: %s", number, scope["path"], frames_only(error))
            if not started:
                text = f"抱歉，程序出了问题，没有得到答复。请稍后再试；如需反映，请报编号 {number}。"
                response = problem(Request(scope), HTTPException(500, text))
                await response(scope, receive, send_guarded)


def _add_headers(message: Message, *, static: bool) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    headers.setdefault("cache-control", "no-cache" if static else "no-store")
