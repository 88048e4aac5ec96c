"""Step 2: which facts and FAQ entries speak to the question, and how surely.

The engine proposes passages by BM25F; here each proposal is compared with the question word by word.
Every feature is a number between 0 and 1 that can be printed (``search --explain``); a small logistic
model (weights in ``ranking.yaml``, fitted by ``benchmarks/fit_ranking.py``) joins them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import rjieba
from rapidfuzz import fuzz

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.understanding import Question, content, windows
from index.analysis import normalise
from index.build import card_id, card_questions
from knowledge.library import Library
from knowledge.models import Document, Fact, FaqEntry

_HAN = re.compile(r"[\u4e00-\u9fff]")
_PIECE = re.compile(r"[\u4e00-\u9fff]+|[a-z]+|\d+(?:\.\d+)?%?")
_TERM_WEIGHT = 1.6
"""An official term counts this much more than a pair of characters as rare as it."""
_WIDER_WEIGHT = 0.5
_FIRM_ASPECTS = frozenset(
    {"电话", "材料", "地点", "流程", "利率", "处罚", "退费", "金额", "期限", "数据", "收费"}
)
"""Aspects that a text either answers or does not; the others (允许, 条件, 含义 …) blur into each other."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can be an answer: a fact, an FAQ entry or a document's card, prepared for comparison."""

    id: str
    document: str
    facts: tuple[str, ...]
    questions: tuple[str, ...]
    faq: FaqEntry | None
    tokens: frozenset[str]
    question_tokens: tuple[frozenset[str], ...]
    plain_questions: tuple[str, ...]
    terms: frozenset[str]
    aspects: frozenset[str]
    slots: frozenset[str]
    is_card: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A unit with its features for one question; ``confidence`` is 0..1."""

    unit: Unit
    features: Mapping[str, float]
    confidence: float


FEATURES = (
    "similarity",  # with the closest question of the unit, by weighted shared tokens
    "fuzzy",  # the same by edit distance
    "coverage",  # share of what was asked that the unit speaks of
    "terms",  # weight of the official terms shared
    "strange",  # weight of the official terms that the unit does not know
    "unknown",  # share of words that stand nowhere in the library
    "aspects",
    "firm_gap",
    "slots",
    "lexical",  # engine score as a share of the best
    "strength",  # engine score for each token of the question
)
_HALF_KNOWN = 4.0
"""Weight of shared (or strange) terms at which their feature is one half."""
_FULL_STRENGTH = 2.5


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the message, prepared: text without tone words, tokens, their weight."""

    plain: str
    tokens: frozenset[str]
    mass: float


class Matcher:
    """All units of a library and the weights of their words."""

    def __init__(self, library: Library, lexicon: Lexicon, weights: Mapping[str, float]) -> None:
        self._lexicon = lexicon
        self._weights = weights
        topics = {d.id: " ".join((d.title, *d.aliases, *d.topics)) for d in library.documents.values()}
        self.units = {unit.id: unit for unit in self._build(library, topics)}
        counts: Counter[str] = Counter()
        for unit in self.units.values():
            counts.update(unit.tokens)
        total = len(self.units)
        self._idf = {t: math.log(1 + (total - n + 0.5) / (n + 0.5)) for t, n in counts.items()}
        self._unseen = math.log(1 + total) * 0.6

    def _build(self, library: Library, topics: Mapping[str, str]) -> Iterable[Unit]:
        for fact in library.citable_facts.values():
            texts = (fact.statement, fact.brief, *fact.keywords, topics[fact.document])
            yield self._unit(fact.ref, fact.document, (fact.ref,), fact.asks or (fact.brief,), texts, fact)
        for entry in library.citable_faq:
            bound = [library.facts[ref].brief for ref in entry.facts]
            texts = (entry.answer, *bound, topics[entry.document])
            questions = (entry.question, *entry.variants)
            yield self._unit(entry.id, entry.document, entry.facts, questions, texts, entry)
        for document in library.documents.values():
            if document.id in library.published:
                texts = (document.title, document.issuer, document.doc_no or "")
                yield self._unit(
                    card_id(document.id), document.id, (), card_questions(document), texts, document
                )

    def _unit(
        self,
        unit_id: str,
        document: str,
        facts: tuple[str, ...],
        questions: tuple[str, ...],
        texts: tuple[str, ...],
        origin: Fact | FaqEntry | Document,
    ) -> Unit:
        plain = tuple(normalise(question) for question in questions)
        everything = normalise(" ".join((*questions, *texts)))
        asked = " ".join(plain)
        question_tokens = tuple(self.tokens(question) for question in plain)
        return Unit(
            id=unit_id,
            document=document,
            facts=facts,
            questions=questions,
            faq=origin if isinstance(origin, FaqEntry) else None,
            tokens=self.tokens(everything).union(*question_tokens),
            question_tokens=question_tokens,
            plain_questions=tuple(content(question) for question in plain),
            terms=self._lexicon.wider(self._lexicon.terms(everything)),
            aspects=self._lexicon.aspects(asked).union(
                () if isinstance(origin, Document) else origin.aspects
            ),
            is_card=isinstance(origin, Document),
            slots=self._lexicon.slots(everything),
        )

    def tokens(self, text: str) -> frozenset[str]:
        """Pairs of characters, words of digits and letters, and official terms (``t:``)."""
        return tokens_of(content(text)) | {f"t:{term}" for term in self._lexicon.terms(text)}

    def weight(self, token: str) -> float:
        """How much a token tells: rare ones more, terms more; unknown ones as rare, but with doubt."""
        idf = self._idf.get(token, self._unseen)
        return idf * _TERM_WEIGHT if token.startswith("t:") else idf

    def _mass(self, tokens: Iterable[str]) -> float:
        return sum(self.weight(token) for token in tokens)

    def match(self, question: Question, scores: Mapping[str, float]) -> tuple[Match, ...]:
        """Compare the question with the units that the engine proposed.

        Args:
            scores: unit id → engine score.

        Returns:
            matches, surest first; ties by unit id.
        """
        pieces = [
            _Piece(content(text), tokens, self._mass(tokens))
            for text in windows(question)
            if (tokens := self.tokens(text))
        ]
        best = max(scores.values(), default=0.0) or 1.0
        length = max(1, len(tokens_of(question.text)))
        unknown = self._unknown(question)
        found = []
        for unit_id, score in scores.items():
            unit = self.units.get(unit_id)
            if unit is None:
                continue
            features = {
                **self._likeness(pieces, unit),
                **self._terms(question, unit),
                "unknown": unknown,
                "aspects": _aspect_fit(question, unit),
                "firm_gap": float(bool((question.aspects & _FIRM_ASPECTS) - unit.aspects)),
                "slots": _slot_fit(question, unit),
                "lexical": score / best,
                "strength": min(1.0, score / length / _FULL_STRENGTH),
            }
            found.append(Match(unit, features, self.confidence(features)))
        return tuple(sorted(found, key=lambda match: (-match.confidence, match.unit.id)))

    def confidence(self, features: Mapping[str, float]) -> float:
        """The logistic model over the features."""
        score = self._weights["intercept"] + sum(self._weights[name] * features[name] for name in FEATURES)
        return 1 / (1 + math.exp(-score))

    def _likeness(self, pieces: list[_Piece], unit: Unit) -> dict[str, float]:
        """The best of all pieces of the message; a short piece of a long message says less than the whole."""
        similarity = coverage = fuzzy = 0.0
        whole = pieces[0].mass if pieces else 0.0
        for n, piece in enumerate(pieces):
            trust = 1.0 if n == 0 else 0.6 + 0.4 * min(1.0, piece.mass / max(whole * 0.5, 1e-9))
            alike = max((self._dice(piece, asked) for asked in unit.question_tokens), default=0.0)
            similarity = max(similarity, alike * trust)
            coverage = max(coverage, self._mass(piece.tokens & unit.tokens) / piece.mass * trust)
            close = max((fuzz.ratio(piece.plain, asked) for asked in unit.plain_questions), default=0.0)
            fuzzy = max(fuzzy, close / 100 * trust)
        return {"similarity": similarity, "coverage": coverage, "fuzzy": fuzzy}

    def _dice(self, piece: _Piece, asked: frozenset[str]) -> float:
        both = self._mass(piece.tokens & asked)
        total = piece.mass + self._mass_of(asked)
        return 2 * both / total if total else 0.0

    @lru_cache(maxsize=8192)  # noqa: B019 - a matcher lives as long as the process
    def _mass_of(self, tokens: frozenset[str]) -> float:
        return self._mass(tokens)

    def _terms(self, question: Question, unit: Unit) -> dict[str, float]:
        """Official terms of the question that the unit knows, and that it does not know."""
        known = strange = 0.0
        for term in question.terms:
            weight = self.weight(f"t:{term}")
            if term in unit.terms:
                known += weight
            elif self._lexicon.wider(frozenset({term})) & unit.terms:
                known += weight * _WIDER_WEIGHT
            else:
                strange += weight
        return {"terms": known / (known + _HALF_KNOWN), "strange": strange / (strange + _HALF_KNOWN)}

    def _unknown(self, question: Question) -> float:
        """Share of the message's dictionary words that no unit has."""
        said = [word for word in rjieba.cut(content(question.text)) if len(word) > 1 and _HAN.match(word)]
        strangers = [word for word in said if not any(pair in self._idf for pair in pairs_of(word))]
        return len(strangers) / len(said) if said else 0.0

    def unknown_terms(self, question: Question, unit: Unit) -> frozenset[str]:
        """Official terms of the question about which the unit says nothing."""
        return question.terms - unit.terms


def _aspect_fit(question: Question, unit: Unit) -> float:
    """1 all asked aspects answered, 0 none, 0.5 where none is asked or known."""
    if not question.aspects or not unit.aspects:
        return 0.5
    return len(question.aspects & unit.aspects) / len(question.aspects)


def _slot_fit(question: Question, unit: Unit) -> float:
    """0 where the question names a 学段 or 区县 and the unit speaks of others only; 1 where it has it."""
    worst = 0.5
    for slot in {value.partition("=")[0] for value in question.slots}:
        asked = {value for value in question.slots if value.startswith(f"{slot}=")}
        known = {value for value in unit.slots if value.startswith(f"{slot}=")}
        if asked & known:
            worst = max(worst, 1.0)
        elif known:
            return 0.0
    return worst


@lru_cache(maxsize=32768)
def tokens_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring Han characters; words of letters and digits."""
    found: set[str] = set()
    for piece in _PIECE.findall(text):
        if not _HAN.match(piece) or len(piece) == 1:
            found.add(piece)
        else:
            found.update(pairs_of(piece))
    return frozenset(found)


def pairs_of(run: str) -> list[str]:
    """Neighbouring characters of a run, two by two."""
    return [run[n : n + 2] for n in range(len(run) - 1)]
