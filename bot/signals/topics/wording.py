"""What a topic is called: keywords, a title and a representative message, all taken from its own messages."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.signals.topics.features import TopicInput, term_of, words_of
from bot.signals.words import MASK

_READ = 300
"""Messages of a topic that are looked at; of larger ones every n-th."""
_KEYWORDS = 6
_KEYWORD_SHARE = 0.2
"""A keyword is in at least one message of five, and in two."""
_READ_OF_TEXT = 300
"""Characters in which a topic without titles looks for one."""
_END_OF_CLAUSE = re.compile(r"[。！？!?；;，,\n]")
_GOOD_LENGTH = (60, 400)
"""Characters: shorter ones leave something out, longer ones are not read."""
_TITLE_LENGTH = (6, 30)
_LEAD = re.compile(
    r"^(?:[【\[][^】\]]*[】\]]|关于|有关|对于|来电人|市民|投诉|举报|反映|咨询|请问|请求|恳请|求助|建议|诉求|[\s:：，,])+"
)
_TAIL = re.compile(
    r"(?:(?:一事)?的(?:问题|投诉|举报|咨询|建议|反映|情况|请求|诉求|求助|疑问|请示|意见)|[\s。.！!？?…，,：:])+$"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """``representative`` is the id of the message that says best what the topic is about."""

    title: str
    keywords: tuple[str, ...]
    representative: str


def wording_of(members: Sequence[TopicInput], frequencies: Mapping[int, int], of: int) -> Wording:
    """Words for a topic.

    Args:
        members: its messages; at least one.
        frequencies: in how many of all messages each term is.
        of: how many messages there are.
    """
    read = members[:: math.ceil(len(members) / _READ)]
    centre = _Centre(read, frequencies, of)
    representative = max(read, key=lambda one: centre.nearness(one.text) * _length_factor(len(one.text)))
    titles = [cleaned for one in read if (cleaned := clean_title(one.title))]
    titles = titles or [clause for one in read for clause in _clauses(one.text)]
    return Wording(
        max(titles, key=lambda title: centre.nearness(title) * _title_factor(len(title)), default="")
        or _shortened(re.split(r"[。！？!?\n]", representative.text.strip(), maxsplit=1)[0])
        or "（无标题）",
        centre.keywords(),
        representative.id,
    )


def clean_title(title: str) -> str:
    """A title without what every title says (关于…的投诉), at most 30 characters."""
    title = " ".join(title.split())
    core = _TAIL.sub("", _LEAD.sub("", title))
    return _shortened(core if len(core) >= _TITLE_LENGTH[0] else title)


def _clauses(text: str) -> Iterator[str]:
    """Parts of the beginning of a text that could be a title; where something was masked is none."""
    for part in _END_OF_CLAUSE.split(text[:_READ_OF_TEXT]):
        clause = clean_title(part)
        if _TITLE_LENGTH[0] <= len(clause) < _TITLE_LENGTH[1] and not MASK.search(part):
            yield clause


class _Centre:
    """The words of a topic: in which share of its messages each is, and how rare elsewhere."""

    def __init__(self, members: Sequence[TopicInput], frequencies: Mapping[int, int], of: int) -> None:
        self._frequencies = frequencies
        self._of = of
        self._counts = Counter(
            word for one in members for word in {*words_of(one.title), *words_of(one.text)}
        )
        self._shares = {word: count / len(members) for word, count in self._counts.items()}

    def nearness(self, text: str) -> float:
        """Cosine of a text with the centre, but for the length of the latter."""
        words = {word: self._rarity(word) for word in set(words_of(text))}
        length = math.sqrt(sum(rarity**2 for rarity in words.values()))
        product = sum(self._shares.get(word, 0.0) * rarity**2 for word, rarity in words.items())
        return product / length if length else 0.0

    def keywords(self) -> tuple[str, ...]:
        often = [
            word
            for word, share in self._shares.items()
            if share >= _KEYWORD_SHARE and self._counts[word] > 1 and not _LEAD.fullmatch(word)
        ]
        often.sort(key=lambda word: (-self._shares[word] * self._rarity(word), word))
        return tuple(often[:_KEYWORDS])

    def _rarity(self, word: str) -> float:
        return math.log((self._of + 1) / self._frequencies.get(term_of(word), 1))


def _length_factor(length: int) -> float:
    least, most = _GOOD_LENGTH
    return min(1.0, length / least, most / max(length, 1))


def _title_factor(length: int) -> float:
    return min(1.0, length / _TITLE_LENGTH[0])


def _shortened(text: str) -> str:
    most = _TITLE_LENGTH[1]
    return text if len(text) <= most else f"{text[: most - 1]}…"
