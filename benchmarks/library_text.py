"""Our library as plain text, for an assistant that reads text files.

It gets all that ours answers from: statements with their validity said in words, clauses, FAQ answers,
what each document is, the offices, what is not ours; and, if wanted, every wording that people use. Each
paragraph fits into one of its chunks, and wordings stand on lines that it searches but never quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.models import Outcome
from knowledge.library import Library
from knowledge.models import Boundary, Document, Fact, FaqEntry, Nature, Office
from knowledge.validity import fact_status, is_past

CHUNK = 300
"""Characters of a piece that the other assistant searches."""
_ASKED = "\n【问】"
"""It never quotes a line that begins so."""
_SENTENCE = re.compile(r"(?<=[。；;!?:])\s*|\n+")
_BREAKS = re.compile(r"[。；;!?:\s]+")
_SHORTEST = 12
"""Shorter sentences are never quoted by the assistant that we compare with."""


@dataclass(frozen=True, slots=True)
class Line:
    """One statement, the facts that it carries, and what somebody who gives it as the answer has done."""

    text: str
    facts: frozenset[str] = frozenset()
    outcome: Outcome = Outcome.ANSWERED
    wordings: tuple[str, ...] = ()

    def sentences(self) -> Iterator[str]:
        """Its parts as they can be quoted."""
        return (part for found in _SENTENCE.split(self.written) if len(part := found.strip()) >= _SHORTEST)

    @property
    def written(self) -> str:
        """The text with full-width colons: at others the reader would cut 8:00 in two."""
        return self.text.replace(":", "：")

    def paragraphs(self, wordings: bool) -> Iterator[str]:
        """The statement, once for each group of wordings that fits into a chunk with it."""
        group, room = "", CHUNK - len(self.text) - len(_ASKED)
        for wording in self.wordings if wordings else ():
            asked = _BREAKS.sub(" ", wording)
            if group and len(group) + 1 + len(asked) > room:
                yield f"{self.written}{_ASKED}{group}"
                group = ""
            group = f"{group} {asked}".strip()
        yield f"{self.written}{_ASKED}{group}" if group else self.written


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file to upload."""

    title: str
    source: str
    lines: tuple[Line, ...]

    def content(self, wordings: bool) -> str:
        return "\n\n".join(part for line in self.lines for part in line.paragraphs(wordings))


def text_files(library: Library, on: date) -> Iterator[TextFile]:
    """One file a published document with its FAQ; one of offices, one of what is not ours."""
    for document in library.documents.values():
        if document.id in library.published:
            lines = tuple(_document_lines(document, library, on))
            yield TextFile(document.title, document.issuer, lines)
    yield TextFile("科室职责和联系方式", "", tuple(map(_office, library.offices.values())))
    yield TextFile("不由教育体育部门办理的事项", "", tuple(map(_boundary, library.boundaries)))


def _document_lines(document: Document, library: Library, on: date) -> Iterator[Line]:
    yield _card(document)
    facts = [fact for fact in document.facts if fact.ref in library.citable_facts]
    yield from (
        _fact(fact, document, on) for fact in sorted(facts, key=lambda f: _is_former(f, document, on))
    )
    yield from (_faq(entry) for entry in library.citable_faq if entry.document == document.id)
    for clause in document.clauses:
        refs = frozenset(f"{document.id}#{key}" for key in clause.facts)
        yield Line(
            f"{clause.path} {clause.heading} {clause.text}", frozenset(refs & library.citable_facts.keys())
        )


def _card(document: Document) -> Line:
    newer = document.superseded_by
    parts = [
        f"《{document.title}》由{document.issuer}发布",
        f"文号是{document.doc_no}" if document.doc_no else "",
        f"发布日期是{document.published}" if document.published else "",
        f"自{document.effective}起施行" if document.effective else "",
        f"有效期到{document.expires}" if document.expires else "",
        f"已被《{newer.title}》取代或部分取代" if newer else "",
        document.status_note,
    ]
    return Line("，".join(part for part in parts if part) + "。", wordings=document.aliases)


def _fact(fact: Fact, document: Document, on: date) -> Line:
    text = f"{fact.statement}\n{fact.brief}" if fact.brief else fact.statement
    if _is_former(fact, document, on):
        until = f"，到{fact.valid_to}为止" if fact.valid_to else ""
        text = "\n".join(f"此前的规定{until}：{part}" for part in _parts(text))
    return Line(text, frozenset({fact.ref}), wordings=(*fact.asks, *fact.keywords))


def _is_former(fact: Fact, document: Document, on: date) -> bool:
    return fact.nature is not Nature.RECORD and is_past(fact_status(fact, document, on))


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in _SENTENCE.split(text) if part.strip())


def _faq(entry: FaqEntry) -> Line:
    outcome = Outcome.ABSTAINED if entry.undetermined else Outcome.ANSWERED
    return Line(entry.answer, frozenset(entry.facts), outcome, (entry.question, *entry.variants))


def _office(office: Office) -> Line:
    phone = f"，电话{office.phone}" if office.phone else ""
    return Line(f"{office.name}负责{office.duties}{phone}。")


def _boundary(boundary: Boundary) -> Line:
    text = f"{boundary.matter}不由教育体育部门答复，由{boundary.owner}负责。{boundary.advice}"
    return Line(text, outcome=Outcome.REDIRECT, wordings=boundary.cues)
