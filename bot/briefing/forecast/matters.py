"""All questions that may be asked, each once in all its wordings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from bot.briefing.forecast.models import Matter, Resting
from bot.briefing.forecast.resting import Reader, bare
from bot.briefing.forecast.topics import Topics, unpublished, unpublished_text
from bot.briefing.forecast.weights import weights
from bot.briefing.forecast.wordings import say
from bot.masking import mask
from bot.signals.classification.matters import read_matters
from bot.signals.questions import question_of
from knowledge.library import Library
from knowledge.models import Boundary, Fact, FaqEntry

_ASKS = re.compile(
    "[吗呢么]$|什么|怎么|怎样|如何|多少|多久|[几哪谁]|何时|是否|能否|可否|能不能|可不可以|有没有|为何|会不会|要不要|是不是"
)
_MARKS = "？?。！! "
_LONGEST = 45
"""Characters of a citizen's question that still can be said in one breath."""
_MIDDLE_RANK = 6
"""Place of a question that stands in no document: there the rate is the mean of a document's twenty or so."""


class Matters:
    """Matters by key, those of the library from the start; citizens' wordings are merged into them."""

    def __init__(self, library: Library, reader: Reader, topics: Topics) -> None:
        self._library = library
        self._reader = reader
        self._topics = topics
        self._found: dict[str, Matter] = {}
        self._same: dict[str, str] = {}
        """Key of a merged matter → key of the one that it was merged into."""
        self._wordings: dict[tuple[str, ...], dict[str, str]] = {}
        """Facts that questions rest on → their wordings → key."""
        bound = {ref for entry in library.citable_faq for ref in entry.facts}
        ranks: Counter[str] = Counter()
        for entry in library.citable_faq:
            ranks[entry.document] += 1
            self._add_entry(entry, ranks[entry.document])
        for fact in library.citable_facts.values():
            if fact.ref not in bound and not fact.superseded_by and fact.asks:
                ranks[fact.document] += 1
                self._add_fact(fact, ranks[fact.document])
        matters = read_matters(library.categories, library.offices)
        keywords = {one.id: one.keywords for one in matters.values() if one.ours}
        for boundary in unpublished(library):
            self._add_unpublished(boundary, keywords)

    def __iter__(self) -> Iterator[Matter]:
        return iter(self._found.values())

    def key_of(self, key: str) -> str:
        """The key under which a matter is kept."""
        return self._same.get(key, key)

    def said(self, wording: str, resting: Resting) -> Matter | None:
        """Take in what a citizen said; ``None`` where it is nothing to prepare for, or reads as no question.

        What rests on a published question is a variant of it; else the citizen's own question stands.
        """
        if resting.others or resting.key.startswith("card:"):
            return None
        masked = mask(wording)
        matter = self._found.get(self.key_of(resting.key)) or self._alike(masked, resting)
        matter = matter or self._on_shared_facts(masked, resting)
        if matter is None:
            matter = self._asked_by_citizens(masked, resting)
        known = matter is None or masked in (matter.question, *matter.said, *matter.merged)
        if matter is not None and not known and question_of("", masked):
            matter.said.append(masked)
        return matter

    def _add_entry(self, entry: FaqEntry, rank: int) -> None:
        resting = self._reader.published(entry)
        kept = None if entry.undetermined else self._alike(entry.question, resting)
        if kept is not None:
            self._same[resting.key] = kept.resting.key
            kept.merged.append(entry.question)
            return
        text = " ".join((entry.question, *entry.variants, entry.answer))
        matter = Matter(
            resting,
            entry.question,
            frozenset(entry.facts),
            frozenset(entry.aspects),
            self._topics.tokens(text),
            rank=rank,
            open=entry.undetermined or not entry.facts,
            ended=self._reader.ended(entry.facts),
        )
        self._keep(matter, (entry.question, *entry.variants))

    def _add_fact(self, fact: Fact, rank: int) -> None:
        """A fact that no FAQ entry words; where it has ended and another text answers, that one stands."""
        resting = self._reader.fact(fact)
        if not resting.facts and self._reader.asked(fact.asks[0]).facts:
            return
        tokens = self._topics.tokens(" ".join((*fact.asks, fact.statement)))
        matter = Matter(
            resting,
            _with_mark(_sentences(fact)[0]),
            frozenset((fact.ref,)),
            frozenset(fact.aspects),
            tokens,
            rank=rank,
            ended=self._reader.ended((fact.ref,)),
        )
        self._keep(matter, fact.asks)

    def _add_unpublished(self, boundary: Boundary, keywords: Mapping[str, tuple[str, ...]]) -> None:
        """A gap that editors know of, in the columns of which a keyword stands in it."""
        text = unpublished_text(boundary)
        question = say("unpublished_question", matter=boundary.matter)
        matter = Matter(
            self._reader.unpublished(boundary),
            question,
            tokens=self._topics.tokens(boundary.matter),
            columns=frozenset(
                column for column, words in keywords.items() if any(word in text for word in words)
            ),
            rank=_MIDDLE_RANK,
            open=True,
        )
        self._keep(matter, (question,))

    def _keep(self, matter: Matter, wordings: tuple[str, ...]) -> None:
        key = matter.resting.key
        self._found[key] = matter
        if not (matter.open and matter.resting.facts):
            known = self._wordings.setdefault(tuple(sorted(matter.resting.facts)), {})
            known |= {bare(wording): key for wording in wordings}

    def _alike(self, wording: str, resting: Resting) -> Matter | None:
        """The matter with the same facts, or also without any, that is worded almost the same."""
        known = self._wordings.get(tuple(sorted(resting.facts)), {})
        cutoff = weights().same_wording
        best = process.extractOne(bare(wording), list(known), scorer=fuzz.ratio, score_cutoff=cutoff)
        return self._found[known[best[0]]] if best else None

    def _on_shared_facts(self, wording: str, resting: Resting) -> Matter | None:
        """The matter that shares a fact and is worded much like it: the assistant may cite one fact more or
        less for the same question."""
        refs = set(resting.facts)
        known = {
            said: key
            for facts, wordings in self._wordings.items()
            if refs.intersection(facts)
            for said, key in wordings.items()
        }
        cutoff = weights().same_on_shared_facts
        best = process.extractOne(bare(wording), list(known), scorer=fuzz.ratio, score_cutoff=cutoff)
        return self._found[known[best[0]]] if best else None

    def _asked_by_citizens(self, wording: str, resting: Resting) -> Matter | None:
        question = self._published_wording(wording, resting) or _spoken(wording)
        if question is None:
            return None
        matter = Matter(
            resting,
            question,
            frozenset(resting.facts),
            self._topics.aspects(wording),
            self._topics.tokens(wording),
            open=not resting.facts,
            ended=resting.key.startswith("facts:") and not resting.facts,
        )
        self._keep(matter, (question,))
        return matter

    def _published_wording(self, wording: str, resting: Resting) -> str | None:
        """The library's own wording of what a fact answers, the one nearest to the citizen's."""
        asks = [ask for ref in resting.facts for ask in _sentences(self._library.facts[ref])]
        best = process.extractOne(bare(wording), asks, scorer=fuzz.ratio, processor=bare)
        return _with_mark(best[0]) if best else None


def _sentences(fact: Fact) -> Sequence[str]:
    """Wordings of what a fact answers that can be said as a question, not only typed as keywords."""
    return [ask for ask in fact.asks if " " not in ask and _ASKS.search(ask)] or fact.asks


def _spoken(wording: str) -> str | None:
    """The question in a citizen's wording as a caller would say it; ``None`` for titles and stories."""
    bare = (question_of("", wording) or "").rstrip(_MARKS)
    return _with_mark(bare) if len(bare) <= _LONGEST and "：" not in bare and _ASKS.search(bare) else None


def _with_mark(question: str) -> str:
    return f"{question.rstrip(_MARKS)}？"
