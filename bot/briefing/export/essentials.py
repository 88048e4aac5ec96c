"""The one page of what matters: first page of the briefing, and a card of its own.

What does not fit is left out as a whole entry, never cut off; every headline says how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.briefing.export import phrases
from bot.briefing.export.fitting import Section, fit
from bot.briefing.export.page import GovernmentPage, Paragraph, Style
from bot.briefing.export.plain_text import one_line
from bot.briefing.export.wording import say
from bot.briefing.models import Briefing, QuestionCard, RecentChange, Severity
from bot.dates import in_words

_MOST_QUESTIONS, _MOST_OTHERS = 10, 6
_LEAST_QUESTIONS, _LEAST_OTHERS = 8, 1
_HALF_LINE = 21
"""Characters: a line of 五号 has 42."""
_SENTENCE = re.compile(r".+?(?:[。！？；!?;]|$)", re.DOTALL)


def card_page(briefing: Briefing) -> GovernmentPage:
    """The card: one page."""
    return essentials(briefing, "title_card")


def essentials(briefing: Briefing, title: str) -> GovernmentPage:
    """A document that holds the page of what matters and nothing else yet. ``title`` names its wording."""
    words = say(title, event=phrases.event_name(briefing.event), state=phrases.state(briefing.review))
    page = GovernmentPage(words, phrases.header(briefing.review))
    for label, text in _event_lines(briefing):
        page.paragraph(text, label, Style.BRIEF)
    above = [block for block in page.blocks if isinstance(block, Paragraph)]
    sections = _sections(briefing)
    for section, count in zip(sections, fit(above, sections), strict=True):
        page.add(section.shown(count))
    return page


def direct_answer(line: str) -> str:
    """The sentences that a line begins with: as many as take half of a line on the page."""
    said = ""
    for sentence in _SENTENCE.findall(line.strip()):
        if len(said) >= _HALF_LINE:
            break
        said += sentence
    return said


def _event_lines(briefing: Briefing) -> Iterable[tuple[str, str]]:
    event = briefing.event
    kind, place = say(f"kind_{event.kind.value}"), event.channel.strip()
    yield say("event_when"), f"{phrases.event_time(event)}，{f'{kind}，{place}' if place else kind}"
    yield say("event_leader"), event.leader
    yield say("event_offices"), "、".join(event.offices)
    yield say("event_topics"), "、".join(event.topics) or say("event_all_topics")
    as_of, day = in_words(briefing.as_of), in_words(event.date)
    yield say("event_basis"), say("event_basis_text", as_of=as_of, date=day)


def _sections(briefing: Briefing) -> tuple[Section, ...]:
    """In the order in which they matter: the last is the first to give way."""
    promises = tuple(dict.fromkeys(text for card in briefing.questions for text in card.line.do_not_promise))
    conflicts = [(one.question, say("top_conflict", first=one.first)) for one in briefing.conflicts]
    gaps = [(gap.question, say("top_ask", office=gap.office) if gap.office else "") for gap in briefing.gaps]
    changes = [_change(change) for change in briefing.recent_changes]
    return (
        _section(
            "top_questions",
            [_question(card) for card in briefing.questions],
            _MOST_QUESTIONS,
            _LEAST_QUESTIONS,
        ),
        _section("top_promise", [("", text) for text in promises]),
        _section("top_conflicts", conflicts),
        _section("top_gaps", gaps),
        _section("top_notices", _notices(briefing)),
        _section("top_changes", changes),
    )


def _notices(briefing: Briefing) -> list[tuple[str, str]]:
    """What must be known before anything here is said."""
    errors = sum(finding.severity is Severity.ERROR for finding in briefing.findings)
    first = [("", say("top_errors", errors=errors))] if errors else []
    return [*first, *(("", notice) for notice in briefing.notices)]


def _section(
    headline: str, entries: Sequence[tuple[str, str]], most: int = _MOST_OTHERS, least: int = _LEAST_OTHERS
) -> Section:
    """``entries`` are a label and a text each: 1. 问题？ 答。 in one paragraph."""
    shown = [
        Paragraph(Style.BRIEF, one_line(text), one_line(f"{number}. {label}") + " ")
        for number, (label, text) in enumerate(entries[:most], 1)
    ]
    return Section(headline, tuple(shown), len(entries), least)


def _question(card: QuestionCard) -> tuple[str, str]:
    """The question, and the direct answer with the first figure, where the answer names none."""
    line = card.line
    answer = direct_answer(line.text)
    if line.figures and not any(figure.text in answer for figure in line.figures):
        answer += say("top_figure", figure=phrases.figure(line.figures[0]))
    return card.forecast.question, answer


def _change(change: RecentChange) -> tuple[str, str]:
    """What happened to which document; the day where the text does not name it."""
    day = in_words(change.on) if change.on else ""
    parts = [phrases.titled(change.title), *([] if day in change.what else [day]), change.what]
    return "", f"{say(f'change_{change.kind.value}')}：{'，'.join(parts)}"
