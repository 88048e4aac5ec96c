"""访谈实录: what was asked and answered, word for word but for personal data, with the basis beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.briefing.export import GovernmentPage, Style, phrases
from bot.briefing.forecast.resting import Reader
from bot.briefing.models import Event
from bot.dates import in_words
from bot.dialogue.guardrails import evidence_text
from bot.dialogue.wording import read_wording
from bot.followup.drafting import readings, shown_figures
from bot.followup.models import AskedQuestion, FollowUp, FollowUpStatus
from knowledge.figures import unsupported
from knowledge.library import Library
from knowledge.models import Fact
from knowledge.validity import is_unverified

_FILE = Path(__file__).with_name("record.yaml")
_MOST_SOURCES = 3


def record_page(
    event: Event,
    asked: Sequence[AskedQuestion],
    followups: Sequence[FollowUp],
    reader: Reader,
    library: Library,
) -> GovernmentPage:
    """The draft of the record.

    Args:
        reader: says what answers rest on as of the day of the event.
    """
    say = read_wording(_FILE).say
    page = GovernmentPage(say("title", event=phrases.event_name(event)), say("header"))
    for key, text in (
        ("when", phrases.event_time(event)),
        ("leader", event.leader),
        ("channel", event.channel),
        ("topics", "、".join(event.topics)),
    ):
        page.paragraph(text, say(key))
    page.paragraph(say("notice"), style=Style.NOTE)
    open_by_question = {followup.question: followup for followup in followups}
    for each in asked:
        _write(page, event, each, open_by_question, reader, library)
    if not asked:
        page.paragraph(say("nothing"))
    return page


def _write(
    page: GovernmentPage,
    event: Event,
    asked: AskedQuestion,
    followups: Mapping[str, FollowUp],
    reader: Reader,
    library: Library,
) -> None:
    say = read_wording(_FILE).say
    asker = asked.asker or say(f"asker_{event.kind.value}")
    page.paragraph(asked.question, f"{asker}：")
    if asked.answered:
        page.paragraph(asked.answer, f"{event.leader or say('guest')}：")
        _write_notes(page, asked, reader, library)
    else:
        page.paragraph(asked.answer, f"{event.leader or say('guest')}：")
        page.paragraph(_state(followups.get(asked.question)), style=Style.NOTE)


def _state(followup: FollowUp | None) -> str:
    say = read_wording(_FILE).say
    if followup is None:
        return say("open_unknown")
    if followup.status is FollowUpStatus.DROPPED:
        return say("dropped", note=followup.note)
    return say("open", owner=followup.owner, due=in_words(followup.due))


def _write_notes(page: GovernmentPage, asked: AskedQuestion, reader: Reader, library: Library) -> None:
    """The basis, and figures of the answer that are not in it."""
    say = read_wording(_FILE).say
    found = [resting for _, resting in readings(asked.question, reader)]
    facts = [library.facts[ref] for ref in dict.fromkeys(ref for one in found for ref in one.facts)]
    if facts:
        sources = dict.fromkeys(source(fact, library) for fact in facts)
        page.paragraph("；".join(list(sources)[:_MOST_SOURCES]) + "。", say("basis"), Style.NOTE)
    else:
        page.paragraph(say("no_basis"), style=Style.NOTE)
    offices = {one.office for one in found} & set(library.offices)
    held = evidence_text(library, facts, offices=offices)
    if missing := shown_figures(unsupported(asked.answer, held)):
        key = "doubts_text" if facts else "doubts_no_basis"
        page.paragraph(say(key, figures="、".join(missing)), say("doubts"), Style.NOTE)


def source(fact: Fact, library: Library) -> str:
    """《title》（number）clause of the text that carries a fact, and whether it is still to be checked."""
    basis, document = fact.own_basis, library.document_of(fact)
    title = basis.title if basis else document.title
    number = basis.doc_no if basis else document.doc_no
    clause = basis.clause or fact.clause if basis else fact.clause
    unverified = read_wording(_FILE).say("unverified") if is_unverified(fact) else ""
    shown = clause if clause.startswith("第") else ""
    return f"{phrases.titled(title)}{f'（{number}）' if number else ''}{shown}{unverified}"
