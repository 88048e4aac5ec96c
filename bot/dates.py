"""Dates as people read them."""

from __future__ import annotations

from datetime import date


def in_words(day: date) -> str:
    """2024年9月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
