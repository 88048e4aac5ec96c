"""Figures out of the sentences of a page: which number means what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from bot.signals.statistics.keys import KEYS
from bot.signals.statistics.models import Figure, Origin, SourceRow, Unnamed, plain
from bot.signals.statistics.pages import BLOCK, Line, Page
from bot.signals.statistics.wording import CHANNEL_NAMES, FigureKey
from index.numerals import arabic_numerals, numeral_value

_SENTENCE = re.compile(rf"[^。！？；;\n{BLOCK}]+[。！？；;]?")
_CLAUSE_END = re.compile(r"[,，:：()（）;；。]")
_HAN_COUNTED = re.compile(
    r"(?<![第几数每统唯零一二两三四五六七八九十百千万])([一二两三四五六七八九十])(?=[场篇幅期批户则])"
)
_SPACED_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))")
_NOT_COUNTS = re.compile(
    r"20\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(?:19|20)\d\d年度?(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号])?"
    r"|[〔\[【(（]\s*(?:19|20)\d\d\s*[〕\]】)）]\s*\d+\s*号?|第\s*\d+|\d+号"
    r"|(?<!\d)12\d{3}(?=[^\d]{0,12}热线|政务|便民|平台)|\d{7,}[\d/-]*|[A-Za-z]+\d[\w-]*"
)
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([万亿]?)\s*(余|多)?\s*(百分点|[^\W\d_]|%)?")
_COMPARED = re.compile(r"同比|环比|较(?:上|去|前)|比(?:上|去|前)年|上年同期")
_LONGEST_SENTENCE = 2_000
"""Characters. Nobody writes longer ones; lists without any mark may be as long."""
_OTHER_YEAR = "往年"
_YEARS_NAMED = re.compile(r"(?P<other>(?<![较比])(?:往年|去年|上年|上一年)(?!度?结转))|本年|今年")
_RULE = re.compile(r"每(?:年|季|月|周|人|校|个|两)|不少于|不低于|不超过|至少|不得")
_RANGE = re.compile(r"以[上下内]|工作日")
_COUNTERS = {*"条篇个件份则项部期幅次场人名户位类%元万天年月日家所", "百分点"}
_FILLER = re.compile(
    r"其中|全年|年内|今年|本年度?|以来|累计|共计|总计|合计|共有|共|分别|各|为|有|达到|达|到|至|了|的|已|均|是|我局|我市|市教体局"
    r"|约|近|超过|超|另外|另|并|和|及|与|[,，、:：()（）\s“”\"'\t目前增加至]"
)
_LIST = re.compile("[、和与及]")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a clause, with the words on both sides of it up to the next number or mark."""

    value: Decimal
    unit: str
    before: str
    after: str
    about: bool
    reason: str
    """Why it is no figure; empty where it may be one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says: its figures, and the numbers that mean nothing to us."""

    figures: tuple[Figure, ...]
    unnamed: tuple[Unnamed, ...]


def read_figures(page: Page) -> Reading:
    """Every number of the page as a figure, or as unnamed with the reason. The head is left out."""
    found: dict[tuple[str, Decimal], Figure] = {}
    unnamed: list[Unnamed] = []
    for line in page.lines:
        if line.head:
            continue
        for key, number, sentence in _named(line, page.year, unnamed):
            source = SourceRow(page.name, line.number, text=sentence)
            unit = number.unit if number.unit and number.unit in key.units else key.unit
            known = found.get((key.id, number.value))
            sources = (*known.sources, source) if known else (source,)
            found[key.id, number.value] = Figure(
                key.id,
                key.name,
                number.value,
                unit,
                f"{page.year}年" if page.year else "",
                Origin.PAGE,
                sources,
                number.about,
                line.lossy or bool(known and known.doubtful),
            )
    return Reading(tuple(found.values()), tuple(unnamed))


def name_of(text: str) -> FigureKey | None:
    """The key that words such as 微博发布 or 政策解读 mean."""
    key, _ = _key_for(_Number(Decimal(1), "", text, "", about=False, reason=""), "")
    return key


def _named(line: Line, year: int | None, unnamed: list[Unnamed]) -> Iterator[tuple[FigureKey, _Number, str]]:
    topic = ""
    for match in _SENTENCE.finditer(line.text):
        sentence = match[0].strip()
        if len(sentence) > _LONGEST_SENTENCE:
            unnamed.append(Unnamed("", sentence[:_LONGEST_SENTENCE], line.number, "句子过长，没有识别"))
            continue
        for number in _numbers(sentence, year):
            key, reason = (None, number.reason) if number.reason else _key_for(number, topic)
            if key:
                yield key, number, sentence
            else:
                unnamed.append(Unnamed(plain(number.value) + number.unit, sentence, line.number, reason))
            topic = _last_topic(number.before + number.after, topic)
        topic = _last_topic(sentence, topic)


def _last_topic(text: str, topic: str) -> str:
    """Which of the subjects was named last; the earlier one where none is named."""
    places = {
        key.subject: max(found.end() for found in matches)
        for key in KEYS
        if key.subject and (matches := list(_pattern(key.subject).finditer(text)))
    }
    return max(places, key=lambda subject: places[subject]) if places else topic


def _key_for(number: _Number, topic: str) -> tuple[FigureKey | None, str]:
    around = f"{number.before}#{number.after}"
    channels = [name for name, words in CHANNEL_NAMES.values() if _pattern(words).search(around)]
    if len(channels) > 1:
        return None, f"同时说到{'、'.join(channels)}"
    bare = _FILLER.sub("", around.replace("#", ""))
    if bare == "" and not topic:
        return None, "没有说明是什么"
    fitting = [key for key in KEYS if key.own and _counts(key, number.unit)]
    for after_it in (True, False):  # 召开#场新闻发布会: what follows the number names it first
        if after_it and not number.after:
            continue
        text = f"#{number.after}" if after_it else around
        for key in fitting:
            if _pattern(key.own).search(text):
                return key, ""
    for key in KEYS:
        carried = key.subject == topic and topic and key.short and _counts(key, number.unit)
        if carried and _pattern(key.short).fullmatch(bare):
            return key, ""
    return None, "不认识的名称"


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _counts(key: FigureKey, unit: str) -> bool:
    return not unit or unit in key.units


def _numbers(sentence: str, year: int | None) -> Iterator[_Number]:
    """The numbers of a sentence in order, each with its own words. ``year``: that of the page."""
    lead, spread, other_year = "", list[str](), False
    for clause in _CLAUSE_END.split(_spelled(sentence, year)):
        matches = list(_NUMBER.finditer(clause))
        figure_seen = False
        for position, match in enumerate(matches):
            start = matches[position - 1].end() if position else 0
            end = matches[position + 1].start() if position + 1 < len(matches) else len(clause)
            before = clause[start : match.start()]
            if position:  # what stands before the 、 belongs to the number before
                before = before.partition("、")[2] or before
            if "分别" in before:
                names, _, tail = before.partition("分别")
                spread = [name + tail for name in _LIST.split(names) if name]
            number = _number(match, before, clause[match.end() : end])
            other_year = _is_other_year(clause[: match.start()], other_year)
            if other_year and not number.reason:
                number = replace(number, reason="其他年份的数")
            if spread and ("分别" in before or not _LIST.sub("", before).strip()):
                number = replace(number, before=spread.pop(0), after="")
            elif not _FILLER.sub("", before) and lead:
                number = replace(number, before=lead + before)
            yield number
            figure_seen |= not number.reason
            if number.reason and _COMPARED.search(before):
                lead = _COMPARED.split(before)[0] or lead
        other_year = _is_other_year(clause, other_year)
        if figure_seen:
            lead = ""
        elif not matches and _FILLER.sub("", clause):
            lead = clause


def _number(match: re.Match[str], before: str, rest: str) -> _Number:
    """One number; ``rest`` is what follows up to the next number or the end of the clause."""
    unit = match[4] or ""
    after = re.split(r"[、\s]", rest)[0]
    if unit and unit not in _COUNTERS:
        unit, after = "", unit + after
    value = Decimal(match[1]) * {"": 1, "万": 10_000, "亿": 100_000_000}[match[2]]
    about = bool(match[3] or re.search("[约近]$|超过?$", before.rstrip()))
    return _Number(value, unit, before, after, about, _no_figure(before, unit, after))


def _no_figure(before: str, unit: str, after: str) -> str:
    """Why a number is no figure of the year, or nothing."""
    if _COMPARED.search(before) or unit == "百分点":
        return "与往年比较的数"
    if _RULE.search(before) or _RANGE.match(after):
        return "规定或要求中的数"
    return ""


def _is_other_year(text: str, before: bool) -> bool:
    """Whether the year that was named last is another one than the page's."""
    named = list(_YEARS_NAMED.finditer(text))
    return bool(named[-1]["other"]) if named else before


def _spelled(sentence: str, year: int | None) -> str:
    """Numbers in Arabic digits; dates, document numbers and names such as 12345 without digits."""

    def without_digits(match: re.Match[str]) -> str:
        dated = re.match(r"(\d{4})年", match[0])
        if dated and year:
            return "本年" if int(dated[1]) == year else _OTHER_YEAR
        return re.sub(r"\d", "", match[0])

    text = arabic_numerals(_SPACED_THOUSANDS.sub("", unicodedata.normalize("NFKC", sentence)))
    text = _HAN_COUNTED.sub(lambda match: plain(numeral_value(match[1]) or Decimal(0)), text)
    return _NOT_COUNTS.sub(without_digits, text)
