"""Names of people: after 我叫, after labels such as 家长 and 联系人, beside a phone number, in signatures.

A name is a surname with one or two characters that are no common word; which words are common is asked of the
dictionary of jieba. Names half hidden by their writer (李某) and surnames with a title (王老师) stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import rjieba

from bot.masking_numbers import Place
from bot.masking_words import (
    AFTER_A_NAME,
    AMBIGUOUS_SURNAMES,
    COMPOUND_SURNAMES,
    END_OF_A_BODY,
    INTRODUCTIONS,
    LABELS,
    NOT_A_NAME,
    NOT_IN_A_NAME,
    NOUN_SUFFIXES,
    SURNAMES,
    TITLES,
)

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_HAN_RUN = re.compile(rf"[{_HAN}]{{1,8}}")
_DOT = "[·•・]"
_DOTTED = rf"[{_HAN}]{{1,8}}(?:{_DOT}[{_HAN}]{{1,8}}){{1,3}}"
_DOTTED_NAME = re.compile(
    rf"[{_HAN}]{{1,8}}(?:{_DOT}[{_HAN}]{{1,8}}?){{1,3}}(?=[^{_HAN}·•・]|$|{'|'.join(AFTER_A_NAME)})"
)
_NAME = rf"(?P<part>{_DOTTED}|[{_HAN}]{{2,4}})"


def _ending_in(words: Iterable[str]) -> str:
    """A pattern for any of these words that starts at their last character and looks back.

    These characters are rare, so most of a text is passed over quickly.
    """
    lengths: dict[int, list[str]] = {}
    for word in words:
        lengths.setdefault(len(word), []).append(word)
    back = "|".join(f"(?<={'|'.join(same)})" for same in lengths.values())
    return f"[{''.join({word[-1] for word in words})}](?:{back})"


_INTRODUCED = re.compile(_ending_in(INTRODUCTIONS) + "做?")
_FIRST = "".join(sorted(SURNAMES | {surname[0] for surname in COMPOUND_SURNAMES}))
_LABEL = re.compile(
    rf"{_ending_in(LABELS)}(?:的?(?:姓名|名字))?(?=[ \t:=是为叫({_FIRST}]|[{_HAN}]{{1,8}}{_DOT})"
)
_SEPARATOR = re.compile(r"[ \t]*(?:(?P<mark>[:=])|[是为叫])?[ \t]*\(?")
_MASKED_NAMES = re.compile(r"(?:\[姓名\]、)+")
_PARENT = re.compile(
    r"我是(?P<part>[^的\s,。:;!?]{2,12}?)(?:同学|小朋友)?的?"
    r"(?:家长|爸爸?|妈妈?|[父母]亲|爷爷|奶奶|外[公婆]|监护人|姐姐|哥哥)"
)
_PHONE_AHEAD = re.compile(
    rf"(?<![{_HAN}·•・]){_NAME}[ \t,:(]{{0,4}}"
    r"(?:(?:联系|手机|家庭|办公)?(?:电话|手机|方式|号码?)+[ :是为]{0,2})?$"
)
_PHONE_BEHIND = re.compile(rf"[ \t,(]{{1,3}}{_NAME}(?![^\W\d_])")
_DAY = (
    r"(?:写于)?(?:[12]\d{3}[年./\-]\d{1,2}(?:[月./\-](?:\d{1,2}[日号]?)?)?|[12]\d{7}|\d{1,2}月\d{1,2}[日号])"
    r"(?: ?\d{1,2}:\d{2}(?::\d{2})?)?"
)
_SIGNED = re.compile(
    rf"(?:敬礼|[。!?;~…\n]|  |[。!?,] |——)[!。,\s]*{_NAME}"
    rf"(?:敬上|谨上|呈上|敬启|谨启|叩首|拜托|上|呈)?[\s,。]*(?:{_DAY})?[\s。]*$"
)
_AFTER_LETTER = re.compile(rf"敬礼[!。,\s]*{_NAME}(?=[\s,。\d(\[])")
_SHORTEST_LETTER = 12
"""Characters before a signature. «高三» alone is an answer in a chat, not a letter."""
_SIGNATURE_REACH = 60
"""Characters from the end in which a signature is looked for."""
_NO_ENDS = (*TITLES, *END_OF_A_BODY)


def names(text: str, phones: Iterable[Place]) -> Iterator[Place]:
    """Yields (start, end) of names of people.

    Args:
        text: with half-width letters, digits and punctuation.
        phones: the phone numbers in it; a name that stands alone beside one is its owner's.
    """
    for match in _INTRODUCED.finditer(text):
        yield from _after(text, match.end(), introduced=True)
    for match in _LABEL.finditer(text):
        yield from _after(text, match.end(), introduced=False)
    for match in _PARENT.finditer(text):
        if _is_name(match["part"], unknown=True):
            yield match.span("part")
    for start, end in phones:
        yield from _beside(text, start, end)
    yield from _signatures(text)


def _after(text: str, position: int, *, introduced: bool) -> Iterator[Place]:
    """The name after a label, and those joined to it by 、."""
    separator = _SEPARATOR.match(text, position)
    assert separator is not None  # every part of it may be missing
    sure = introduced or separator["mark"] is not None
    start = _past_masked(text, separator.end())
    while end := _end_of_name(text, start, sure=sure):
        yield start, end
        if text[end : end + 1] != "、":
            break
        start = _past_masked(text, end + 1)
    else:
        if introduced and (end := _end_by_words(text, start)):
            yield start, end


def _past_masked(text: str, start: int) -> int:
    """Past the names of a list (A、B、C) that are masked already."""
    masked = _MASKED_NAMES.match(text, start)
    return masked.end() if masked else start


def _end_of_name(text: str, start: int, *, sure: bool) -> int | None:
    """Where the name that begins here ends, if a boundary or one of the words that follow a name says so.

    Args:
        sure: whether a name must follow, so that any surname will do, also one that is in no list.
    """
    if dotted := _DOTTED_NAME.match(text, start):
        return dotted.end()
    run = _HAN_RUN.match(text, start)
    if run is None or (not sure and run[0][0] in AMBIGUOUS_SURNAMES):
        return None
    if _is_name(run[0], unknown=sure):
        return run.end()
    for length in (4, 3, 2):
        if run[0][length:].startswith(AFTER_A_NAME) and _is_name(run[0][:length]):
            return start + length
    return None


def _end_by_words(text: str, start: int) -> int | None:
    """After 我叫 a name may run on into the sentence: 我叫王芳想问. The words after it decide its length."""
    run = _HAN_RUN.match(text, start)
    if run is None:
        return None
    surname = _surname(run[0])
    rest = run[0][surname:]
    if not surname or not rest or rest[0] in NOT_IN_A_NAME or run[0][: surname + 1] in NOT_A_NAME:
        return None
    longer = len(rest) > 1 and rest[1] not in NOT_IN_A_NAME
    if longer and len(rest) > 2 and _begins_with_a_word(rest[1:]) and not _begins_with_a_word(rest[2:]):
        longer = False
    end = surname + (2 if longer else 1)
    return start + end if not _is_common(run[0][:end]) else None


def _begins_with_a_word(text: str) -> bool:
    return text[0] in NOT_IN_A_NAME or len(rjieba.cut(text)[0]) > 1


def _beside(text: str, start: int, end: int) -> Iterator[Place]:
    """A name that stands alone before or after a phone number."""
    ahead = _PHONE_AHEAD.search(text, max(0, start - 20), start)
    if ahead and _stands_alone(ahead["part"]):
        yield ahead.span("part")
    behind = _PHONE_BEHIND.match(text, end)
    if behind and _stands_alone(behind["part"]):
        yield behind.span("part")


def _signatures(text: str) -> Iterator[Place]:
    """A name alone at the end, with or without a date, or after 敬礼."""
    if "敬礼" in text:
        for match in _AFTER_LETTER.finditer(text):
            if _is_name(match["part"]):
                yield match.span("part")
    signed = _SIGNED.search(text, max(_SHORTEST_LETTER, len(text) - _SIGNATURE_REACH))
    if signed and _stands_alone(signed["part"]):
        yield signed.span("part")


def _stands_alone(word: str) -> bool:
    """Whether it is a name where no label says so."""
    return word[0] not in AMBIGUOUS_SURNAMES and _is_name(word)


def _surname(word: str) -> int:
    """Length of the surname that a word begins with; 0 if there is none."""
    if word[:2] in COMPOUND_SURNAMES:
        return 2
    return int(word[:1] in SURNAMES)


def _is_name(word: str, *, unknown: bool = False) -> bool:
    """Whether these characters, and no more, can be a full name."""
    if re.search(_DOT, word):
        return True
    if not 2 <= len(word) <= 4 or word[:2] in NOT_A_NAME or word.endswith(_NO_ENDS) or "某" in word:
        return False
    surname = _surname(word)
    if len(word) == 4 and surname == 1:
        two = word[1] in SURNAMES and not AMBIGUOUS_SURNAMES & set(word[:2])
        surname = 2 * (two and not all(map(rjieba.has_word, (word[:2], word[2:]))))
    if surname and 1 <= len(word) - surname <= 2:
        return not _is_common(word)
    return unknown and not surname and len(word) <= 3 and _may_be_unknown_name(word)


def _is_common(word: str) -> bool:
    """Whether it is a word of the dictionary, words put together, or a word and a particle."""
    tokens = rjieba.tag(word)
    first, mark = tokens[0]
    rest = word[len(first) :]
    if len(first) == 1 or mark.startswith("nr") or not rjieba.has_word(first):
        return rest[-1:] in NOT_IN_A_NAME
    if word[:2] in COMPOUND_SURNAMES:
        return not rest
    return len(rest) != 1 or len(first) > 2 or rest in NOT_IN_A_NAME or rest in NOUN_SUFFIXES


def _may_be_unknown_name(word: str) -> bool:
    """A surname that is in no list: not known to the dictionary, and no function word in it."""
    tokens = rjieba.tag(word)
    return not set(word) & NOT_IN_A_NAME and (
        tokens[0][1].startswith("nr") or not rjieba.has_word(tokens[0][0])
    )
