"""Whether a draft holds: its facts in force, no figure without one, its entry still there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.errors import UsageError
from bot.followup.drafting import doubtful
from bot.followup.models import DraftKind, FaqDraft
from knowledge.library import Library
from knowledge.models import FaqEntry, Status
from knowledge.validity import fact_status

_NEAR = 3


def faults(draft: FaqDraft, library: Library, on: date) -> tuple[str, ...]:
    """What must be mended before a draft may pass, in Chinese."""
    return tuple(_faults(draft, library, on))


def _faults(draft: FaqDraft, library: Library, on: date) -> Iterator[str]:
    if draft.document not in library.published:
        yield f"政策库里没有已公布的文件 {draft.document}"
    if draft.kind is DraftKind.VARIANT:
        if entry_of(draft, library) is None:
            yield f"常见问题里已没有“{draft.entry_question}”"
        return
    for ref in draft.facts:
        fact = library.citable_facts.get(ref)
        if fact is None:
            yield f"政策库里没有这条事实：{ref}"
        elif fact_status(fact, library.document_of(fact), on) is not Status.IN_FORCE:
            yield f"{on} 已不是现行规定：{ref}"
    if not draft.facts:
        yield "没有依据"
    missing = doubtful(draft.answer, draft.facts, library)
    if missing:
        yield f"这些数字在依据里找不到：{'、'.join(missing)}"


def require_sound(draft: FaqDraft, library: Library, on: date) -> None:
    """Raises UsageError with everything that is wrong."""
    if found := faults(draft, library, on):
        raise UsageError(f"{draft.id} 还不能通过：{'；'.join(found)}")


def entry_of(draft: FaqDraft, library: Library) -> FaqEntry | None:
    """The entry of a variant as it is now; ids move when entries are added, so its question decides."""
    of_document = [entry for entry in library.faq if entry.document == draft.document]
    return next((entry for entry in of_document if entry.question == draft.entry_question), None)


def near_entries(draft: FaqDraft, library: Library) -> tuple[FaqEntry, ...]:
    """Entries on the first fact of a new entry: perhaps a further wording of one of them is enough."""
    if draft.kind is DraftKind.VARIANT or not draft.facts:
        return ()
    return tuple(entry for entry in library.faq if draft.facts[0] in entry.facts)[:_NEAR]
