"""A briefing as a document: the page of what matters, the question cards, what is open, who reviewed it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.briefing.export import phrases
from bot.briefing.export.essentials import essentials
from bot.briefing.export.page import GovernmentPage, Style
from bot.briefing.export.wording import say
from bot.briefing.models import (
    Briefing,
    Conflict,
    Finding,
    ForecastQuestion,
    LineToTake,
    OpenQuestion,
    QuestionCard,
    ReviewAct,
    ReviewStep,
    Severity,
    Why,
)
from bot.dates import in_words


def briefing_page(briefing: Briefing) -> GovernmentPage:
    """The whole briefing."""
    page = essentials(briefing, "title")
    page.new_page()
    page.heading(say("questions"))
    for card in briefing.questions:
        _write_card(page, card, briefing.findings)
    _nothing(page, briefing.questions)
    page.heading(say("gaps"))
    for gap in briefing.gaps:
        _write_gap(page, gap)
    _nothing(page, briefing.gaps)
    page.heading(say("conflicts"))
    for conflict in briefing.conflicts:
        _write_conflict(page, conflict)
    _nothing(page, briefing.conflicts)
    _write_changes(page, briefing)
    _write_documents(page, briefing)
    _write_other_findings(page, briefing)
    _write_review(page, briefing)
    return page


def _nothing(page: GovernmentPage, written: tuple[object, ...]) -> None:
    if not written:
        page.paragraph(say("none"))


def _write_card(page: GovernmentPage, card: QuestionCard, findings: tuple[Finding, ...]) -> None:
    forecast, line = card.forecast, card.line
    page.heading(forecast.question or "—", 2)
    _write_forecast(page, forecast)
    spoken = line.text.rstrip() + (say("speak", seconds=line.speak_seconds) if line.text.strip() else "")
    page.paragraph(spoken, say("line_open" if line.open else "line"), kept=True)
    for finding in findings:
        if finding.question == forecast.question:
            _write_finding(page, finding, line.text)
    page.paragraph(_each(line.do_not_promise, ""), say("do_not_promise"))
    page.paragraph(line.if_pressed, say("if_pressed"))
    _write_background(page, line)


def _write_forecast(page: GovernmentPage, forecast: ForecastQuestion) -> None:
    """How likely and why, small."""
    parts = [_likely(forecast.likelihood, forecast.why)]
    parts.append(say("difficulty") + say(f"difficulty_{forecast.difficulty.value}"))
    if forecast.risks:
        parts.append(say("risks") + "、".join(say(f"risk_{risk.value}") for risk in forecast.risks))
    page.paragraph("；".join(parts) + "。", say("likelihood"), Style.SMALL, kept=True)
    page.paragraph("；".join(forecast.variants), say("variants"), Style.SMALL, kept=True)


def _write_background(page: GovernmentPage, line: LineToTake) -> None:
    """What stands beneath the line."""
    office = phrases.office(line.office) if line.office else ""
    for key, text in (
        ("basis", _each([phrases.basis(citation) for citation in line.basis], "\n")),
        ("figures", "；".join(phrases.figure(figure) for figure in line.figures)),
        ("office", office),
        ("co_offices", "、".join(line.co_offices)),
        ("transfer", line.transfer),
    ):
        page.paragraph(text, say(key), Style.SMALL)


def _write_gap(page: GovernmentPage, gap: OpenQuestion) -> None:
    page.heading(gap.question or "—", 2)
    page.paragraph(_likely(gap.likelihood, gap.why) + "。", say("likelihood"), Style.SMALL, kept=True)
    page.paragraph("；".join(gap.variants), say("variants"), Style.SMALL, kept=True)
    page.paragraph(gap.office, say("ask_office"))
    page.paragraph(gap.ask, say("ask"))
    page.paragraph(gap.hold, say("hold"))
    if gap.history:
        told = f"{gap.history.quote}（{phrases.basis(gap.history)}）"
        page.paragraph(told, say("history"), Style.SMALL)


def _write_conflict(page: GovernmentPage, conflict: Conflict) -> None:
    page.heading(f"{conflict.question}（{say(f'conflict_{conflict.kind.value}')}）", 2)
    page.paragraph(conflict.first, say("conflict_first"))
    page.paragraph(conflict.second, say("conflict_second"))
    page.paragraph(conflict.advice, say("conflict_advice"))


def _write_changes(page: GovernmentPage, briefing: Briefing) -> None:
    page.heading(say("changes"))
    rows = [
        (
            say(f"change_{change.kind.value}"),
            phrases.titled(change.title),
            in_words(change.on) if change.on else "",
            change.what,
        )
        for change in briefing.recent_changes
    ]
    if rows:
        header = [say(f"table_{column}") for column in ("change", "document", "on", "what")]
        page.table(header, rows, (13, 29, 23, 35))
    _nothing(page, briefing.recent_changes)


def _write_documents(page: GovernmentPage, briefing: Briefing) -> None:
    page.heading(say("documents"))
    rows = [
        (
            str(number),
            phrases.titled(document.title),
            document.doc_no or say("no_doc_no"),
            document.issuer,
            phrases.validity(document),
        )
        for number, document in enumerate(briefing.documents, 1)
    ]
    if rows:
        header = [say(f"table_{column}") for column in ("number", "document", "doc_no", "issuer", "status")]
        page.table(header, rows, (8, 30, 19, 22, 21))
    _nothing(page, briefing.documents)


def _write_other_findings(page: GovernmentPage, briefing: Briefing) -> None:
    """Findings about no card, so that none is lost."""
    asked = {card.forecast.question for card in briefing.questions}
    others = [finding for finding in briefing.findings if finding.question not in asked]
    if others:
        page.heading(say("findings"))
    for finding in others:
        _write_finding(page, finding, "")


def _write_finding(page: GovernmentPage, finding: Finding, line: str) -> None:
    """A note in the margin: what is wrong, at which words, against which clause."""
    quote = line[finding.start : finding.end]
    place = say("finding_quote", quote=quote) if quote and quote not in finding.message else ""
    clause = say("finding_clause", clause=finding.clause) if finding.clause else ""
    label = say("finding_error" if finding.severity is Severity.ERROR else "finding_warning")
    page.paragraph(place + finding.message + clause, label, Style.NOTE)


def _write_review(page: GovernmentPage, briefing: Briefing) -> None:
    review = briefing.review
    page.heading(say("reviews"))
    rows = [_act(act) for act in review.acts]
    if review.waiting:
        steps = list(ReviewStep)
        later = steps[steps.index(review.waiting) :]
        rows += [(say(f"step_{step.value}"), "", "", say("result_waiting"), "", "") for step in later]
    header = [say(f"table_{column}") for column in ("step", "by", "at", "result", "comment", "version")]
    page.table(header, rows, (10, 13, 29, 10, 26, 12))
    version = say("version", version=review.version) if review.version else say("state_not_kept")
    for key, text in (
        ("state_version", version),
        ("state_drafted", review.drafted_by),
        ("state_as_of", in_words(briefing.as_of)),
        ("state_sha256", review.sha256 or say("state_not_sealed")),
    ):
        page.paragraph(text, say(key), Style.CELL)  # to the left: a hash fills a line


def _act(act: ReviewAct) -> tuple[str, ...]:
    result = say("result_passed" if act.passed else "result_returned")
    version = say("version", version=act.version)
    at = f"{in_words(act.at.date())} {act.at:%H:%M}"
    return (say(f"step_{act.step.value}"), act.by, at, result, act.comment, version)


def _likely(likelihood: float, why: tuple[Why, ...]) -> str:
    """72%；为什么会问：…"""
    percent = say("likelihood_text", percent=round(likelihood * 100))
    reasons = "；".join(reason.text for reason in why)
    return f"{percent}；{say('why')}{reasons}" if reasons else percent


def _each(texts: Sequence[str], between: str) -> str:
    """One text as it is, several numbered."""
    if len(texts) < 2:
        return "".join(texts)
    return between.join(f"{number}. {text}" for number, text in enumerate(texts, 1))
