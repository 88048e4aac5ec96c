"""The assistant's fixed sentences (``responses.yaml``) and cue lists, read strictly and once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.analysis import normalise
from knowledge.yaml_reader import strict_entry

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Wording:
    """Sentences by name; :meth:`say` fills them in."""

    sentences: dict[str, str]

    def say(self, name: str, **values: str) -> str:
        """A sentence with its blanks filled. Values are text, never templates.

        Raises:
            KeyError: no such sentence, or a blank without a value.
        """
        sentence = self.sentences[name]
        return re.sub(r"\{(\w+)\}", lambda match: values[match.group(1)], sentence)


@dataclass(frozen=True)
class IntentCue:
    """When a message is of an intent before any retrieval."""

    id: str
    phrases: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    short: int | None
    """Longest message (characters) to which the cue applies; ``None``: any length."""
    unless: tuple[str, ...] = ()
    """Words that show that the message is about a rule after all."""

    def matches(self, text: str) -> bool:
        if self.short is not None and len(text) > self.short:
            return False
        if any(word in text for word in self.unless):
            return False
        return any(phrase in text for phrase in self.phrases) or any(p.search(text) for p in self.patterns)


@cache
def read_wording(path: Path) -> Wording:
    """The sentences of a file of names and texts.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    with strict_entry(path) as entry:
        return Wording({key: entry.text(key) for key in entry.names})


def wording() -> Wording:
    """All sentences of ``responses.yaml``."""
    return read_wording(_HERE / "responses.yaml")


@cache
def intent_cues() -> tuple[IntentCue, ...]:
    """``intents.yaml`` in its order: the first that matches wins."""
    with strict_entry(_HERE / "intents.yaml") as entry:
        cues = []
        for child in entry.entries("intents", required=True):
            cues.append(
                IntentCue(
                    id=child.text("id"),
                    phrases=tuple(normalise(phrase) for phrase in child.texts("phrases")),
                    patterns=tuple(re.compile(pattern) for pattern in child.texts("patterns")),
                    short=child.number("short") if child.has("short") else None,
                    unless=tuple(normalise(word) for word in child.texts("unless")),
                )
            )
            child.finish()
    return tuple(cues)


@cache
def function_words() -> re.Pattern[str]:
    """One pattern for the words that carry tone, not matter; longest first."""
    with strict_entry(_HERE / "function_words.yaml") as entry:
        words = sorted((normalise(word) for word in entry.texts("words")), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words if word))
