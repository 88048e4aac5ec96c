"""Who is asking, whether the request comes from our own page, and how often."""

from __future__ import annotations

import ipaddress
import re
import secrets
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.throttle import Throttle, Verdict
from bot.channels.web.settings import WebSettings

COOKIE = "zct_session"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_NAMED_SESSION = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_FOREIGN = "请求不是从本页面发出的，已拒绝。请打开本页面再提问。"


def visitor_of(request: Request) -> str:
    """The visitor's token: from the cookie, or a new one that :func:`remember` hands out."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else secrets.token_urlsafe(24)


def named_session(content: dict[str, object]) -> str | None:
    """The session that a program named in its request. Kept apart from visitors with a cookie."""
    name = content.get("session")
    if name is None:
        return None
    if not isinstance(name, str) or not _NAMED_SESSION.fullmatch(name):
        raise HTTPException(400, "session 只能用字母、数字、点、横线和下划线，最长64个字符。")
    return f"named:{name}"


def remember(response: Response, request: Request, visitor: str) -> None:
    """Set the cookie where the browser does not hold it yet. It ends with the browser session."""
    if request.cookies.get(COOKIE) != visitor:
        response.set_cookie(
            COOKIE, visitor, httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )


def require_own_page(request: Request, settings: WebSettings) -> None:
    """Refuse what another site's page sends. Programs, which send no ``Origin``, pass.

    Raises:
        HTTPException: 403.
    """
    host = request.headers.get("host", "").lower()
    allowed = {name.lower() for name in settings.hosts}
    if allowed and _hostname(host) not in allowed | _OWN_NAMES:
        raise HTTPException(403, "请用公布的网址访问本页面。")
    # The browser itself vouches for this header; it also holds behind a proxy that rewrites Host.
    fetch_site = request.headers.get("sec-fetch-site")
    if fetch_site in ("same-origin", "none"):
        return
    origin = request.headers.get("origin")
    if fetch_site is not None or (origin is not None and not _is_own(origin.lower(), host, allowed)):
        raise HTTPException(403, _FOREIGN)


class Admission:
    """Limits requests per visitor and per address."""

    def __init__(self, settings: WebSettings) -> None:
        self._visitors = Throttle(settings.requests_per_minute)
        self._addresses = Throttle(settings.requests_per_minute_per_address)

    def require(self, request: Request, visitor: str) -> None:
        """Count one request.

        Raises:
            HTTPException: 429, with the time to wait.
        """
        address = _network(request.client.host if request.client else "")
        verdicts = (self._addresses.check(address), self._visitors.check(visitor))
        if any(verdict is not Verdict.ALLOWED for verdict in verdicts):
            raise HTTPException(429, "您问得太快了，请过一分钟再问。", {"Retry-After": "60"})


def _is_own(origin: str, host: str, allowed: set[str]) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return bool(parts.netloc) and (parts.netloc == host or parts.hostname in allowed)


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _network(address: str) -> str:
    """The address; of an IPv6 address its /64, since one subscriber holds all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
