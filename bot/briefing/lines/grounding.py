"""What a line rests on: facts in force, reviewed wording, office, the name of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.briefing.lines.choosing import Choice
from bot.briefing.lines.speaking import without_lead
from bot.briefing.models import ForecastQuestion
from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.models import Fact, FaqEntry, Office
from knowledge.validity import current_successor

FIXED_NUMBERS = " 12345 24小时 "
"""Numbers that the fixed sentences name."""
_LONGEST_NAME = 18
_KINDS_OF_TEXT = (
    "法",
    "规则",
    "规定",
    "办法",
    "条例",
    "意见",
    "通知",
    "方案",
    "计划",
    "规划",
    "标准",
    "公告",
)


@dataclass(frozen=True, slots=True)
class Ground:
    """``facts``: in force, those that answer first; ``faq``: the reviewed wording where it holds."""

    question: ForecastQuestion
    facts: tuple[Fact, ...]
    faq: FaqEntry | None
    office: Office

    @property
    def open(self) -> bool:
        """Whether the published text leaves part of the question open."""
        return self.faq is not None and self.faq.undetermined


class Grounds:
    """Finds the ground of questions on one day."""

    def __init__(self, library: Library, on: date, choice: Choice) -> None:
        self._library = library
        self._on = on
        self._choice = choice
        self.faq = {entry.id: entry for entry in library.citable_faq}

    def of(self, question: ForecastQuestion) -> Ground | None:
        """The ground of a question; ``None`` where no fact in force answers it."""
        faq = self.faq.get(question.faq or "")
        facts = self._current(question.facts or (faq.facts if faq else ()))
        if not facts and faq and faq.undetermined:
            facts = self._current(faq.background)
        if not facts:
            return None
        valid = faq is not None and all(self._choice.in_force(self._library.facts[ref]) for ref in faq.facts)
        if faq and valid:
            facts = tuple(dict.fromkeys((*self._current(faq.facts), *facts)))
        document = self._library.document_of(facts[0])
        office = question.office or (faq.office if faq else None) or document.office
        return Ground(question, facts, faq if valid else None, self._library.offices[office])

    def _current(self, refs: Iterable[str]) -> tuple[Fact, ...]:
        """The facts, or what replaced them, as far as they are in force."""
        known = (self._library.facts[ref] for ref in refs if ref in self._library.facts)
        newest = (
            current_successor(fact, self._library.facts, self._library.documents, self._on) for fact in known
        )
        return tuple(dict.fromkeys(fact for fact in newest if self._choice.in_force(fact)))

    def evidence(self, facts: Iterable[Fact], office: Office) -> str:
        """What a line may draw figures from: its facts and the names of their texts."""
        parts = [FIXED_NUMBERS, office.name]
        for fact in facts:
            document = self._library.document_of(fact)
            named = fact.own_basis.text if fact.own_basis else f"{document.title} {document.doc_no or ''}"
            parts += [fact.statement, fact.brief, named]
        return " ".join(parts)

    def source_name(self, fact: Fact) -> str:
        """What people call the text that carries a fact; empty where there is no short name."""
        document = self._library.document_of(fact)
        _, named = without_lead(fact.statement)
        if named and named != document.title:
            return named
        called = [name for name in (*document.aliases, document.title) if name.endswith(_KINDS_OF_TEXT)]
        plain = [name for name in called if not unsupported(name, FIXED_NUMBERS)]
        if fact.own_basis is None:
            return plain[0] if plain else ""
        title = re.sub(r"（.*?）", "", fact.own_basis.title.strip("《》")).removeprefix("中华人民共和国")
        if plain and title == document.title.partition("（")[0]:
            return plain[0]
        short = title.endswith(_KINDS_OF_TEXT) and len(title) <= _LONGEST_NAME and "、" not in title
        return title if short else ""
