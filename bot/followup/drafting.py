"""What the questions of an event add to the FAQ: wordings, new entries; and what must be published first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from bot.briefing.forecast.models import Resting
from bot.briefing.forecast.resting import Reader, bare
from bot.followup.models import AskedQuestion, DraftKind, FaqDraft
from bot.followup.offices import office_name
from bot.followup.words import words
from bot.masking import Kind
from bot.signals.questions import question_of
from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.models import Fact, FaqEntry

_SAME = 90.0
"""Likeness (rapidfuzz ratio, 0..100) from which a wording is no new one."""
_LONGEST = 60
"""Characters of a wording; of a longer text only the question in it is taken."""
_MOST_FACTS = 3
_SHORTEST = 6
"""Characters of a question that can be read by itself."""
_ASKED = re.compile(r"[^？?]+[？?]")
_CLAUSE = re.compile(r"[^，,。；;！!？?]+[，,。；;！!？?]*")
_MASKS = re.compile("|".join(re.escape(f"[{kind}]") for kind in Kind))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question that gives no draft, and why. ``office``: name of who should publish, or answers."""

    event: str
    number: int
    question: str
    reason: str
    office: str = ""


@dataclass(slots=True)
class Proposals:
    """What became of every question: a draft, or a place in one of the lists."""

    drafts: list[FaqDraft] = field(default_factory=list)
    unpublished: list[LeftOut] = field(default_factory=list)
    """需先公布依据: no published text in force answers."""
    known: list[LeftOut] = field(default_factory=list)
    """Worded like an entry that is there."""
    others: list[LeftOut] = field(default_factory=list)
    """Matters of others, personal records, no clear question."""


def propose(
    asked: Iterable[AskedQuestion], reader: Reader, library: Library, drafted: Iterable[FaqDraft] = ()
) -> Proposals:
    """Drafts for questions that published text answers.

    Args:
        reader: says what the assistant's answers rest on, as of the day on which drafts are made.
        drafted: drafts that are there already; what they word is not drafted again.
    """
    return _Drafter(reader, library, drafted).all_of(asked)


class _Drafter:
    def __init__(self, reader: Reader, library: Library, drafted: Iterable[FaqDraft]) -> None:
        self._reader = reader
        self._library = library
        self._entries = {entry.id: entry for entry in library.citable_faq}
        self._worded = [bare(text) for entry in library.faq for text in (entry.question, *entry.variants)]
        self._worded += [bare(text) for draft in drafted for text in (draft.question, *draft.variants)]
        self._found = Proposals()
        self._places: dict[str, int] = {}

    def all_of(self, asked: Iterable[AskedQuestion]) -> Proposals:
        for each in asked:
            for wording, resting in readings(each.question, self._reader):
                if not self._is_left_out(each, resting, wording):
                    self._draft(each, resting, wording)
        return self._found

    def _is_left_out(self, asked: AskedQuestion, resting: Resting, wording: str) -> bool:
        """Whether a question gives no draft; it is put into the list that says why."""
        office = office_name(resting.office or asked.office, self._library.offices)
        left_out = LeftOut(asked.event, asked.number, wording, resting.reason, office)
        if resting.others:
            self._found.others.append(left_out)
        elif resting.key.startswith("card:"):
            self._found.known.append(left_out)
        elif not resting.facts:
            self._found.unpublished.append(left_out)
        elif self._is_known(wording):
            self._found.known.append(replace(left_out, reason="常见问题或草稿里已有这样的问法"))
        else:
            return False
        return True

    def _is_known(self, wording: str) -> bool:
        return (
            process.extractOne(bare(wording), self._worded, scorer=fuzz.ratio, score_cutoff=_SAME) is not None
        )

    def _draft(self, asked: AskedQuestion, resting: Resting, wording: str) -> None:
        """A draft; the same question again is a further wording of the entry that is drafted."""
        self._worded.append(bare(wording))
        entry = self._entries.get(resting.faq or "")
        if entry:
            self._found.drafts.append(self._variant(asked, entry, wording))
            return
        place = self._places.setdefault(resting.key, len(self._found.drafts))
        if place < len(self._found.drafts):
            held = self._found.drafts[place]
            self._found.drafts[place] = replace(held, variants=(*held.variants, wording))
        else:
            self._found.drafts.append(self._entry(asked, resting, wording))

    def _variant(self, asked: AskedQuestion, entry: FaqEntry, wording: str) -> FaqDraft:
        return self._with_spoken(
            asked,
            FaqDraft(
                DraftKind.VARIANT,
                asked.event,
                asked.number,
                entry.document,
                wording,
                entry.answer,
                entry.facts,
                entry.aspects,
                entry=entry.id,
                entry_question=entry.question,
            ),
        )

    def _entry(self, asked: AskedQuestion, resting: Resting, wording: str) -> FaqDraft:
        facts = [self._library.facts[ref] for ref in resting.facts[:_MOST_FACTS]]
        return self._with_spoken(
            asked,
            FaqDraft(
                DraftKind.ENTRY,
                asked.event,
                asked.number,
                facts[0].document,
                wording,
                composed(facts, self._library),
                tuple(fact.ref for fact in facts),
                facts[0].aspects,
            ),
        )

    def _with_spoken(self, asked: AskedQuestion, draft: FaqDraft) -> FaqDraft:
        if not asked.answered:
            return draft
        doubts = doubtful(asked.answer, draft.facts, self._library)
        return replace(draft, spoken=asked.answer, doubts=doubts)


def readings(question: str, reader: Reader) -> tuple[tuple[str, Resting], ...]:
    """What a question rests on. Where several are asked at once that can be told apart, each by itself."""
    whole = worded(question)
    resting = reader.asked(whole)
    parts = [part.strip() for part in _ASKED.findall(_telling(question)) if len(part.strip()) >= _SHORTEST]
    each = tuple((worded(part), reader.asked(worded(part))) for part in parts)
    # A part that says nothing by itself (差几天满六岁？能上吗？) belongs to the whole.
    by_themselves = (bool(one.facts or one.others) for _, one in each)
    splits = len(each) > 1 and (all if resting.facts else any)(by_themselves)
    return each if splits and any(one.facts for _, one in each) else ((whole, resting),)


def worded(question: str) -> str:
    """A question as it may stand in an FAQ: on one line, without who is addressed, clauses that say who asks,
    or the story before it."""
    text = _telling(question)
    if len(text) <= _LONGEST:
        return text
    return question_of("", text) or text


def _telling(question: str) -> str:
    text = words().addresses.sub("", " ".join(question.split()))
    clauses = _CLAUSE.findall(text)
    telling = [clause for clause in clauses if not _MASKS.search(clause)]
    return "".join(telling).strip(" ，,；;") if telling else _MASKS.sub("", text)


def composed(facts: Sequence[Fact], library: Library) -> str:
    """An answer of these facts and nothing else, in their short forms where these hold to the statements."""
    short = "".join(dict.fromkeys(fact.brief or fact.statement for fact in facts))
    if not unsupported(short, evidence(facts, library)):
        return short
    return "".join(dict.fromkeys(fact.statement for fact in facts))


def evidence(facts: Iterable[Fact], library: Library) -> str:
    """Everything that an FAQ answer on these facts may draw figures from, as the library check has it."""
    return " ".join(
        f"{fact.statement} {fact.own_basis.text if fact.own_basis else ''} {library.document_of(fact).title}"
        for fact in facts
    )


def doubtful(answer: str, refs: Iterable[str], library: Library) -> tuple[str, ...]:
    """Figures and document numbers of an answer that these facts do not hold."""
    facts = [library.facts[ref] for ref in refs if ref in library.facts]
    return shown_figures(unsupported(answer.replace("12345", ""), evidence(facts, library)))


def shown_figures(found: Iterable[str]) -> tuple[str, ...]:
    """Figures as people write them: ``2024/5`` is a document number."""
    return tuple(
        "〔{}〕{}号".format(*figure.split("/")) if "/" in figure else figure for figure in sorted(found)
    )
