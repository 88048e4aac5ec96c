"""Step 2: which facts and FAQ entries speak to the question, and how surely.

The engine proposes passages by BM25F, the FAQ match proposes wordings; here each proposal is compared with
the question. Every feature is a number between 0 and 1 that can be printed (``search --explain``); a small
logistic model (weights in ``ranking.yaml``, fitted by ``benchmarks/fit_ranking.py``) joins them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import rjieba
from rapidfuzz import fuzz

from bot.dialogue.affinity import Affinity
from bot.dialogue.answer_types import HARD, AnswerType, asked_types, lacking
from bot.dialogue.comparison import Numbers, TokenRows, best_of_groups
from bot.dialogue.fitting import aspect_fit, firm_gap, slot_fit, wrong_place
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.naming import Named, named, naming_features
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.understanding import Question, asks, windows
from bot.dialogue.units import ASKED_SORT, Unit, asking_tokens, content, pairs, tokens_of, units
from bot.dialogue.unsaid import Unsaid
from knowledge.figures import figures
from knowledge.library import Library

FEATURES = (
    "similarity",  # with the closest question of the unit, by weighted shared tokens
    "fuzzy",  # the same by edit distance
    "close",  # cube of the better of both: near to one for what is asked in the same words
    "belief",  # share of belief that this is the matter, by the habits of all its wordings
    "habit",  # how well the question keeps to those habits
    "coverage",  # share of what was asked that the unit speaks of
    "asking",  # the same of the part that asks
    "grasp",  # weight of everything shared: a lone everyday word is little
    "unasked",  # weight of what the unit is about and the question does not name
    "known_nouns",  # share of the things named that the unit speaks of
    "missing_nouns",  # weight of the things named that it does not speak of
    "missing_peak",  # weight of the most telling thing or action among them
    "aspects",  # share of what is asked (how much, when, where) that the unit answers
    "firm_gap",  # an aspect is asked that a text either answers or not, and this one does not
    "type_held",  # an amount, a duration, a clock time … is asked for, and the unit holds one
    "type_lacking",  # … and the unit holds none
    "slots",  # 学段, 区县 agree
    "figures",  # share of the figures named that the unit has
    "lexical",  # engine score as a share of the best
    "meaning",  # likeness of meaning by an embedder; 0 without one
)
"""What the model of :meth:`Matcher.match` weighs. Matches carry more, for :mod:`bot.dialogue.answerability`:
``strange`` (official terms that the unit does not know), ``unknown`` (words that stand nowhere in the
library), ``echo`` (the part that asks is like that of one of the unit's wordings), ``unsaid`` (worded as open
questions are).
"""
_TERM_WEIGHT = 1.6
"""An official term counts this much more than a pair of characters as rare as it."""
_TELLING = 4.0
"""Weight from which a term tells a matter: about every fifteenth unit names it."""
_TOPIC_SHARE = 0.5
"""What only the document's title or topics say, or only a wider term, counts half."""
_HALF_GRASPED = 15.0
"""Weight of shared tokens at which ``grasp`` is one half: about three rare pairs and a term."""
_HALF_KNOWN = 4.0
"""Weight of shared (or strange) terms at which their feature is one half."""
_SORT_WEIGHT = 6.0
"""Of a sort of answer asked for: as much as a rare word."""
_UNSEEN_SHARE = 0.6
_NO_ANSWER_SHARE = 0.1
"""What cannot answer: a figure of another place, a text without the person or telephone asked for."""
VERBATIM = 0.9
"""Closeness (cube of the likeness) from which a question is asked in a unit's own words: that decides."""
_CARD_SHARE = 0.7
"""What is said of a document as a whole gives way to a fact that says it."""
_FAQ_PROPOSALS = 16
_NOT_ASKING = 0.8


@dataclass(frozen=True, slots=True)
class Match:
    """A unit with its features for one question; ``confidence`` is 0..1."""

    unit: Unit
    features: Mapping[str, float]
    confidence: float
    share: float = 1.0
    """Part of the model's probability that is left after what the unit cannot answer."""


@dataclass(frozen=True, slots=True)
class _Likeness:
    """For each unit the best piece of the message: similarity, coverage, and which piece it was."""

    similarity: Numbers
    coverage: Numbers
    grasp: Numbers
    pieces: tuple[str, ...]
    trust: tuple[float, ...]
    best_piece: Numbers


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is the same for every unit that a question is compared with."""

    question: Question
    likeness: _Likeness
    best_score: float
    unknown: float
    unsaid: float
    names: list[Named]
    types: frozenset[AnswerType]
    figures: frozenset[str]
    beliefs: Numbers
    habits: Numbers
    echo: Numbers
    asking: Numbers
    meanings: Mapping[str, float]


class Matcher:
    """All units of a library and the weights of their words."""

    def __init__(
        self, library: Library, lexicon: Lexicon, weights: Mapping[str, float], cache: PreparedCache
    ) -> None:
        self._lexicon = lexicon
        self._weights = weights
        self._units = units(library, lexicon, cache)
        self._row = {unit.id: row for row, unit in enumerate(self._units)}
        counts: Counter[str] = Counter()
        for unit in self._units:
            counts.update(unit.tokens)
        total = len(self._units)
        self._idf = {t: math.log(1 + (total - n + 0.5) / (n + 0.5)) for t, n in counts.items()}
        self._unseen = math.log(1 + total) * _UNSEEN_SHARE
        self._questions = TokenRows([t for unit in self._units for t in unit.question_tokens], self.weight)
        self._askings = TokenRows([t for unit in self._units for t in unit.asking_tokens], self.weight)
        self._bodies = TokenRows([unit.tokens for unit in self._units], self.weight)
        self._topics = TokenRows([unit.topic_tokens - unit.tokens for unit in self._units], self.weight)
        self._affinity = Affinity(self._units)
        self._unsaid = Unsaid(self._units, cache)
        sizes = [len(unit.question_tokens) for unit in self._units]
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    def weight(self, token: str) -> float:
        """How much a token tells: rare ones more, terms more; unknown ones as rare, but with doubt."""
        if token.startswith(ASKED_SORT):
            return _SORT_WEIGHT
        idf = self._idf.get(token, self._unseen)
        return idf * _TERM_WEIGHT if token.startswith("t:") else idf

    def match(
        self, question: Question, scores: Mapping[str, float], meanings: Mapping[str, float] | None = None
    ) -> tuple[Match, ...]:
        """Compare the question with what was proposed and with the closest wordings.

        Args:
            question: what is asked.
            scores: the engine's proposals, unit id → BM25F score.
            meanings: an embedder's proposals, unit id → likeness 0..1; without one nothing changes.

        Returns:
            matches, surest first; ties by unit id.
        """
        likeness = self._likeness(question)
        if likeness is None:
            return ()
        meanings = meanings or {}
        closest = np.argsort(-likeness.similarity, kind="stable")[:_FAQ_PROPOSALS]
        proposed = {self._row[unit_id] for unit_id in (*scores, *meanings) if unit_id in self._row}
        asked = self._asked(question, likeness, scores, meanings)
        rows = proposed | set(map(int, closest))
        found = [self._compare(asked, row, scores.get(self._units[row].id, 0.0)) for row in rows]
        return tuple(sorted(found, key=lambda match: (-match.confidence, match.unit.id)))

    def _asked(
        self,
        question: Question,
        likeness: _Likeness,
        scores: Mapping[str, float],
        meanings: Mapping[str, float],
    ) -> _Asked:
        beliefs, habits = self._affinity.compare(tokens_of(question.focus, self._lexicon))
        part = asking_tokens(question.focus, self._lexicon)
        mass = self._mass(part)
        spoken = self._bodies.shared(part) + _TOPIC_SHARE * self._topics.shared(part)
        return _Asked(
            question=question,
            likeness=likeness,
            best_score=max(scores.values(), default=0.0) or 1.0,
            unknown=self._unknown(question),
            unsaid=self._unsaid.likeness(question.text),
            names=named(question.focus, self._lexicon, self.weight),
            types=asked_types(question.focus),
            figures=figures(question.focus),
            beliefs=beliefs,
            habits=habits,
            echo=best_of_groups(self._askings.dice(part, mass), self._starts),
            asking=spoken / max(mass, 1.0),
            meanings=meanings,
        )

    def _compare(self, asked: _Asked, row: int, score: float) -> Match:
        """The match of one unit."""
        unit, question, likeness = self._units[row], asked.question, asked.likeness
        similarity, fuzzy = float(likeness.similarity[row]), _fuzzy(unit, likeness, row)
        features = {
            "similarity": similarity,
            "coverage": float(likeness.coverage[row]),
            "grasp": float(likeness.grasp[row]),
            "fuzzy": fuzzy,
            "close": max(similarity, fuzzy) ** 3,
            "unknown": asked.unknown,
            **self._terms(question, unit),
            **naming_features(asked.names, unit),
            "aspects": aspect_fit(question, unit),
            "firm_gap": firm_gap(question, unit),
            "type_held": float(bool(asked.types & unit.holds)),
            "type_lacking": lacking(asked.types, unit.holds),
            "slots": slot_fit(question, unit),
            "figures": len(asked.figures & unit.figures) / len(asked.figures) if asked.figures else 0.5,
            "lexical": score / asked.best_score,
            "unsaid": asked.unsaid,
            "echo": float(asked.echo[row]),
            "asking": float(asked.asking[row]),
            "belief": self._affinity.of(asked.beliefs, row),
            "habit": self._affinity.of(asked.habits, row),
            "meaning": asked.meanings.get(unit.id, 0.0),
        }
        if features["close"] >= VERBATIM:
            return Match(unit, features, 1.0)
        share = _CARD_SHARE if unit.is_card else 1.0
        if (asked.types & HARD) - unit.holds or wrong_place(question, unit, features["slots"]):
            share = _NO_ANSWER_SHARE
        return Match(unit, features, self.confidence(features) * share, share)

    def confidence(self, features: Mapping[str, float]) -> float:
        """The logistic model over the features."""
        score = self._weights["intercept"] + sum(self._weights[name] * features[name] for name in FEATURES)
        return 1 / (1 + math.exp(-score))

    def telling(self, terms: Iterable[str]) -> tuple[str, ...]:
        """Terms that say what a text is about, rarest first; 子女 and 教师 stand everywhere."""
        rare = [term for term in terms if self.weight(f"t:{term}") >= _TELLING]
        return tuple(sorted(rare, key=lambda term: (-self.weight(f"t:{term}"), term)))

    def _likeness(self, question: Question) -> _Likeness | None:
        """Compare every piece of the message; a short piece of a long message says less than the whole."""
        pieces = [(text, t) for text in windows(question) if (t := tokens_of(text, self._lexicon))]
        if not pieces:
            return None
        masses = [self._mass(tokens) for _, tokens in pieces]
        trust = [
            1.0 if text in (question.text, question.focus) else _trust(text, mass / masses[0])
            for (text, _), mass in zip(pieces, masses, strict=True)
        ]
        similar, covered, grasped = [], [], []
        for (_, tokens), mass, share in zip(pieces, masses, trust, strict=True):
            similar.append(best_of_groups(self._questions.dice(tokens, mass), self._starts) * share)
            spoken = self._bodies.shared(tokens) + _TOPIC_SHARE * self._topics.shared(tokens)
            covered.append(spoken / mass * share)
            grasped.append(spoken / (spoken + _HALF_GRASPED))
        best_piece = np.argmax(np.array(similar) + np.array(covered), axis=0)
        columns = np.arange(len(self._units))
        return _Likeness(
            similarity=np.array(similar)[best_piece, columns],
            coverage=np.array(covered)[best_piece, columns],
            grasp=np.array(grasped)[best_piece, columns],
            pieces=tuple(content(text) for text, _ in pieces),
            trust=tuple(trust),
            best_piece=best_piece.astype(np.float64),
        )

    def _mass(self, tokens: Iterable[str]) -> float:
        return sum(self.weight(token) for token in tokens)

    def _terms(self, question: Question, unit: Unit) -> dict[str, float]:
        """What the unit is about and the question does not name; terms that the unit does not know."""
        named_terms = {f"t:{term}" for term in question.wider_terms}
        unasked = 0.0
        if not unit.heads & named_terms:
            unasked = max((self.weight(head) for head in unit.heads), default=0.0)
        strange = sum(
            self.weight(f"t:{term}")
            for term in question.focus_terms - unit.terms - unit.topic_terms
            if not self._lexicon.wider(frozenset({term})) & unit.terms
        )
        return {
            "unasked": unasked / (unasked + _HALF_KNOWN),
            "strange": strange / (strange + _HALF_KNOWN),
        }

    def _unknown(self, question: Question) -> float:
        """Share of the message's dictionary words of which no unit has even a part."""
        said = [word for word in rjieba.cut(content(question.focus)) if len(word) > 1]
        strangers = [word for word in said if not any(pair in self._idf for pair in pairs(word))]
        return len(strangers) / len(said) if said else 0.0


def _trust(piece: str, share: float) -> float:
    """How far a piece may stand for the message: less where it is short, and where it asks nothing."""
    return (0.6 + 0.4 * min(1.0, 2 * share)) * (1.0 if asks(piece) else _NOT_ASKING)


def _fuzzy(unit: Unit, likeness: _Likeness, row: int) -> float:
    """Edit likeness of the best piece with the closest wording, 0..1."""
    piece = int(likeness.best_piece[row])
    text = likeness.pieces[piece]
    return (
        max((fuzz.ratio(text, asked) for asked in unit.wordings), default=0.0) / 100 * likeness.trust[piece]
    )
