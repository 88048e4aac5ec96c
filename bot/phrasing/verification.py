"""Whether a reply of a language model says nothing but the published sentences, and all that matters of them.

A model is only believed where code can show that nothing changed, so the rule is about whole sentences:

* Every clause of the reply is a clause of the published text, apart from white space, joining words and a
  few words that always mean the same (:data:`_SAME`). Hence no figure, date, 文号, title, telephone,
  office, modal or negation can be new, moved to another matter, stronger or weaker.
* A sentence is said whole. Only «按…规定，» before it and plain clauses at its end may be missing.
* Sentences keep their order, and inside a paragraph none is jumped over: «另加10元» stays with its subject.
* A sentence of the direct answer is only left out where the reply holds its figures, limits, negations and
  exceptions and most of its words; an added statement where no exception, polarity or figure of the kind
  asked for is lost.

Docs: ``docs/decisions/0005-language-model.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.figures import figures, unsupported

_SAME = (
    ("应当|应该", "应"),
    ("按照|依照|依据|根据", "按"),
    ("以及|及|和|与", "、"),
    ("或者", "或"),
    ("可以", "可"),
    ("已经", "已"),
    ("需要", "需"),
    ("每日", "每天"),
    ("最多|至多", "不超过"),
    ("至少", "不少于"),
    ("的(?!$)|了", ""),
)
"""Wordings with one meaning, and what both become before comparison. «的» that ends a clause makes it a
condition («情节严重的，»), so it counts."""
_JOINING = re.compile(r"^(?:也就是说|具体来说|简单来说|那么|另外|此外|也|就|则)+(?!是|近)")
_SPACE_AT_LATIN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[\u4e00-\u9fff])")
_COMMAS = re.compile(r"[，；：。\n]+")
_UNTIDY = re.compile(r"^[，；：。]|[，；：。]{2}|\n[，；：。]|[，；：]\n")
_SENTENCE_END = "。！？\n；"
_OPENING, _CLOSING = "（(《〈“‘〔[", "）)》〉”’〕]"
_LEANS_BACK = re.compile(
    r"但|不过|然而|否则|其|上述|以上|前述|该|这|此|它|他|也|还|同时|另|除|只|仅|而|并|且|或|由此|因此|所以|对此"
    r"|[一二三四五六七八九十\d]+[是、.．]|第[一二三四五六七八九十]+[，类种]|[（(][一二三四五六七八九十\d]+[）)]"
)
"""Beginnings that need the sentence before."""
_SHORTEST_SENTENCE = 5
"""«不可以。» means nothing without the next sentence; characters."""

_LIMIT = (
    "不?(?:超过|少于|低于|高于|多于|早于|晚于)|以上|以下|以内|以外|之内|左右|约|最.|上限|下限|满"
    "|平均|原则上|一般|暂"
)
_EXCEPTION = "除|但|仅|只|例外|另有|另行|如果|若|确需|情形|特殊|待|不包括|不含|不适用"
_NEGATION = "[不没无未非勿禁免拒停]|取消|撤销|杜绝"
_WEIGHTY = re.compile(f"{_LIMIT}|{_EXCEPTION}|{_NEGATION}")
_EXCEPTED = re.compile(_EXCEPTION)
_NEGATED = re.compile(f"(?:{_LIMIT})|({_NEGATION})")
_MODAL = (
    "必|律|保证|全部|可|应|须|需|要|能|得|鼓励|支持|建议|倡导|所有|任何|都|均|各|每|强制|自愿|权|允许|准|逐步"
)
_BINDING = re.compile(
    rf"{_WEIGHTY.pattern}|{_MODAL}|[\d一二三四五六七八九十百千万两半几%]|的$|[前后起止内外时]"
)
"""A clause with one of these is never cut off the end of its sentence."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[零〇一二三四五六七八九十百千万两半几]+")
_BASIS_LEAD = re.compile(
    r"(?:(?:按照?|根据|依据|依照)[^，：]*(?:意见|规定|办法|通知|条例|规则|方案|规划|法|》|号|条|款)"
    r"|[^，：]*(?:意见|规定|办法|通知|条例|规则|方案|规划|法|》|条|款)(?:要求|提出|明确|规定|写明|指出))"
)
_PLACE = re.compile("[省市县区州乡镇]")
_REFERENCE = re.compile(r"《[^》]*》|〔\d{4}〕\d+号|第[零〇一二三四五六七八九十百千\d]+[条款项号]")
_ASKED_UNIT = re.compile(
    r"(?:多少|几)个?([\u4e00-\u9fff])|(多久|多长|钱|金额|什么时候|何时|哪年|哪天|哪一[年天]|日期)"
)
_UNITS_ASKED_BY = {
    "钱": "元万",
    "金额": "元万",
    "多久": "秒分小天日周月年个工学",
    "多长": "秒分小天日周月年个工学",
} | dict.fromkeys(("什么时候", "何时", "哪年", "哪天", "哪一年", "哪一天", "日期"), "年月日")
"""The first character of units in which such a question is answered."""
_COUNTED = re.compile(r"(\d+(?:\.\d+)?万?|[一二三四五六七八九十百千万两半]+)个?(?=([\u4e00-\u9fff]))")
_DATE = re.compile(r"(?:19|20)\d\d年(?:\d+月(?:\d+日)?)?")
_REPEATS = 0.35
"""Share of a leading sentence's character pairs in the reply from which the reply says it too."""


class Flaw(StrEnum):
    """Why a reply is not shown."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FIGURE = "unknown_figure"
    WORDING = "unpublished_wording"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Published:
    """The part of a composed answer that may be shortened: reviewed wording, a paragraph each.

    ``lead``: the direct answer; ``details``: statements added to it.
    """

    lead: tuple[str, ...]
    details: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return (*self.lead, *self.details)

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def can_be_shortened(self) -> bool:
        """Whether there is more than one sentence to choose from."""
        return sum(len(_split(paragraph)) for paragraph in self.paragraphs) > 1


Phrase = Callable[[str, Published], str | None]
"""Masked question and published text → a shorter wording without a :func:`flaw`; ``None``: there is none."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    clauses: tuple[str, ...]
    leading: bool

    def forms(self) -> Iterator[tuple[str, ...]]:
        """The ways to say the sentence, in comparable clauses."""
        heads = [self.clauses]
        if len(self.clauses) > 1 and _names_basis(self.clauses[0]):
            heads.append(self.clauses[1:])
        last = len(self.clauses)
        while last > 1 and not _BINDING.search(self.clauses[last - 1]):
            last -= 1
        dropped = len(self.clauses) - last
        for head in heads:
            for end in range(max(len(head) - dropped, 1), len(head) + 1):
                yield _sayings(head[:end])


def flaw(reply: str, published: Published, question: str) -> Flaw | None:
    """Why ``reply`` must not stand in place of ``published.text``; ``None`` where it may."""
    if not reply.strip("，；：。\n "):
        return Flaw.EMPTY
    if len(reply) > len(published.text):
        return Flaw.TOO_LONG
    if unsupported(reply, published.text):
        return Flaw.FIGURE
    if _UNTIDY.search(reply):
        return Flaw.WORDING
    paragraphs = tuple(
        tuple(_Sentence(text, _clauses(text), at < len(published.lead)) for text in _split(paragraph))
        for at, paragraph in enumerate(published.paragraphs)
    )
    readings = tuple(_readings(_sayings(_clauses(reply)), paragraphs))
    if not readings:
        return Flaw.WORDING
    decisive = _asked_units(question)
    with_figures = bool(figures(_REFERENCE.sub("", " ".join(published.lead))))
    for reading in readings:
        left_out = [one for sentences in paragraphs for one in sentences if one not in reading]
        if all(
            _repeated(one.text, reply) if one.leading else _extra(one.text, reply, decisive, with_figures)
            for one in left_out
        ):
            return None
    return Flaw.LEFT_OUT


def _readings(
    said: tuple[str, ...], paragraphs: tuple[tuple[_Sentence, ...], ...], after: tuple[int, int] | None = None
) -> Iterator[tuple[_Sentence, ...]]:
    """The ways to read a reply as published sentences in their order."""
    if not said:
        yield ()
        return
    for place in _places(paragraphs, after):
        sentence = paragraphs[place[0]][place[1]]
        for form in sentence.forms():
            if said[: len(form)] == form:
                for rest in _readings(said[len(form) :], paragraphs, place):
                    yield (sentence, *rest)


def _places(
    paragraphs: tuple[tuple[_Sentence, ...], ...], after: tuple[int, int] | None
) -> Iterator[tuple[int, int]]:
    """Where the next sentence may come from: next in the same paragraph, or anywhere in a later one."""
    first = 0
    if after is not None:
        first = after[0] + 1
        if after[1] + 1 < len(paragraphs[after[0]]):
            yield after[0], after[1] + 1
    for number in range(first, len(paragraphs)):
        yield from ((number, place) for place in range(len(paragraphs[number])))


def _repeated(lead: str, reply: str) -> bool:
    """Whether the reply says what a sentence of the direct answer says."""
    if _weight(_REFERENCE.sub("", lead)) - _weight(reply) or unsupported(_REFERENCE.sub("", lead), reply):
        return False
    pairs = _pairs(lead)
    return len(pairs & _pairs(reply)) >= _REPEATS * len(pairs)


def _extra(detail: str, reply: str, decisive: frozenset[str], lead_has_figures: bool) -> bool:
    """Whether a statement that was added to a direct answer may be missing: no exception, no polarity and no
    figure of the kind asked for goes with it."""
    plain = _REFERENCE.sub("", detail)
    if not decisive & frozenset("年月日"):
        plain = _DATE.sub("", plain)
    if set(_EXCEPTED.findall(plain)) - set(_EXCEPTED.findall(reply)):
        return False
    if any(_NEGATED.findall(plain)) and not any(_NEGATED.findall(reply)):
        return False
    if not figures(plain) - figures(reply):
        return True
    lost = {match[2] for match in _COUNTED.finditer(plain) if match[0] + match[2] not in reply}
    return lead_has_figures and not decisive & lost


def _asked_units(question: str) -> frozenset[str]:
    """First characters of the units that a question asks for: 多少条 → 条, 什么时候 → 年, 月, 日."""
    found = [unit or _UNITS_ASKED_BY[way] for unit, way in _ASKED_UNIT.findall(question)]
    return frozenset("".join(_UNITS_ASKED_BY.get(unit, unit) for unit in found))


def _weight(text: str) -> frozenset[str]:
    """Numbers, limits, negations and exceptions of a text."""
    comparable = _comparable(text)
    return frozenset(_WEIGHTY.findall(comparable)) | frozenset(_NUMBER.findall(comparable))


def _pairs(text: str) -> frozenset[str]:
    comparable = _comparable(text)
    return frozenset(comparable[at : at + 2] for at in range(len(comparable) - 1))


def _names_basis(clause: str) -> bool:
    """Whether a clause only says where it stands («按教育惩戒规则第十条»), as the source line does.

    A place in it («宣城市规划提出») limits what follows, so it counts.
    """
    plain = _REFERENCE.sub("", clause)
    limits = _NUMBER.search(plain) or _WEIGHTY.search(plain) or _PLACE.search(plain)
    return _BASIS_LEAD.fullmatch(clause) is not None and not limits


def _comparable(text: str) -> str:
    text = _JOINING.sub("", _SPACE_AT_LATIN.sub("", text.strip(" ")))
    for wordings, one in _SAME:
        text = re.sub(wordings, one, text)
    return text


def _sayings(clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Clauses in comparable form without those that only join («另外，»)."""
    return tuple(found for clause in clauses if (found := _comparable(clause)))


def _clauses(text: str) -> tuple[str, ...]:
    return tuple(clause for clause in _COMMAS.split(text) if clause.strip(" "))


def _split(paragraph: str) -> list[str]:
    """Sentences that can stand without the one before."""
    pieces: list[str] = []
    start = depth = 0
    listing = False
    for place, char in enumerate(paragraph):
        depth += (char in _OPENING) - (char in _CLOSING)
        listing = (listing or char == "：") and char not in "。\n"
        if char in _SENTENCE_END and depth <= 0 and not (char == "；" and listing):
            pieces.append(paragraph[start : place + 1])
            start = place + 1
    pieces.append(paragraph[start:])
    return _joined([piece for piece in pieces if piece.strip("\n ")])


def _joined(pieces: list[str]) -> list[str]:
    sentences: list[str] = []
    for piece in pieces:
        leans = _LEANS_BACK.match(piece) or (sentences and len(sentences[-1]) < _SHORTEST_SENTENCE)
        if sentences and leans:
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return sentences
