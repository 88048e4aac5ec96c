"""Plain text: one question a line, or a transcript (问：/答：, 主持人：/网友：/×××局长：)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.followup.models import AskedRow, Rejected
from bot.followup.words import words
from bot.staff import name_key

HOST = "主持人"
NOT_ASKING = "主持人的话里没有提问"
NO_QUESTION = "前面没有问题，不知道答的是哪一问"
OUTSIDE = "不在问答里（标题或说明）"
TOO_SHORT = "太短，看不出问的是什么"

_FEWEST_LETTERS = 4
_FEWEST_SPOKEN = 2
"""Where a label says that it is a question: 怎么还？"""
_CLOCK = r"(?:[01]?\d|2[0-3])[:：][0-5]\d"
_WHEN = re.compile(
    rf"[\[【（(]?\s*(?:\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?\s*)?(?P<clock>{_CLOCK})(?:[:：][0-5]\d)?\s*[\]】）)]?\s*"
)
_NUMBER = re.compile(
    r"^\s*(?:[（(]?\d{1,3}[)）、.．](?!\d)|[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[-*•·])\s*"
)
_LABEL = re.compile(r"^(?P<label>[^\s：:，。？！；,?!;][^：:，。？！；,?!;]{0,19})[：:]\s*(?P<said>.*)$")
_BRACKETED = re.compile(r"^[\[【](?P<label>[^\[\]【】：:，。？！]{1,20})[\]】]\s*[：:]?\s*(?P<said>.*)$")
_NAME = re.compile(r"[\u3400-\u9fff]{2,3}")
_REMARK = re.compile(r"\s*[（(][^）)]*[）)]$")
_ANSWER_ON_SAME_LINE = re.compile(r"(?<=\S)\s*(?=(?:答复|回答|回复|答)[：:])")
_AROUND = re.compile(r"[\s“”\"'‘’「」《》()（）\[\]【】\-—_·]+|^[0-9]+$")
_LETTERS = re.compile(r"[\u3400-\u9fffA-Za-z]")


class Part(Enum):
    """What a speaker does."""

    ASKS = "asks"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the part, the role that may be shown (网友), and the label where it holds a name."""

    part: Part
    role: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number in the file; ``speaker`` where it begins a turn."""

    number: int
    text: str
    at: str = ""
    speaker: Speaker | None = None


Found = AskedRow | Rejected


def read_text(text: str, leader: str = "") -> tuple[str, tuple[Found, ...]]:
    """How a text was read (in Chinese) and what is in it, each line in exactly one of the rows.

    Args:
        leader: name of who answers, where a transcript calls him by it.
    """
    lines = [_line(number, text, leader) for number, text in _split(text)]
    speakers = [line.speaker for line in lines if line.speaker]
    asked = any(speaker.part is Part.ASKS for speaker in speakers)
    answered = any(speaker.part is Part.ANSWERS for speaker in speakers)
    if asked and answered:
        return "问答实录", tuple(_Turns().read(lines))
    return "每行一个问题", tuple(_single(line) for line in lines)


def _split(text: str) -> Iterator[tuple[int, str]]:
    """Lines that hold something; 问：…答：… on one line becomes two."""
    for number, line in enumerate(text.splitlines(), start=1):
        for part in _ANSWER_ON_SAME_LINE.split(line) if _asks_first(line) else (line,):
            if part.strip():
                yield number, part.strip()


def _asks_first(line: str) -> bool:
    return _line(0, line, "").speaker is not None


def _line(number: int, text: str, leader: str) -> Line:
    bare = _NUMBER.sub("", text.strip())
    clock = _WHEN.search(bare[:40])
    at = ""
    if clock and (labelled := _labelled(bare[: clock.start()] + bare[clock.end() :], leader)):
        at = clock["clock"].replace("：", ":").zfill(5)
        return Line(number, labelled[1], at, labelled[0])
    if labelled := _labelled(bare, leader):
        return Line(number, labelled[1], "", labelled[0])
    if clock and clock.start() == 0:
        at, bare = clock["clock"].replace("：", ":").zfill(5), bare[clock.end() :]
    return Line(number, bare, at)


def _labelled(text: str, leader: str) -> tuple[Speaker, str] | None:
    found = _BRACKETED.match(text.strip()) or _LABEL.match(text.strip())
    if found is None:
        return None
    speaker = speaker_of(found["label"].strip(), leader)
    return (speaker, found["said"].strip()) if speaker else None


def speaker_of(label: str, leader: str = "") -> Speaker | None:
    """Who a label names; ``None``: it is no speaker, but the beginning of a sentence (注意：)."""
    known = words()
    bare = re.sub(r"[\d一二三四五六七八九十]+$", "", label)
    if name_key(leader) and name_key(leader) in name_key(label):
        return Speaker(Part.ANSWERS)
    if bare in known.answers_exactly or _REMARK.sub("", label).endswith(known.answers_ending):
        return Speaker(Part.ANSWERS)
    if bare in known.asks_exactly:
        return Speaker(Part.ASKS)
    if any(title in label[:-1] and _is_name(label.partition(title)[2]) for title in known.answers_ending):
        return Speaker(Part.ANSWERS)
    for role in known.asks:
        if role in label:
            rest = label.replace(role, "", 1)
            return Speaker(Part.ASKS, role, label if _AROUND.sub("", rest) and role != HOST else "")
    return Speaker(Part.ASKS, "", label) if label.endswith(known.asks_ending) else None


def _is_name(text: str) -> bool:
    """Two or three characters after a title: 局长丁一鸣."""
    return bool(_NAME.fullmatch(text.strip()))


def _single(line: Line) -> Found:
    place = f"第 {line.number} 行"
    speaker = line.speaker or Speaker(Part.ASKS)
    if len(_LETTERS.findall(line.text)) < (_FEWEST_SPOKEN if line.speaker else _FEWEST_LETTERS):
        return Rejected(place, TOO_SHORT)
    return AskedRow(line.text, place, at=line.at, caller=speaker.name, asker=speaker.role)


class _Turns:
    """Puts the lines of a transcript together: a question, then everything that answers it."""

    def __init__(self) -> None:
        self._found: list[Found] = []
        self._answering = False

    def read(self, lines: Sequence[Line]) -> list[Found]:
        for line in lines:
            if line.speaker is None:
                self._continue(line)
            elif line.speaker.part is Part.ASKS:
                self._ask(line, line.speaker)
            else:
                self._answer(line)
        return self._found

    def _ask(self, line: Line, speaker: Speaker) -> None:
        place = f"第 {line.number} 行"
        self._answering = False
        if speaker.role == HOST and not words().host_asks.search(line.text):
            self._found.append(Rejected(place, NOT_ASKING))
        elif line.text and len(_LETTERS.findall(line.text)) < _FEWEST_SPOKEN:
            self._found.append(Rejected(place, TOO_SHORT))
        else:
            self._found.append(
                AskedRow(line.text, place, at=line.at, caller=speaker.name, asker=speaker.role)
            )

    def _answer(self, line: Line) -> None:
        last = self._found[-1] if self._found else None
        if isinstance(last, AskedRow):
            self._answering = True
            self._found[-1] = replace(last, answer=_joined(last.answer, line.text))
        else:
            self._found.append(Rejected(f"第 {line.number} 行", NO_QUESTION))

    def _continue(self, line: Line) -> None:
        last = self._found[-1] if self._found else None
        if not isinstance(last, AskedRow):
            self._found.append(Rejected(f"第 {line.number} 行", OUTSIDE))
        elif self._answering:
            self._found[-1] = replace(last, answer=_joined(last.answer, line.text))
        else:
            self._found[-1] = replace(last, question=_joined(last.question, line.text))


def _joined(before: str, more: str) -> str:
    return f"{before}\n{more}" if before and more else before or more
