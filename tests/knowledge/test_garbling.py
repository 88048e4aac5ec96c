"""Mirrored pages: what is undone, what is left and reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from knowledge.garbling import degarble

SHARED = Path(__file__).parents[3] / "shared" / "policies"
READINGS = {
    "發": "fā",
    "機": "jī",
    "構": "gòu",
    "務": "wù",
    "開": "kāi",
    "現": "xiàn",
    "場": "chǎng",
    "優": "yōu",
}


def garble(text: str) -> str:
    """The way of the mirrors: traditional script, readings, and 。 torn from what follows it."""
    traditional = OpenCC("s2t").convert(text)
    out = bytearray()
    for char, following in zip(traditional, f"{traditional[1:]} ", strict=False):
        encoded = char.encode("gbk")
        torn = char == "。" and following.encode("gbk")[:1] == b"\xac"
        out += b"?\xa3" if torn else encoded
        if char in READINGS:
            out += f"({READINGS[char]})".encode("gbk")
    return out.decode("gbk", errors="ignore")


def test_readings_and_traditional_script_are_undone() -> None:
    clean = "发布机构：青禾市教育局\n政务公开工作，现场办公。"
    garbled = garble(clean)
    assert "發(fā)" in garbled
    found = degarble(garbled)
    assert found.text == clean
    assert found.readings == 7
    assert found.losses == ()
    assert found.garbled


def test_a_torn_full_stop_is_left_and_reported_with_its_line() -> None:
    garbled = garble("政务公开。\n发布机构\n取得成效。现将情况报告如下，共17条。")
    assert "?，F(xiàn)" in garbled
    found = degarble(garbled)
    assert "成效?，F(xiàn)将情况" in found.text
    assert [loss.line for loss in found.losses] == [3]
    assert "F(xiàn)" in found.losses[0].excerpt


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("教(jiao)育(yu)政(zheng)策", "教育政策"),
        ("國(guo)(guo)(guo)家教(jiao)育(yu)", "国家教育"),
        ("綠(lǜ)色教(jiào)育(yù)", "绿色教育"),
    ],
)
def test_readings_without_tones_and_repeated_ones_go_too(text: str, clean: str) -> None:
    assert degarble(text).text == clean


@pytest.mark.parametrize(
    "text",
    [
        "重庆(qìng)的写法与读音(yīn)",  # two are the author's
        "开(open)发(abc)机(x)构(y)",  # no readings of these characters
        "办了吗? 还没有。您知道吗?",  # real question marks
        "会议(一)、(二)、(三)和附件(pdf)",
    ],
)
def test_what_is_not_garbled_stays(text: str) -> None:
    found = degarble(text)
    assert found.text == text
    assert not found.garbled


def test_spaced_field_names_close_up_and_values_stay() -> None:
    text = "索 引 号 12345 名\u3000称: 关于 某事 的通知\n发 文 日 期 2024-01-02"
    assert degarble(text).text == "索引号 12345 名称: 关于 某事 的通知\n发文日期 2024-01-02"


@given(st.text(alphabet="发机构开现场优教育局年1234。，（）() \n", max_size=60))
def test_clean_text_survives_garbling_without_losses(text: str) -> None:
    garbled = garble(re.sub("。(?=现)", "", text))
    once = degarble(garbled)
    assert once.text.count("\n") == text.count("\n")
    if once.readings:
        assert not re.search(r"[发机构务开场优]\([a-zà-ǜ]+\)", once.text)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_the_observed_losses_are_all_found() -> None:
    """Every recorded case of torn characters is reported, and its script made simplified."""
    lines = (SHARED / "garble-vectors.tsv").read_text("utf-8").splitlines()[1:]
    garbled = [line.split("\t")[0] for line in lines]
    assert len(garbled) > 10
    assert [text for text in garbled if not degarble(text).losses] == []
