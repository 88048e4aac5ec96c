"""A fact in points that a reply can be held against: values with their subjects, clauses, former values."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.dialogue.lexicon import Lexicon
from bot.rehearsal.grading.clauses import Clause, ClauseReader, content_words
from bot.rehearsal.grading.subjects import Said, subjects
from index.analysis import normalise
from knowledge.library import Library
from knowledge.models import Fact
from knowledge.validity import successor_ref

_FORMERLY = re.compile(r"此前|再早|以前")
"""In a statement: what follows was so before."""


@dataclass(frozen=True, slots=True)
class FactPoints:
    """A fact taken apart.

    ``clauses`` are those of the direct answer (``brief``), ``whole`` all that it says of the present.
    ``former``: values that no longer hold, its own and those of facts it replaced; ``former_words``: words
    of the replaced facts that it does not use.
    """

    fact: Fact
    clauses: tuple[Clause, ...]
    whole: tuple[Clause, ...]
    brief: tuple[Said, ...]
    current: tuple[Said, ...]
    former: tuple[Said, ...]
    words: frozenset[str]
    former_words: frozenset[str]


class Points:
    """Takes the facts of a library apart, each once."""

    def __init__(self, library: Library, lexicon: Lexicon, reader: ClauseReader) -> None:
        self._library = library
        self.lexicon = lexicon
        self._reader = reader
        self._kept: dict[str, FactPoints] = {}
        self._contexts: dict[str, tuple[Clause, ...]] = {}
        self._vocabulary: dict[str, frozenset[str]] = {}
        self._replaced: dict[str, list[Fact]] = {}
        for fact in library.citable_facts.values():
            if fact.superseded_by:
                self._replaced.setdefault(successor_ref(fact), []).append(fact)

    def of(self, fact: Fact) -> FactPoints:
        """The points of a fact."""
        if fact.ref not in self._kept:
            self._kept[fact.ref] = self._read(fact)
        return self._kept[fact.ref]

    def predecessors(self, fact: Fact) -> tuple[Fact, ...]:
        """Everything the fact replaced, newest first."""
        found: list[Fact] = []
        queue = list(self._replaced.get(fact.ref, ()))
        while queue:
            past = queue.pop(0)
            if past not in found:
                found.append(past)
                queue += self._replaced.get(past.ref, ())
        return tuple(found)

    def _read(self, fact: Fact) -> FactPoints:
        statement = self._reader.read(fact.statement)
        brief = self._reader.read(fact.brief or fact.statement)
        past = tuple(clause for clause in statement if _FORMERLY.search(clause.text))
        present = tuple(clause for clause in statement if clause not in past)
        replaced = [self._reader.read(older.statement) for older in self.predecessors(fact)]
        words = _words((*statement, *brief))
        return FactPoints(
            fact=fact,
            clauses=brief,
            whole=(*present, *brief),
            brief=tuple(subjects(brief, self.lexicon)),
            current=(*subjects(present, self.lexicon), *subjects(brief, self.lexicon)),
            former=tuple(one for clauses in (past, *replaced) for one in subjects(clauses, self.lexicon)),
            words=words,
            former_words=_words(clause for clauses in replaced for clause in clauses) - words,
        )

    def neighbours(self, fact: Fact) -> tuple[Said, ...]:
        """Values of the other facts of its document."""
        document = self._library.document_of(fact)
        others = (f for f in document.facts if f.ref != fact.ref and f.ref in self._library.citable_facts)
        return tuple(one for other in others for one in self.of(other).current)

    def context(self, fact: Fact) -> tuple[Clause, ...]:
        """What the fact's document says beside it: its other facts and the prepared answers."""
        if fact.document not in self._contexts:
            facts = [f for f in self._library.document_of(fact).facts if f.ref in self._library.citable_facts]
            clauses = [clause for other in facts for clause in self.of(other).whole]
            entries = (entry for entry in self._library.citable_faq if entry.document == fact.document)
            clauses += [clause for entry in entries for clause in self._reader.read(entry.answer)]
            self._contexts[fact.document] = tuple(clauses)
        return self._contexts[fact.document]

    def vocabulary(self, fact: Fact) -> frozenset[str]:
        """Words of a fact and of the ways to ask for it."""
        found = self._vocabulary.get(fact.ref)
        if found is None:
            texts = (fact.statement, fact.brief, *fact.asks, *fact.keywords)
            found = content_words(normalise("。".join(texts)), self.lexicon)
            self._vocabulary[fact.ref] = found
        return found

    def known(self, words: Iterable[str]) -> frozenset[str]:
        """The words that some fact uses."""
        return frozenset(word for word in words if word in self._weights)

    @cached_property
    def _weights(self) -> dict[str, float]:
        counts: Counter[str] = Counter()
        for fact in self._library.citable_facts.values():
            counts.update(self.vocabulary(fact))
        return {word: math.log(1 + self._facts / count) for word, count in counts.items()}

    @cached_property
    def _facts(self) -> int:
        return len(self._library.citable_facts)

    def weight(self, word: str) -> float:
        """How telling a word is: ln(1 + facts / facts that hold it); a word of none counts as of one."""
        return self._weights.get(word) or math.log(1 + self._facts)

    def total(self, words: Iterable[str]) -> float:
        """The weight of words together."""
        return sum(map(self.weight, words))


def _words(clauses: Iterable[Clause]) -> frozenset[str]:
    return frozenset(word for clause in clauses for word in clause.words)
