"""Whether a reply has any content, and whether it speaks to the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

from bot.dialogue.wording import function_words
from bot.rehearsal.grading.asked import Asked
from bot.rehearsal.grading.comparison import COVERED, Reply, recall
from bot.rehearsal.grading.points import FactPoints, Points
from bot.rehearsal.grading.wordlists import wordlists
from knowledge.library import Library

_LEAST_CONTENT = 2
"""Things that a reply must name to have content; one may be a slip of the tagger."""
_THINGS = ("n", "vn", "j")
"""Parts of speech (of jieba) that name things: nouns, verbal nouns, abbreviations."""
_CHARGE = re.compile(r"免|照[收交]|自理|自费|自己")
_RULES = re.compile(
    r"不能|不可以|不让|不许|不准|不得|不收|不用|不合|禁止|允许|(?:是|也|都)?可以(?!理解|吗)|应当|必须|免[收费]"
)
_SHARE = 0.2
"""Share of the weight of a reply's words that must be those of the matter asked about."""
_ANSWER = re.compile(
    r"^(?:这样(?:做)?)?(?:是|对|可以|不可以|能|不能|行|不行|管|不管|要|不要|会|不会|有|没有|包括|不包括|允许|不允许|合适|不合适|免|不免)"
    r"(?:的|啊|呀)?$"
)


class Relevance:
    """Compares replies with what the library says of the matter asked about and of all others."""

    def __init__(self, library: Library, points: Points) -> None:
        self._points = points
        self._library = library
        self._empty = wordlists().empty
        self._phrases = re.compile(
            "|".join(sorted((w for w in self._empty if len(w) > 2), key=len, reverse=True))
        )
        parts = sorted(self._empty, key=len, reverse=True)
        self._all_empty = re.compile(f"(?:{'|'.join(map(re.escape, parts))}|{function_words().pattern})+")

    def is_empty(self, reply: Reply, asked: Asked, facts: Sequence[FactPoints]) -> bool:
        """Whether no thing is named beside courtesy and what the question named, and nothing is allowed,
        forbidden or counted."""
        for clause in reply.all_clauses:
            if (
                clause.quantities
                or clause.promise
                or _ANSWER.match(clause.text)
                or _RULES.search(clause.text)
            ):
                return False
            if clause.matter & asked.words and (clause.denied or _CHARGE.search(clause.text)):
                return False
        stated = [c for one in facts for c in one.clauses if recall(c.words, reply, self._points) >= COVERED]
        if any(not c.words <= asked.words for c in stated):
            return False
        text = self._phrases.sub(" ", " ".join(clause.text for clause in reply.all_clauses))
        named = {word for word, kind in rjieba.tag(text) if kind.startswith(_THINGS) and len(word) > 1}
        named -= {word for word in named if word in asked.text or self._all_empty.fullmatch(word)}
        if any(word in clause.text for word in named for one in facts for clause in one.clauses):
            return False
        return len(named) < _LEAST_CONTENT

    def elsewhere(self, reply: Reply, facts: Sequence[FactPoints], asked: Asked) -> bool:
        """Whether a reply with content speaks of another matter than the facts and the question."""
        if any(_ANSWER.match(clause.text) for clause in reply.all_clauses):
            return False
        words = frozenset(w for w in reply.words if w not in self._empty)
        known = asked.words.union(*(self._points.vocabulary(one.fact) for one in facts))
        here = self._points.total(words & known)
        total = self._points.total(words)
        documents = {one.fact.document for one in facts}
        there = max(
            self._points.total(words & self._points.vocabulary(fact))
            for fact in self._library.citable_facts.values()
            if fact.document not in documents
        )
        return here < _SHARE * total or here < there / 2
