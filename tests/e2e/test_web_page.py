"""The web page in a real browser: typed, read, clicked, wide and narrow, with and without script.

Set ``SCREENSHOTS=directory`` to keep the pictures.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.web import WebSettings, create_app, serve
from tests.channels.scripted_assistant import CRISIS, NOTHING, SCRIPT, ScriptedAssistant
from tests.channels.scripted_assistant import LOAN as SCRIPTED_LOAN
from tests.e2e.product import LOAN, LOAN_LIMIT, NewDataDir, Product, serving

CHROMIUM = Path("/usr/bin/chromium")
if not CHROMIUM.exists():
    pytest.skip("no /usr/bin/chromium (apt-get install chromium fonts-noto-cjk)", allow_module_level=True)
playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 720}


@asynccontextmanager
async def page_of(
    assistant: ScriptedAssistant, *, settings: WebSettings | None = None, **options: Any
) -> AsyncIterator[Any]:
    """The page of a scripted assistant, open in Chromium."""
    async with address_of(assistant, settings or WebSettings()) as url, page_at(url, **options) as page:
        yield page


@asynccontextmanager
async def page_at(url: str, **options: Any) -> AsyncIterator[Any]:
    """A page, open in Chromium; what the browser complains about (errors, CSP) fails the test."""
    complaints: list[str] = []
    async with playwright.async_playwright() as p:
        browser = await p.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        try:
            context = await browser.new_context(locale="zh-CN", **options)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
            await page.goto(url)
            yield page
        finally:
            await browser.close()
    unexpected = [
        text for text in complaints if not text.startswith("Failed to load resource")
    ]  # tested below
    assert unexpected == []


@asynccontextmanager
async def address_of(assistant: ScriptedAssistant, settings: WebSettings) -> AsyncIterator[str]:
    stop = asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(
        serve(create_app(assistant, settings), "127.0.0.1", 0, stop, address.set_result)
    )
    try:
        yield await asyncio.wait_for(address, 10)
    finally:
        stop.set()
        await asyncio.wait_for(task, 15)


async def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def has_no_sideways_scroll(page: Any) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture(scope="module")
def product(new_data_dir: NewDataDir) -> Iterator[Product]:
    with serving(new_data_dir()) as product:
        yield product
        assert product.stop() == 0


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_the_product_itself_answers_with_everything_said_once(
    product: Product, viewport: dict[str, int]
) -> None:
    name = f"product-{viewport['width']}"
    async with page_at(product.url, viewport=viewport) as page:
        first = page.locator("#log .greeting .suggestions button")
        shown = await first.all_inner_texts()
        assert len(set(shown)) == len(shown) == 4
        await picture(page, f"{name}-start")
        await page.get_by_label("您的问题").fill(LOAN)
        await page.keyboard.press("Enter")
        answer = page.locator("#log .answer").last
        await playwright.expect(answer.locator(".text")).to_contain_text(LOAN_LIMIT)
        await playwright.expect(answer.locator(".badge")).to_have_text(["现行"])
        whole = await answer.inner_text()
        for once in ("《关于调整完善助学贷款有关政策的通知", "财教〔2024〕188号", "市学生资助管理中心"):
            assert whole.count(once) == 1
        await answer.get_by_role("button", name="有帮助", exact=True).click()
        await playwright.expect(answer.locator(".thanks")).to_have_text("谢谢您的评价。")
        await picture(page, f"{name}-answer")
        related = (await answer.locator(".suggestions button").all_inner_texts())[0]
        await answer.get_by_role("button", name=related).click()
        await playwright.expect(page.locator("#log .question .text")).to_have_text([LOAN, related])
        await playwright.expect(page.locator("#log .rating")).to_have_count(2)
        assert await has_no_sideways_scroll(page)
        await picture(page, f"{name}-related")


async def test_a_question_is_typed_and_the_answer_read() -> None:
    assistant = ScriptedAssistant()
    async with page_of(assistant, viewport=WIDE) as page:
        await picture(page, "wide-start")
        await page.get_by_label("您的问题").press_sequentially("助学贷款最多多少？")
        await page.keyboard.press("Enter")
        answer = page.locator("#log .answer").last
        await playwright.expect(answer.locator(".text")).to_have_text(SCRIPTED_LOAN.answer)
        await playwright.expect(answer.locator(".badge")).to_have_text(["现行", "已被取代"])
        await playwright.expect(answer.locator(".basis")).to_contain_text("财教〔2024〕188号")
        await playwright.expect(answer.locator(".basis")).to_contain_text("文号待核实")
        await playwright.expect(answer.locator(".notice")).to_have_text(list(SCRIPTED_LOAN.notices))
        await playwright.expect(answer.locator(".office")).to_contain_text("0563-3033013")
        await playwright.expect(page.locator("#log .question .text")).to_have_text("助学贷款最多多少？")
        await playwright.expect(page.get_by_label("您的问题")).to_have_value("")
        await answer.get_by_role("button", name="有帮助", exact=True).click()
        await playwright.expect(answer.locator(".thanks")).to_have_text("谢谢您的评价。")
        await picture(page, "wide-answer")
    assert [vote for *_, vote in assistant.rated] == [True]


async def test_suggestions_and_topics_ask_on_a_click_and_old_suggestions_go() -> None:
    assistant = ScriptedAssistant()
    async with page_of(assistant, viewport=WIDE) as page:
        await page.locator("#topics").get_by_text("义务教育").click()
        await page.locator("#topics").get_by_role("button", name="什么时候报名？").click()
        await playwright.expect(page.locator("#log .suggestions-label")).to_have_text("请选择：")
        await page.locator("#log").get_by_role("button", name="初中").click()
        await playwright.expect(page.locator("#log .answer").last).to_contain_text(NOTHING.answer)
        assert await page.locator("#log .suggestions").count() == 0
        await page.get_by_role("button", name="换个话题").click()
        await playwright.expect(page.locator("#log .turn")).to_have_count(1)
    assert [text for *_, text in assistant.asked] == ["什么时候报名？", "初中"]
    assert len(assistant.forgotten) == 1


async def test_markup_in_an_answer_stays_text_and_shift_enter_breaks_the_line() -> None:
    assistant = ScriptedAssistant()
    async with page_of(assistant, viewport=WIDE) as page:
        await page.get_by_label("您的问题").press_sequentially("脚本")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.press("Enter")
        answer = page.locator("#log .answer").last
        await playwright.expect(answer.locator(".text")).to_have_text(SCRIPT)
        await playwright.expect(answer.get_by_role("button", name=SCRIPT)).to_be_visible()


async def test_a_narrow_screen_shows_everything_without_sideways_scroll() -> None:
    async with page_of(ScriptedAssistant(), viewport=NARROW, has_touch=True, is_mobile=True) as page:
        assert await has_no_sideways_scroll(page)
        await picture(page, "narrow-start")
        for question in ("贷款" + "很长的问题" * 20 + "a" * 120, "救命"):
            await page.get_by_label("您的问题").fill(question)
            await page.get_by_role("button", name="提问").tap()
            await playwright.expect(page.locator("#log .question").last).to_contain_text(question)
        await playwright.expect(page.locator("#log .answer").last).to_contain_text(CRISIS.answer)
        assert await has_no_sideways_scroll(page)
        await picture(page, "narrow-answer")


async def test_without_script_the_page_works_by_form_posts() -> None:
    assistant = ScriptedAssistant()
    async with page_of(assistant, viewport=WIDE, java_script_enabled=False) as page:
        await page.get_by_label("您的问题").fill("报名")
        await page.get_by_role("button", name="提问").click()
        await page.get_by_role("button", name="小学").click()
        await playwright.expect(page.locator("#log .question .text")).to_have_text("小学")
        await page.get_by_role("button", name="没帮助").click()
        await playwright.expect(page.locator(".said")).to_have_text("谢谢您的评价。")
    assert [text for *_, text in assistant.asked] == ["报名", "小学"]
    assert {user for _, user, _ in assistant.asked} == {user for _, user, *_ in assistant.rated}


async def test_errors_are_told_in_the_conversation_and_the_question_is_kept() -> None:
    async with page_of(ScriptedAssistant(), settings=WebSettings(requests_per_minute=1)) as page:
        for problem in ("程序出了问题", "太快"):
            await page.get_by_label("您的问题").fill("炸")
            await page.keyboard.press("Enter")
            await playwright.expect(page.locator("#log .problem").last).to_contain_text(problem)
            await playwright.expect(page.get_by_label("您的问题")).to_have_value("炸")
        await page.context.set_offline(True)
        await page.keyboard.press("Enter")
        await playwright.expect(page.locator("#log .problem").last).to_contain_text("连接不上服务器")
        await page.context.set_offline(False)


async def test_the_page_can_be_used_by_keyboard_alone() -> None:
    async with page_of(ScriptedAssistant(), viewport=WIDE) as page:
        await page.keyboard.press("Tab")
        await playwright.expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        await page.get_by_label("您的问题").focus()
        await page.keyboard.type("贷款")
        await page.keyboard.press("Tab")
        await playwright.expect(page.get_by_role("button", name="提问")).to_be_focused()
        await page.keyboard.press("Space")
        await playwright.expect(page.locator("#log .answer").last).to_contain_text(SCRIPTED_LOAN.answer)
        await page.get_by_role("button", name="研究生能贷多少？").press("Enter")
        await playwright.expect(page.locator("#log .question").last).to_contain_text("研究生能贷多少？")
