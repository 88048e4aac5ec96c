"""How good a forecast was: compared by meaning with what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.briefing.forecast.choosing import same_facts
from bot.briefing.forecast.models import Resting
from bot.briefing.forecast.resting import Reader, bare
from bot.briefing.forecast.weights import weights
from bot.briefing.models import Briefing, Event, ForecastQuestion
from bot.models import Answer
from knowledge.library import Library

DEPTHS = (10, 20, 40)
"""Lengths of the list for which recall and precision are told."""


@dataclass(frozen=True, slots=True)
class Match:
    """An asked question with the first forecast question that means the same. ``rank`` counts from 1."""

    asked: str
    times: int
    rank: int
    question: str
    reason: str
    exact: bool
    """The same question, not only one that the same facts answer."""


@dataclass(frozen=True, slots=True)
class Missed:
    """An asked question that was not forecast, or that counts for nothing, with the reason in Chinese."""

    asked: str
    times: int
    reason: str


@dataclass(frozen=True, slots=True)
class AtDepth:
    """Figures for the first ``k`` questions. Each is a share, 0..1; ``None``: nothing to compare.

    ``distinct`` counts what was asked by meaning, each question once; ``weighted`` counts every asking;
    ``exact`` is ``distinct`` with only the same questions as matches.
    """

    k: int
    distinct: float | None
    weighted: float | None
    exact: float | None
    precision: float | None
    """Share of the first ``k`` forecast questions that were asked."""


@dataclass(frozen=True, slots=True)
class ForecastScore:
    """A forecast against what was asked."""

    at: tuple[AtDepth, ...]
    asked: int
    """Askings that count, repeats included."""
    distinct: int
    matches: tuple[Match, ...]
    missed: tuple[Missed, ...]
    left_out: tuple[Missed, ...]
    """Matters of others, and what asked nothing."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Askings that mean the same."""

    wording: str
    resting: Resting
    times: int


def score(
    forecast: Sequence[ForecastQuestion],
    asked: Sequence[str],
    library: Library,
    event: Event,
    answer: Callable[[str], Answer],
) -> ForecastScore:
    """Compare by meaning: the assistant's answers rest on the same published question, or mostly on the same
    facts; of what nothing published answers, the matter or the wordings are the same.

    Args:
        forecast: most likely first.
        asked: one wording for each asking.
        answer: the assistant as of the day of the event.
    """
    reader = Reader(library, event.date, answer)
    groups, left_out = _grouped(asked, reader)
    listed = _Listed(forecast, library, reader)
    matches, missed = [], []
    for group in groups:
        match = listed.match(group)
        if match:
            matches.append(match)
        else:
            missed.append(Missed(group.wording, group.times, group.resting.reason or "没有预测到"))
    return ForecastScore(
        at=tuple(_at(k, len(forecast), matches, groups, listed) for k in DEPTHS),
        asked=sum(group.times for group in groups),
        distinct=len(groups),
        matches=tuple(sorted(matches, key=lambda match: match.rank)),
        missed=tuple(missed),
        left_out=left_out,
    )


def forecast_of(briefing: Briefing) -> tuple[ForecastQuestion, ...]:
    """The questions and gaps of a briefing as they were forecast, most likely first."""
    questions = [card.forecast for card in briefing.questions]
    gaps = [ForecastQuestion(gap.question, gap.likelihood, gap.why, gap.variants) for gap in briefing.gaps]
    return tuple(sorted((*questions, *gaps), key=lambda one: -one.likelihood))


def _grouped(asked: Sequence[str], reader: Reader) -> tuple[list[_Group], tuple[Missed, ...]]:
    """What was asked, each meaning once with its number of askings, and what does not count."""
    groups: dict[str, _Group] = {}
    others: dict[str, Missed] = {}
    for wording, times in Counter(text.strip() for text in asked if text.strip()).items():
        resting = reader.asked(wording)
        if resting.others:
            others[wording] = Missed(wording, times, resting.reason or "不是本局的事项")
            continue
        key = _same_gap(resting.key, groups)
        known = groups.get(key)
        groups[key] = (
            _Group(known.wording, known.resting, known.times + times)
            if known
            else _Group(wording, resting, times)
        )
    return list(groups.values()), tuple(others.values())


def _same_gap(key: str, groups: dict[str, _Group]) -> str:
    """The key of a gap that is worded almost the same; else the key itself."""
    if not key.startswith("gap:"):
        return key
    gaps = [known for known in groups if known.startswith("gap:")]
    best = process.extractOne(key, gaps, scorer=fuzz.ratio, score_cutoff=weights().same_wording)
    return best[0] if best else key


class _Listed:
    """The forecast, ready to be looked through."""

    def __init__(self, forecast: Sequence[ForecastQuestion], library: Library, reader: Reader) -> None:
        self._forecast = forecast
        self._facts = library.facts
        self._faq = {entry.id: entry for entry in library.citable_faq}
        ids = {entry.question: entry.id for entry in library.citable_faq}
        self._keys = []
        for one in forecast:
            keys = {ids[text] for text in (one.question, *one.variants) if text in ids} | {one.faq or ""}
            if keys == {""}:
                keys = {reader.asked(one.question).key}
            self._keys.append(keys - {""})

    def match(self, group: _Group) -> Match | None:
        """The first question that is the same, else the first on the same facts."""
        for exact in (True, False):
            for rank, one in enumerate(self._forecast, start=1):
                reason = self._reason(group, one, rank - 1, exact)
                if reason:
                    return Match(group.wording, group.times, rank, one.question, reason, exact)
        return None

    def depth(self, group: _Group) -> int | None:
        """The rank of the first question that matches in either way."""
        return next(
            (
                rank
                for rank, one in enumerate(self._forecast, start=1)
                if any(self._reason(group, one, rank - 1, exact) for exact in (True, False))
            ),
            None,
        )

    def precision(self, k: int, groups: Sequence[_Group]) -> float | None:
        """Share of the first ``k`` questions that match something that was asked."""
        first = list(enumerate(self._forecast[:k]))
        hits = sum(
            any(self._reason(group, one, place, exact) for group in groups for exact in (True, False))
            for place, one in first
        )
        return hits / len(first) if first else None

    def _reason(self, group: _Group, one: ForecastQuestion, place: int, exact: bool) -> str:
        """Why both mean the same; empty where they do not."""
        if exact:
            if group.resting.key in self._keys[place]:
                return group.resting.reason or "同一个问题"
            wordings = [bare(text) for text in (one.question, *one.variants)]
            cutoff = weights().same_wording
            best = process.extractOne(bare(group.wording), wordings, scorer=fuzz.ratio, score_cutoff=cutoff)
            return "问法几乎相同" if best else ""
        if self._open(one.faq) or self._open(group.resting.faq):
            return ""
        if not same_facts(one.facts, group.resting.facts):
            return ""
        common = sorted(set(one.facts) & set(group.resting.facts))
        return "依据相同：" + "、".join(self._facts[ref].brief or ref for ref in common if ref in self._facts)

    def _open(self, faq: str | None) -> bool:
        return faq is not None and faq in self._faq and self._faq[faq].undetermined


def _at(k: int, length: int, matches: Sequence[Match], groups: Sequence[_Group], listed: _Listed) -> AtDepth:
    ranks = [(group.times, listed.depth(group)) for group in groups]
    inside = [times for times, rank in ranks if rank is not None and rank <= k]
    exact = sum(match.exact and match.rank <= k for match in matches)
    total = sum(times for times, _ in ranks)
    return AtDepth(
        k=k,
        distinct=len(inside) / len(groups) if groups else None,
        weighted=sum(inside) / total if total else None,
        exact=exact / len(groups) if groups else None,
        precision=listed.precision(k, groups),
    )
