"""What can be an answer: facts, FAQ entries and documents' cards, prepared for comparison."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.dialogue.answer_types import AnswerType, asked_types, held_types
from bot.dialogue.asking import asking_part
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.wording import function_words
from index.analysis import normalise
from index.build import card_id, card_questions
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Document, Fact, FaqEntry, Level, Nature
from knowledge.validity import successor_ref

_LOG = logging.getLogger(__name__)
_CACHE_NAME = "units"
ASKED_SORT = "?:"
"""Mark of the tokens that stand for a sort of answer asked for."""
_HEAD_SHARE = 0.4
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PIECE = re.compile(r"[\u4e00-\u9fff]+|[a-z]+|\d+(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can be an answer.

    ``tokens`` and ``terms`` are its own; ``topic_…`` those of the title and topics of its document.
    ``wordings``: its questions, normalised and without words of mere tone; ``question_tokens`` go with them.
    """

    id: str
    document: str
    facts: tuple[str, ...]
    newest: tuple[str, ...]
    """The facts that replaced its facts, or these: who finds one version is answered with the other."""
    questions: tuple[str, ...]
    wordings: tuple[str, ...]
    question_tokens: tuple[frozenset[str], ...]
    asking_tokens: tuple[frozenset[str], ...]
    """Of each question the part that asks."""
    tokens: frozenset[str]
    topic_tokens: frozenset[str]
    terms: frozenset[str]
    topic_terms: frozenset[str]
    aspects: frozenset[str]
    slots: frozenset[str]
    figures: frozenset[str]
    told_slots: frozenset[str]
    """Slot values of its statements alone."""
    holds: frozenset[AnswerType]
    heads: frozenset[str]
    """Official terms (``t:``) that a good part of its wordings name: what it is about."""
    national: bool = False
    measured: bool = False
    """A measured figure or a target: true of its own place only."""
    faq: FaqEntry | None = None
    is_card: bool = False

    @property
    def matters(self) -> tuple[str, ...]:
        """What it answers: its facts; open questions, guidance and cards are matters of their own."""
        return (self.id,) if self.is_open or not self.facts else self.facts

    def same_matter(self, other: Unit) -> bool:
        """Whether both answer the same, a former version of a fact counted as its newest."""
        if self.is_open or other.is_open or not self.facts:
            return self.id == other.id
        return bool(set(self.newest) & set(other.newest))

    @property
    def is_open(self) -> bool:
        """Whether it says that no text answers."""
        return self.faq is not None and self.faq.undetermined


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a unit is made from."""

    id: str
    document: str
    facts: tuple[str, ...]
    newest: tuple[str, ...]
    questions: tuple[str, ...]
    texts: tuple[str, ...]
    says: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    """What it speaks of for itself, where that is less than ``says``."""
    national: bool = False
    topics: str = ""
    measured: bool = False
    aspects: tuple[str, ...] = ()
    faq: FaqEntry | None = None
    is_card: bool = False


def units(library: Library, lexicon: Lexicon, cache: PreparedCache) -> tuple[Unit, ...]:
    """Every unit of the published library, from the cache where it is of this library."""
    kept = cache.get(_CACHE_NAME)
    if kept is not None:
        faq = {entry.id: entry for entry in library.citable_faq}
        try:
            return tuple(_revived(row, faq) for row in kept)
        except (KeyError, TypeError, ValueError):
            _LOG.warning("prepared units cannot be read: making them anew")
    made = tuple(_unit(origin, lexicon) for origin in _origins(library))
    cache.put(_CACHE_NAME, [_row(unit) for unit in made])
    return made


def _row(unit: Unit) -> dict[str, object]:
    """A unit as JSON; sets become sorted lists, the FAQ entry is found again by the unit's id."""
    row: dict[str, object] = {}
    for field in dataclasses.fields(unit):
        value = getattr(unit, field.name)
        if field.name in {"question_tokens", "asking_tokens"}:
            row[field.name] = [sorted(tokens) for tokens in value]
        elif field.name != "faq":
            row[field.name] = sorted(value) if isinstance(value, frozenset) else value
    return row


def _revived(row: dict[str, Any], faq: Mapping[str, FaqEntry]) -> Unit:
    """The unit of a row.

    Raises:
        KeyError, TypeError, ValueError: the row is not a unit.
    """
    return Unit(
        id=row["id"],
        document=row["document"],
        facts=tuple(row["facts"]),
        newest=tuple(row["newest"]),
        questions=tuple(row["questions"]),
        wordings=tuple(row["wordings"]),
        question_tokens=tuple(map(frozenset, row["question_tokens"])),
        asking_tokens=tuple(map(frozenset, row["asking_tokens"])),
        tokens=frozenset(row["tokens"]),
        topic_tokens=frozenset(row["topic_tokens"]),
        terms=frozenset(row["terms"]),
        topic_terms=frozenset(row["topic_terms"]),
        aspects=frozenset(row["aspects"]),
        slots=frozenset(row["slots"]),
        figures=frozenset(row["figures"]),
        told_slots=frozenset(row["told_slots"]),
        heads=frozenset(row["heads"]),
        national=row["national"],
        holds=frozenset(map(AnswerType, row["holds"])),
        measured=row["measured"],
        faq=faq.get(row["id"]),
        is_card=row["is_card"],
    )


def _origins(library: Library) -> Iterator[_Origin]:
    topics = {d.id: " ".join((d.title, *d.aliases, *d.topics)) for d in library.documents.values()}
    for fact in library.citable_facts.values():
        yield _of_fact(fact, library, topics[fact.document])
    for entry in library.citable_faq:
        yield _of_faq(entry, library, topics[entry.document])
    for document_id in sorted(library.published):
        yield _of_card(library.documents[document_id])


def _of_fact(fact: Fact, library: Library, topics: str) -> _Origin:
    document = library.document_of(fact)
    return _Origin(
        id=fact.ref,
        document=fact.document,
        facts=(fact.ref,),
        newest=(newest_ref(fact, library),),
        questions=fact.asks or (fact.brief or fact.statement,),
        texts=(fact.statement, fact.brief, *fact.keywords),
        says=(fact.statement, fact.brief),
        national=document.level is Level.NATIONAL,
        topics=topics,
        measured=fact.nature is not Nature.RULE,
        aspects=fact.aspects,
    )


def newest_ref(fact: Fact, library: Library) -> str:
    """The last fact in the line of those that replaced a fact; its own ref where nothing did."""
    while fact.superseded_by:
        fact = library.facts[successor_ref(fact)]
    return fact.ref


def _of_faq(entry: FaqEntry, library: Library, topics: str) -> _Origin:
    bound = [library.facts[ref] for ref in entry.facts]
    return _Origin(
        id=entry.id,
        document=entry.document,
        facts=entry.facts,
        newest=tuple(newest_ref(fact, library) for fact in bound),
        questions=(entry.question, *entry.variants),
        texts=(entry.answer, *(fact.brief for fact in bound)),
        says=(entry.answer, *(fact.statement for fact in bound)),
        tells=(entry.question, entry.answer),
        national=library.documents[entry.document].level is Level.NATIONAL,
        topics=topics,
        measured=any(fact.nature is not Nature.RULE for fact in bound),
        aspects=entry.aspects,
        faq=entry,
    )


def _of_card(document: Document) -> _Origin:
    texts = (document.title, document.issuer, document.doc_no or "")
    return _Origin(
        id=card_id(document.id),
        document=document.id,
        facts=(),
        newest=(),
        questions=card_questions(document),
        texts=texts,
        says=(*texts, str(document.effective or "")),
        is_card=True,
    )


def _unit(origin: _Origin, lexicon: Lexicon) -> Unit:
    plain = tuple(normalise(question) for question in origin.questions)
    question_tokens = tuple(tokens_of(question, lexicon) for question in plain)
    asked = " ".join(plain)
    everything = f"{asked} {normalise(' '.join(origin.texts))}"
    topics = normalise(origin.topics)
    said = normalise(" ".join(origin.says))
    return Unit(
        id=origin.id,
        document=origin.document,
        facts=origin.facts,
        newest=origin.newest,
        questions=origin.questions,
        wordings=tuple(content(question) for question in plain),
        question_tokens=question_tokens,
        asking_tokens=tuple(asking_tokens(question, lexicon) for question in plain),
        tokens=tokens_of(everything, lexicon).union(*question_tokens),
        topic_tokens=tokens_of(topics, lexicon),
        terms=lexicon.wider(lexicon.terms(everything)),
        topic_terms=lexicon.wider(lexicon.terms(topics)),
        aspects=lexicon.aspects(asked).union(origin.aspects),
        slots=lexicon.slots(everything),
        figures=figures(everything),
        told_slots=lexicon.slots(normalise(" ".join(origin.tells or origin.says))),
        holds=_holds(origin, said),
        heads=_heads(question_tokens),
        national=origin.national,
        measured=origin.measured,
        faq=origin.faq,
        is_card=origin.is_card,
    )


@lru_cache(maxsize=16384)
def content(text: str) -> str:
    """The text without words that only carry tone; what is left is split by blanks."""
    return function_words().sub(" ", text)


def _holds(origin: _Origin, said: str) -> frozenset[AnswerType]:
    """What sorts of things a unit holds; guidance and open questions say that there is none: they fit all."""
    open_question = origin.faq is not None and (origin.faq.undetermined or not origin.facts)
    return frozenset(AnswerType) if open_question else held_types(said)


def _heads(wordings: tuple[frozenset[str], ...]) -> frozenset[str]:
    counts = Counter(token for tokens in wordings for token in tokens if token.startswith("t:"))
    return frozenset(token for token, count in counts.items() if count >= _HEAD_SHARE * len(wordings))


def tokens_of(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Pairs of characters, words of digits and letters, and official terms (``t:``)."""
    return pairs(content(text)) | {f"t:{term}" for term in lexicon.terms(text)}


def asking_tokens(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Tokens of the part that asks, and one (``?:``) for each sort of answer that it wants."""
    part = asking_part(text)
    return tokens_of(part, lexicon) | {f"{ASKED_SORT}{kind}" for kind in asked_types(part)}


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring Han characters; words of letters and digits."""
    found: set[str] = set()
    for piece in _PIECE.findall(text):
        if len(piece) == 1 or not _HAN.match(piece):
            found.add(piece)
        else:
            found.update(piece[n : n + 2] for n in range(len(piece) - 1))
    return frozenset(found)
