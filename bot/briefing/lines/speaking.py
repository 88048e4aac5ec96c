"""From written sentences to spoken ones: no brackets, no clause numbers, figures as one says them."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from bot.briefing.lines.wording import line_wording

_CHARACTERS_A_SECOND = 4
LONGEST_SENTENCE = 40
"""Characters that are said in one breath; longer sentences are parted where that changes nothing."""

_TIDY = (
    (re.compile(r"(?<=\d)[—–~～](?=\d)"), "到"),
    (re.compile(r"(\d+(?:\.\d+)?元)/(?:人·?)?(人次|年|人|课时)"), r"每\2\1"),
    (re.compile(r"(\d{4})-0?(\d{1,2})-0?(\d{1,2})(?!\d)"), r"\1年\2月\3日"),
    (re.compile(r"(\d{1,2}):00"), r"\1点"),
    (re.compile(r"(\d{1,2}):(\d{2})"), r"\1点\2分"),
    (re.compile(r"点(?=和|到|至)"), "点"),
)
_ROUND_MONEY = re.compile(r"(?<![\d.])(\d{2,4})000元")
_NOTE = re.compile(r"（([^（）]*)）")
_ARTICLE = r"第[一二三四五六七八九十百]+条(?:第[一二三四五六七八九十]+款)?"
_ARTICLES = re.compile(rf"{_ARTICLE}(?:[、和至到]{_ARTICLE})*(?:规定|写明)?(?:，(?=.))?(?!作出|所列|以外)")
"""Clause numbers; not those that say which of several things is meant («依第十条作出的惩戒»)."""
_NAME = r"(?:《(?P<title>[^》]+)》|(?P<plain>[\u4e00-\u9fff]{0,12}(?:通知|意见|办法|规则|规定|条例|方案)))"
_NUMBER = r"(?:[（(][^（）()]*[）)])?"
_SAYS = "要求|规定|明确|提出|写明"
_LEAD = re.compile(
    rf"^(?:(?:按照?|根据){_NAME}{_NUMBER}(?:{_ARTICLES.pattern})?[，、]?"
    rf"|{_NAME.replace('title', 'title2').replace('plain', 'plain2')}{_NUMBER}(?:{_ARTICLES.pattern})?"
    rf"(?:{_SAYS})(?:的是)?[，：])(?=.)"
)
"""«按《…》第三条，», «双减意见规定，»: says where it stands, which the basis below the line says too."""
_NUMBER_LEAD = re.compile(r"^按[\u4e00-\u9fff]*〔\d{4}〕\d+号(?:的分工)?，")
_LEANS_BACK = re.compile(
    r"但|不过|然而|否则|其|上述|以上|前述|该|这|此|它|他们|也|还|同时|另|除|只|仅|而|并|且|或|由此|因此|所以|对此"
    r"|超过|逾期|需要|缺|满|[一二三四五六七八九十\d]+[是、.．]|第[一二三四五六七八九十]+[，类种]"
)
"""Beginnings that say nothing, or something else, without the sentence before."""
_PARTED = re.compile(r"，(?=但|不过|也不|同时|另外|其中)")
_SHORTEST = 8
"""Characters of either part of a sentence that is parted."""
_ENDS = "。！？；"


def characters(text: str) -> int:
    """Characters without blanks."""
    return len("".join(text.split()))


def speak_seconds(text: str) -> int:
    """Seconds that it takes to say a text aloud, four characters a second, rounded up."""
    return math.ceil(characters(text) / _CHARACTERS_A_SECOND)


def spoken(text: str) -> str:
    """A text as one says it. No figure, negation or word of obligation is changed."""
    wording = line_wording()
    for written, said in wording.spoken:
        text = text.replace(written, said)
    text = _NOTE.sub(_said_note, text)
    text = _ARTICLES.sub("", text)
    for written_form, said in _TIDY:
        text = written_form.sub(said, text)
    text = _ROUND_MONEY.sub(_tens_of_thousands, text)
    text = re.sub(r"，+(?=[，。；：、的])", "", text)
    return re.sub(r"^[，；：、]+|(?<=[。；])[，；：、]+", "", text).strip()


def _said_note(note: re.Match[str]) -> str:
    """A bracket as one says it: a limit runs on, an explanation stands between pauses or at the end."""
    inside = note.group(1)
    if inside.startswith(line_wording().silent_notes):
        return ""
    after = note.string[note.end() : note.end() + 1]
    if inside.endswith(("以内", "以上", "以下")) or (after == "的" and inside.startswith("含")):
        return inside
    if inside.startswith("含") and after not in ("", *"，。；、") and not after.isdigit():
        return f"、{inside}的"
    if after in ("", "。", "；") and not inside.startswith(("含", "可", "不")):
        return f"，这是{inside}"
    return f"，{inside}，"


def _tens_of_thousands(money: re.Match[str]) -> str:
    amount = Decimal(money.group(1) + "000") / 10000
    return f"{amount.normalize():f}万元" if amount >= 1 else money.group()


def without_lead(text: str) -> tuple[str, str]:
    """A statement without the name of the text it stands in, and that name (empty: none given)."""
    number = _NUMBER_LEAD.match(text)
    if number:
        return text[number.end() :], ""
    lead = _LEAD.match(text)
    if lead is None:
        return text, ""
    name = next((found for found in lead.groupdict().values() if found), "")
    return text[lead.end() :], _NOTE.sub("", name)


def units(text: str) -> tuple[str, ...]:
    """The smallest pieces that can be said or left out alone, each ending with its mark.

    What leans on the sentence before («但…», «逾期…») stays with it, and a list after «：» in one piece.
    """
    pieces: list[str] = []
    start = depth = 0
    listing = False
    for place, char in enumerate(text):
        depth += (char in "（《“〔") - (char in "）》”〕")
        listing = (listing or char == "：") and char != "。"
        if char in _ENDS and depth <= 0 and not (char == "；" and listing):
            pieces.append(text[start : place + 1])
            start = place + 1
    pieces.append(text[start:])
    found: list[str] = []
    for piece in (piece for piece in pieces if piece.strip(_ENDS)):
        if found and _LEANS_BACK.match(piece):
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


def in_breaths(unit: str) -> str:
    """A unit in sentences of one breath where it can be parted at a mark without changing what it says."""
    unit = unit.rstrip(_ENDS + "，、") + "。"
    if "：" not in unit:
        unit = unit.replace("；", "。")
    return "".join(_parted(sentence) for sentence in re.findall(r"[^。！？]+[。！？]", unit))


def _parted(sentence: str) -> str:
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    for comma in _PARTED.finditer(sentence):
        if comma.start() >= _SHORTEST and len(sentence) - comma.end() >= _SHORTEST:
            return f"{sentence[: comma.start()]}。{_parted(sentence[comma.end() :])}"
    return sentence
