"""Files of what was asked: tables, JSON, transcripts, lists. The form is told by what the file holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.errors import UsageError
from bot.followup.asked_tables import NO_QUESTION, has_header, read_table, time_of_day
from bot.followup.models import AskedFile, AskedRow, Rejected
from bot.followup.transcripts import Found, read_text
from bot.followup.words import words
from bot.signals.importing import tables

NOT_A_RECORD = "不是问题，也不是记录"
NOT_JSON = "这一行不是 JSON"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_DOCUMENTS = (".docx", ".doc", ".wps", ".pdf", ".pptx")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", "\t", ";", "|")
_LARGEST = 64 * 1024 * 1024


def read_asked(path: Path, leader: str = "") -> AskedFile:
    """What was asked according to a file, cleaned up but **not masked**.

    Args:
        leader: name of who answered, where a transcript calls him by it.

    Raises:
        UsageError: the file is missing, empty, of another kind, or has no questions in it.
    """
    tables.check(path)
    with path.open("rb") as file:
        start = file.read(64)
    if path.suffix.lower() in _DOCUMENTS:
        raise UsageError(f"{path} 请另存为纯文本（.txt）或表格（.xlsx、.csv）再导入")
    if start.startswith(_WORKBOOKS) or path.suffix.lower() in (".csv", ".tsv"):
        found = read_table(path)
    else:
        found = _of_text(path, _decoded(path), leader)
    if not found.rows and not found.rejected:
        raise UsageError(f"{path} 里没有问题")
    return found


def _of_text(path: Path, text: str, leader: str) -> AskedFile:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if any(has_header(first.split(delimiter)) for delimiter in _DELIMITERS):
        return read_table(path)
    records = _records(text)
    if records is not None:
        return _file(path, "JSON", _from_records(records))
    form, found = read_text(text, leader)
    return _file(path, form, found)


def _file(path: Path, form: str, found: Iterable[Found]) -> AskedFile:
    rows: list[AskedRow] = []
    rejected: list[Rejected] = []
    for row in found:
        if isinstance(row, Rejected):
            rejected.append(row)
        elif row.question.strip():
            rows.append(row)
        else:
            rejected.append(Rejected(row.place, NO_QUESTION))
    return AskedFile(path.name, form, tuple(rows), tuple(rejected))


def _decoded(path: Path) -> str:
    if path.stat().st_size > _LARGEST:
        raise UsageError(f"{path} 超过 {_LARGEST >> 20} MB，请拆成几个文件再导入")
    content = path.read_bytes()
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return content.decode(codec, "replace")
    if b"\0" in content:
        raise UsageError(f"{path} 不是文本或表格文件，请检查是否选错了文件")
    for codec in ("utf-8", "gb18030"):
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"{path} 的文字编码无法识别，请另存为 UTF-8 再导入")


Record = tuple[str, object]
"""A place and what stands there."""


def _records(text: str) -> list[Record] | None:
    """The parts of one JSON text, or one of each line; ``None``: the text is no JSON."""
    bare = text.lstrip()
    if not bare.startswith(("{", "[")):
        return None
    try:
        return list(_parts("第 1 项", json.loads(text), top=True))
    except (ValueError, RecursionError):
        pass
    found: list[Record] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append((f"第 {number} 行", json.loads(line)))
            except (ValueError, RecursionError):
                found.append((f"第 {number} 行", NOT_JSON))
    lost = sum(value is NOT_JSON for _, value in found)
    return found if lost * 2 < len(found) else None


def _parts(place: str, value: object, top: bool = False) -> Iterator[Record]:
    """A list as its parts; anything else as it is."""
    if top and isinstance(value, list):
        yield from ((f"第 {number} 项", part) for number, part in enumerate(value, start=1))
    else:
        yield place, value


def _from_records(records: Iterable[Record]) -> Iterator[Found]:
    for place, value in records:
        if value is NOT_JSON:
            yield Rejected(place, NOT_JSON)
        elif isinstance(value, str):
            yield AskedRow(value.strip(), place)
        elif isinstance(value, dict):
            yield from _from_object(place, value)
        else:
            yield Rejected(place, NOT_A_RECORD)


def _from_object(place: str, value: Mapping[str, object]) -> Iterator[Found]:
    """One question, or the event with the list of its questions."""
    fields: dict[str, object] = {}
    for name, content in value.items():
        field = words().field_of(name)
        if field and content not in (None, ""):
            fields.setdefault(field, content)
    event = _text(fields.get("event"))
    inner = next((part for part in value.values() if isinstance(part, list)), None)
    if isinstance(fields.get("question"), list) or ("question" not in fields and inner is not None):
        listed = fields.get("question", inner)
        assert isinstance(listed, list)
        event = event or _text(value.get("id"))
        for number, part in enumerate(listed, start=1):
            for row in _from_records([(f"{place}第 {number} 问", part)]):
                yield _of_event(row, event)
        return
    if "question" not in fields:
        yield Rejected(place, NO_QUESTION)
        return
    at = fields.get("at")
    yield AskedRow(
        _text(fields["question"]),
        place,
        answer=_text(fields.get("answer")),
        at=time_of_day(at) if isinstance(at, str) else "",
        caller=_text(fields.get("caller")),
        asker=_text(fields.get("asker")),
        office=_text(fields.get("office")),
        event=event,
    )


def _of_event(row: Found, event: str) -> Found:
    return replace(row, event=row.event or event) if isinstance(row, AskedRow) else row


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""
