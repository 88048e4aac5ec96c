"""``forecast score`` on a file that ``brief --json`` wrote."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.briefing.models import Briefing, LineToTake, OpenQuestion, QuestionCard
from bot.briefing.serial import to_json
from bot.commands.context import Context
from bot.commands.forecasting import forecast
from bot.commands.output import to_json as as_text
from bot.errors import UsageError
from bot.settings import Settings
from index.engines.whoosh import WhooshEngine


@pytest.fixture
def briefing(tmp_path: Path, foresee: Callable[..., Any], inputs: Callable[..., Any]) -> Path:
    """A briefing of real forecast questions; what its lines say does not matter here."""
    given = inputs("学生资助")
    line = LineToTake("口径", 1, ())
    questions = foresee("学生资助")
    made = Briefing(
        given.event,
        given.as_of,
        tuple(QuestionCard(one, line) for one in questions if one.facts),
        tuple(
            OpenQuestion(one.question, one.likelihood, one.why, one.office, "", "", one.variants)
            for one in questions
            if not one.facts
        ),
    )
    path = tmp_path / "briefing.json"
    path.write_text(as_text(to_json(made)), encoding="utf-8")
    return path


def run(tmp_path: Path, **options: object) -> int:
    context = Context(Settings(data_dir=tmp_path / "data"), date(2026, 11, 26), WhooshEngine)
    return forecast(
        argparse.Namespace(**{"action": "score", "json": False, "asked": None} | options), context
    )


def test_matches_misses_and_what_does_not_count_are_shown(
    briefing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text("义务教育的课本是免费的吗\n公交车几点发车\n旌德的操场哪天翻新\n", encoding="utf-8")
    assert run(tmp_path, briefing=str(briefing), asked=asked, json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert [match["asked"] for match in found["matches"]] == ["义务教育的课本是免费的吗"]
    assert found["matches"][0]["reason"]
    assert [one["asked"] for one in found["left_out"]] == ["公交车几点发车"]
    assert [one["asked"] for one in found["missed"]] == ["旌德的操场哪天翻新"]
    assert [at["k"] for at in found["at"]] == [10, 20, 40]
    assert run(tmp_path, briefing=str(briefing), asked=asked) == 0
    text = capsys.readouterr().out
    assert "义务教育的课本是免费的吗\n    → 第" in text
    assert "没有预测到 1 个" in text


def test_a_file_that_is_no_briefing_is_told(tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text("补助什么时候发？\n", encoding="utf-8")
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="简报"):
        run(tmp_path, briefing=str(other), asked=asked)
    with pytest.raises(UsageError, match="找不到文件"):
        run(tmp_path, briefing=str(tmp_path / "none.json"), asked=asked)
