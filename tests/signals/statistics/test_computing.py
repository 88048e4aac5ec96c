"""Figures counted from rows, documents and exchanges; time limits of requests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from bot.signals.statistics.computing import Log, from_library, from_log, from_register
from bot.signals.statistics.deadlines import due
from bot.signals.statistics.models import Figure, Finding, SourceRow
from bot.signals.statistics.registers import Row, register_of
from bot.store import Counts
from bot.workdays import BY_STATE
from knowledge.library import Library

TODAY = date(2025, 1, 10)


def row(register: str, line: int = 2, /, **values: str) -> Row:
    columns = {column.id: "" for column in register_of(register).columns}
    return Row(register, 2024, columns | values, SourceRow("台账.xlsx", line, register_of(register).title))


def item(number: int, **values: str) -> Row:
    return row("items", number, date="2024-03-01", title=f"第{number}篇", **values)


def shown(figures: Iterable[Figure]) -> dict[str, str]:
    return {figure.key: figure.shown for figure in figures}


def computed(*rows: Row) -> tuple[dict[str, str], list[Finding]]:
    figures, findings = from_register(rows, 2024, TODAY, {"c08": "招生入学"})
    return shown(figures), findings


def test_an_empty_register_gives_no_figure_and_never_a_zero() -> None:
    assert computed() == ({}, [])


def test_items_are_counted_by_kind_origin_form_and_column() -> None:
    found, _ = computed(
        item(2, kind="interpretation", origin="local", form="graphic", column="c08"),
        item(3, kind="interpretation", origin="forwarded", form="graphic"),
        item(4, kind="press", column="c08"),
    )
    assert found == {
        "items": "3",
        "interpretations": "2",
        "items.press": "1",
        "interpretations.local": "1",
        "interpretations.forwarded": "1",
        "interpretations.form.graphic": "2",
        "column.c08": "2",
    }


def test_a_figure_lists_every_row_it_was_counted_from() -> None:
    figures, _ = from_register([item(n, kind="press") for n in range(2, 9)], 2024, TODAY, {})
    assert [source.row for source in figures[0].sources] == [2, 3, 4, 5, 6, 7, 8]
    assert figures[0].sources[0].place == "台账.xlsx「信息发布」第2行"


def test_posts_add_up_over_the_year_and_followers_are_those_of_the_last_day() -> None:
    found, _ = computed(
        row("channels", 2, date="2024-12-31", channel="weibo", posts="50", followers="900"),
        row("channels", 3, date="2024-06-30", channel="weibo", posts="44", followers="1000"),
        row("channels", 4, date="2024-06-30", channel="wechat", followers="7"),
    )
    assert found == {
        "channel.weibo.posts": "94",
        "channel.weibo.followers": "900",
        "channel.wechat.followers": "7",
    }


def test_requests_by_outcome_time_kept_and_those_over_time() -> None:
    found, findings = computed(
        row("requests", 2, number="1", received="2024-03-01", answered="2024-03-29", outcome="granted"),
        row(
            "requests",
            3,
            number="2",
            received="2024-03-01",
            answered="2024-04-01",
            outcome="refused",
            fee="80",
        ),
        row("requests", 4, number="3", received="2024-03-01", answered="2024-04-20", extended="是"),
        row("requests", 5, number="4", received="2024-11-01"),
        row("requests", 6, number="5", received="2024-12-30"),
    )
    assert found == {
        "foi.received": "5",
        "foi.handled": "3",
        "foi.on_time": "2",
        "foi.extended": "1",
        "foi.fee": "80",
        "foi.granted": "1",
        "foi.refused": "1",
    }
    assert [(finding.code, finding.places[0].row) for finding in findings] == [
        ("foi_late", 3),
        ("foi_late", 5),
    ]


@pytest.mark.parametrize(
    ("received", "extended", "last"),
    [
        (date(2024, 3, 1), False, date(2024, 3, 29)),
        (date(2024, 9, 13), False, date(2024, 10, 17)),  # 中秋、国庆 and the working weekends around them
        (date(2024, 3, 1), True, date(2024, 4, 28)),  # 清明, and the working Sunday before 劳动节
    ],
)
def test_the_last_day_counts_working_days_by_the_state_calendar(
    received: date, extended: bool, last: date
) -> None:
    assert due(received, extended) == last


def test_a_year_without_holidays_known_is_counted_by_weekdays_and_says_so() -> None:
    day = date(2089, 3, 1)
    assert not BY_STATE.knows(day)
    assert due(day, extended=False) == date(2089, 3, 29)
    _, findings = from_register([row("requests", number="1", received="2089-03-01")], 2089, day, {})
    assert [finding.code for finding in findings] == ["holidays_unknown"]


def test_a_due_day_that_was_entered_holds() -> None:
    _, findings = computed(
        row("requests", number="1", received="2024-03-01", due="2024-03-05", answered="2024-03-06")
    )
    assert [finding.code for finding in findings] == ["foi_late"]


def test_rows_dated_after_today_are_noticed() -> None:
    _, findings = computed(row("events", date="2025-06-01", kind="press", title="甲"))
    assert [finding.code for finding in findings] == ["future_date"]


def test_figures_entered_by_hand_keep_their_basis() -> None:
    figures, _ = from_register(
        [row("reported", year="2024", key="channel.weibo.posts", value="94", basis="后台截图")],
        2024,
        TODAY,
        {},
    )
    assert (figures[0].shown, figures[0].sources[0].text) == ("94", "后台截图")


def test_the_library_is_counted_by_year_of_publication(library: Library) -> None:
    figures, _ = from_library(library, 2021)
    dated = [d for d in library.documents.values() if d.published and d.published.year == 2021]
    found = shown(figures)
    assert found["library.documents"] == str(len(dated))
    assert int(found["library.undated"]) == sum(d.published is None for d in library.documents.values())
    assert {source.file for source in figures[0].sources} == {d.written_at.file for d in dated}


def test_the_log_is_counted_by_outcome_and_says_when_older_rows_are_gone() -> None:
    counts = Counts(5, 3, 2, 1, {"answered": 3, "abstained": 2}, {"web": 5})
    figures, findings = from_log(Log("log.db", counts, date(2024, 7, 1)), 2024)
    assert shown(figures) == {
        "chat.asked": "5",
        "chat.answered": "3",
        "chat.abstained": "2",
        "chat.helpful": "2",
        "chat.unhelpful": "1",
    }
    assert [finding.code for finding in findings] == ["log_incomplete"]
    assert from_log(Log("log.db", counts, date(2023, 7, 1)), 2024)[1] == []


def test_a_log_without_a_question_gives_no_figure() -> None:
    assert from_log(Log("log.db", Counts(0, 0, 0, 0, {}, {}), TODAY), 2024) == ([], [])
