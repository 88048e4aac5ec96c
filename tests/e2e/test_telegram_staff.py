"""Staff functions in the running product: the staff get them, citizens do not, nothing of them is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.telegram import wording
from knowledge.library import Library
from tests.bot.staff_office import EVENT_ID, keep_briefing
from tests.e2e.bot_api import NEEDED, TOKEN, BotApi
from tests.e2e.product import LOAN, LOAN_LIMIT, NewDataDir, Product, serving

pytestmark = [*NEEDED]

STAFF, CITIZEN = 501, 77
CONFIG = "staff:\n  - {name: 周文, role: editor, telegram: 501}\n"


@pytest.fixture(scope="module")
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "settings.yaml"
    path.write_text(CONFIG, "utf-8")
    return path


def test_the_staff_get_what_citizens_do_not_and_nothing_of_it_is_kept(
    api: BotApi, new_data_dir: NewDataDir, config: Path, library: Library
) -> None:
    """A briefing, a live look-up across a kill, a rehearsal; beside it a citizen who tries the same."""
    data_dir = new_data_dir()
    kept = keep_briefing(data_dir, library, sealed=True)
    with serving(data_dir, token=TOKEN, base_url=api.url, config=config) as product:
        for number, line in enumerate(("/brief", "/lookup", f"/event {EVENT_ID}", "/end"), start=1):
            api.write(CITIZEN, line)
            assert api.wait_for(CITIZEN, number)[-1] == wording.UNKNOWN_COMMAND
        api.write(STAFF, "/brief")
        briefing, whole, card = api.wait_for(STAFF, 3)
        assert briefing.startswith(f"{kept} 第 1 版，已定稿")
        assert (whole, card) == (f"简报-{kept}-第1版.docx", f"要点-{kept}-第1版.docx")
        assert [call["begins"] for call in api.calls("sendDocument")] == ["PK", "PK"]
        api.write(STAFF, "/lookup")
        assert "速查已打开" in api.wait_for(STAFF, 4)[-1]
        product.kill()
    with serving(data_dir, token=TOKEN, base_url=api.url, config=config) as product:
        api.write(STAFF, "助学贷款 额度")
        assert LOAN_LIMIT in api.wait_for(STAFF, 5)[-1]
        api.write(STAFF, f"/rehearse {EVENT_ID}")
        assert "【第1/1题】" in api.wait_for(STAFF, 6)[-1]
        api.write(STAFF, "我保证都能办，您放心。")
        assert "判定：" in api.wait_for(STAFF, 7)[-1]
        assert _exchanges(data_dir) == []
        api.write(STAFF, "/end")
        api.wait_for(STAFF, 8)
        api.write(STAFF, LOAN)
        assert LOAN_LIMIT in api.wait_for(STAFF, 9)[-1]
        assert len(_exchanges(data_dir)) == 1
        assert product.stop() == 0
        _require_clean(product)
    menus = [call.get("scope") for call in api.calls("setMyCommands")]
    assert {str(STAFF) in str(scope) for scope in menus if scope} == {True}
    assert str(CITIZEN) not in str(menus)


def _exchanges(data_dir: Path) -> list[str]:
    database = sqlite3.connect(data_dir / "zhengcetong.db")
    try:
        return [question for (question,) in database.execute("SELECT question FROM exchanges").fetchall()]
    finally:
        database.close()


def _require_clean(product: Product) -> None:
    """Who did what is logged, not with which words."""
    assert "staff: 周文 on telegram: /brief done" in product.log
    assert "staff: 周文 on telegram: /rehearse done" in product.log
    printed = product.printed + product.log
    assert [words for words in ("助学贷款", "我保证", EVENT_ID, TOKEN) if words in printed] == []
