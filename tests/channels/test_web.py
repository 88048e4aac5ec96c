"""The web page and its JSON interface, called in process and, where it matters, over a socket."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields

import httpx
import pytest

from bot.channels.errors import ChannelError
from bot.channels.web import WebSettings, create_app, serve
from bot.models import Answer
from tests.channels.scripted_assistant import LOAN, SCRIPT, ScriptedAssistant

OWN = "http://127.0.0.1:8080"
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


def visitor(
    assistant: ScriptedAssistant, settings: WebSettings | None = None, *, address: str = "127.0.0.1"
) -> httpx.AsyncClient:
    """A browser with a cookie jar of its own.

    httpx itself, since starlette's test client warns about httpx and warnings are errors here.
    """
    app = create_app(assistant, settings or WebSettings())
    return browser(app, address=address)


def browser(app: object, *, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 5555))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=OWN)


async def test_ask_returns_the_full_answer_with_iso_dates(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        response = await client.post("/api/ask", json={"text": " 助学贷款最多多少 "})
    assert response.status_code == 200
    content = response.json()
    assert content["exchange"] == 1
    assert set(content["answer"]) == {field.name for field in fields(Answer)}
    assert content["answer"]["outcome"] == "answered"
    assert content["answer"]["citations"][1] == {
        "document": "02-loan",
        "title": "以前的助学贷款通知",
        "doc_no": None,
        "issuer": "财政部等",
        "clause": "第二条",
        "quote": "此前不超过12000元。",
        "facts": ["former"],
        "status": "superseded",
        "valid_from": "2021-09-01",
        "valid_to": "2023-08-31",
    }
    assert content["answer"]["office"]["name"] == "学生资助管理中心"
    assert assistant.asked == [("web", assistant.asked[0][1], "助学贷款最多多少")]


async def test_answers_are_made_outside_the_event_loop(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        await client.post("/api/ask", json={"text": "问"})
    assert threading.main_thread().name not in assistant.threads


async def test_the_cookie_carries_the_conversation_and_scripts_cannot_read_it(
    assistant: ScriptedAssistant,
) -> None:
    async with visitor(assistant) as client:
        first = await client.get("/")
        assert {"HttpOnly", "SameSite=strict"} <= set(first.headers["set-cookie"].split("; "))
        second = await client.post("/api/ask", json={"text": "问"})
        assert "set-cookie" not in second.headers
        await client.post("/ask", data={"text": "再问"})
        token = client.cookies["zct_session"]
    assert [user for _, user, _ in assistant.asked] == [token, token]
    assert len(token) == 32


async def test_two_browsers_are_two_users_and_cannot_rate_each_other(assistant: ScriptedAssistant) -> None:
    app = create_app(assistant, WebSettings())
    async with browser(app) as anna, browser(app) as bob:
        exchange = (await anna.post("/api/ask", json={"text": "问"})).json()["exchange"]
        refused = await bob.post("/api/rate", json={"exchange": exchange, "helpful": False})
        assert refused.status_code == 404
        accepted = await anna.post("/api/rate", json={"exchange": exchange, "helpful": True})
        assert accepted.json() == {"rated": True}
    assert [vote for *_, vote in assistant.rated] == [True]


async def test_a_forged_cookie_is_replaced(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        response = await client.post(
            "/api/ask", json={"text": "问"}, headers={"cookie": "zct_session=../../x y"}
        )
    assert "zct_session=" in response.headers["set-cookie"]
    assert re.fullmatch("[A-Za-z0-9_-]{32}", assistant.asked[0][1])


async def test_a_program_may_name_its_session(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        for _ in range(2):
            response = await client.post("/api/ask", json={"text": "问", "session": "kiosk-1"})
            client.cookies.clear()
        exchange = response.json()["exchange"]
        rated = await client.post(
            "/api/rate", json={"exchange": exchange, "helpful": True, "session": "kiosk-1"}
        )
        bad = await client.post("/api/ask", json={"text": "问", "session": "a b"})
    assert {user for _, user, _ in assistant.asked} == {"named:kiosk-1"}
    assert rated.status_code == 200
    assert bad.status_code == 400


async def test_forget_starts_afresh(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        await client.get("/")
        assert (await client.post("/api/forget", json={})).json() == {"forgotten": True}
        assert "换个话题" in (await client.post("/forget", data={})).text
        token = client.cookies["zct_session"]
    assert assistant.forgotten == [("web", token)] * 2


async def test_topics_sources_and_health(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        topics = (await client.get("/api/topics")).json()
        sources = (await client.get("/api/sources")).json()
        health = await client.get("/healthz")
    assert topics["groups"][0]["topics"][0]["questions"] == ["助学贷款最多能贷多少？", "怎么申请贷款？"]
    assert sources["sources"][1]["status_text"] == "已被取代"
    assert health.json() == {"status": "ok"}


async def test_the_page_says_what_it_is_and_what_it_stores(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant, WebSettings(retention_days=17)) as client:
        page = (await client.get("/")).text
    for shown in (
        "您好，我是政策通。",
        "保存 17 天",
        "财教〔2024〕188号",
        "助学贷款最多能贷多少？",
        'lang="zh-CN"',
    ):
        assert shown in page
    assert "文号待核实" in page


async def test_without_script_the_form_shows_question_answer_and_basis(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        page = (await client.post("/ask", data={"text": "贷款<b>多少"}, headers={"origin": OWN})).text
        for shown in (
            "贷款&lt;b&gt;多少",
            LOAN.answer,
            LOAN.notices[0],
            ">现行</span>",
            ">已被取代</span>",
            "2024年9月23日起",
            "2021年9月1日至2023年8月31日",
            "学生资助管理中心",
            "0563-3033013",
            'value="研究生能贷多少？"',
        ):
            assert shown in page
        rated = await client.post("/rate", data={"exchange": "1", "helpful": "no"})
        assert "谢谢您的评价" in rated.text
    assert [vote for *_, vote in assistant.rated] == [False]


async def test_markup_in_an_answer_is_shown_as_text(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        page = (await client.post("/ask", data={"text": "脚本"})).text
    assert SCRIPT not in page
    assert page.count("&lt;script&gt;") >= 3


@pytest.mark.parametrize("path", ["/", "/api/topics", "/static/chat.css", "/nowhere", "/healthz"])
async def test_every_response_has_the_security_headers(assistant: ScriptedAssistant, path: str) -> None:
    async with visitor(assistant) as client:
        headers = (await client.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


async def test_the_page_has_no_inline_script_or_style(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        page = (await client.post("/ask", data={"text": "贷款"})).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    assert re.findall(r'(?:src|href)="(?!/|#|tel:)', page) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": OWN}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[broken"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": OWN}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://policy.example"}, 200),  # proxy rewrote Host
    ],
)
@pytest.mark.parametrize("path", ["/api/ask", "/ask"])
async def test_only_our_own_page_may_post(
    assistant: ScriptedAssistant, path: str, headers: dict[str, str], status: int
) -> None:
    body = {"json": {"text": "问"}} if path == "/api/ask" else {"data": {"text": "问"}}
    async with visitor(assistant) as client:
        response = await client.post(path, headers=headers, **body)  # type: ignore[arg-type]
    assert response.status_code == status
    assert len(assistant.asked) == (status == 200)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("policy.example", 200),
        ("policy.example:8443", 200),
        ("localhost:8080", 200),
        ("[::1]:1", 200),
        ("evil.example", 403),
        ("[", 403),
    ],
)
async def test_with_hosts_set_other_names_are_refused(
    assistant: ScriptedAssistant, host: str, status: int
) -> None:
    async with visitor(assistant, WebSettings(hosts=("Policy.example",))) as client:
        response = await client.post("/api/ask", json={"text": "问"}, headers={"host": host})
    assert response.status_code == status


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"text": "x"', "application/json", 400),
        (b"[" * 30_000, "application/json", 400),
        (b'["text"]', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"text": 5}', "application/json", 400),
        (b'{"text": " \\n "}', "application/json", 400),
        (b'{"text": "x"}', "text/plain", 415),
        (b'{"text": "x"}', "", 415),
        (b'{"text": "' + b"x" * 66_000 + b'"}', "application/json", 413),
    ],
)
async def test_unfit_requests_get_a_plain_chinese_error(
    assistant: ScriptedAssistant, content: bytes, content_type: str, status: int
) -> None:
    async with visitor(assistant) as client:
        response = await client.post("/api/ask", content=content, headers={"content-type": content_type})
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert CHINESE.match(response.json()["error"])
    assert assistant.asked == []


@pytest.mark.parametrize(
    "vote",
    [
        {},
        {"exchange": "1", "helpful": True},
        {"exchange": True, "helpful": True},
        {"exchange": 1, "helpful": 1},
    ],
)
async def test_unfit_ratings_are_refused(assistant: ScriptedAssistant, vote: dict[str, object]) -> None:
    async with visitor(assistant) as client:
        await client.post("/api/ask", json={"text": "问"})
        assert (await client.post("/api/rate", json=vote)).status_code == 400
        form = {name: str(value) for name, value in vote.items()} | {"exchange": "²"}
        assert (await client.post("/rate", data=form)).status_code == 400
    assert assistant.rated == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/none", 404),
        ("GET", "/none", 404),
        ("GET", "/api/ask", 405),
        ("DELETE", "/", 405),
        ("GET", "/static/../app.py", 404),
    ],
)
async def test_wrong_addresses_are_told_in_chinese(
    assistant: ScriptedAssistant, method: str, path: str, status: int
) -> None:
    async with visitor(assistant) as client:
        response = await client.request(method, path)
    assert response.status_code == status
    assert CHINESE.search(response.text)
    assert "Not" not in response.text.replace("Noto", "")


async def test_a_failure_shows_a_number_and_no_detail(
    assistant: ScriptedAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    async with visitor(assistant) as client:
        with caplog.at_level(logging.ERROR):
            api = await client.post("/api/ask", json={"text": "炸13812345678"})
            form = await client.post("/ask", data={"text": "炸13812345678"})
    assert (api.status_code, form.status_code) == (500, 500)
    number = re.search("编号 ([0-9a-f]{8})", api.json()["error"])
    assert number is not None
    assert number[1] in caplog.text
    assert "RuntimeError" in caplog.text
    for shown in (api.text, form.text, caplog.text):
        assert "13812345678" not in shown
        assert "Traceback" not in shown


async def test_characters_without_encoding_do_no_harm(assistant: ScriptedAssistant) -> None:
    async with visitor(assistant) as client:
        asked = await client.post(
            "/api/ask", content=b'{"text": "\\ud800\\u0000"}', headers={"content-type": "application/json"}
        )
        shown = await client.post("/ask", data={"text": "控制符"})
    assert (asked.status_code, shown.status_code) == (200, 200)


async def test_one_visitor_is_slowed_down_and_others_go_on(assistant: ScriptedAssistant) -> None:
    app = create_app(assistant, WebSettings(requests_per_minute=3))
    async with browser(app) as hasty, browser(app) as calm:
        await hasty.get("/")
        statuses = [(await hasty.post("/api/ask", json={"text": "问"})).status_code for _ in range(5)]
        refused = await hasty.post("/api/ask", json={"text": "问"})
        assert statuses == [200, 200, 200, 429, 429]
        assert "太快" in refused.json()["error"]
        assert refused.headers["retry-after"] == "60"
        assert (await hasty.post("/ask", data={"text": "问"})).status_code == 429
        assert (await calm.post("/api/ask", json={"text": "问"})).status_code == 200


@pytest.mark.parametrize(("first", "second"), [("10.0.0.1", "10.0.0.1"), ("2001:db8::1", "2001:db8::ffff")])
async def test_dropping_the_cookie_does_not_lift_the_limit_of_an_address(
    assistant: ScriptedAssistant, first: str, second: str
) -> None:
    app = create_app(assistant, WebSettings(requests_per_minute_per_address=2))
    statuses = []
    for address in (first, second, first):
        async with browser(app, address=address) as client:
            statuses.append((await client.post("/api/ask", json={"text": "问"})).status_code)
    async with browser(app, address="10.9.9.9") as elsewhere:
        assert (await elsewhere.post("/api/ask", json={"text": "问"})).status_code == 200
    assert statuses == [200, 200, 429]


@asynccontextmanager
async def served(
    assistant: ScriptedAssistant,
) -> AsyncIterator[tuple[str, asyncio.Event, asyncio.Task[None]]]:
    stop = asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(
        serve(create_app(assistant, WebSettings()), "127.0.0.1", 0, stop, address.set_result)
    )
    try:
        yield await asyncio.wait_for(address, 10), stop, task
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def test_serves_on_a_free_port_and_stops_when_told(assistant: ScriptedAssistant) -> None:
    handler = signal.getsignal(signal.SIGTERM)
    async with served(assistant) as (url, stop, task), httpx.AsyncClient(base_url=url) as client:
        assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", url)
        response = await client.post("/api/ask", json={"text": "贷款"}, headers={"origin": url})
        assert response.json()["answer"]["answer"] == LOAN.answer
        assert "server" not in response.headers
        assert signal.getsignal(signal.SIGTERM) is handler
        stop.set()
        await asyncio.wait_for(task, 10)
        with pytest.raises(httpx.ConnectError):
            await client.get("/healthz")


async def test_a_running_answer_is_finished_before_the_stop(assistant: ScriptedAssistant) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow(ScriptedAssistant):
        def _answer(self, text: str) -> Answer:
            loop.call_soon_threadsafe(begun.set)
            assert go_on.wait(10)
            return super()._answer(text)

    async with served(Slow()) as (url, stop, _), httpx.AsyncClient(base_url=url) as client:
        asking = asyncio.create_task(client.post("/api/ask", json={"text": "贷款"}))
        await begun.wait()
        stop.set()
        await asyncio.sleep(0.3)
        go_on.set()
        assert (await asking).json()["answer"]["answer"] == LOAN.answer


async def test_a_long_body_is_refused_while_it_is_being_sent(assistant: ScriptedAssistant) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"x" * 1024

    async with served(assistant) as (url, _, _), httpx.AsyncClient(base_url=url) as client:
        response = await client.post(
            "/api/ask", content=endless(), headers={"content-type": "application/json"}
        )
    assert response.status_code == 413
    assert json.loads(response.content)["error"] == "内容太长，请缩短后再发。"


async def test_a_port_in_use_is_named_with_the_way_out(assistant: ScriptedAssistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ChannelError, match=f"端口 {port} 已被占用.*--port") as caught:
            await serve(create_app(assistant, WebSettings()), "127.0.0.1", port, asyncio.Event(), print)
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize(
    ("host", "port", "told"),
    [("127.0.0.1", 70_000, "--port"), ("no such host", 0, "--host"), ("192.0.2.1", 0, "--host")],
)
async def test_an_address_that_cannot_be_used_is_told_in_chinese(
    assistant: ScriptedAssistant, host: str, port: int, told: str
) -> None:
    with pytest.raises(ChannelError, match=f"网页服务无法启动.*{told}"):
        await serve(create_app(assistant, WebSettings()), host, port, asyncio.Event(), print)
