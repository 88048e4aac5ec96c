"""Routes of the web page and its JSON interface. Handlers are thin: read, ask, show."""

from __future__ import annotations

from dataclasses import asdict

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web.bodies import question_in, read_form, read_json
from bot.channels.web.responses import HERE, Guard, Json, exchange_json, html, problem
from bot.channels.web.settings import WebSettings
from bot.channels.web.showing import first_questions, shown
from bot.channels.web.visitors import Admission, named_session, remember, require_own_page, visitor_of
from bot.models import Conversationalist, Exchange

CHANNEL = "web"
_NO_SUCH_EXCHANGE = "没有找到您的这条答复，没有记下评价。"


def create_app(assistant: Conversationalist, settings: WebSettings) -> Starlette:
    """The application; :func:`bot.channels.web.serve` runs it."""
    web = _WebPage(assistant, settings)
    return Starlette(
        routes=[
            Route("/", web.page),
            Route("/ask", web.ask_by_form, methods=["POST"]),
            Route("/rate", web.rate_by_form, methods=["POST"]),
            Route("/forget", web.forget_by_form, methods=["POST"]),
            Route("/api/ask", web.ask, methods=["POST"]),
            Route("/api/rate", web.rate, methods=["POST"]),
            Route("/api/forget", web.forget, methods=["POST"]),
            Route("/api/topics", web.topics),
            Route("/api/sources", web.sources),
            Route("/healthz", web.health),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={HTTPException: problem},
    )


class _WebPage:
    """The handlers, with what they share."""

    def __init__(self, assistant: Conversationalist, settings: WebSettings) -> None:
        self._assistant = assistant
        self._settings = settings
        self._admission = Admission(settings)

    async def page(self, request: Request) -> Response:
        return await self._page(request, visitor_of(request))

    async def ask_by_form(self, request: Request) -> Response:
        visitor = self._admit(request)
        question = question_in(await read_form(request))
        exchange = await run_in_threadpool(self._assistant.ask, CHANNEL, visitor, question)
        return await self._page(request, visitor, question=question, exchange=exchange)

    async def rate_by_form(self, request: Request) -> Response:
        visitor = self._admit(request)
        fields = await read_form(request)
        number, vote = fields.get("exchange", ""), fields.get("helpful")
        if not (number.isascii() and number.isdecimal() and len(number) <= 18 and vote in ("yes", "no")):
            raise HTTPException(400, "评价的内容无法识别。")
        await self._rate(visitor, int(number), helpful=vote == "yes")
        return await self._page(request, visitor, said="谢谢您的评价。")

    async def forget_by_form(self, request: Request) -> Response:
        visitor = self._admit(request)
        await run_in_threadpool(self._assistant.forget, CHANNEL, visitor)
        return await self._page(request, visitor, said="好的，我们换个话题。")

    async def ask(self, request: Request) -> Response:
        cookie, user, content = await self._read(request)
        exchange = await run_in_threadpool(self._assistant.ask, CHANNEL, user, question_in(content))
        return self._json(request, cookie, exchange_json(exchange))

    async def rate(self, request: Request) -> Response:
        cookie, user, content = await self._read(request)
        exchange, helpful = content.get("exchange"), content.get("helpful")
        if type(exchange) is not int or not isinstance(helpful, bool):  # True is an int, but no exchange
            raise HTTPException(400, "请给出 exchange（整数）和 helpful（true 或 false）。")
        await self._rate(user, exchange, helpful=helpful)
        return self._json(request, cookie, {"rated": True})

    async def forget(self, request: Request) -> Response:
        cookie, user, _ = await self._read(request)
        await run_in_threadpool(self._assistant.forget, CHANNEL, user)
        return self._json(request, cookie, {"forgotten": True})

    async def topics(self, request: Request) -> Response:
        groups = await run_in_threadpool(self._assistant.topics)
        return Json({"groups": [asdict(group) for group in groups]})

    async def sources(self, request: Request) -> Response:
        lines = await run_in_threadpool(self._assistant.sources)
        return Json({"sources": [asdict(line) for line in lines]})

    async def health(self, request: Request) -> Response:
        return Json({"status": "ok"})

    def _admit(self, request: Request) -> str:
        """The visitor, if the request comes from our page and not too fast."""
        require_own_page(request, self._settings)
        visitor = visitor_of(request)
        self._admission.require(request, visitor)
        return visitor

    async def _read(self, request: Request) -> tuple[str, str, dict[str, object]]:
        """The visitor by cookie, the user whose conversation it is, and the content."""
        visitor = self._admit(request)
        content = await read_json(request)
        return visitor, named_session(content) or visitor, content

    async def _rate(self, user: str, exchange: int, *, helpful: bool) -> None:
        if not await run_in_threadpool(self._assistant.rate, CHANNEL, user, exchange, helpful):
            raise HTTPException(404, _NO_SUCH_EXCHANGE)

    def _json(self, request: Request, visitor: str, content: dict[str, object]) -> Response:
        response = Json(content)
        remember(response, request, visitor)
        return response

    async def _page(
        self,
        request: Request,
        visitor: str,
        *,
        question: str = "",
        exchange: Exchange | None = None,
        said: str = "",
    ) -> Response:
        groups = await run_in_threadpool(self._assistant.topics)
        response = html(
            "page.html",
            greeting=await run_in_threadpool(self._assistant.greeting),
            groups=groups,
            first_questions=first_questions(groups),
            sources=await run_in_threadpool(self._assistant.sources),
            retention_days=self._settings.retention_days,
            question=question,
            exchange=exchange,
            shown=shown(exchange.answer) if exchange else None,
            said=said,
        )
        remember(response, request, visitor)
        return response
