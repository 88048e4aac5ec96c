"""What the words of a message mean for this library: terms, aspects, slots, boundaries."""

from __future__ import annotations

from functools import cached_property

from bot.dialogue.phrases import PhraseTable
from index.analysis import normalise
from knowledge.library import Library
from knowledge.models import Boundary


class Lexicon:
    """The library's words, ready for look-up in normalised text."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._broader = {term.term: term.broader for term in library.terms}

    @cached_property
    def _terms(self) -> PhraseTable:
        return PhraseTable(
            (normalise(word), term.term)
            for term in self._library.terms
            for word in (term.term, *term.aliases)
        )

    @cached_property
    def _aspects(self) -> PhraseTable:
        return PhraseTable(
            (normalise(cue), aspect.id) for aspect in self._library.aspects.values() for cue in aspect.cues
        )

    @cached_property
    def _slots(self) -> PhraseTable:
        return PhraseTable(
            (normalise(cue), f"{slot.id}={value.value}")
            for slot in self._library.slots
            for value in slot.values
            for cue in value.cues
        )

    @cached_property
    def _boundaries(self) -> PhraseTable:
        return PhraseTable(
            (normalise(cue), boundary.id) for boundary in self._library.boundaries for cue in boundary.cues
        )

    @cached_property
    def _boundary_by_id(self) -> dict[str, Boundary]:
        return {boundary.id: boundary for boundary in self._library.boundaries}

    @cached_property
    def domain_words(self) -> frozenset[str]:
        """Every normalised term and alias: the vocabulary that misspellings are corrected to."""
        return frozenset(phrase for phrase, _ in self._terms)

    def terms(self, text: str) -> frozenset[str]:
        """Official terms named in a normalised text, in whatever words."""
        return frozenset(match.meaning for match in self._terms.find(text))

    def wider(self, terms: frozenset[str]) -> frozenset[str]:
        """The terms with everything they are a kind of."""
        found = set(terms)
        queue = list(terms)
        while queue:
            for wider in self._broader.get(queue.pop(), ()):
                if wider not in found:
                    found.add(wider)
                    queue.append(wider)
        return frozenset(found)

    def aspects(self, text: str) -> frozenset[str]:
        """What is asked: ids of ``aspects.yaml``."""
        return frozenset(match.meaning for match in self._aspects.find(text))

    def without_aspects(self, text: str) -> str:
        """The text with the words that ask for an aspect blanked out."""
        for match in tuple(self._aspects.find(text)):
            text = text.replace(match.phrase, " ")
        return text

    def slots(self, text: str) -> frozenset[str]:
        """Slot values named in a text, as ``学段=小学``."""
        return frozenset(match.meaning for match in self._slots.find(text))

    def slot_phrases(self, text: str) -> tuple[tuple[str, str], ...]:
        """(phrase, ``slot=value``) in order of appearance."""
        return tuple((match.phrase, match.meaning) for match in self._slots.find(text))

    def boundaries(self, text: str) -> tuple[tuple[Boundary, str], ...]:
        """Matters named in a text that the library does not answer, each with the cue; longest cue first.

        A boundary is left out where one of its ``unless`` words stands in the text.
        """
        found: dict[str, str] = {}
        for match in self._boundaries.find(text, overlapping=True):
            if len(match.phrase) > len(found.get(match.meaning, "")):
                found[match.meaning] = match.phrase
        pairs = [(self._boundary_by_id[name], cue) for name, cue in found.items()]
        kept = [(b, cue) for b, cue in pairs if not any(normalise(word) in text for word in b.unless)]
        return tuple(sorted(kept, key=lambda pair: -len(pair[1])))
