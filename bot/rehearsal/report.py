"""How rehearsals went: one, several of a person, and what to practise next.

Only replies that were given without a hint count. A score is the mean over graded replies (0..100); a
decisive fact counts as stated where the person stated it in any of the replies to its question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from bot.rehearsal.choosing import Earlier
from bot.rehearsal.models import Mark, Turn, Verdict
from bot.rehearsal.records import Record, Round
from knowledge.library import Library

_WEAKEST = 3
_NEXT = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures of one or several rehearsals.

    ``questions``: asked or skipped; ``replies``: without a hint, follow-ups among them; ``score``: mean,
    0..100; ``facts_stated``: share of the decisive facts, 0..1; ``seconds``: mean length of a reply.
    ``None``: there was nothing to count. ``over_promising`` and ``stale`` count replies, whatever their
    verdict.
    """

    questions: int
    replies: int
    skipped: int
    hinted: int
    verdicts: Mapping[Verdict, int]
    score: float | None
    facts_stated: float | None
    over_promising: int
    stale: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Past:
    """One rehearsal in a list of them."""

    id: str
    event: str
    started: datetime
    ended: bool
    tally: Tally


@dataclass(frozen=True, slots=True)
class WeakSpot:
    """A topic or document with the mean score of the first replies to its questions."""

    name: str
    score: float
    questions: int


@dataclass(frozen=True, slots=True)
class Change:
    """The latest rehearsal against all before it: differences of score, share of facts and seconds, and of
    over-promising and stale replies a question. ``None``: one side has nothing to count."""

    score: float | None
    facts_stated: float | None
    seconds: float | None
    over_promising: float | None
    stale: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A person's rehearsals, oldest first. ``practise``: questions to practise next, the worst first."""

    by: str
    rehearsals: tuple[Past, ...]
    total: Tally
    change: Change | None
    weakest_topics: tuple[WeakSpot, ...]
    weakest_documents: tuple[WeakSpot, ...]
    practise: tuple[str, ...]


def tally(records: Iterable[Record]) -> Tally:
    """The figures of some rehearsals together; questions that were not reached do not count."""
    rounds = [one for record in records for one in record.rounds if one.turns or one.finished]
    turns = [turn for one in rounds for turn in one.unaided]
    decisive = [stated for one in rounds for stated in _decisive(one.unaided).values()]
    scores = [turn.grade.score for turn in turns if turn.grade.score is not None]
    verdicts = Counter(turn.grade.verdict for turn in turns)
    return Tally(
        questions=len(rounds),
        replies=len(turns),
        skipped=sum(one.skipped for one in rounds),
        hinted=sum(one.hinted_at is not None for one in rounds),
        verdicts={verdict: verdicts[verdict] for verdict in Verdict if verdicts[verdict]},
        score=_mean(scores),
        facts_stated=_mean(decisive),
        over_promising=sum(_over_promises(turn) for turn in turns),
        stale=sum(any(mark.mark is Mark.STALE for mark in turn.grade.facts) for turn in turns),
        seconds=_mean([turn.grade.seconds for turn in turns if turn.grade.verdict is not Verdict.EMPTY]),
    )


def report(by: str, records: Sequence[Record], library: Library) -> Report:
    """The report of a person.

    Args:
        records: the person's rehearsals, oldest first.
    """
    counted = [record for record in records if any(one.turns or one.finished for one in record.rounds)]
    rounds = [one for record in counted for one in record.rounds if one.turns or one.finished]
    documents = {
        document.id: f"{document.title}{f'（{document.doc_no}）' if document.doc_no else ''}"
        for document in library.documents.values()
    }
    return Report(
        by=by,
        rehearsals=tuple(
            Past(record.id, record.setup.event, record.started, record.ended, tally([record]))
            for record in counted
        ),
        total=tally(counted),
        change=_change(counted),
        weakest_topics=_weakest((one.question.topic, one) for one in rounds),
        weakest_documents=_weakest(
            (documents.get(one.question.document, one.question.document), one) for one in rounds
        ),
        practise=_practise(counted),
    )


def latest(records: Iterable[Record]) -> dict[frozenset[str], Earlier]:
    """How each matter went the last time: the first reply, 0 where a hint was needed or it was skipped.

    Args:
        records: oldest first. Replies that could not be graded tell nothing.
    """
    found: dict[frozenset[str], Earlier] = {}
    for record in records:
        for one in record.rounds:
            first = _first_score(one)
            if first is not None:
                good = bool(one.unaided) and one.unaided[0].grade.verdict is Verdict.GOOD
                found[one.question.matter] = Earlier(first, good)
    return found


def _first_score(one: Round) -> int | None:
    """The score of the first reply; ``None``: not replied to, or not graded."""
    if one.hinted_at == 0 or one.skipped:
        return 0
    return one.turns[0].grade.score if one.turns else None


def _decisive(turns: Iterable[Turn]) -> dict[str, bool]:
    """The decisive facts of a question, each with whether it was stated in the end."""
    found: dict[str, bool] = {}
    for turn in turns:
        for mark in turn.grade.facts:
            if mark.decisive:
                found[mark.fact] = found.get(mark.fact, False) or mark.mark is Mark.STATED
    return found


def _over_promises(turn: Turn) -> bool:
    grade = turn.grade
    return grade.verdict is Verdict.OVER_PROMISING or any(r.kind == "over_promise" for r in grade.remarks)


def _weakest(rounds: Iterable[tuple[str, Round]]) -> tuple[WeakSpot, ...]:
    """The groups with the lowest mean of first scores, those without a name left out."""
    scores: dict[str, list[int]] = {}
    for name, one in rounds:
        score = _first_score(one)
        if name and score is not None:
            scores.setdefault(name, []).append(score)
    spots = [WeakSpot(name, round(fmean(found), 1), len(found)) for name, found in scores.items()]
    spots.sort(key=lambda spot: (spot.score, -spot.questions, spot.name))
    return tuple(spots[:_WEAKEST])


def _change(records: Sequence[Record]) -> Change | None:
    if len(records) < 2:
        return None
    now, before = tally(records[-1:]), tally(records[:-1])
    return Change(
        score=_difference(now.score, before.score),
        facts_stated=_difference(now.facts_stated, before.facts_stated, 3),
        seconds=_difference(now.seconds, before.seconds),
        over_promising=_difference(
            _share(now.over_promising, now.questions), _share(before.over_promising, before.questions), 3
        ),
        stale=_difference(_share(now.stale, now.questions), _share(before.stale, before.questions), 3),
    )


def _practise(records: Sequence[Record]) -> tuple[str, ...]:
    """In the words in which they were asked last."""
    wordings = {one.question.matter: one.question.question for record in records for one in record.rounds}
    badly = [(found.score, wordings[matter]) for matter, found in latest(records).items() if not found.good]
    return tuple(question for _, question in sorted(badly)[:_NEXT])


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), 3) if values else None


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0


def _difference(now: float | None, before: float | None, digits: int = 1) -> float | None:
    return None if now is None or before is None else round(now - before, digits)
