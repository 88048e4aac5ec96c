"""Questions to fit the ranking weights on, each with its matches.

* the training questions (``tests/data/questions_{train,hard}.jsonl``) against the whole library;
* the library's own wordings against a library without them: each fold drops a share of all wordings and
  asks them. An open question (``undetermined``) asked so must find its own entry; asked with its entry hidden
  it is what citizens ask most often in vain: the right topic, and a detail that no text gives;
* public questions that the library cannot answer (``../shared/data/out_of_scope``), where they are present.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.assistant import Assistant
from bot.dialogue.matching import Match
from bot.dialogue.units import newest_ref
from bot.quality import read_expectations
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library

ROOT = Path(__file__).parent.parent
OUT_OF_SCOPE = ROOT.parent / "shared" / "data" / "out_of_scope" / "oos.jsonl"
TODAY = date(2026, 11, 23)
NEGATIVE_KINDS = {
    "far_encyclopedic": 80,
    "far_ecom": 40,
    "far_video": 30,
    "far_medical": 60,
    "near_citizen": 250,
    "near_legal": 120,
}
WORDING_FOLDS = 8
SAMPLED = 600
"""Wordings of each origin (facts, answered entries, open questions)."""
UNANSWERABLE = "-unanswerable"


@dataclass(frozen=True)
class Example:
    """A question and what answers it (facts, or a unit by id); neither: nothing does."""

    text: str
    origin: str
    document: str
    """The document it belongs to, as far as it is known: folds keep a document together."""
    facts: frozenset[str] = frozenset()
    """In their newest versions: the assistant goes from any version to the one in force."""
    unit: str = ""
    hidden: str = ""
    """A unit that is left out of the matches."""

    @property
    def answerable(self) -> bool:
        return bool(self.facts)


@dataclass(frozen=True)
class Asked:
    """An example with its matches; features do not depend on the weights."""

    example: Example
    matches: tuple[Match, ...]
    boundary: bool

    def right(self, match: Match) -> bool:
        """Whether a match is the one to choose."""
        example = self.example
        return match.unit.id == example.unit or (
            says_something(match) and bool(example.facts & set(match.unit.newest))
        )


def says_something(match: Match) -> bool:
    """Whether choosing the unit would be an answer; guidance and open questions are not."""
    return bool(match.unit.facts) and not (match.unit.faq and match.unit.faq.undetermined)


def ask_all(library: Library, sets: Iterable[str] = ("train", "hard", "dev")) -> list[Asked]:
    """Every example with its matches."""
    asked = list(_ask(library, (*_questions(library, sets), *_out_of_scope())))
    wordings = list(_wordings(library))
    for fold in range(WORDING_FOLDS):
        chosen = wordings[fold::WORDING_FOLDS]
        asked += _ask(_without(library, {example.text for example in chosen}), chosen)
    return asked


def _ask(library: Library, examples: Iterable[Example]) -> Iterator[Asked]:
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.refresh(passages(library))
        assistant = Assistant(library, engine, lambda: TODAY)
        for example in examples:
            found = tuple(m for m in assistant.explain(example.text) if m.unit.id != example.hidden)
            if found:
                yield Asked(example, found, assistant.has_boundary_cue(example.text))
        engine.close()


def _questions(library: Library, sets: Iterable[str]) -> Iterator[Example]:
    for name in sets:
        path = ROOT / "tests" / "data" / f"questions_{name}.jsonl"
        for want in read_expectations(path) if path.exists() else ():
            if len(want.turns) > 1 or want.as_of or want.kind == "conversation":
                continue
            if "answered" not in want.outcomes:
                yield Example(want.turns[0], name + UNANSWERABLE, "")
            elif want.facts_any:
                facts = frozenset().union(*want.facts_any)
                yield Example(want.turns[0], name, min(facts).partition("#")[0], _newest(facts, library))


def _newest(refs: Iterable[str], library: Library) -> frozenset[str]:
    return frozenset(newest_ref(library.facts[ref], library) for ref in refs)


def _wordings(library: Library) -> Iterator[Example]:
    """A sample of each origin, mixed."""
    chooser = random.Random(2)  # noqa: S311 - a sample, not a secret
    found = []
    asks = [(text, fact) for fact in library.citable_facts.values() for text in fact.asks]
    for text, fact in chooser.sample(asks, min(SAMPLED, len(asks))):
        found.append(Example(text, "asks", fact.document, _newest({fact.ref}, library), fact.ref))
    answered = [(t, e) for e in library.citable_faq if e.facts and not e.undetermined for t in e.variants]
    for text, entry in chooser.sample(answered, min(SAMPLED, len(answered))):
        found.append(Example(text, "faq", entry.document, _newest(entry.facts, library), entry.id))
    unsaid = [(t, e) for e in library.citable_faq if e.undetermined or not e.facts for t in e.variants]
    for text, entry in chooser.sample(unsaid, min(SAMPLED, len(unsaid))):
        found.append(Example(text, "open", entry.document, unit=entry.id))
        if entry.undetermined:
            found.append(Example(text, "hidden" + UNANSWERABLE, entry.document, hidden=entry.id))
    chooser.shuffle(found)
    return iter(found)


def _without(library: Library, dropped: set[str]) -> Library:
    """The library without some wordings."""
    documents = {
        name: replace(
            document,
            facts=tuple(
                replace(fact, asks=tuple(a for a in fact.asks if a not in dropped)) for fact in document.facts
            ),
        )
        for name, document in library.documents.items()
    }
    faq = tuple(
        replace(entry, variants=tuple(v for v in entry.variants if v not in dropped)) for entry in library.faq
    )
    return replace(library, documents=documents, faq=faq)


def _out_of_scope() -> Iterator[Example]:
    if not OUT_OF_SCOPE.exists():
        print(f"{OUT_OF_SCOPE} is absent: fitted without it", file=sys.stderr)
        return
    rows = [json.loads(line) for line in OUT_OF_SCOPE.read_text(encoding="utf-8").splitlines()]
    chooser = random.Random(1)  # noqa: S311 - a sample, not a secret
    for kind, count in NEGATIVE_KINDS.items():
        texts = [row["text"] for row in rows if row["kind"] == kind]
        for text in chooser.sample(texts, min(count, len(texts))):
            yield Example(text, kind, "")
