"""Libraries of a few facts, so that a rule can be seen alone."""

from __future__ import annotations

from datetime import date

from bot.dialogue.evidence import Evidence, EvidenceReader
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.spelling import Speller
from bot.dialogue.understanding import Question, Understander
from bot.dialogue.units import Unit, units
from knowledge.library import Library
from knowledge.models import (
    Clause,
    Confidence,
    Document,
    DocumentKind,
    Fact,
    FaqEntry,
    Level,
    Office,
    Origin,
    Reviews,
)
from knowledge.models import Evidence as Seen

DOC = "doc"
OFFICE = Office(id="office", name="资助科", duties="", phone="0563-3021111", phone_note="工作日")
THREE = Reviews(first_review="甲", second_review="乙", final_review="丙", on=date(2026, 1, 1))


def fact(key: str, statement: str, **changes: object) -> Fact:
    """A sound rule of the document ``doc`` unless told otherwise."""
    given: dict[str, object] = {
        "document": DOC,
        "clause": "第一条",
        "confidence": Confidence.HIGH,
        "evidence": Seen.OFFICIAL,
        "source": "官方文件",
        "asks": ("补助多少钱",),
    }
    return Fact(key=key, statement=statement, **(given | changes))  # type: ignore[arg-type]


def document(*facts: Fact, **changes: object) -> Document:
    """A published local document in force that holds the facts."""
    given: dict[str, object] = {
        "id": DOC,
        "title": "补助办法",
        "kind": DocumentKind.POLICY,
        "origin": Origin.LOCAL,
        "level": Level.CITY,
        "issuer": "市教育体育局",
        "office": OFFICE.id,
        "doc_no": "宣教〔2020〕8号",
        "effective": date(2020, 1, 1),
        "clauses": (Clause("第一条", "补助", "补助的条件。", tuple(f.key for f in facts)),),
        "facts": facts,
        "reviews": THREE,
    }
    return Document(**(given | changes))  # type: ignore[arg-type]


def library_of(*documents: Document, faq: tuple[FaqEntry, ...] = ()) -> Library:
    return Library(
        documents={each.id: each for each in documents},
        faq=faq,
        offices={OFFICE.id: OFFICE},
        categories={},
        aspects={},
        slots=(),
        terms=(),
        boundaries=(),
        calendar=(),
        fingerprint="small",
    )


def faq_of(answer: str, *refs: str, background: tuple[str, ...] = ()) -> FaqEntry:
    """An entry of the document ``doc``."""
    return FaqEntry(f"{DOC}!faq-1", DOC, "补助多少钱？", answer, refs, background=background)


def unit_of(library: Library, unit_id: str) -> Unit:
    made = units(library, Lexicon(library), PreparedCache(None, library))
    return next(unit for unit in made if unit.id == unit_id)


def question_of(text: str, on: date) -> Question:
    return Understander(Lexicon(library_of()), Speller((), ())).understand(text, on)


def evidence_of(library: Library, unit_id: str, on: date, asked: str = "补助多少钱") -> Evidence:
    """What the unit says on a day to somebody who asks in these words."""
    return EvidenceReader(library).read(unit_of(library, unit_id), question_of(asked, on), on)
