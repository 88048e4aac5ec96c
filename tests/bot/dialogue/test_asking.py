"""The part of a message that asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.asking import asking_part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("覆盖率95%,高中算不算在里面?", "高中算不算在里面"),
        ("孩子读三年级.作业天天写到十点.最多能写多久", "最多能写多久"),
        ("孩子要住校,补助多少,找谁领", "补助多少 找谁领"),
        ("招生前先做测验,这样允许吗?", "招生前先做测验 这样允许吗"),
        ("行吗?", "行吗"),
    ],
)
def test_what_is_quoted_or_told_is_left_out(text: str, part: str) -> None:
    """A short clause («这样允许吗») asks about the one before it."""
    assert asking_part(text).replace(".", " ").split()[-len(part.split()) :] == part.split()


def test_a_long_clause_is_cut_around_its_question_word() -> None:
    part = asking_part(
        "想请领导说说我们宣城市去年新增的那些公办幼儿园里面到底有多少个是在乡镇上面办的而不是在城里"
    )
    assert "多少" in part
    assert not part.startswith("想请领导")
    assert len(part) <= 16


def test_a_text_that_asks_nothing_is_kept_whole() -> None:
    assert asking_part("助学贷款额度") == "助学贷款额度"


@given(st.text())
def test_any_text_has_a_part(text: str) -> None:
    assert bool(asking_part(text)) == bool(text)
