"""Records, one JSON object a line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.signals.importing.reading import read

RECORDS = [
    {
        "id": "1",
        "title": "午托班",
        "text": "学校门口的午托班有没有证？",
        "time": "2026-03-01 08:00",
        "reply": "已转办",
    },
    {"id": "2", "title": "校服", "text": "校服是不是必须买？", "time": None, "up": 3, "tags": ["费用"]},
]


def written(path: Path, packed: bool = False, extra: str = "") -> Path:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS) + extra
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_fields_of_records_are_the_columns(tmp_path: Path, packed: bool) -> None:
    reading = read([written(tmp_path / "留言.jsonl", packed)])
    first, second = reading
    assert (first.number, first.title, first.reply) == ("1", "午托班", "已转办")
    assert first.at is not None
    assert (second.text, second.up, second.at) == ("校服是不是必须买？", 3, None)
    assert [(sheet.rows, sheet.taken) for sheet in reading.report.sheets] == [(2, 2)]


def test_a_line_that_is_no_json_is_told_with_its_number_and_the_others_are_taken(tmp_path: Path) -> None:
    reading = read(
        [written(tmp_path / "a.jsonl", extra='{"id": \n\n{"id":"3","text":"还能报名吗，去哪里报？"}\n')]
    )
    assert [message.number for message in reading] == ["1", "2", "3"]
    (sheet,) = reading.report.sheets
    assert (sheet.rows, sheet.taken, sheet.blank) == (5, 3, 1)
    assert [tally.rows for tally in sheet.rejected.values()] == [[3]]


def test_a_packed_file_that_is_cut_off_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.gz", packed=True)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(UsageError, match=r"a\.jsonl\.gz"):
        list(read([path]))


def test_a_packed_file_without_records_is_named(tmp_path: Path) -> None:
    path = tmp_path / "b.gz"
    path.write_bytes(gzip.compress("只是文字\n".encode()))
    with pytest.raises(UsageError, match="没有 JSON 记录"):
        list(read([path]))
