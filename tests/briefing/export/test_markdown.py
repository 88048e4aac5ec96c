"""Markdown: structure, and that no text becomes a mark."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.briefing.export import GovernmentPage, write, write_card
from bot.briefing.export.markdown_writing import as_markdown, escaped
from tests.briefing.briefings import briefing


def test_title_header_headings_and_cards_have_their_levels(tmp_path: Path) -> None:
    write(briefing(3), tmp_path / "b.md")
    written = (tmp_path / "b.md").read_text("utf-8")
    assert written.startswith("> 内部草稿　未经终审\n\n# 12345热线领导接听简报（草稿，第2版）\n")
    assert "\n## 一、问题和口径\n" in written
    for card in briefing(3).questions:
        assert f"）{card.forecast.question}\n" in written
        assert f"**口径：** {card.line.text}" in written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# 标题", r"\# 标题"),
        ("1. 第一", r"1\. 第一"),
        ("2026年1. 号", "2026年1. 号"),
        ("- 项", r"\- 项"),
        ("a|b", r"a\|b"),
        ("<b>*粗*</b>", r"\<b\>\*粗\*\</b\>"),
        ("[链接](x)", r"\[链接\](x)"),
    ],
)
def test_marks_in_texts_are_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_cells_stay_in_their_columns() -> None:
    page = GovernmentPage("表")
    page.table(["甲|乙", "丙"], [("一\n二", "三|四")], (1, 1))
    assert as_markdown(page).splitlines()[2:] == ["| 甲\\|乙 | 丙 |", "| --- | --- |", "| 一 二 | 三\\|四 |"]


def test_a_question_cannot_add_a_heading(tmp_path: Path) -> None:
    made = briefing(1)
    card = made.questions[0]
    sly = replace(card, forecast=replace(card.forecast, question="甲\n\n# 乙"))
    write_card(replace(made, questions=(sly,)), tmp_path / "c.md")
    written = (tmp_path / "c.md").read_text("utf-8").splitlines()
    assert [line for line in written if line.startswith("#")] == ["# 12345热线领导接听要点（草稿，第2版）"]
