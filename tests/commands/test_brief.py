"""``brief`` and ``lookup`` through the parser: what comes out stands on the published text of the day."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.briefing.serial import from_json
from bot.store_events import EventStore
from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.models import Status
from knowledge.validity import fact_status
from run_bot import main

DAY = date(2026, 12, 10)
TOPICS = "义务教育入学、学生资助、校外培训"
SERVICE = frozenset({"12345", "24"})
MESSAGES = [
    {"id": n, "title": title, "text": text, "time": f"2026-11-{n:02} 09:00"}
    for n, (title, text) in enumerate(
        [
            ("助学贷款额度", "请问助学贷款一年最多能贷多少，研究生呢？我电话13800001111"),
            ("助学贷款额度", "孩子上大学，想问助学贷款一年最多能贷多少钱？"),
            ("助学贷款额度", "咨询一下，助学贷款现在一年最高能贷多少？"),
            ("校车线路", "请问宣州区的校车什么时候开通新线路？"),
        ],
        start=1,
    )
]


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that the index is built once."""
    return tmp_path_factory.mktemp("briefing")


@pytest.fixture
def run(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str) -> Ran:
        code = main(["--data-dir", str(data_dir), "--as-of", "2026-11-24", *words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture(scope="module")
def made(data_dir: Path) -> tuple[dict[str, Any], Path]:
    """One briefing with messages of a directory, as JSON, and what else was written."""
    tables = data_dir / "tables"
    tables.mkdir()
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in MESSAGES)
    (tables / "工单.jsonl").write_text(rows, "utf-8")
    (tables / "目录.csv").write_text("栏目,编号\n甲,1\n", "utf-8")
    out = data_dir / "out"
    out.mkdir()
    words = ["brief", "--kind", "热线", "--date", "2026-12-10", "--topic", TOPICS, "--messages", str(tables)]
    files = ["--out", str(out / "简报.json"), "--card", str(out / "要点.md"), "--keep", "--by", "起草人"]
    assert main(["--data-dir", str(data_dir), "--as-of", "2026-11-24", *words, *files]) == 0
    return json.loads((out / "简报.json").read_text("utf-8")), out


def test_a_session_of_an_hour_has_20_to_40_questions_that_differ(made: tuple[dict[str, Any], Path]) -> None:
    plain, _ = made
    asked = [card["question"] for card in plain["questions"]] + [gap["question"] for gap in plain["gaps"]]
    assert 20 <= len(plain["questions"]) <= 40
    assert len(set(asked)) == len(asked) <= 40
    assert all(card["why"] and 0 < card["likelihood"] < 1 for card in plain["questions"])
    likelihoods = [card["likelihood"] for card in plain["questions"]]
    assert likelihoods == sorted(likelihoods, reverse=True)


def test_every_line_stands_on_facts_in_force_on_the_day_of_the_event(
    made: tuple[dict[str, Any], Path], library: Library
) -> None:
    for card in made[0]["questions"]:
        assert card["basis"], card["question"]
        for cited in card["basis"]:
            fact = library.facts[f"{cited['document']}#{cited['facts'][0]}"]
            assert fact_status(fact, library.document_of(fact), DAY) is Status.IN_FORCE, card["question"]
        evidence = " ".join(f"{one['quote']} {one['title']} {one['doc_no']}" for one in card["basis"])
        briefs = " ".join(
            library.facts[f"{one['document']}#{one['facts'][0]}"].brief for one in card["basis"]
        )
        assert unsupported(card["line"], f"{evidence} {briefs}") <= SERVICE, card["question"]


def test_what_no_text_in_force_answers_is_a_gap_with_the_office_to_ask(
    made: tuple[dict[str, Any], Path],
) -> None:
    gaps = made[0]["gaps"]
    assert gaps
    assert all(gap["office"] and gap["ask"] and gap["hold"] for gap in gaps)


def test_messages_raise_what_they_ask_and_are_masked(made: tuple[dict[str, Any], Path]) -> None:
    plain, _ = made
    loans = [card for card in plain["questions"] if "#quota_2024" in str(card["forecast"]["facts"])]
    assert any(why["source"] == "hot" and "3件" in why["text"] for card in loans for why in card["why"])
    assert "13800001111" not in json.dumps(plain, ensure_ascii=False)


def test_the_json_is_the_briefing_that_was_kept(made: tuple[dict[str, Any], Path], data_dir: Path) -> None:
    plain, out = made
    briefing = from_json(plain)
    with EventStore(data_dir) as store:
        assert store.briefing(briefing.review.briefing) == briefing
    assert briefing.review.drafted_by == "起草人"
    assert "内部草稿" in (out / "要点.md").read_text("utf-8")


def test_without_messages_and_topics_there_is_a_briefing_too(run: Run) -> None:
    done = run("brief", "--kind", "press", "--date", "2026-09-08", "--most", "20", "--json")
    assert done.code == 0
    assert 10 <= len(done.json["questions"]) <= 20
    assert done.json["event"]["kind"] == "press"


def test_a_topic_without_any_published_text_is_told(run: Run) -> None:
    done = run("brief", "--kind", "访谈", "--date", "2026-12-10", "--topic", "冰壶", "--json")
    assert "冰壶" in " ".join(done.json["notices"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("brief", "--kind", "热线"), "--date"),
        (("brief", "--event", "20991231-hotline"), "20991231-hotline"),
        (("brief", "--kind", "游行", "--date", "2026-12-10"), "游行"),
        (("brief", "--kind", "热线", "--date", "2026-12-10", "--messages", "没有.xlsx"), "没有.xlsx"),
        (("brief", "--kind", "热线", "--date", "2026-12-10", "--out", "简报.ppt"), "简报.ppt"),
    ],
)
def test_bad_input_is_one_line(run: Run, words: tuple[str, ...], told: str) -> None:
    done = run(*words)
    assert done.code == 2
    assert told in done.err.strip().splitlines()[-1]
    assert "Traceback" not in done.err


def test_lookup_gives_clause_and_line(run: Run) -> None:
    done = run("lookup", "助学贷款", "额度", "--as-of", "2026-12-10", "--json")
    first = done.json["entries"][0]
    assert (first["fact"], first["status"]) == ("03-zhuxue-daikuan-2023#quota_2024", "in_force")
    assert "188号" in first["source"]
    assert "2万元" in first["line"]["text"]


def test_lookup_of_a_former_figure_gives_the_one_in_force(run: Run) -> None:
    shown = run("lookup", "本专科生16000元", "--as-of", "2026-12-10").out
    assert "20000元" in shown.splitlines()[0]
    assert "已被取代的说法" in shown


def test_lookup_of_nothing_says_so(run: Run) -> None:
    assert "没有查到" in run("lookup", "qzxw").out
