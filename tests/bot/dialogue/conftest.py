"""The library's words and the reader of messages, without engine and answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.spelling import Speller
from bot.dialogue.understanding import Question, Understander
from index.analysis import normalise
from knowledge.library import Library
from tests.conftest import TODAY


@pytest.fixture(scope="session")
def lexicon(library: Library) -> Lexicon:
    return Lexicon(library)


@pytest.fixture(scope="session")
def speller(library: Library, lexicon: Lexicon) -> Speller:
    facts = library.citable_facts.values()
    texts = [text for fact in facts for text in (fact.statement, *fact.asks, *fact.keywords)]
    texts += [text for entry in library.citable_faq for text in (entry.question, *entry.variants)]
    return Speller(lexicon.domain_words, map(normalise, texts))


@pytest.fixture(scope="session")
def understand(lexicon: Lexicon, speller: Speller) -> Callable[..., Question]:
    understander = Understander(lexicon, speller)

    def read(message: str, today: date = TODAY) -> Question:
        return understander.understand(message, today)

    return read
