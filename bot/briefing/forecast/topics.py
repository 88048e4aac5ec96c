"""How far a question belongs to the topics of an event, told by words and official terms."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.briefing.forecast.weights import weights
from bot.briefing.models import Event
from bot.dialogue.lexicon import Lexicon
from index.analysis import normalise, words
from knowledge.library import Library
from knowledge.models import Boundary, CalendarEntry, Document

_SEPARATORS = re.compile(r"[、，,；;：:。/\s]+")
_TERM_WEIGHT = 1.6
"""As in :mod:`bot.dialogue.matching`: an official term tells more than a word as rare as it."""

_HELD = 0.6
"""Share of a topic's words that one text must hold for the topic to be known: more than one word of two."""
_CALLED = 0.75
"""Share of a topic's words that the title of a document on it holds."""
_BROUGHT = 0.9
"""What a season brings is a little further from it than what is named outright."""


def topics_of(event: Event) -> tuple[str, ...]:
    """The topics one by one: 「义务教育入学、学生资助」 given as one text are two."""
    parts = (part for topic in event.topics for part in _SEPARATORS.split(topic))
    return tuple(dict.fromkeys(part for part in parts if part))


def unmatched_topics(event: Event, library: Library) -> tuple[str, ...]:
    """Topics of the event of which the library holds nothing."""
    topics = Topics(library)
    return tuple(topic for topic in topics_of(event) if not topics.known(topic))


def unpublished(library: Library) -> tuple[Boundary, ...]:
    """Matters of ours of which editors know that no published text speaks."""
    return tuple(boundary for boundary in library.boundaries if boundary.kind == "unpublished")


def unpublished_text(boundary: Boundary) -> str:
    """What such a matter is called, in all words."""
    return " ".join((boundary.matter, *boundary.cues))


class Topics:
    """Compares texts with topics. Every text stands for its tokens: words, and official terms with the wider
    terms that they are a kind of, so that 助学贷款 belongs to 学生资助."""

    def __init__(self, library: Library) -> None:
        self._lexicon = Lexicon(library)
        self._calendar = library.calendar
        published = [library.documents[document_id] for document_id in sorted(library.published)]
        self._titles = {document.id: self.tokens(_title(document)) for document in published}
        self._unpublished = [self.tokens(unpublished_text(boundary)) for boundary in unpublished(library)]
        self._filed = {document.id: self.tokens(_filed(document, library)) for document in published}
        texts = [self.tokens(f"{entry.question} {entry.answer}") for entry in library.citable_faq]
        counts = Counter(token for text in (*texts, *self._filed.values()) for token in text)
        total = len(texts) + len(self._filed)
        self._weight = {token: math.log(1 + total / count) for token, count in counts.items()}
        self._unseen = math.log(1 + total)
        self._library = library
        self._columns_of: dict[str, frozenset[str]] = {}
        self._names_of: dict[str, frozenset[str]] = {}
        self._asked: dict[str, tuple[frozenset[str], ...]] = {}

    def tokens(self, text: str) -> frozenset[str]:
        """Words and official terms (``t:``), wider ones too."""
        terms = self._lexicon.wider(self._lexicon.terms(normalise(text)))
        return frozenset(words(text)) | {f"t:{term}" for term in terms}

    def _named(self, topic: str) -> frozenset[str]:
        """What a topic names: official terms, and words that are no part of one; no wider terms, since
        助学贷款 does not ask for all of 学生资助."""
        if topic not in self._names_of:
            terms = self._lexicon.terms(normalise(topic))
            rest = [word for word in words(topic) if not any(word in term for term in terms)]
            longest = [word for word in rest if not any(word in other for other in rest if other != word)]
            self._names_of[topic] = frozenset(longest) | {f"t:{term}" for term in terms}
        return self._names_of[topic]

    def aspects(self, text: str) -> frozenset[str]:
        """What is asked: ids of ``aspects.yaml``."""
        return self._lexicon.aspects(normalise(text))

    def cover(self, wanted: frozenset[str], text: frozenset[str]) -> float:
        """Share of the weight of what is wanted that a text holds, 0..1."""
        mass = sum(map(self._weighed, wanted))
        return sum(map(self._weighed, wanted & text)) / mass if mass else 0.0

    def known(self, topic: str) -> bool:
        """Whether a document of the library is called or filed so, a time of the school year, or a matter of
        ours that is known not to be published."""
        return any(self._held(wanted) for wanted in self._wanted(topic))

    def near(
        self, topic: str, document: str, text: frozenset[str], columns: frozenset[str] | None = None
    ) -> float:
        """How far a text of a document is of the topic, 0..1: the mean of what the document is called, what
        it is filed under, and what the text says. Without a document its ``columns`` of the catalogue say
        under what it is filed; a citizen's words, which have none either, speak for themselves."""
        own, *brought = (self._mean(wanted, topic, document, text, columns) for wanted in self._wanted(topic))
        return max(own, _BROUGHT * max(brought, default=0.0))

    def _mean(
        self,
        wanted: frozenset[str],
        topic: str,
        document: str,
        text: frozenset[str],
        columns: frozenset[str] | None,
    ) -> float:
        said = self.cover(wanted, text)
        if columns is not None:
            return (bool(columns & self._columns(topic)) + said) / 3
        title, filed = self._titles.get(document, text), self._filed.get(document, text)
        return (self.cover(wanted, title) + self.cover(wanted, filed) + said) / 3

    def season(self, entry: CalendarEntry, document: str, text: frozenset[str]) -> float:
        """How far a text is what a time of the school year brings, 0..1: its topics and the questions of its
        note count half each."""
        topic = max((self.near(topic, document, text) for topic in entry.topics), default=0.0)
        if topic < weights().near_topic:
            return 0.0
        asked = [self._named(part) for part in _SEPARATORS.split(entry.note.removeprefix("问")) if part]
        return (topic + max((self.cover(part, text) for part in asked), default=0.0)) / 2

    def _columns(self, topic: str) -> frozenset[str]:
        """Columns of the catalogue in which the documents stand that are called so."""
        if topic not in self._columns_of:
            wanted = self._named(topic)
            called = [one for one, title in self._titles.items() if self.cover(wanted, title) >= _CALLED]
            found = (column for one in called for column in self._library.documents[one].categories)
            self._columns_of[topic] = frozenset(found)
        return self._columns_of[topic]

    def _held(self, wanted: frozenset[str]) -> bool:
        texts = (*self._filed.values(), *self._unpublished)
        return any(self.cover(wanted, text) >= _HELD for text in texts)

    def _wanted(self, topic: str) -> tuple[frozenset[str], ...]:
        """The topic's tokens; of a time of the school year (秋季开学) those of each topic that it brings."""
        if topic not in self._asked:
            own = self._named(topic)
            seasons = () if self._held(own) else self._seasons(own)
            self._asked[topic] = (own, *(self._named(part) for part in seasons))
        return self._asked[topic]

    def _seasons(self, wanted: frozenset[str]) -> Iterable[str]:
        for entry in self._calendar:
            if self.cover(wanted, self.tokens(entry.name)) >= 1 - weights().near_topic:
                yield from entry.topics

    def _weighed(self, token: str) -> float:
        weight = self._weight.get(token, self._unseen)
        return weight * _TERM_WEIGHT if token.startswith("t:") else weight


def nearest(near: Mapping[str, float]) -> str:
    """The topic that is nearest; empty where none is near."""
    topic = max(near, key=lambda name: near[name], default="")
    return topic if topic and near[topic] > 0 else ""


def _title(document: Document) -> str:
    return " ".join((document.title, *document.aliases))


def _filed(document: Document, library: Library) -> str:
    columns = [library.categories[column] for column in document.categories if column in library.categories]
    names = (part for column in columns for part in (column.name, column.group))
    return " ".join((_title(document), *document.topics, *names))
