"""What citizens ask and the published library cannot answer: the editors' list of what to publish next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.models import Answer, Outcome

_SAME = 72.0
"""Likeness (rapidfuzz ratio, 0..100) from which two wordings of one matter are the same question."""
_ASKED_PER_TOPIC = 3
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question somebody asked. ``matter`` and ``office`` as in :class:`bot.signals.models.Classified`."""

    question: str
    matter: str
    office: str
    source: str
    """``message`` or ``bot``."""
    ref: str = ""
    """Id of the message."""
    user: str = ""
    topic: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """Wordings of one question without a published answer.

    ``office`` is who should publish; ``times`` how often it was asked, of these ``from_bot`` in the bot;
    ``near`` the document that comes closest, where one does.
    """

    question: str
    wordings: tuple[str, ...]
    matter: str
    office: str
    times: int
    people: int
    from_bot: int
    examples: tuple[str, ...]
    near: str


@dataclass(frozen=True, slots=True)
class GapReport:
    """Gaps, most asked first, and what became of every question that was looked at."""

    gaps: tuple[Gap, ...]
    looked_at: int
    """Questions asked of the assistant, after leaving out those of a topic that had enough already."""
    answered: int
    redirected: int
    """Personal records and matters of others: nothing to publish."""
    left_out: int
    """Beyond the limit; not looked at."""


@dataclass(slots=True)
class _Question:
    """A question that is put to the assistant, with how often and by whom it was asked."""

    asked: Asked
    times: int = 0
    from_bot: int = 0
    users: set[str] = field(default_factory=set)
    near: str = ""

    def count(self, asked: Asked) -> None:
        self.times += asked.times
        self.from_bot += asked.times if asked.source == "bot" else 0
        self.users.add(asked.user)


def find_gaps(
    questions: Sequence[Asked],
    answer: Callable[[str], Answer],
    limit: int,
    progress: Callable[[int, int], None] | None = None,
) -> GapReport:
    """Ask the assistant every question, the first ``limit`` of them, and group those it cannot answer."""
    chosen = _without_repeats(questions)
    outcomes: Counter[Outcome] = Counter()
    unanswered: list[_Question] = []
    for done, question in enumerate(chosen[:limit], start=1):
        given = answer(question.asked.question)
        outcomes[given.outcome] += 1
        if given.outcome is Outcome.ABSTAINED:
            question.near = given.citations[0].title if given.citations else ""
            unanswered.append(question)
        if progress:
            progress(done, min(limit, len(chosen)))
    return GapReport(
        gaps=tuple(_grouped(unanswered)),
        looked_at=min(limit, len(chosen)),
        answered=outcomes[Outcome.ANSWERED] + outcomes[Outcome.CLARIFY],
        redirected=outcomes[Outcome.REDIRECT],
        left_out=max(0, len(chosen) - limit),
    )


def _without_repeats(questions: Iterable[Asked]) -> list[_Question]:
    """Questions repeated word for word once, and of a topic the first few: they stand for all of it."""
    chosen: list[_Question] = []
    places: dict[str, _Question] = {}
    of_topic: defaultdict[str, list[_Question]] = defaultdict(list)
    for asked in questions:
        topic = of_topic[asked.topic] if asked.topic else []
        same = places.get(asked.question)
        if same is None and len(topic) >= _ASKED_PER_TOPIC:
            same = topic[0]
        if same is None:
            same = places[asked.question] = _Question(asked)
            topic.append(same)
            chosen.append(same)
        same.count(asked)
    return chosen


def _grouped(unanswered: Sequence[_Question]) -> list[Gap]:
    by_matter: defaultdict[str, list[_Question]] = defaultdict(list)
    for question in unanswered:
        by_matter[question.asked.matter].append(question)
    gaps = [_gap(group) for questions in by_matter.values() for group in _alike(questions)]
    return sorted(gaps, key=lambda gap: (-gap.times, gap.matter, gap.question))


def _alike(questions: Sequence[_Question]) -> list[list[_Question]]:
    """Questions of one matter: together where they are of one topic, or worded much alike."""
    from rapidfuzz import fuzz, process

    leaders: list[str] = []
    groups: list[list[_Question]] = []
    of_topic: dict[str, int] = {}
    for question in sorted(questions, key=lambda question: -question.times):
        asked = question.asked
        place = of_topic.get(asked.topic) if asked.topic else None
        if place is None:
            found = process.extractOne(asked.question, leaders, scorer=fuzz.ratio, score_cutoff=_SAME)
            place = found[2] if found else None
        if place is None:
            place = len(groups)
            leaders.append(asked.question)
            groups.append([])
        groups[place].append(question)
        if asked.topic:
            of_topic.setdefault(asked.topic, place)
    return groups


def _gap(group: Sequence[_Question]) -> Gap:
    asked = [question.asked for question in group]
    near = Counter(question.near for question in group if question.near).most_common(1)
    users = {user for question in group for user in question.users if user}
    return Gap(
        question=asked[0].question,
        wordings=tuple(question.question for question in asked[1:]),
        matter=asked[0].matter,
        office=Counter(question.office for question in asked).most_common(1)[0][0],
        times=sum(question.times for question in group),
        people=len(users),
        from_bot=sum(question.from_bot for question in group),
        examples=tuple(question.ref for question in asked if question.ref)[:_EXAMPLES],
        near=near[0][0] if near else "",
    )
