"""Changes of the real library around days on which it is known what changed."""

from __future__ import annotations

from datetime import date, timedelta

from bot.briefing.changes import LOOK_AHEAD, LOOK_BACK, changed_texts, recent_changes
from bot.briefing.models import ChangeKind, RecentChange
from knowledge.library import Library


def of(library: Library, document: str, on: date) -> list[RecentChange]:
    found = recent_changes(library, on - timedelta(days=14), on)
    return [change for change in found if change.document == document]


def test_a_replaced_figure_is_told_with_both_figures(library: Library) -> None:
    changed = [
        c for c in of(library, "03-zhuxue-daikuan-2023", date(2025, 3, 1)) if c.kind is ChangeKind.CHANGED
    ]
    assert len(changed) == 1
    assert changed[0].on == date(2024, 9, 1)
    assert "20000元" in changed[0].what
    assert "16000元" in changed[0].what


def test_an_ended_plan_is_told_once_and_that_nothing_newer_is_there(library: Library) -> None:
    ended = of(library, "L01-shisiwu-guihua", date(2026, 6, 1))
    assert [change.kind for change in ended] == [ChangeKind.EXPIRED]
    assert "没有接续的新文件" in ended[0].what


def test_what_ends_soon_after_the_event_is_expiring(library: Library) -> None:
    end = date(2025, 12, 31)
    assert [c.kind for c in of(library, "L01-shisiwu-guihua", end - LOOK_AHEAD)] == [ChangeKind.EXPIRING]
    assert of(library, "L01-shisiwu-guihua", end - LOOK_AHEAD - timedelta(days=1)) == []


def test_a_change_is_recent_for_a_year(library: Library) -> None:
    start = date(2025, 9, 1)
    document = "08-youeryuan-dudao"
    assert any(change.on == start for change in of(library, document, start + LOOK_BACK))
    assert not any(
        change.on == start for change in of(library, document, start + LOOK_BACK + timedelta(days=1))
    )


def test_what_comes_between_writing_and_event_is_told_as_to_come(library: Library) -> None:
    found = recent_changes(library, date(2025, 8, 20), date(2025, 9, 3))
    coming = [change for change in found if change.on == date(2025, 9, 1)]
    assert coming
    assert all(change.what.startswith("将于2025年9月1日起") for change in coming)


def test_the_newest_come_first_and_name_facts_of_the_library(library: Library) -> None:
    texts = changed_texts(library, date(2026, 5, 1), date(2026, 5, 15))
    days = [text.change.on for text in texts if text.change.on]
    assert days == sorted(days, reverse=True)
    assert all(ref in library.facts for text in texts for ref in text.facts)
