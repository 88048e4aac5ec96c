"""The service desk (服务台): the assistant with its store, as channels see it."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import UTC, datetime

from bot.assistant import Assistant
from bot.dialogue.memory import Memory
from bot.dialogue.wording import wording
from bot.masking import mask
from bot.models import Exchange, SourceLine, Topic, TopicGroup
from bot.store import Store
from knowledge.validity import document_status

_STRIPES = 64
_QUESTIONS_PER_TOPIC = 6


class Desk:
    """Implements :class:`bot.models.Conversationalist`: remembers conversations and keeps exchanges."""

    def __init__(self, assistant: Assistant, store: Store) -> None:
        self._assistant = assistant
        self._store = store
        self._say = wording().say
        self._locks = tuple(threading.Lock() for _ in range(_STRIPES))

    def ask(self, channel: str, user: str, text: str) -> Exchange:
        with self._locks[hash((channel, user)) % _STRIPES]:
            memory = Memory.from_json(self._store.load_state(channel, user))
            turn = self._assistant.reply(text, memory)
            self._store.save_state(channel, user, mask(turn.memory.to_json()))
            exchange = self._store.add_exchange(channel, user, text, turn.answer, datetime.now(UTC))
        return Exchange(exchange, turn.answer)

    def forget(self, channel: str, user: str) -> None:
        self._store.forget(channel, user)

    def rate(self, channel: str, user: str, exchange: int, helpful: bool) -> bool:
        return self._store.rate(exchange, channel, user, helpful)

    def greeting(self) -> str:
        return self._say("greeting")

    def help_text(self) -> str:
        return self._say("help")

    def topics(self) -> tuple[TopicGroup, ...]:
        """Catalogue columns that hold a published document, with questions of its FAQ."""
        library = self._assistant.library
        questions: defaultdict[str, list[str]] = defaultdict(list)
        for entry in library.citable_faq:
            for category_id in library.documents[entry.document].categories:
                questions[category_id].append(entry.question)
        groups: defaultdict[str, list[Topic]] = defaultdict(list)
        for category in library.categories.values():
            if questions[category.id]:
                shown = tuple(questions[category.id][:_QUESTIONS_PER_TOPIC])
                groups[category.group].append(Topic(category.id, category.name, shown))
        return tuple(TopicGroup(name, tuple(topics)) for name, topics in groups.items())

    def sources(self) -> tuple[SourceLine, ...]:
        """Published documents with their status today."""
        library, today = self._assistant.library, self._assistant.today()
        lines = []
        for document in library.documents.values():
            if document.id not in library.published:
                continue
            status = document_status(document, today)
            lines.append(
                SourceLine(
                    document=document.id,
                    title=document.title,
                    doc_no=document.doc_no,
                    issuer=document.issuer,
                    origin=document.origin.value,
                    status=status.value,
                    status_text=self._say(f"status_{status.value}"),
                )
            )
        return tuple(lines)
