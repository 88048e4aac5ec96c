"""Figures that cannot all be right are flagged with their places; those that can are left in peace."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.signals.statistics.checks import check
from bot.signals.statistics.keys import key_of
from bot.signals.statistics.models import Figure, Origin, Severity, SourceRow


def figure(key: str, value: int, origin: Origin = Origin.PAGE, line: int = 1, about: bool = False) -> Figure:
    source = SourceRow("页.txt", line)
    found = key_of(key)
    return Figure(key, found.name, Decimal(value), found.unit, "", origin, (source,), about)


def codes(*figures: Figure, before: tuple[Figure, ...] = ()) -> list[str]:
    return [finding.code for finding in check(figures, before)]


def test_seventeen_here_and_six_and_twelve_there() -> None:
    (finding,) = check(
        [
            figure("interpretations", 17, line=19),
            figure("interpretations.local", 6, line=31),
            figure("interpretations.forwarded", 12, line=31),
        ]
    )
    assert finding.severity is Severity.ERROR
    assert "＝18" in finding.message
    assert "17" in finding.message
    assert [place.row for place in finding.places] == [19, 31]
    assert finding.advice


@pytest.mark.parametrize(
    "figures",
    [
        [("interpretations", 18), ("interpretations.local", 6), ("interpretations.forwarded", 12)],
        [("interpretations", 17), ("interpretations.local", 6)],
        [("items", 818), ("items.key_areas", 506), ("interpretations", 17), ("items.press", 8)],
        [("foi.handled", 3), ("foi.granted", 2)],
        [("foi.handled", 3), ("foi.granted", 2), ("foi.refused", 1), ("foi.on_time", 3)],
        [("events", 4), ("events.press", 2), ("events.interview", 1), ("events.hotline", 1)],
    ],
)
def test_what_can_be_true_is_not_flagged(figures: list[tuple[str, int]]) -> None:
    assert codes(*(figure(key, value) for key, value in figures)) == []


@pytest.mark.parametrize(
    "figures",
    [
        [("items", 500), ("items.key_areas", 506)],
        [("foi.handled", 2), ("foi.granted", 2), ("foi.refused", 1)],
        [("foi.handled", 2), ("foi.on_time", 3)],
        [("events", 5), ("events.press", 2), ("events.interview", 1), ("events.hotline", 1)],
        [("interpretations", 3), ("interpretations.form.graphic", 4)],
    ],
)
def test_parts_that_do_not_make_the_whole(figures: list[tuple[str, int]]) -> None:
    assert codes(*(figure(key, value) for key, value in figures)) == ["sum_differs"]


def test_a_page_against_the_register() -> None:
    (finding,) = check([figure("interpretations", 17), figure("interpretations", 18, Origin.REGISTER, 2)])
    assert finding.code == "told_differently"
    assert "网页" in finding.message
    assert "台账" in finding.message


def test_parts_from_another_origin_are_compared_too() -> None:
    assert codes(
        figure("interpretations", 17),
        figure("interpretations.local", 6, Origin.ENTRY),
        figure("interpretations.forwarded", 12, Origin.REGISTER),
    ) == ["sum_differs"]


def test_a_round_number_agrees_with_the_exact_one_but_not_with_any() -> None:
    exact = figure("items", 1204, Origin.REGISTER)
    assert codes(exact, figure("items", 1200, about=True)) == []
    assert codes(exact, figure("items", 900, about=True)) == ["told_differently"]


def test_changes_against_the_year_before_are_only_notices() -> None:
    followers, posts = "channel.weibo.followers", "channel.weibo.posts"
    before = (figure(followers, 100), figure(posts, 100), figure("events.press", 1))
    now = (figure(followers, 99), figure(posts, 201), figure("events.press", 3))
    found = check(now, before)
    assert [(finding.severity, finding.keys[0]) for finding in found] == [
        (Severity.NOTICE, followers),
        (Severity.NOTICE, posts),
    ]
    assert codes(figure(followers, 101), figure(posts, 199), before=before) == []


def test_interpretations_of_one_form_are_noticed() -> None:
    assert codes(figure("interpretations", 4), figure("interpretations.form.text", 4)) == ["one_form"]
    two = (figure("interpretations.form.text", 3), figure("interpretations.form.expert", 1))
    assert codes(figure("interpretations", 4), *two) == []
