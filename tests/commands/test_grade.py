"""``grade`` from the command line's arguments to what it prints."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable
from datetime import date

import pytest

from bot.commands.context import Context
from bot.commands.grading import grade, read_replies
from bot.errors import UsageError
from bot.settings import Settings
from index.engines.whoosh import WhooshEngine

QUESTION = "本科生助学贷款一年最多能贷多少"
Run = Callable[..., str]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return Context(Settings(data_dir=tmp_path_factory.mktemp("data")), date(2026, 12, 10), WhooshEngine)


@pytest.fixture
def run(context: Context, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(stdin: str = "", **given: object) -> str:
        options = {"question": None, "reply": None, "jsonl": False, "json": False, **given}
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        assert grade(argparse.Namespace(**options), context) == 0
        return capsys.readouterr().out

    return call


def test_a_grade_is_shown_with_its_reason_and_source(run: Run) -> None:
    shown = run(question=QUESTION, reply="本科生一年最高三万元。")
    assert "结论：说错" in shown
    assert "财教〔2024〕188号" in shown
    assert "可以这样答：" in shown


def test_json_has_every_field_of_a_grade(run: Run) -> None:
    found = json.loads(
        run(question=QUESTION, reply="本科生每人每年最高两万元，2024年秋季学期开始执行。", json=True)
    )
    assert (found["verdict"], found["score"]) == ("good", 100)
    assert found["facts"][0]["mark"] == "stated"
    assert {"remarks", "office_given", "deadline_given", "seconds", "reason", "better"} <= found.keys()


def test_lines_come_back_in_order_with_their_ids(run: Run) -> None:
    rows = [
        {"id": 2, "question": QUESTION, "reply": "感谢您的来电。"},
        {"id": "a", "question": QUESTION, "reply": "本科生一年两万元。"},
    ]
    lines = run("\n".join(json.dumps(row) for row in rows), jsonl=True).splitlines()
    found = [json.loads(line) for line in lines]
    assert [(row["id"], row["verdict"]) for row in found] == [(2, "empty"), ("a", "good")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "不是 JSON"),
        (b"[1]", "应有 id"),
        ('{"id": 1, "question": "问"}'.encode(), "缺少 reply"),
        ('{"id": 1, "question": "问", "reply": 3}'.encode(), "缺少 reply"),
        (b'{"id": "\xff"}', "UTF-8"),
    ],
)
def test_a_bad_line_is_named(line: bytes, told: str) -> None:
    with pytest.raises(UsageError, match=f"第 2 行.*{told}"):
        list(read_replies([b"\n", line]))


def test_a_missing_reply_is_asked_for(context: Context) -> None:
    options = argparse.Namespace(question=QUESTION, reply=" ", jsonl=False, json=False)
    with pytest.raises(UsageError, match="--reply"):
        grade(options, context)
