"""A text in clauses: what each says in comparable words, whether it denies, and whether it is about now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.wording import function_words
from bot.rehearsal.grading.quantities import Quantity, quantities
from bot.rehearsal.grading.wordlists import WordLists, wordlists
from index.analysis import normalise

_ENDS = re.compile(r"(?<!\d)[,，:：](?!\d)|(?<=\d)[,，](?!\d{3})|(?<!\d)[,，](?=\d)|[。！？!?；;…()（）\n]+")
_SENTENCE = re.compile(r"[。！？!?；;…\n]")
_TOPIC = re.compile(r"(?:至于|关于|对于|说到|像)[^，,]*$")
"""«至于中班小班，» only names what the next clause speaks of."""
_NOT_SAID = re.compile(
    r"《[^》]*》|除[^,;。]*?(?:之外|以外|外)"
    r"|[^,;。]*?(?:公告|通知|文件|意见|办法|规定|规则|条例|计划)[里中上的]*(?:写明|规定|明确|提出|要求|写|说|讲)(?:[了着的]|得明白)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d年|十[二三四]五")
_WHATEVER = re.compile(
    r"([\u4e00-\u9fff])[不没]\1|不[管论](?=.{0,10}(?:是|还是|都|哪|什么|多))|[^,;。]不[^,;。]{1,4}不(?:了|到)"
)
_UNSTATED = re.compile(
    r"^(?:如果|要是|只要|凡|假如|倘若|若)|(?:[没不未无][^是可允行]*的|的话|时候?|是否.*)$|不是.*(?<!不)是|(?<!不)是.*不是"
)
"""«没有告知的，…», «是工作日不是自然天»."""
_FORBIDDEN = re.compile(r"(?:禁止|严禁|不得)[^,;。]*$")
_CONTENT = re.compile(r"[\u4e00-\u9fff]{2,}|[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece between punctuation marks. ``raw`` is as written, ``text`` normalised.

    ``words`` are its content words and official terms (``t:``); ``labels`` the slot values it names.
    ``denied``: an odd number of negations, «不收» for «免» not being one.
    """

    raw: str
    text: str
    sentence: int
    words: frozenset[str]
    matter: frozenset[str]
    """Its words beside titles, exceptions («除…外») and general words: what it affirms or denies."""
    labels: frozenset[str]
    quantities: tuple[Quantity, ...]
    denied: bool
    unstated: bool
    """A condition, or both sides of a contrast: denies nothing by itself."""
    paid: bool
    """Says that something costs money: against «免», a denial."""
    aside: bool
    """Stands in brackets."""
    past: bool
    dated: bool
    """Names a year."""
    current: bool
    quoted: bool
    promise: str = ""


class ClauseReader:
    """Reads texts with the words of a library."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._lists = wordlists()

    def read(self, text: str) -> tuple[Clause, ...]:
        """The clauses of a text in their order."""
        return tuple(self._clauses(text))

    def _clauses(self, text: str) -> Iterator[Clause]:
        start = sentence = 0
        aside = forbidden = False
        for end in [*_ENDS.finditer(text), None]:
            raw = text[start : end.start() if end else len(text)].strip()
            if raw and end and _TOPIC.match(raw) and not _SENTENCE.search(end[0]):
                continue
            for piece in self._items(raw):
                yield self._clause(piece, sentence, aside, forbidden)
            if end:
                start = end.end()
                aside = end[0] in "(（" or (aside and end[0] not in ")）")
                sentence += bool(_SENTENCE.search(end[0]))
                listing = end[0] in ":：" and _FORBIDDEN.search(raw) is not None
                forbidden = listing or (forbidden and "。" not in end[0])

    def _items(self, raw: str) -> list[str]:
        """A list whose items deny for themselves («不吸烟、酒后不得入场») item by item; else all in one."""
        plain = self._lists.neutral.sub("", raw)
        several = "、" in raw and len(self._lists.negation.findall(plain)) > 1
        return [item for item in (raw.split("、") if several else [raw]) if item.strip()]

    def _clause(self, raw: str, sentence: int, aside: bool, forbidden: bool) -> Clause:
        text, lists = normalise(raw), self._lists
        return Clause(
            raw=raw,
            text=text,
            sentence=sentence,
            words=content_words(text, self._lexicon),
            matter=self._matter(text),
            labels=labels_of(text, self._lexicon),
            quantities=quantities(text),
            denied=denied(text, lists) or forbidden,
            unstated=bool(_UNSTATED.search(text)),
            paid=bool(lists.paid.search(text)),
            aside=aside,
            past=bool(lists.past.search(text)),
            dated=bool(_YEAR.search(text)),
            current=bool(lists.current.search(text)),
            quoted=bool(lists.quoted.search(text)),
            promise=lists.promised(text),
        )

    def _matter(self, text: str) -> frozenset[str]:
        plain = self._lists.free.sub(" ", _NOT_SAID.sub(" ", text))
        return content_words(plain, self._lexicon) - self._lists.empty


def content_words(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Content words of a normalised text, and the official terms it names as ``t:…``."""
    return plain_words(text) | {f"t:{term}" for term in lexicon.terms(text)}


def labels_of(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Slot values that a normalised text names (``学段=小学``), those that a general word stands for too."""
    found = lexicon.slots(text)
    named = {value for name, stages in wordlists().stages.items() for value in stages if name in text}
    named |= {v for label in found for v in wordlists().stages.get(label.partition("=")[2], ())}
    return found | {f"学段={value}" for value in named}


@lru_cache(maxsize=4096)
def plain_words(text: str) -> frozenset[str]:
    """Words of two characters and more of a normalised text that carry matter, not tone."""
    function = function_words()
    words = (word for word in rjieba.cut(text) if _CONTENT.fullmatch(word))
    return frozenset(word for word in words if not function.fullmatch(word))


def denied(text: str, lists: WordLists) -> bool:
    """Whether a normalised clause denies what it speaks of: an odd number of negations."""
    plain = lists.free.sub("", lists.neutral.sub("", _WHATEVER.sub("", text)))
    return len(lists.negation.findall(plain)) % 2 == 1
